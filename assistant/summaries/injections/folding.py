"""Brings text into the one form in which orders are looked for, place by place.

Letters lose case and accents, invisible characters go, other blanks become spaces. Where nothing
is dropped a folded text is as long as the text, so that a place in it is a place in the text.
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass

# Zero-width and direction marks, tags, variation selectors, soft hyphens, accents set apart.
UNSEEN = (
    "\u00ad\u034f\u0300-\u036f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_LAST_WITH_ACCENTS = 0x052F  # Latin, Greek and Cyrillic; other scripts need their marks
_MORE_LATIN = range(0x1E00, 0x1F00)
_PLAIN = str.maketrans("łøđıßæœþð’‘‛′“”„«»‐‑‒–—−", 'lodisaotd\'\'\'\'"""""------')  # noqa: RUF001
_ASCII = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\r\f\v", "abcdefghijklmnopqrstuvwxyz    "
)  # line breaks stay: lines can be told apart


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one form.

    Attributes:
        text: the folded text.
        places: where each of its characters stands in the original, forwards or backwards; None
            where all stand where they stood.
    """

    text: str
    places: "array[int] | None" = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the original."""
        if self.places is None:
            return start, end
        first, last = self.places[start], self.places[end - 1]
        return min(first, last), max(first, last) + 1


def fold(text: str) -> Folded:
    """Return `text` in lower case, without accents and invisible characters."""
    if text.isascii():
        return Folded(text.translate(_ASCII))
    table = {ord(letter): _folded(letter) for letter in set(_FOREIGN.findall(text))}
    if not _UNSEEN.search(text):
        return Folded(text.translate(_ASCII).translate(table))
    kept = [(at, letter) for at, letter in enumerate(text) if not _UNSEEN.match(letter)]
    places = array("l", (at for at, _ in kept))
    bare = "".join(letter for _, letter in kept)
    return Folded(bare.translate(_ASCII).translate(table), places)


def fold_pattern(source: str) -> str:
    """Return a regular expression for folded text; its letters may have accents."""
    return "".join(letter if letter.isascii() else _folded(letter) for letter in source)


def _folded(letter: str) -> str:
    """Return one character for one: the plain form of a letter that is not ASCII."""
    if letter.isspace():
        return " "
    wide = unicodedata.normalize("NFKC", letter)
    if len(wide) == 1:
        letter = wide
    code = ord(letter)
    if code <= _LAST_WITH_ACCENTS or code in _MORE_LATIN:
        letter = unicodedata.normalize("NFD", letter)[0]
    low = letter.lower()
    return (low if len(low) == 1 else low[0]).translate(_PLAIN)
