"""Reads OpenDocument spreadsheets (ODS): cells as LibreOffice shows them, with their values."""

from math import isfinite
from pathlib import Path

from assistant.documents import left_out
from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup_events import Attributes, read_events
from assistant.documents.formats.odf import picture_notes
from assistant.documents.grids import Row, sheets_draft
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_LOCKED_PACKAGE = "encrypted-package"  # of LibreOffice from version 24.2
_NUMBERS = frozenset({"float", "currency", "percentage"})
_CELLS = frozenset({"table-cell", "covered-table-cell"})
# What stands in a cell or between rows and is no content of it.
_LEFT_OUT = frozenset({"annotation", "tracked-changes", "dde-links", "forms"})


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a spreadsheet: a page for each sheet, several for a long one.

    Raises:
        DocumentError: it is damaged, encrypted, or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        _refuse_encrypted(archive)
        if _CONTENT not in archive:
            raise DocumentError(path, FileFault.DAMAGED)
        titles = _Title()
        if "meta.xml" in archive:
            with archive.open("meta.xml") as file:
                read_events(path, file, start=titles.start, end=titles.end, text=titles.text)
        reader = _ContentReader(path, limits)
        with archive.open(_CONTENT) as file:
            read_events(path, file, start=reader.start, end=reader.end, text=reader.text)
        draft = sheets_draft("ods", reader.sheets, path, limits, titles=(titles.found,))
        comments = left_out.counted(left_out.COMMENTS, reader.comments)
        draft.notes = (*picture_notes(archive), *comments)
        return draft
    finally:
        archive.close()


def _refuse_encrypted(archive: Archive) -> None:
    def start(name: str, _: Attributes) -> None:
        if name == "encryption-data":
            raise DocumentError(archive.path, FileFault.ENCRYPTED)

    if _LOCKED_PACKAGE in archive:
        raise DocumentError(archive.path, FileFault.ENCRYPTED)
    if _MANIFEST in archive:
        with archive.open(_MANIFEST) as file:
            read_events(archive.path, file, start=start, end=_nothing, text=_nothing)


def _nothing(_: str) -> None:
    """Take no notice."""


class _Title:
    """Finds the title in the metadata."""

    def __init__(self) -> None:
        self.found = ""
        self._is_title = False

    def start(self, name: str, _: Attributes) -> None:
        self._is_title = name == "title"

    def end(self, _: str) -> None:
        self._is_title = False

    def text(self, piece: str) -> None:
        if self._is_title:
            self.found += piece


class _ContentReader:
    """Takes the events of the content and gives sheets."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.sheets: list[tuple[str, list[Row], list[DraftBlock]]] = []
        self._path = path
        self._limits = limits
        self._cells = 0
        self._row = Row(0)
        self._row_number = 0
        self._row_repeats = 1
        self._column = 0
        self._attributes: Attributes = {}
        self._parts: list[str] = []
        self._paragraphs = 0
        self._left_out = 0
        self._shapes = 0
        self.comments = 0
        self._tables = 0  # that are open: a sheet may have tables within its cells

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        if name in _LEFT_OUT:
            self.comments += name == "annotation"
            self._left_out += 1
        elif self._left_out:
            return
        elif name == "shapes":  # what floats above the sheet; the rest belongs to cells
            self._shapes += 1
        elif name == "table":
            self._begin_table(attributes)
        elif name == "table-row" and self._tables == 1:
            self._row = Row(self._row_number + 1)
            self._row_repeats = _count(attributes.get("number-rows-repeated", "1"))
            self._column = 0
        elif name in _CELLS and self._tables == 1:
            self._attributes = attributes
            self._parts.clear()
        elif name == "p":
            self._paragraphs += 1
            if self._parts:
                self._parts.append(" ")
        elif name in {"tab", "line-break", "s"}:
            self._parts.append(" ")

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name in _LEFT_OUT:
            self._left_out -= 1
        elif self._left_out:
            return
        elif name == "shapes":
            self._shapes -= 1
        elif name == "table":
            self._tables -= 1
        elif name == "table-row" and self._tables == 1:
            self._end_row()
        elif name in _CELLS and self._tables == 1:
            self._end_cell(is_covered=name != "table-cell")
        elif name == "p":
            self._paragraphs -= 1
            if self._shapes and not self._paragraphs:
                self._end_aside()

    def text(self, piece: str) -> None:
        """Take text; only that of paragraphs is a cell's."""
        if self._paragraphs and not self._left_out:
            self._parts.append(piece)

    def _begin_table(self, attributes: Attributes) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        self.sheets.append((fold(clean(attributes.get("name", ""))), [], []))
        self._row_number = 0
        if len(self.sheets) > self._limits.pages:
            raise DocumentError(
                self._path, FileFault.TOO_LARGE, limit=f"pages {self._limits.pages}"
            )

    def _end_cell(self, *, is_covered: bool) -> None:
        repeats = _count(self._attributes.get("number-columns-repeated", "1"))
        text = "" if is_covered else fold(clean("".join(self._parts)))
        self._parts.clear()
        if text:
            self._expect(repeats)
            value = self._value(text)
            for column in range(self._column, self._column + repeats):
                self._row.add(column, text, value)
        self._column += repeats

    def _end_aside(self) -> None:
        """Take a paragraph of a text box."""
        text = fold(clean("".join(self._parts)))
        self._parts.clear()
        if text and self.sheets:
            self.sheets[-1][2].append(DraftBlock(BlockKind.PARAGRAPH, text))

    def _value(self, text: str) -> float | None:
        """Return the number that is shown: 15 for a share of 0.15."""
        kind = self._attributes.get("value-type", "")
        if kind not in _NUMBERS:
            return None
        try:
            value = float(self._attributes.get("value", ""))
        except ValueError:
            return None
        if not isfinite(value):
            return None
        return round(100 * value, 12) if kind == "percentage" and "%" in text else value

    def _end_row(self) -> None:
        row = self._row
        if row.texts:
            self._expect((self._row_repeats - 1) * len(row.texts))
            rows = self.sheets[-1][1]
            rows.append(row)
            rows.extend(
                Row(row.number + more, row.columns, row.texts, row.values)
                for more in range(1, self._row_repeats)
            )
        self._row_number += self._row_repeats

    def _expect(self, cells: int) -> None:
        """Refuse so many more cells before they are made, if they are too many."""
        self._cells += cells
        if self._cells > self._limits.table_cells:
            limit = f"table cells {self._limits.table_cells}"
            raise DocumentError(self._path, FileFault.TOO_LARGE, limit=limit)


def _count(text: str) -> int:
    return min(int(text), 10_000_000) if text.isdecimal() and 0 < len(text) < 10 else 1
