"""Makes blocks and figures out of the cells of a sheet, which may hold several tables and notes.

Empty rows part tables, and so do empty columns between two that are wide enough to be tables of
their own. A table's rows come in pieces that each begin with its headings, so that no row stands
without them wherever the text is cut.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from assistant.documents.document import BlockKind, PageStatus, PageUnit, TableFigures
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.figures import figures, heading_rows
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_ROWS_A_PIECE = 40
_CHARACTERS_A_PIECE = 4_000
_CHARACTERS_A_PAGE = 20_000
_LEAST_WIDTH = 2  # columns of a table
# What programs call a sheet that nobody named.
_UNNAMED = re.compile(
    r"(?:sheet|tabelle|feuil(?:le)?|hoja|foglio|blad|planilha|arkusz|list|лист|シート|工作表)"
    r"[ _]?\d*",
    re.IGNORECASE,
)

_Cell = TypeVar("_Cell")


@dataclass(slots=True)
class Row:
    """The filled cells of one row.

    Attributes:
        number: of the row in its sheet, from 1.
        columns: of the cells, in order, from 0.
        texts: as they are shown; not empty.
        values: where the file has a number; else None.
    """

    number: int
    columns: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)

    def add(self, column: int, text: str, value: float | None = None) -> None:
        """Add a filled cell to the right of the others."""
        self.columns.append(column)
        self.texts.append(text)
        self.values.append(value)


@dataclass(frozen=True, slots=True)
class _Table:
    """A stretch of rows and columns of a sheet."""

    rows: list[Row]
    columns: list[int]

    def cells(self) -> list[list[str]]:
        """Return the texts, "" where a cell is empty."""
        return [self._spread(row, row.texts, "") for row in self.rows]

    def values(self) -> list[list[float | None]]:
        """Return the numbers, in the same shape."""
        nothing: float | None = None
        return [self._spread(row, row.values, nothing) for row in self.rows]

    def _spread(self, row: Row, found: Sequence[_Cell], nothing: _Cell) -> list[_Cell]:
        of_column = dict(zip(row.columns, found, strict=True))
        return [of_column.get(column, nothing) for column in self.columns]


@dataclass(slots=True)
class SheetPages:
    """What a sheet comes to.

    Attributes:
        pages: one, or several for a long sheet.
        tables: the figures of its tables, pages counted from `first_page`.
    """

    first_page: int
    pages: list[DraftPage] = field(default_factory=list)
    tables: list[TableFigures] = field(default_factory=list)


def lay_out_sheet(
    name: str,
    rows: Sequence[Row],
    *,
    first_page: int,
    heading: str = "",
    mark: str = "",
    beside: Iterable[DraftBlock] = (),
) -> SheetPages:
    """Return the pages and figures of a sheet.

    Args:
        name: the label of its pages.
        rows: its rows that have filled cells, in order.
        first_page: the number that its first page will have.
        heading: a heading above it, "" for none.
        mark: the decimal mark where the cells alone do not tell.
        beside: what stands in the sheet and in no cell.
    """
    sheet = SheetPages(first_page)
    writer = _PageWriter(sheet, name)
    if heading:
        writer.add(DraftBlock(BlockKind.HEADING, heading, 1), 0)
    for table in _tables(rows):
        _write(table, writer, name, mark)
    for block in beside:
        writer.add(block, rows[-1].number if rows else 0)
    writer.finish()
    return sheet


def sheets_draft(
    kind: str,
    sheets: Iterable[tuple[str, Sequence[Row], Sequence[DraftBlock]]],
    path: Path,
    limits: Limits,
    titles: tuple[str, ...] = (),
) -> Draft:
    """Return the draft of a workbook.

    Args:
        kind: its type.
        sheets: names, rows, and what stands in no cell, in order.
        path: the file.
        limits: bounds on pages.
        titles: what it may be called.

    Raises:
        DocumentError: there are too many pages.
    """
    pages: list[DraftPage] = []
    tables: list[TableFigures] = []
    for name, rows, beside in sheets:
        is_named = name and not _UNNAMED.fullmatch(name)
        sheet = lay_out_sheet(
            name,
            rows,
            first_page=len(pages) + 1,
            heading=name if is_named and (rows or beside) else "",
            beside=beside,
        )
        pages += sheet.pages
        tables += sheet.tables
        if len(pages) > limits.pages:
            raise DocumentError(path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    return Draft(kind, pages, titles, unit=PageUnit.SHEET, tables=tuple(tables))


class _PageWriter:
    """Puts blocks on pages that stay readable."""

    def __init__(self, sheet: SheetPages, name: str) -> None:
        self._sheet = sheet
        self._name = name
        self._blocks: list[DraftBlock] = []
        self._size = 0
        self._first_row = self._last_row = 0

    @property
    def page(self) -> int:
        """The number of the page that the next block begins on."""
        return self._sheet.first_page + len(self._sheet.pages)

    def add(self, block: DraftBlock, row: int, last_row: int = 0) -> None:
        """Add a block; `row` and `last_row` are where it stands in the sheet, 0 for nowhere."""
        if self._blocks and self._size + len(block.text) > _CHARACTERS_A_PAGE:
            self._end(is_last=False)
        self._blocks.append(block)
        self._size += len(block.text)
        self._first_row = self._first_row or row
        self._last_row = max(last_row, row, self._last_row)

    def note(self, table: TableFigures) -> None:
        """Keep the figures of a table."""
        self._sheet.tables.append(table)

    def finish(self) -> None:
        """End the last page; a sheet without cells is a page without text."""
        self._end(is_last=True)

    def _end(self, *, is_last: bool) -> None:
        label = self._name
        if not is_last or self._sheet.pages:
            label = f"{label or 'rows'} {self._first_row}–{self._last_row}"
        status = PageStatus.READ if self._blocks else PageStatus.NO_TEXT
        self._sheet.pages.append(DraftPage(self._blocks, status, label))
        self._blocks, self._size, self._first_row = [], 0, 0


def _write(table: _Table, writer: _PageWriter, name: str, mark: str) -> None:
    """Write one stretch of cells: notes above and below it, and the table between."""
    rows = table.rows
    start, end = 0, len(rows)
    while start < end and len(rows[start].texts) < _LEAST_WIDTH:
        start += 1
    while end > start and len(rows[end - 1].texts) < _LEAST_WIDTH:
        end -= 1
    if end - start < 2:  # no table: notes, or pairs of words on a line
        for row in rows:
            writer.add(DraftBlock(BlockKind.PARAGRAPH, "\t".join(row.texts)), row.number)
        return
    for row in rows[:start]:
        kind = BlockKind.CAPTION if row is rows[start - 1] else BlockKind.PARAGRAPH
        writer.add(DraftBlock(kind, row.texts[0]), row.number)
    _write_rows(_Table(rows[start:end], table.columns), writer, _title(rows[:start], name), mark)
    for row in rows[end:]:
        writer.add(DraftBlock(BlockKind.PARAGRAPH, row.texts[0]), row.number)


def _title(above: Sequence[Row], name: str) -> str:
    return above[-1].texts[0] if above else name


def _write_rows(table: _Table, writer: _PageWriter, title: str, mark: str) -> None:
    cells = table.cells()
    lines = ["\t".join(row).rstrip() for row in cells]
    head = heading_rows(cells)
    headings = "\n".join(lines[:head])
    first = 0
    for start, end in _pieces(lines, head):
        text = "\n".join(lines[start:end])
        if start and headings:
            text = f"{headings}\n{text}"
        block = DraftBlock(BlockKind.TABLE, text)
        writer.add(block, table.rows[start].number, table.rows[end - 1].number)
        first = first or writer.page
    found = figures(cells, page=first, title=title, numbers=table.values(), mark=mark)
    if found:
        writer.note(found)


def _pieces(lines: Sequence[str], head: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece of a table's lines starts and ends; the first has the headings."""
    start, size = 0, 0
    for index, line in enumerate(lines):
        is_full = size + len(line) > _CHARACTERS_A_PIECE or index - start >= _ROWS_A_PIECE
        if is_full and index > max(start, head):
            yield start, index
            start, size = index, 0
        size += len(line)
    yield start, len(lines)


def _tables(rows: Sequence[Row]) -> Iterator[_Table]:
    """Yield the stretches of a sheet that empty rows or columns part."""
    run: list[Row] = []
    for row in rows:
        if run and row.number > run[-1].number + 1:
            yield from _side_by_side(run)
            run = []
        run.append(row)
    if run:
        yield from _side_by_side(run)


def _side_by_side(rows: list[Row]) -> Iterator[_Table]:
    used = sorted(set(itertools.chain.from_iterable(row.columns for row in rows)))
    groups = [[used[0]]]
    for before, column in itertools.pairwise(used):
        if column > before + 1:
            groups.append([])
        groups[-1].append(column)
    if len(groups) == 1 or any(len(group) < _LEAST_WIDTH for group in groups) or len(rows) < 3:
        yield _Table(rows, used)
        return
    for group in groups:
        part = [cut for row in rows if (cut := _cut(row, group)).texts]
        yield _Table(part, group)


def _cut(row: Row, columns: Sequence[int]) -> Row:
    """Return the cells of `row` from the first to the last of `columns`."""
    cut = Row(row.number)
    for column, text, value in zip(row.columns, row.texts, row.values, strict=True):
        if columns[0] <= column <= columns[-1]:
            cut.add(column, text, value)
    return cut
