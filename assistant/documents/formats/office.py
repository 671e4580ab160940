"""Reads Word documents (DOCX): text as Word shows it, with list numbers, notes and tables."""

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats import html
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.drawings import Unread, drawn_blocks, relation_id
from assistant.documents.formats.markup import BROKEN, child, children, local, number, value
from assistant.documents.formats.ooxml import Parts, Relation
from assistant.documents.formats.page_breaks import believable, joined, mark_blank
from assistant.documents.formats.text import blocks as text_blocks
from assistant.documents.formats.text import decode
from assistant.documents.formats.word_numbering import NumberedBy, Numberings
from assistant.documents.formats.word_styles import Look, Styles
from assistant.documents.formats.word_text import (
    LEFT_OUT,
    is_bold,
    outermost,
    paragraphs_of,
    text_of,
)
from assistant.documents.headings_by_look import guess_headings
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

MAIN_PART = re.compile(r"word/document\d*\.xml")
_NOTES = {"footnoteReference": "word/footnotes.xml", "endnoteReference": "word/endnotes.xml"}
_ASIDE = frozenset({"chart", "relIds", *_NOTES})  # what follows the row that it stands in
_FLOWING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_CHUNKS: dict[str, Callable[[bytes], list[DraftBlock]]] = {
    ".htm": html.blocks_of,
    ".html": html.blocks_of,
    ".xhtml": html.blocks_of,
    ".txt": lambda data: text_blocks(decode(data)),
}
_LONG_CELL = 200  # characters; a cell with a table in it and more text than this is a frame
_WIDEST_SPAN = 64


