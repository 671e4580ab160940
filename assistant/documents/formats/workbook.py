"""Reads Excel workbooks (XLSX, XLSM): every sheet's cells as they are shown, hidden ones too.

A reader of our own, on expat's events: openpyxl in its read-only mode needs more than twice as
long for 250,000 cells (3.1 s against 1.3 s of processor time), and holds what a hostile file makes
it hold before anything can be counted.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.draft import Draft
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup import BROKEN
from assistant.documents.formats.markup_events import Attributes, Enough, read_events
from assistant.documents.formats.number_formats import BUILT_IN, general, shown
from assistant.documents.formats.sheet_drawings import SheetDrawings
from assistant.documents.grids import Row, sheets_draft
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

MAIN_PART = re.compile(r"xl/workbook\d*\.xml")
_PROPERTIES = "docProps/core.xml"
_LARGE_PART = 20_000_000  # bytes
_LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class _Sheet:
    name: str
    part: str


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share."""

    sheets: list[_Sheet] = field(default_factory=list)
    is_1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a workbook: a page for each sheet, several for a long one.

    Raises:
        DocumentError: it is damaged or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        reader = _WorkbookReader(archive, limits)
        drawings = SheetDrawings(archive)
        sheets = (
            (sheet.name, reader.rows(sheet), drawings.blocks(sheet.part))
            for sheet in reader.book.sheets
        )
        draft = sheets_draft("xlsx", sheets, path, limits, titles=tuple(reader.titles()))
        draft.notes = drawings.notes
        return draft
    except BROKEN as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    finally:
        archive.close()


