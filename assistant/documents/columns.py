"""Puts lines into reading order where a file has its columns interleaved row by row.

Most files have their columns one after the other already, and then nothing is touched: looking
for gutters everywhere was measured to cost more words than it saves.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from assistant.documents.lines import Line

_LEAST_LINES = 6
_STEP = 4.0  # points between the gutters tried
_MOST_STEPS = 500  # damaged or careless files have words miles away
_FILL = 0.6  # prose fills its column; the cells of a table do not
_LEAST_WORDS = 4


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Return `lines`, column by column if they are prose in interleaved columns."""
    parts = [part for line in lines for part in _parts(line)]
    gutter = _gutter(parts)
    if gutter is None or not _is_interleaved(parts, gutter):
        return lines
    return _by_columns(parts, gutter)


def _parts(line: Line) -> list[Line]:
    pieces = line.wide_pieces
    if not pieces:
        return [line]
    return [
        replace(line, text=piece.text, left=piece.left, right=piece.right, pieces=())
        for piece in pieces
    ]


def _gutter(parts: Sequence[Line]) -> float | None:
    """Return the place in the middle third that the fewest lines cross, None if many do."""
    if len(parts) < 2 * _LEAST_LINES:
        return None
    left = min(part.left for part in parts)
    right = max(part.right for part in parts)
    middle = (left + right) / 2
    if sum(part.left >= middle for part in parts) < _LEAST_LINES:
        return None
    best, fewest = None, len(parts) // 3
    start, end = left + (right - left) / 3, right - (right - left) / 3
    free: list[float] = []
    width = max(_STEP, (end - start) / _MOST_STEPS)
    for step in range(int((end - start) / width) + 1):
        x = start + step * width
        crossing = sum(part.left < x < part.right for part in parts)
        if crossing < fewest:
            best, fewest, free = x, crossing, [x]
        elif crossing == fewest and best is not None:
            free.append(x)
    return median(free) if free else None


def _is_interleaved(parts: Sequence[Line], gutter: float) -> bool:
    sides = [_side(part, gutter) for part in parts]
    lefts = [part for part, side in zip(parts, sides, strict=True) if side < 0]
    rights = [part for part, side in zip(parts, sides, strict=True) if side > 0]
    if min(len(lefts), len(rights)) < _LEAST_LINES:
        return False
    flow = [side for side in sides if side]
    returns = sum(a > b for a, b in pairwise(flow))
    if returns < max(4, 0.3 * min(len(lefts), len(rights))):
        return False
    return _is_prose(lefts) and _is_prose(rights)


def _is_prose(parts: Sequence[Line]) -> bool:
    width = max(part.right for part in parts) - min(part.left for part in parts)
    fills = median(part.width for part in parts) >= _FILL * width
    return fills and median(len(part.text.split()) for part in parts) >= _LEAST_WORDS


def _side(part: Line, gutter: float) -> int:
    if part.right <= gutter:
        return -1
    return 1 if part.left >= gutter else 0


def _by_columns(parts: list[Line], gutter: float) -> list[Line]:
    """Read left before right between each two lines that cross the gutter."""
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for part in sorted(parts, key=lambda part: (part.middle, part.left)):
        side = _side(part, gutter)
        if side == 0:
            ordered += [*left, *right, part]
            left, right = [], []
        else:
            (left if side < 0 else right).append(part)
    return [*ordered, *left, *right]
