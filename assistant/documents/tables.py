"""Finds tables on a page: lines that wide gaps or leading dots part into cells."""

import math
from collections.abc import Sequence

from assistant.documents.lines import Line, run_on
from assistant.documents.markers import LEADERS, has_leaders, is_item


def find_table(lines: Sequence[Line], start: int) -> tuple[list[Line], list[list[str]]] | None:
    """Return the lines and rows of the table that begins with line `start`, None for no table."""
    rows: list[list[str]] = []
    taken: list[Line] = []
    lefts: list[float] = []
    whole_rows = 0
    for line in lines[start:]:
        cells, places = _cells(line)
        if len(cells) > 1:
            rows.append(cells)
            lefts = places
            whole_rows += 1
        elif rows and _continues_cell(taken[-1], line, lefts):
            column = min(range(len(lefts)), key=lambda index: abs(lefts[index] - line.left))
            rows[-1][column] = run_on([rows[-1][column], line.text])
        else:
            break
        taken.append(line)
    needed = 2 if rows and (len(rows[0]) > 2 or has_leaders(lines[start].text)) else 3
    return (taken, rows) if whole_rows >= needed else None


def _cells(line: Line) -> tuple[list[str], list[float]]:
    """Return the texts of a line's cells and where each begins."""
    if has_leaders(line.text):
        cells = [cell.strip() for cell in LEADERS.split(line.text) if cell.strip(" .")]
        return cells, [line.left, *([line.right] * (len(cells) - 1))]
    pieces = line.pieces
    if pieces and is_item(pieces[0].text + " x") and len(pieces[0].text) < 8:
        pieces = pieces[1:]  # the gap after a bullet or a number
    return [piece.text for piece in pieces], [piece.left for piece in pieces]


def _continues_cell(previous: Line, line: Line, lefts: Sequence[float]) -> bool:
    """Return whether a line of one piece goes on in a later column of the row above it."""
    if line.bottom - previous.bottom > 1.6 * line.size or line.pieces:
        return False
    nearest = min((abs(left - line.left) for left in lefts[1:]), default=math.inf)
    return nearest < line.size