class _WorkbookReader:
    """Reads the parts of one workbook."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._cells = 0
        self.book = _Book()
        main = next((name for name in sorted(archive.names) if MAIN_PART.fullmatch(name)), "")
        targets = self._targets(main)
        self._read_main(main, targets)
        folder = posixpath.dirname(main)
        self._read_strings(f"{folder}/sharedStrings.xml")
        self._read_formats(f"{folder}/styles.xml")

    def titles(self) -> Iterator[str]:
        """Yield the title in the workbook's properties."""
        found: list[str] = []
        is_title = False

        def start(name: str, _: Attributes) -> None:
            nonlocal is_title
            is_title = name == "title"

        def end(_: str) -> None:
            nonlocal is_title
            is_title = False

        def text(part: str) -> None:
            if is_title:
                found.append(part)

        self._events(_PROPERTIES, start, end, text)
        yield "".join(found)

    def rows(self, sheet: _Sheet) -> list[Row]:
        """Return the rows of a sheet that have filled cells."""
        reader = _SheetReader(self.book)

        def end(name: str) -> None:
            reader.end(name)
            if name == "row" and self._cells + reader.cells > self._limits.table_cells:
                limit = f"table cells {self._limits.table_cells}"
                raise DocumentError(self._archive.path, FileFault.TOO_LARGE, limit=limit)

        self._events(sheet.part, reader.start, end, reader.text)
        self._cells += reader.cells
        return reader.rows

    def _events(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        if part in self._archive:
            with self._archive.open(part) as file:
                read_events(self._archive.path, file, start=start, end=end, text=text)

    def _targets(self, main: str) -> dict[str, str]:
        """Return the parts that the workbook names, by their ids."""
        folder, name = posixpath.split(main)
        targets: dict[str, str] = {}

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship":
                target = attributes.get("Target", "")
                whole = target[1:] if target.startswith("/") else f"{folder}/{target}"
                targets[attributes.get("Id", "")] = posixpath.normpath(whole)

        self._events(f"{folder}/_rels/{name}.rels", start, _nothing, _nothing)
        return targets

    def _read_main(self, main: str, targets: dict[str, str]) -> None:
        sheets = self.book.sheets

        def start(name: str, attributes: Attributes) -> None:
            if name == "workbookPr":
                self.book.is_1904 = attributes.get("date1904", "") in {"1", "true", "on"}
            elif name == "sheet":
                title = fold(clean(attributes.get("name", "")))
                # A part belongs to one sheet: that others name it too is no honest program's work.
                part = targets.pop(attributes.get("id", ""), "")
                sheets.append(_Sheet(title, part))
                if len(sheets) > self._limits.pages:
                    limit = f"pages {self._limits.pages}"
                    raise DocumentError(self._archive.path, FileFault.TOO_LARGE, limit=limit)

        self._events(main, start, _nothing, _nothing)
        if not sheets:
            raise DocumentError(self._archive.path, FileFault.DAMAGED)

    def _read_strings(self, part: str) -> None:
        """Read the texts that cells share; the readings of Japanese words are left out."""
        self._count_strings(part)
        strings = self.book.strings
        current: list[str] = []
        is_text, phonetic = False, 0

        def start(name: str, _: Attributes) -> None:
            nonlocal is_text, phonetic
            if name == "si":
                current.clear()
            elif name == "rPh":
                phonetic += 1
            is_text = name == "t" and not phonetic

        def end(name: str) -> None:
            nonlocal is_text, phonetic
            is_text = False
            if name == "rPh":
                phonetic -= 1
            elif name == "si":
                strings.append(fold(clean("".join(current))))
                if len(strings) > self._limits.table_cells:
                    limit = f"table cells {self._limits.table_cells}"
                    raise DocumentError(self._archive.path, FileFault.TOO_LARGE, limit=limit)

        def text(piece: str) -> None:
            if is_text:
                current.append(piece)

        self._events(part, start, end, text)

    def _count_strings(self, part: str) -> None:
        """Count the texts of a large part before any is kept: that is far quicker."""
        size = next((one.file_size for one in self._archive.infos if one.filename == part), 0)
        if size < _LARGE_PART:
            return
        count, end = 0, b""
        with self._archive.open(part) as file:
            while piece := file.read(1 << 20):
                count += (end + piece).count(b"<si>")
                end = piece[-3:]
        if count > self._limits.table_cells:
            limit = f"table cells {self._limits.table_cells}"
            raise DocumentError(self._archive.path, FileFault.TOO_LARGE, limit=limit)

    def _read_formats(self, part: str) -> None:
        """Read the format code of each cell style."""
        codes: dict[str, str] = {}
        is_cells = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_cells
            if name == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                is_cells = True
            elif name == "xf" and is_cells:
                number = attributes.get("numFmtId", "0")
                built_in = BUILT_IN.get(int(number), "") if number.isdecimal() else ""
                self.book.formats.append(codes.get(number, built_in))

        def end(name: str) -> None:
            if name == "cellXfs":
                raise Enough

        self._events(part, start, end, _nothing)


def _nothing(_: str) -> None:
    """Take no notice."""


class _SheetReader:
    """Takes the events of one sheet."""

    def __init__(self, book: _Book) -> None:
        self.rows: list[Row] = []
        self.cells = 0
        self._book = book
        self._row = Row(0)
        self._column = -1
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._takes_text = False
        self._phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self._takes_text = not self._phonetic
        elif name == "row":
            number = attributes.get("r", "")
            following = self._row.number + 1
            known = int(number) if number.isdecimal() and len(number) < 8 else following
            self._row = Row(max(known, following))
            self._column = -1
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "c":
            self._end_cell()
        elif name in {"v", "t"}:
            self._takes_text = False
        elif name == "row" and self._row.texts:
            self.rows.append(self._row)
        elif name == "rPh":
            self._phonetic = False
        elif name == "sheetData":
            raise Enough

    def text(self, piece: str) -> None:
        """Take text."""
        if self._takes_text:
            self._parts.append(piece)

    def _begin_cell(self, attributes: Attributes) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        following = self._column + 1
        known = _column(match[1]) if match else following
        self._column = max(known, following)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._parts.clear()

    def _end_cell(self) -> None:
        raw = "".join(self._parts)
        if not raw or self._column >= _LAST_COLUMN:
            return
        text, number = self._shown(raw)
        if text:
            self._row.add(self._column, text, number)
            self.cells += 1

    def _shown(self, raw: str) -> tuple[str, float | None]:
        if self._kind == "s":
            index = int(raw) if raw.isdecimal() and len(raw) < 10 else -1
            strings = self._book.strings
            return (strings[index] if 0 <= index < len(strings) else ""), None
        if self._kind == "b":
            return ("TRUE" if raw.strip() == "1" else "FALSE"), None
        if self._kind != "n":
            return fold(clean(raw)), None
        try:
            value = float(raw)
        except ValueError:
            return fold(clean(raw)), None
        if not isfinite(value):
            return fold(clean(raw)), None
        return self._number(value)

    def _number(self, value: float) -> tuple[str, float | None]:
        formats = self._book.formats
        style = int(self._style) if self._style.isdecimal() and len(self._style) < 6 else -1
        code = formats[style] if 0 <= style < len(formats) else ""
        if not code:
            return general(value), value
        text, number = shown(value, code, is_1904=self._book.is_1904)
        return fold(clean(text)), number


def _column(letters: str) -> int:
    """Return the number of a column from 0: 27 for AB."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
