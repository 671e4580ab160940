"""Puts lines of scripts that run leftwards (Arabic, Hebrew) into the order of reading.

A PDF has glyphs at places. PDFium turns some words of such a line around and leaves others as they
stand on paper, by how the file was made; so the order is taken from the places alone: from right
to left, and numbers and Latin words within from left to right, as the Unicode bidirectional
algorithm sets them (UAX #9, read backwards).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Hebrew to Arabic without the Arabic signs and digits among them, and their presentation forms.
_LETTER = (
    "\u0590-\u060b\u060d-\u061a\u061c-\u061e\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff"
    "\ufb1d-\ufdff\ufe70-\ufefc"
)
LEFTWARDS = re.compile(f"[{_LETTER}]")
_LATIN = re.compile(r"[^\W\d_]")
_TURNED_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")  # one glyph for lam and alef
_NUMBER = re.compile(r"[%$€£+-]?\d(?:[\d.,:/-]*\d)?[%$€£°]?")
_SPACE = 0.2  # font sizes between two glyphs with a space between them
_OPENING, _CLOSING = "([{«", ")]}»"
_SWAPPED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)


@dataclass(slots=True)
class Glyph:
    """One or more characters drawn as one, and where."""

    text: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Its horizontal middle."""
        return (self.left + self.right) / 2


def runs_leftwards(text: str) -> bool:
    """Return whether most letters of `text` are of a script that runs leftwards."""
    if text.isascii():
        return False
    return 2 * len(LEFTWARDS.findall(text)) > sum(map(str.isalpha, text))


def read(glyphs: Sequence[Glyph], size: float) -> str:
    """Return the text of a line in the order of reading.

    Args:
        glyphs: of the line, in any order; spaces are found by the gaps.
        size: of the font, in the glyphs' unit.
    """
    ordered = in_order(glyphs)
    parts: list[str] = []
    for index, glyph in enumerate(ordered):
        if index and ordered[index - 1].left - glyph.right > _SPACE * size:
            parts.append(" ")
        parts.append(_unturned(glyph.text))
    text = _rightwards_again(parts)
    return text.translate(_SWAPPED) if _has_brackets_as_shown(text) else text


def in_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return glyphs from right to left, each with the marks above and below it."""
    bases = [glyph for glyph in glyphs if not _is_mark(glyph) and not glyph.text.isspace()]
    if not bases:
        return []
    bases = [Glyph(glyph.text, glyph.left, glyph.right) for glyph in bases]
    for mark in filter(_is_mark, glyphs):
        base = min(bases, key=lambda base: abs(base.middle - mark.middle))
        base.text += mark.text
    return sorted(bases, key=lambda glyph: -glyph.middle)


def _is_mark(glyph: Glyph) -> bool:
    return all(unicodedata.combining(character) for character in glyph.text)


def _unturned(text: str) -> str:
    return text[::-1] if _TURNED_LAM.fullmatch(text) else text


def _rightwards_again(parts: Sequence[str]) -> str:
    """Join parts that run leftwards; runs without such letters are turned around."""
    result = ""
    run: list[str] = []
    for part in parts:
        if LEFTWARDS.search(part):
            result += _run(run) + part
            run = []
        else:
            run.append(part)
    return result + _run(run)


def _run(parts: list[str]) -> str:
    """Return a run without letters that run leftwards, read from left to right where it is so."""
    begin, end = 0, len(parts)
    while begin < end and not parts[begin].isalnum():
        begin += 1
    while end > begin and not parts[end - 1].isalnum():
        end -= 1
    if any(_LATIN.search(part) for part in parts[begin:end]):
        middle = "".join(reversed(parts[begin:end]))
        return "".join(parts[:begin]) + middle + "".join(parts[end:])
    text = "".join(parts)  # numbers: each by itself, and from right to left among them
    return re.sub(r"\S+", lambda word: _number(word.group()), text)


def _number(word: str) -> str:
    """Turn the digits of `word` around; signs that end a sentence stay behind it."""
    return _NUMBER.sub(lambda match: match.group()[::-1], word)


def _has_brackets_as_shown(text: str) -> bool:
    """Return whether brackets close before they open: they are named by their shape on paper."""
    brackets = [character for character in text if character in _OPENING + _CLOSING]
    return bool(brackets) and (brackets[0] in _CLOSING or brackets[-1] in _OPENING)
