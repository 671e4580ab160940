"""Reads tables of delimited values (CSV, TSV and their kin), whatever parts their cells."""

import csv
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import PageUnit
from assistant.documents.draft import Draft
from assistant.documents.formats.text import read_text
from assistant.documents.grids import Row, lay_out_sheet
from assistant.documents.limits import Limits
from assistant.documents.text_signs import delimiter
from assistant.errors import DocumentError, FileFault

_SAMPLE = 65_536
_LONGEST_CELL = 1_000_000
_EMPTY_SHARE = 4  # so many times the cells may be empty, or the mark stand within one
_SEPARATOR_LINE = "sep="  # Excel's own way to say it


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a file of delimited values: one page, several for a long one.

    Raises:
        DocumentError: it passes a limit.
    """
    text = read_text(path, limits).replace("\x00", "")
    first = text[:_SAMPLE].partition("\n")[0]
    if first.lower().startswith(_SEPARATOR_LINE) and len(first.rstrip("\r")) == 5:
        mark, text = first[4], text[len(first) + 1 :]
    else:
        mark = delimiter(text[:_SAMPLE], path.suffix.lower()) or ","
    # A semicolon parts cells where commas are decimal marks.
    sheet = lay_out_sheet(
        "", _rows(path, text, mark, limits), first_page=1, mark="," if mark == ";" else ""
    )
    if len(sheet.pages) > limits.pages:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    return Draft("csv", sheet.pages, unit=PageUnit.SHEET, tables=tuple(sheet.tables))


def _rows(path: Path, text: str, mark: str, limits: Limits) -> list[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    limit = f"table cells {limits.table_cells}"
    if text.count(mark) > _EMPTY_SHARE * limits.table_cells:  # that is seen sooner than read
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
    rows: list[Row] = []
    cells = 0
    lines = csv.reader(_lines(text), delimiter=mark, skipinitialspace=True)
    try:
        for number, found in enumerate(lines, start=1):
            row = Row(number)
            for column, cell in enumerate(found):
                if shown := fold(clean(cell)):
                    row.add(column, shown)
            if row.texts:
                rows.append(row)
                cells += len(row.texts)
            if cells > limits.table_cells:
                raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
    except csv.Error as error:  # a cell without an end
        limit = f"cell characters {_LONGEST_CELL}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit) from error
    return rows


def _lines(text: str) -> Iterator[str]:
    """Yield the lines with their ends, without a copy of the whole."""
    start = 0
    while (end := text.find("\n", start) + 1) > 0:
        yield text[start:end]
        start = end
    yield text[start:]
