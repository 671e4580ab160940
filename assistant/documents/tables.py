"""Finds tables on a page: lines that wide gaps or leading dots part into cells."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from assistant.documents.lines import Line, run_on
from assistant.documents.markers import LEADERS, has_leaders, is_item

_LEAST_ROWS = 3
_GUTTER = 0.6  # font sizes that all rows leave free between two columns


def find_table(lines: Sequence[Line], start: int) -> tuple[list[Line], list[list[str]]] | None:
    """Return the lines and rows of the table that begins with line `start`, None for no table."""
    return _wide_table(lines, start) or _narrow_table(lines, start)


def _wide_table(lines: Sequence[Line], start: int) -> tuple[list[Line], list[list[str]]] | None:
    """Find rows by gaps that no text has."""
    rows: list[list[str]] = []
    taken: list[Line] = []
    heads: list[Line] = []  # the first line of each row
    lefts: list[float] = []
    whole_rows = 0
    for line in lines[start:]:
        cells, places = _cells(line)
        if len(cells) > 1:
            rows.append(cells)
            heads.append(line)
            lefts = places
            whole_rows += 1
        elif rows and _continues_cell(taken[-1], line, lefts):
            column = min(range(len(lefts)), key=lambda index: abs(lefts[index] - line.left))
            rows[-1][column] = run_on([rows[-1][column], line.text])
        else:
            break
        taken.append(line)
    needed = 2 if rows and (len(rows[0]) > 2 or has_leaders(lines[start].text)) else 3
    if whole_rows < needed:
        return None
    _part_like_others(rows, heads)
    return taken, rows


def _part_like_others(rows: list[list[str]], heads: Sequence[Line]) -> None:
    """Part rows at narrower gaps that have too few cells: their words nearly fill the columns."""
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    for index, (row, line) in enumerate(zip(rows, heads, strict=True)):
        if len(row) < usual == len(line.pieces):
            rows[index] = [piece.text for piece in line.pieces]


def _narrow_table(lines: Sequence[Line], start: int) -> tuple[list[Line], list[list[str]]] | None:
    """Find rows by narrower gaps, where these stand below each other in every row."""
    taken: list[Line] = []
    gutters: list[tuple[float, float]] = []
    for line in lines[start:]:
        gaps = [(piece.right, after.left) for piece, after in pairwise(line.pieces)]
        if not gaps or is_item(line.pieces[0].text + " x"):
            break
        common = gaps if not taken else _common(gutters, gaps)
        if len(common) != len(gaps) or any(
            right - left < _GUTTER * line.size for left, right in common
        ):
            break
        gutters = common
        taken.append(line)
    if len(taken) < _LEAST_ROWS:
        return None
    return taken, [[piece.text for piece in line.pieces] for line in taken]


def _common(
    gutters: Sequence[tuple[float, float]], gaps: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return what gutters and gaps have in common, [] if there are more of one."""
    if len(gutters) != len(gaps):
        return []
    return [
        (max(gutter[0], gap[0]), min(gutter[1], gap[1]))
        for gutter, gap in zip(gutters, gaps, strict=True)
    ]


def _cells(line: Line) -> tuple[list[str], list[float]]:
    """Return the texts of a line's cells and where each begins."""
    if has_leaders(line.text):
        cells = [cell.strip() for cell in LEADERS.split(line.text) if cell.strip(" .")]
        return cells, [line.left, *([line.right] * (len(cells) - 1))]
    pieces = line.wide_pieces
    if pieces and is_item(pieces[0].text + " x") and len(pieces[0].text) < 8:
        pieces = pieces[1:]  # the gap after a bullet or a number
    return [piece.text for piece in pieces], [piece.left for piece in pieces]


def _continues_cell(previous: Line, line: Line, lefts: Sequence[float]) -> bool:
    """Return whether a line of one piece goes on in a later column of the row above it."""
    if line.bottom - previous.bottom > 1.6 * line.size or line.pieces:
        return False
    nearest = min((abs(left - line.left) for left in lefts[1:]), default=math.inf)
    return nearest < line.size
