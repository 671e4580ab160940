"""Names a page for people, by what it is in its format: "page 3", "slide 4", "sheet Costs".

English, with a hook for translation: `wording` hands it on to the terminal and the window, and
exports, which stand below `wording`, take it from here.
"""

from collections.abc import Callable

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import PageUnit

CONTEXT = "places"
_LONGEST_LABEL = 60


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name lupdate looks for
    """Mark `text` for translation in `context`, and return it."""
    del context
    return text


_WORDS = {
    PageUnit.PAGE: QT_TRANSLATE_NOOP("places", "page {number}"),
    PageUnit.SLIDE: QT_TRANSLATE_NOOP("places", "slide {number}"),
    PageUnit.SHEET: QT_TRANSLATE_NOOP("places", "sheet {number}"),
    PageUnit.CHAPTER: QT_TRANSLATE_NOOP("places", "chapter {number}"),
    PageUnit.MESSAGE: QT_TRANSLATE_NOOP("places", "message {number}"),
    PageUnit.CELL: QT_TRANSLATE_NOOP("places", "cell {number}"),
    PageUnit.PART: QT_TRANSLATE_NOOP("places", "part {number}"),
}
_SHORT = _WORDS | {
    PageUnit.PAGE: QT_TRANSLATE_NOOP("places", "p. {number}"),
    PageUnit.CHAPTER: QT_TRANSLATE_NOOP("places", "ch. {number}"),
}
_NAMED_SHEET = QT_TRANSLATE_NOOP("places", "sheet {label}")
_PLURALS = {
    PageUnit.PAGE: (QT_TRANSLATE_NOOP("places", "page"), QT_TRANSLATE_NOOP("places", "pages")),
    PageUnit.SLIDE: (QT_TRANSLATE_NOOP("places", "slide"), QT_TRANSLATE_NOOP("places", "slides")),
    PageUnit.SHEET: (QT_TRANSLATE_NOOP("places", "sheet"), QT_TRANSLATE_NOOP("places", "sheets")),
    PageUnit.CHAPTER: (
        QT_TRANSLATE_NOOP("places", "chapter"),
        QT_TRANSLATE_NOOP("places", "chapters"),
    ),
    PageUnit.MESSAGE: (
        QT_TRANSLATE_NOOP("places", "message"),
        QT_TRANSLATE_NOOP("places", "messages"),
    ),
    PageUnit.CELL: (QT_TRANSLATE_NOOP("places", "cell"), QT_TRANSLATE_NOOP("places", "cells")),
    PageUnit.PART: (QT_TRANSLATE_NOOP("places", "part"), QT_TRANSLATE_NOOP("places", "parts")),
}


def _as_it_is(template: str) -> str:
    return template


def place_words(
    unit: PageUnit,
    number: int,
    label: str = "",
    translate: Callable[[str], str] = _as_it_is,
) -> str:
    """Return the name of a page with its label: "page 3", "chapter 2 · The harbour".

    Args:
        unit: `Document.unit`.
        number: `Page.number`.
        label: `Page.label`; it comes out on one line, short, without characters that steer.
        translate: turns a template of the context `CONTEXT` into another language.
    """
    shown = _shown(label)
    if unit is PageUnit.SHEET and shown:
        return translate(_NAMED_SHEET).format(label=shown)
    words = translate(_WORDS[unit]).format(number=number)
    return f"{words} · {shown}" if shown else words


def place_short(
    unit: PageUnit,
    number: int,
    label: str = "",
    translate: Callable[[str], str] = _as_it_is,
) -> str:
    """Return the name of a page for a bracket or a small link: "p. 3", "sheet Costs", "ch. 2"."""
    shown = _shown(label)
    if unit is PageUnit.SHEET and shown:
        return translate(_NAMED_SHEET).format(label=shown)
    return translate(_SHORT[unit]).format(number=number)


def unit_word(unit: PageUnit, count: int, translate: Callable[[str], str] = _as_it_is) -> str:
    """Return what `count` pages are called: "page", "slides"."""
    one, many = _PLURALS[unit]
    return translate(one if count == 1 else many)


def _shown(label: str) -> str:
    """Return a document's own words on one line, without what steers a terminal or a widget."""
    text = fold("".join(c if c.isprintable() else " " for c in clean(label)))
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"
