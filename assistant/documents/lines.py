"""A line of a page with its place, as every later step about layout sees it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

WIDE_GAP = 1.6  # font sizes; a justified line's spaces are narrower
_SOME_SIZE = 10.0  # points
HYPHEN = "\x02"  # stands for a hyphen at a line's end, which may belong to the word or not


@dataclass(slots=True)
class Piece:
    """A part of a line that a gap separates from the others, wider than words have."""

    text: str
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """A line of text.

    Places are in points from the upper left corner of the page as it is shown.

    Attributes:
        text: clean text, `HYPHEN` at its end where the file has a hyphen.
        size: of the font, in points.
        is_bold, is_mono: of the whole line.
        is_upright: it runs from left to right as the page is shown.
        pieces: the parts between gaps, if there is more than one.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    is_bold: bool = False
    is_mono: bool = False
    is_upright: bool = True
    pieces: tuple[Piece, ...] = ()

    @property
    def is_somewhere(self) -> bool:
        """Whether all of its places are numbers."""
        places = [self.left, self.right, self.top, self.bottom, self.size]
        places += [place for piece in self.pieces for place in (piece.left, piece.right)]
        return all(map(math.isfinite, places))

    def put_below(self, before: "Line | None") -> "Line":
        """Return the line below another one, or in the corner of the page, and as wide."""
        left, right, bottom, size = 0.0, _SOME_SIZE, 0.0, _SOME_SIZE
        if before is not None:
            left, right, bottom, size = before.left, before.right, before.bottom, before.size
        return Line(self.text, left, right, bottom, bottom + size, size)

    @property
    def middle(self) -> float:
        """Its vertical middle."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def wide_pieces(self) -> tuple[Piece, ...]:
        """The parts between gaps that only columns and tables have, if more than one."""
        if not self.pieces:
            return ()
        parts = [self.pieces[0]]
        for piece in self.pieces[1:]:
            last = parts[-1]
            if piece.left - last.right > WIDE_GAP * self.size:
                parts.append(piece)
            else:
                parts[-1] = Piece(f"{last.text} {piece.text}", last.left, piece.right)
        return tuple(parts) if len(parts) > 1 else ()


def run_on(texts: Iterable[str]) -> str:
    """Join lines into running text; a word cut by a hyphen stays marked for mending."""
    result = ""
    for text in texts:
        if result and not result.endswith(HYPHEN):
            result += " "
        result += text
    return result


def joined(lines: list[Line]) -> list[Line]:
    """Join lines that stand side by side, such as a word and the footnote mark after it.

    The file's order is kept. Only neighbours in that order are joined, and only if nothing wider
    than a space is between them.
    """
    result: list[Line] = []
    for line in lines:
        if result and _is_beside(result[-1], line):
            result[-1] = _join(result[-1], line)
        else:
            result.append(line)
    return result


def _is_beside(line: Line, following: Line) -> bool:
    if not (line.is_upright and following.is_upright):
        return False
    overlap = min(line.bottom, following.bottom) - max(line.top, following.top)
    lower = min(line.bottom - line.top, following.bottom - following.top)
    gap = following.left - line.right
    size = max(line.size, following.size)
    return overlap > 0.5 * lower and -0.3 * size < gap < size


def _join(line: Line, following: Line) -> Line:
    larger = line if line.width >= following.width else following
    has_space = following.left - line.right > 0.15 * larger.size
    return Line(
        text=line.text + (" " if has_space else "") + following.text,
        left=line.left,
        right=following.right,
        top=larger.top,
        bottom=larger.bottom,
        size=larger.size,
        is_bold=line.is_bold and following.is_bold,
        is_mono=line.is_mono and following.is_mono,
    )
