"""Reads Word documents (DOCX) out of their zip containers."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup import BROKEN, child, children, local, value
from assistant.documents.formats.word_styles import Styles
from assistant.documents.limits import Limits
from assistant.documents.markers import is_capitals, may_head, names_section
from assistant.errors import DocumentError, FileFault

MAIN_PART = re.compile(r"word/document\d*\.xml")
# What is not text, was deleted, or repeats what stands beside it for older programs.
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sectPr", "tblPr", "trPr",
     "tcPr", "sdtPr", "object", "footnotePr", "annotationRef"}
)  # fmt: skip
_SPACES = frozenset({"tab", "br", "cr", "ptab"})
_NOTES = {"footnoteReference": "word/footnotes.xml", "endnoteReference": "word/endnotes.xml"}


def read_docx(path: Path, limits: Limits) -> Draft:
    """Return the draft of a Word document: one page, since its pages are made when it is shown.

    Raises:
        DocumentError: it is damaged or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        reader = _WordReader(archive)
        blocks = reader.blocks()
        if not any(block.kind is BlockKind.HEADING for block in blocks):
            _guess_headings(blocks, reader.bold)
        return Draft("docx", [DraftPage(blocks)], tuple(reader.titles))
    except BROKEN as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    finally:
        archive.close()


class _WordReader:
    """Turns the parts of one document into blocks."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._styles = Styles(self._children("word/styles.xml"))
        self._notes = {part: dict(self._read_notes(part)) for part in _NOTES.values()}
        self.bold: set[int] = set()
        self.titles = list(self._core_title())

    def blocks(self) -> list[DraftBlock]:
        """Return the blocks of the document's body."""
        main = next(name for name in sorted(self._archive.names) if MAIN_PART.fullmatch(name))
        return [
            block for element in self._children(main, "body") for block in self._blocks(element)
        ]

    def _children(self, part: str, parent: str = "") -> Iterator[Element]:
        """Yield the children of the root, or of `parent`, freeing each afterwards."""
        if part in self._archive:
            with self._archive.open(part) as file:
                yield from children(file, *([parent] if parent else []))

    def _core_title(self) -> Iterator[str]:
        for element in self._children("docProps/core.xml"):
            if local(element) == "title" and element.text:
                yield element.text

    def _read_notes(self, part: str) -> Iterator[tuple[str, str]]:
        for note in self._children(part):
            text = fold(" ".join(_text(paragraph) for paragraph in _paragraphs(note)))
            if text and not value(note, "type"):  # separators have one
                yield value(note, "id"), text

    def _blocks(self, element: Element) -> Iterator[DraftBlock]:
        """Yield the blocks of a paragraph, table, or what wraps some of them."""
        name = local(element)
        if name == "p":
            yield from self._paragraph(element)
        elif name == "tbl":
            yield from self._table(element)
        elif name not in _LEFT_OUT:
            for inner in element:
                yield from self._blocks(inner)

    def _paragraph(self, element: Element) -> Iterator[DraftBlock]:
        text = fold(clean(_text(element)))
        if text:
            look = self._styles.look(element)
            block = DraftBlock(look.kind, text, look.level)
            if look.is_title:
                self.titles.append(text)
            if look.is_contents:
                block.text = re.sub(r"\s+(\d+)$", "\t\\1", text)
            if _is_bold(element):
                self.bold.add(id(block))
            yield block
        for box in _outermost(element, "txbxContent"):
            for inner in box:
                yield from self._blocks(inner)
        yield from self._notes_of(element)

    def _notes_of(self, element: Element) -> Iterator[DraftBlock]:
        for reference in element.iter():
            part = _NOTES.get(local(reference))
            text = self._notes[part].pop(value(reference, "id"), "") if part else ""
            if text:
                yield DraftBlock(BlockKind.FOOTNOTE, clean(text))

    def _table(self, element: Element) -> Iterator[DraftBlock]:
        rows = list(_outermost(element, "tr"))
        if rows and all(len(list(_outermost(row, "tc"))) == 1 for row in rows):
            for row in rows:  # a frame around text
                for cell in _outermost(row, "tc"):
                    for inner in cell:
                        yield from self._blocks(inner)
            return
        lines = []
        for row in rows:
            cells = (
                fold(clean(" ".join(_text(paragraph) for paragraph in _paragraphs(cell))))
                for cell in _outermost(row, "tc")
            )
            line = "\t".join(cells).strip()
            if line:
                lines.append(line)
        yield DraftBlock(BlockKind.TABLE, "\n".join(lines))
        yield from self._notes_of(element)


def _outermost(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements called `name` below `element` that are not inside another one."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found not in _LEFT_OUT and not (name in {"tr", "tc"} and found == "tbl"):
            yield from _outermost(inner, name)


def _paragraphs(element: Element) -> Iterator[Element]:
    return (inner for inner in element.iter() if local(inner) == "p")


def _text(element: Element) -> str:
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: Element, parts: list[str]) -> None:
    """Collect the text of a paragraph, without text boxes, deletions and hidden runs."""
    for inner in element:
        name = local(inner)
        if name == "t":
            parts.append(inner.text or "")
        elif name in _SPACES:
            parts.append(" ")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif name == "r" and _is_hidden(inner):
            continue
        elif name not in _LEFT_OUT and name not in {"txbxContent", "p"}:
            _gather(inner, parts)


def _is_hidden(run: Element) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and value(vanish, "val") not in {"0", "false", "off"}


def _is_bold(paragraph: Element) -> bool:
    """Return whether all runs with text are bold."""
    runs = [run for run in paragraph.iter() if local(run) == "r" and _text(run).strip()]
    marks = [child(child(run, "rPr"), "b") for run in runs]
    return bool(marks) and all(
        mark is not None and value(mark, "val") not in {"0", "false", "off"} for mark in marks
    )


def _guess_headings(blocks: list[DraftBlock], bold: set[int]) -> None:
    """Find headings by their looks where the author used no heading styles."""
    for block in blocks:
        text = block.text
        if block.kind is not BlockKind.PARAGRAPH or len(text) > 100 or not may_head(text):
            continue
        if text.endswith((".", ";", ",", ":")):
            continue
        if id(block) in bold or is_capitals(text) or names_section(text):
            block.kind, block.level = BlockKind.HEADING, 1
