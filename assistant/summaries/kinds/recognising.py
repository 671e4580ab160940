"""Tells what kind of document this is: by its title, headings and first lines, and by its words.

Signs in the opening count twice those in the text; each sign counts once, however often it
occurs, so that a long document is no surer than a short one. A document whose opening has no sign
of a kind is of none: a constitution speaks of motions, quorums and adjournment, and is no minutes.
"""

import re
from dataclasses import dataclass

from assistant.documents.document import Document, PageUnit
from assistant.summaries.kinds.cues import KindCues, cues, languages
from assistant.summaries.kinds.kind import Kind, Recognised

_FIRST = 1_500  # characters of the opening
_SAMPLE = 24_000
_PIECES = 4
_HEADINGS = 40
_OPENING_WEIGHT = 2.0
_MOST_OPENING = 3  # signs of the opening that count
_TEXT_WEIGHT = 1.25
_MOST_TEXT = 9  # signs in the text that count
_LEAST = 0.34  # certainty below which a document is of no kind
_SURE = 12.0  # signs by weight that leave no doubt
# Standards are built like papers, and are none.
_STANDARD = re.compile(
    r"request for comments|internet-draft|\b(?:rfc|iso|iec|din|ieee)[ -]?\d{3,5}"
)
_MAIL = frozenset({"eml", "mbox"})
_CODE = frozenset({"source-code", "notebook", "subtitles", "csv"})


@dataclass(frozen=True, slots=True)
class _Texts:
    opening: str
    body: str


def recognise(document: Document) -> Recognised:
    """Return what kind of document it seems to be; OTHER where none is clear."""
    if document.type in _MAIL or document.unit is PageUnit.MESSAGE:
        return Recognised(Kind.LETTER, 1.0)
    texts = _texts(document)
    worth = {kind: 0.0 for kind in Kind if kind is not Kind.OTHER}
    announced: set[Kind] = set()
    for language in dict.fromkeys((document.language, "en")):
        if language in languages():
            for kind, known in cues(language).items():
                if kind is not Kind.OTHER:
                    worth[kind] = max(worth[kind], _worth(texts, known))
                    if _opening_signs(texts, known):
                        announced.add(kind)
    if _STANDARD.search(texts.opening):
        worth[Kind.PAPER] *= 0.5
    ranked = sorted(worth, key=lambda kind: -worth[kind])
    best, second = worth[ranked[0]], worth[ranked[1]]
    certainty = min(1.0, best / _SURE) * (best / (best + 0.5 * second) if best else 0.0)
    is_clear = certainty >= _LEAST and ranked[0] in announced
    if not is_clear or document.type in _CODE:
        return Recognised(Kind.OTHER, round(1 - certainty, 2))
    return Recognised(ranked[0], round(certainty, 2))


def _texts(document: Document) -> _Texts:
    whole = [page.text for page in document.pages if page.text]
    first = " \n".join(whole[:2])[:_FIRST]
    headings = [section.title for section in document.sections[:_HEADINGS]]
    opening = "\n".join([document.title, first, *headings]).lower()
    return _Texts(opening, _sample(whole).lower())


def _sample(pages: list[str]) -> str:
    """Return text from all over the document: its beginning, its end, and two places between."""
    text = "\n\n".join(pages)
    if len(text) <= _SAMPLE:
        return text
    length = _SAMPLE // _PIECES
    starts = [(len(text) - length) * piece // (_PIECES - 1) for piece in range(_PIECES)]
    return "\n\n".join(text[start : start + length] for start in starts)


def _worth(texts: _Texts, known: KindCues) -> float:
    opening = _opening_signs(texts, known)
    found = sum(pattern.search(texts.body) is not None for pattern in known.text)
    return _OPENING_WEIGHT * min(_MOST_OPENING, opening) + _TEXT_WEIGHT * min(_MOST_TEXT, found)


def _opening_signs(texts: _Texts, known: KindCues) -> int:
    return sum(pattern.search(texts.opening) is not None for pattern in known.opening)
