"""Says in a few words what of a document's own text was not read, by the notes of its reader.

A note is a code, with a count behind a colon where there is one to tell. English, with a hook for
translation, as in `places.py`.
"""

from collections.abc import Callable, Iterable

from assistant.documents.places import QT_TRANSLATE_NOOP

CONTEXT = "left-out"
OUTPUTS_IN_PART = "outputs-in-part"
BESIDE_MAIN = "words-beside-main"
PICTURES = "pictures"
OBJECTS = "objects"
COMMENTS = "comments"
PICTURE_PAGES = "pages-with-pictures"
# Of one, and of several.
_WORDS = {
    OUTPUTS_IN_PART: (QT_TRANSLATE_NOOP("left-out", "the rest of long outputs"),) * 2,
    BESIDE_MAIN: (
        QT_TRANSLATE_NOOP("left-out", "1 word beside the main text"),
        QT_TRANSLATE_NOOP("left-out", "{n} words beside the main text"),
    ),
    PICTURES: (
        QT_TRANSLATE_NOOP("left-out", "text in 1 picture, if it has any"),
        QT_TRANSLATE_NOOP("left-out", "text in {n} pictures, if they have any"),
    ),
    OBJECTS: (
        QT_TRANSLATE_NOOP("left-out", "1 embedded file"),
        QT_TRANSLATE_NOOP("left-out", "{n} embedded files"),
    ),
    PICTURE_PAGES: (
        QT_TRANSLATE_NOOP("left-out", "text in large pictures on 1 page, if they have any"),
        QT_TRANSLATE_NOOP("left-out", "text in large pictures on {n} pages, if they have any"),
    ),
    COMMENTS: (
        QT_TRANSLATE_NOOP("left-out", "1 comment"),
        QT_TRANSLATE_NOOP("left-out", "{n} comments"),
    ),
}


def counted(code: str, count: int) -> tuple[str, ...]:
    """Return the note that `count` of something were not read; none for 0."""
    return (f"{code}:{count}",) if count else ()


def together(notes: Iterable[str]) -> tuple[str, ...]:
    """Return each note once, the counts of the same code added up."""
    counts: dict[str, int] = {}
    for note in notes:
        code, _, count = note.partition(":")
        counts[code] = counts.get(code, 0) + (int(count) if count.isdecimal() else 0)
    return tuple(f"{code}:{count}" if count else code for code, count in counts.items())


def _as_it_is(template: str) -> str:
    return template


def in_words(notes: Iterable[str], translate: Callable[[str], str] = _as_it_is) -> tuple[str, ...]:
    """Return "text in 3 pictures, if they have any" and the like, one for each note.

    Args:
        notes: as in `Document.notes`.
        translate: turns a template of the context `CONTEXT` into another language.
    """
    told = []
    for note in together(notes):
        code, _, count = note.partition(":")
        if code not in _WORDS:  # another version of the app read it
            told.append(code.replace("-", " "))
            continue
        one, several = _WORDS[code]
        n = int(count or 1)
        told.append(translate(one if n == 1 else several).format(n=f"{n:,}"))
    return tuple(told)