def read_docx(path: Path, limits: Limits) -> Draft:
    """Return the draft of a Word document.

    Its pages are those that Word last showed, where it has noted them and they agree with the
    count it keeps; else there is one.

    Raises:
        DocumentError: it is damaged or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        reader = _WordReader(archive)
        reader.read()
        pages = reader.pages
        if not believable(len(pages), reader.noted_pages):
            pages = joined(pages)
        mark_blank(pages)
        blocks = [block for page in pages for block in page.blocks]
        guess_headings(blocks, reader.bold)
        return Draft("docx", pages, tuple(reader.titles), reader.unread.notes)
    except BROKEN as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    finally:
        archive.close()


class _WordReader:
    """Turns the parts of one document into pages of blocks."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._styles = Styles(self._children("word/styles.xml"))
        self._numberings = Numberings(self._children("word/numbering.xml"))
        self._notes = {part: dict(self._read_notes(part)) for part in _NOTES.values()}
        self._parts = Parts(archive)
        self._relations: dict[str, Relation] = {}  # of the main part
        self.unread = Unread(self._parts)
        self.pages = [DraftPage()]
        self.bold: set[int] = set()
        self.titles = list(self._properties("docProps/core.xml", "title"))
        counts = self._properties("docProps/app.xml", "Pages")
        self.noted_pages = number(next(counts, ""))

    def read(self) -> None:
        """Take the blocks of the document's body."""
        names = sorted(self._archive.names)
        main = next((name for name in names if MAIN_PART.fullmatch(name)), "")
        self._relations = self._parts.relations(main)
        self.unread.count(self._relations.values())
        for element in self._children(main, "body"):
            self._take(element)

    def _children(self, part: str, parent: str = "") -> Iterator[Element]:
        """Yield the children of the root, or of `parent`, freeing each afterwards."""
        if part in self._archive:
            with self._archive.open(part) as file:
                yield from children(file, *([parent] if parent else []))

    def _properties(self, part: str, name: str) -> Iterator[str]:
        for element in self._children(part):
            if local(element) == name and element.text:
                yield element.text

    def _read_notes(self, part: str) -> Iterator[tuple[str, str]]:
        for note in self._children(part):
            text = _flat([self._text(paragraph) for paragraph in paragraphs_of(note)])
            if text and not value(note, "type"):  # separators have one
                yield value(note, "id"), text

    def _take(self, element: Element) -> None:
        """Take a paragraph, a table, or what wraps some of them."""
        name = local(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._table(element)
        elif name == "altChunk":
            self._chunk(element)
        elif name not in LEFT_OUT:
            for inner in element:
                self._take(inner)

    def _chunk(self, element: Element) -> None:
        """Take a file that Word shows in this place, where it is a page or a text."""
        relation = self._relations.get(relation_id(element))
        if relation is None or relation.target not in self._archive:
            return
        reads = _CHUNKS.get(posixpath.splitext(relation.target)[1].lower())
        if reads is None:
            self.unread.add_object(relation.target)
            return
        with self._archive.open(relation.target) as file:
            for block in reads(file.read()):
                self._add(block)

    def _paragraph(self, element: Element) -> None:
        raw = self._text(element)
        if raw.strip():
            self._blocks_of(element, raw)
        else:
            self._turn(raw.count("\f"))
        for box in outermost(element, "txbxContent"):
            for inner in box:
                self._take(inner)
        self._drawn_in(element)
        self._notes_of(element)

    def _blocks_of(self, element: Element, raw: str) -> None:
        """Take a paragraph's text, one block for each page that it stands on."""
        look = self._styles.look(element)
        mark = self._number(look)
        is_begun = False
        for index, piece in enumerate(raw.split("\f")):
            self._turn(min(index, 1))
            text = _cleaned(piece, look)
            if not text.strip():
                continue
            block = DraftBlock(look.kind, text if is_begun else f"{mark}{text}", look.level)
            block.continues = is_begun and look.kind in _FLOWING
            is_begun = True
            if look.is_title:
                self.titles.append(block.text)
            if is_bold(element):
                self.bold.add(id(block))
            self._add(block, goes_on=look.is_contents or look.kind is BlockKind.CODE)

    def _text(self, paragraph: Element) -> str:
        return text_of(paragraph, self._styles.hidden)

    def _number(self, look: Look) -> str:
        """Return the number before a paragraph and a space, "" for none."""
        if not look.numbering:
            return ""
        level = look.number_level
        if level < 0:
            level = self._numberings.level_of(look.styles, look.numbering)
        shown = self._numberings.next(NumberedBy(look.numbering, level))
        return f"{fold(clean(shown))} " if shown else ""

    def _add(self, block: DraftBlock, *, goes_on: bool = False) -> None:
        """Add a block; lines of code and of a table of contents go on with the last one."""
        blocks = self.pages[-1].blocks
        if goes_on and blocks and blocks[-1].kind is block.kind:
            blocks[-1].text += f"\n{block.text}"
        else:
            blocks.append(block)

    def _turn(self, times: int) -> None:
        self.pages += [DraftPage() for _ in range(times)]

    def _drawn_in(self, element: Element) -> None:
        for block in drawn_blocks(self._parts, element, self._relations):
            self._add(block)

    def _notes_of(self, element: Element) -> None:
        for reference in element.iter():
            part = _NOTES.get(local(reference))
            text = self._notes[part].pop(value(reference, "id"), "") if part else ""
            if text:
                self._add(DraftBlock(BlockKind.FOOTNOTE, text))

    def _table(self, element: Element) -> None:
        rows = [row for row in outermost(element, "tr") if not _is_deleted(row)]
        cells = [list(outermost(row, "tc")) for row in rows]
        is_frame = bool(rows) and all(len(row) == 1 for row in cells)
        lines: list[str] = []
        for row in cells:
            if is_frame or self._is_layout(row):
                self._end_rows(lines)
                for cell in row:
                    for inner in cell:
                        self._take(inner)
            else:
                self._row(row, lines)
        self._end_rows(lines)

    def _row(self, row: list[Element], lines: list[str]) -> None:
        """Add a row to `lines`; tables and text boxes inside its cells follow it."""
        texts = [[self._text(paragraph) for paragraph in paragraphs_of(cell)] for cell in row]
        turns = max((sum(text.count("\f") for text in cell) for cell in texts), default=0)
        is_on_next = any("".join(cell).lstrip(" \n\t").startswith("\f") for cell in texts)
        if is_on_next:
            self._end_rows(lines)
            self._turn(1)
        parts = []
        for cell, paragraphs in zip(row, texts, strict=True):
            span = number(value(child(child(cell, "tcPr"), "gridSpan"), "val"), 1)
            parts.append(self._cell_mark(cell) + _flat(paragraphs))
            parts += [""] * min(span - 1, _WIDEST_SPAN)
        lines.append("\t".join(parts).rstrip())
        nested = [table for cell in row for table in outermost(cell, "tbl")]
        boxes = [
            box
            for cell in row
            for paragraph in paragraphs_of(cell)
            for box in outermost(paragraph, "txbxContent")
        ]
        aside = any(local(inner) in _ASIDE for cell in row for inner in cell.iter())
        if nested or boxes or aside:
            self._end_rows(lines)
            for table in nested:
                self._table(table)
            for box in boxes:
                for inner in box:
                    self._take(inner)
            for cell in row:
                self._drawn_in(cell)
                self._notes_of(cell)
        if turns - is_on_next > 0:
            self._end_rows(lines)
            self._turn(turns - is_on_next)

    def _cell_mark(self, cell: Element) -> str:
        """Return the number of a cell's first paragraph, as tables with numbered rows have it."""
        first = next(paragraphs_of(cell), None)
        return "" if first is None else self._number(self._styles.look(first))

    def _end_rows(self, lines: list[str]) -> None:
        if any(line.strip() for line in lines):
            text = "\n".join(line for line in lines if line.strip())
            self._add(DraftBlock(BlockKind.TABLE, text))
        lines.clear()

    def _is_layout(self, row: list[Element]) -> bool:
        """Return whether cells only place text: they have headings, or tables among long text."""
        paragraphs = [paragraph for cell in row for paragraph in paragraphs_of(cell)]
        if any(self._styles.look(each).kind is BlockKind.HEADING for each in paragraphs):
            return True
        if not any(list(outermost(cell, "tbl")) for cell in row):
            return False
        return any(
            sum(len(self._text(paragraph)) for paragraph in paragraphs_of(cell)) > _LONG_CELL
            for cell in row
        )


def _cleaned(text: str, look: Look) -> str:
    if look.kind is BlockKind.CODE:
        return "\n".join(line for line in clean(text).split("\n") if line.strip())
    text = fold(clean(text))
    return re.sub(r"\s+(\d+)$", "\t\\1", text) if look.is_contents else text


def _flat(paragraphs: list[str]) -> str:
    return fold(clean(" ".join(paragraphs).replace("\f", " ")))


def _is_deleted(row: Element) -> bool:
    return child(child(row, "trPr"), "del") is not None
