"""Turns the body of an OpenDocument text or slide into blocks, page by page."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.formats.markup import local, number, value
from assistant.documents.formats.odf_lists import Lists, OpenList
from assistant.documents.formats.odf_styles import OdfStyles
from assistant.documents.formats.odf_text import SHAPES, Paragraph, read_paragraph

_FLOWING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_INDEXES = frozenset(
    {"table-of-content", "illustration-index", "table-index", "object-index", "user-index",
     "alphabetical-index", "bibliography"}
)  # fmt: skip
_LEFT_OUT = frozenset(
    {"tracked-changes", "annotation", "forms", "sequence-decls", "variable-decls", "notes",
     "user-field-decls", "dde-connection-decls", "table-columns", "table-column", "shapes",
     "settings", "event-listeners", "title", "desc", "glue-point", "alphabetical-index-auto-mark"}
)  # fmt: skip
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_MOST_REPEATED = 64
_LONG_CELL = 200  # characters; a cell with a table in it and more text than this is a frame


class OdfBlocks:
    """Takes the elements of a body in their order.

    Args:
        styles: those of the document.

    Attributes:
        pages: what was taken; a new one begins where the program showed one.
        titles: paragraphs in the style of a title.
        bold: ids of the blocks that are bold throughout.
        has_breaks: the program noted where it began pages by itself.
    """

    def __init__(self, styles: OdfStyles) -> None:
        self._styles = styles
        self._lists = Lists(styles)
        self._listed: tuple[Element, OpenList] | None = None  # the item whose text comes next
        self._depth = 0  # of lists
        self._index = 0  # of tables of contents and indexes
        self._ends_page = False
        self.pages = [DraftPage()]
        self.titles: list[str] = []
        self.bold: set[int] = set()
        self.has_breaks = False

    def take(self, element: Element) -> None:
        """Take a paragraph, heading, list, table, section or frame."""
        name = local(element)
        if name in {"p", "h"}:
            self._paragraph(element, is_heading=name == "h")
        elif name == "list":
            self._list(element, None)
        elif name == "table":
            self._table(element)
        elif name == "soft-page-break":
            self.has_breaks = True
            self._turn()
        elif name in _INDEXES:
            self._index += 1
            self._inside(element)
            self._index -= 1
        elif name.endswith("-source") or name in _LEFT_OUT or value(element, "display") == "none":
            return
        else:
            self._inside(element)

    def add(self, block: DraftBlock, *, goes_on: bool = False) -> None:
        """Add a block; a line of code or of an index goes on with the last one."""
        blocks = self.pages[-1].blocks
        if goes_on and blocks and blocks[-1].kind is block.kind:
            blocks[-1].text += f"\n{block.text}"
        else:
            blocks.append(block)

    def _inside(self, element: Element) -> None:
        for inner in element:
            self.take(inner)

    def _turn(self) -> None:
        self.pages.append(DraftPage())

    def _begin(self, element: Element) -> None:
        """Turn the page where the style of a paragraph or table says so."""
        style = value(element, "style-name")
        is_first = len(self.pages) == 1 and not self.pages[0].blocks
        if (self._styles.begins_page(style) or self._ends_page) and not is_first:
            self._turn()
        self._ends_page = self._styles.ends_page(style)

    def _paragraph(self, element: Element, *, is_heading: bool) -> None:
        self._begin(element)
        style = value(element, "style-name")
        if self._styles.is_hidden(style):
            return
        found = read_paragraph(element, self._styles)
        kind, level = self._kind(element, style, is_heading=is_heading)
        mark = self._mark(element, found, style, level)
        if found.text.strip():
            self._blocks_of(found, mark, kind, level)
            if "Title" in self._styles.names(style):
                self.titles.append(fold(clean(found.text)))
        elif "\f" in found.text:
            self.has_breaks = True
            self._turn()
        self._hanging(found)

    def _kind(self, element: Element, style: str, *, is_heading: bool) -> tuple[BlockKind, int]:
        if self._index:
            return BlockKind.TABLE, 0
        if is_heading:
            return BlockKind.HEADING, min(6, max(1, number(value(element, "outline-level"), 1)))
        if "Title" in self._styles.names(style):
            return BlockKind.HEADING, 1
        kind = self._styles.kind(style)
        if kind is BlockKind.PARAGRAPH and self._depth:
            kind = BlockKind.LIST_ITEM
        return kind, 0

    def _mark(self, element: Element, found: Paragraph, style: str, level: int) -> str:
        """Count what is numbered; return the number before a paragraph and a space."""
        shown = ""
        if self._listed and found.text.strip():
            item, within = self._listed
            shown = self._lists.item(item, within, style)
            self._listed = None
        elif local(element) == "h" and not self._depth:
            shown = self._lists.heading(element, level)
        shown = found.number or fold(clean(shown))
        return f"{shown} " if any(character.isalnum() for character in shown) else ""

    def _blocks_of(self, found: Paragraph, mark: str, kind: BlockKind, level: int) -> None:
        """Take a paragraph's text, one block for each page that it stands on."""
        is_begun = False
        for index, piece in enumerate(found.text.split("\f")):
            if index:
                self.has_breaks = True
                self._turn()
            text = self._cleaned(piece, kind)
            if not text.strip():
                continue
            block = DraftBlock(kind, text if is_begun else f"{mark}{text}", level)
            block.continues = is_begun and kind in _FLOWING
            is_begun = True
            if found.is_bold:
                self.bold.add(id(block))
            self.add(block, goes_on=bool(self._index) or kind is BlockKind.CODE)

    def _cleaned(self, text: str, kind: BlockKind) -> str:
        if kind is BlockKind.CODE:
            return "\n".join(line for line in clean(text).split("\n") if line.strip())
        text = fold(clean(text))
        return re.sub(r"\s+(\d+)$", "\t\\1", text) if self._index else text

    def _hanging(self, found: Paragraph) -> None:
        """Take the frames of a paragraph, then its notes."""
        listed, depth = self._listed, self._depth
        self._listed, self._depth = None, 0
        for shape in found.shapes:
            self.take(shape)
        self._listed, self._depth = listed, depth
        for note in found.notes:
            text = fold(clean(" ".join(_texts(note, self._styles))))
            if text:
                self.add(DraftBlock(BlockKind.FOOTNOTE, text))

    def _list(self, element: Element, inside: OpenList | None) -> None:
        within = self._lists.open(element, inside)
        self._depth += 1
        for item in element:
            if local(item) not in {"list-item", "list-header"}:
                continue
            self._listed = (item, within) if local(item) == "list-item" else None
            for inner in item:
                if local(inner) == "list":
                    self._listed = None
                    self._list(inner, within)
                else:
                    self.take(inner)
            self._listed = None
        self._depth -= 1

    def _table(self, element: Element) -> None:
        self._begin(element)
        rows = list(_rows(element))
        cells = [[] if row is None else _filled(row) for row in rows]
        is_frame = any(cells) and all(len(row) <= 1 for row in cells)
        lines: list[str] = []
        for row, filled in zip(rows, cells, strict=True):
            if row is None:
                self._end_rows(lines)
                self.has_breaks = True
                self._turn()
            elif is_frame or self._is_layout(filled):
                self._end_rows(lines)
                for cell in filled:
                    self._inside(cell)
            else:
                self._row(row, lines)
        self._end_rows(lines)

    def _row(self, row: Element, lines: list[str]) -> None:
        """Add a row to `lines`; tables, frames and notes inside its cells follow it."""
        hanging: list[Paragraph] = []
        parts: list[str] = []
        nested: list[Element] = []
        for cell in row:
            if local(cell) not in _CELLS:
                continue
            paragraphs = [read_paragraph(each, self._styles) for each in _paragraphs(cell)]
            text = " ".join(paragraph.text for paragraph in paragraphs).replace("\f", " ")
            times = max(1, number(value(cell, "number-columns-repeated"), 1))
            parts += [fold(clean(text))] * min(times, _MOST_REPEATED)
            hanging += [each for each in paragraphs if each.notes or each.shapes]
            nested += [inner for inner in cell if local(inner) == "table"]
        times = max(1, number(value(row, "number-rows-repeated"), 1))
        lines += ["\t".join(parts).rstrip()] * min(times, _MOST_REPEATED)
        if nested or hanging:
            self._end_rows(lines)
            for table in nested:
                self._table(table)
            for each in hanging:
                self._hanging(each)

    def _end_rows(self, lines: list[str]) -> None:
        text = "\n".join(line for line in lines if line.strip())
        if text:
            self.add(DraftBlock(BlockKind.TABLE, text))
        lines.clear()

    def _is_layout(self, cells: Iterable[Element]) -> bool:
        """Return whether cells only place text: they have headings, or tables among long text."""
        for cell in cells:
            if any(local(inner) == "h" for inner in cell):
                return True
            has_table = any(local(inner) == "table" for inner in cell)
            texts = (len("".join(each.itertext())) for each in _paragraphs(cell))
            if has_table and sum(texts) > _LONG_CELL:
                return True
        return False


def _texts(element: Element, styles: OdfStyles) -> Iterator[str]:
    for paragraph in _paragraphs(element):
        yield read_paragraph(paragraph, styles).text.replace("\f", " ")


def _paragraphs(element: Element) -> Iterator[Element]:
    """Yield the paragraphs below `element`, without those in nested tables and frames."""
    for inner in element:
        name = local(inner)
        if name in {"p", "h"}:
            yield inner
        elif name not in _LEFT_OUT and name not in SHAPES and name != "table":
            yield from _paragraphs(inner)


def _rows(element: Element) -> Iterator[Element | None]:
    """Yield the rows of a table, None where a page begins between them."""
    for inner in element:
        name = local(inner)
        if name == "table-row":
            yield inner
        elif name == "soft-page-break":
            yield None
        elif name in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from _rows(inner)


def _filled(row: Element) -> list[Element]:
    return [cell for cell in row if local(cell) in _CELLS]
