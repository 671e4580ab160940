"""Makes blocks of the paragraphs, rows and notes of an RTF file as they come."""

import re
from dataclasses import dataclass, field

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|contents|table of figures|index)\b.*\d?", re.IGNORECASE)
_CODE = frozenset({"html preformatted", "preformatted text", "plain text", "source code"})
_NO_OUTLINE = 9
_DEEPEST_TABLE = 8


@dataclass(slots=True)
class RtfStyle:
    """A paragraph style: its name and its level in the outline from 0, `_NO_OUTLINE` for none."""

    name: str = ""
    outline: int = _NO_OUTLINE


@dataclass(slots=True)
class Look:
    """How a paragraph is set; copied with each group.

    Attributes:
        style: number of its style.
        outline: its own level in the outline, -1 if its style says.
        is_listed: it belongs to a list.
        table: how deep the table is that it stands in, 0 for none.
    """

    style: int = 0
    outline: int = -1
    is_listed: bool = False
    table: int = 0


@dataclass(slots=True)
class _Table:
    """A table that is being read: finished rows, the cells of the next, the text of its last."""

    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    after: list[DraftBlock] = field(default_factory=list)  # tables and notes in the cells


class RtfBlocks:
    """Takes paragraphs, cells and rows.

    Attributes:
        blocks: what was made of them.
        titles: paragraphs in the style of a title.
        bold: ids of the blocks that are bold throughout.
        styles: paragraph styles by their numbers.
    """

    def __init__(self) -> None:
        self.blocks: list[DraftBlock] = []
        self.titles: list[str] = []
        self.bold: set[int] = set()
        self.styles: dict[int, RtfStyle] = {}
        self._tables: list[_Table] = []

    def paragraph(self, raw: str, mark: str, look: Look, *, is_bold: bool) -> None:
        """Take a paragraph; `mark` is its number or bullet as it is shown."""
        depth = min(look.table, _DEEPEST_TABLE)
        if depth:
            self._open_tables(depth)
            text = fold(clean(f"{_number(mark)}{raw}"))
            if text:
                self._tables[-1].text.append(text)
            return
        self.end_tables()
        style = self.styles.get(look.style, RtfStyle())
        kind, level = _kind(style, look, has_mark=bool(mark.strip()))
        text = clean(raw) if kind is BlockKind.CODE else fold(clean(raw))
        if not text.strip():
            return
        is_contents = bool(_CONTENTS.fullmatch(style.name))
        if is_contents:
            kind, text = BlockKind.TABLE, re.sub(r"\s+(\d+)$", "\t\\1", text)
        block = DraftBlock(kind, f"{_number(mark)}{text}", level)
        if style.name.lower() == "title":
            self.titles.append(text)
        if is_bold:
            self.bold.add(id(block))
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind is kind and (is_contents or kind is BlockKind.CODE):
            last.text += f"\n{block.text}"
        else:
            self.blocks.append(block)

    def note(self, raw: str) -> None:
        """Take a footnote or endnote that belongs to the paragraph which comes next."""
        text = fold(clean(raw))
        if text:
            target = self._tables[-1].after if self._tables else self.blocks
            target.append(DraftBlock(BlockKind.FOOTNOTE, text))

    def cell(self, depth: int) -> None:
        """End a cell of the table `depth` deep."""
        self._open_tables(max(1, min(depth, _DEEPEST_TABLE)))
        table = self._tables[-1]
        table.cells.append(" ".join(table.text))
        table.text.clear()

    def row(self, depth: int) -> None:
        """End a row of the table `depth` deep."""
        self._open_tables(max(1, min(depth, _DEEPEST_TABLE)))
        table = self._tables[-1]
        if any(table.cells):
            table.lines.append("\t".join(table.cells).rstrip())
        table.cells.clear()
        if table.after:
            blocks = [*_table_block(table), *table.after]
            self._keep(blocks, len(self._tables) - 1)
            table.after = []

    def end_tables(self) -> None:
        """End all tables, since text outside of them follows."""
        self._close_to(0)

    def _open_tables(self, depth: int) -> None:
        self._close_to(depth)
        while len(self._tables) < depth:
            self._tables.append(_Table())

    def _close_to(self, depth: int) -> None:
        while len(self._tables) > depth:
            table = self._tables.pop()
            if table.text:
                table.cells.append(" ".join(table.text))
            if any(table.cells):
                table.lines.append("\t".join(table.cells).rstrip())
            self._keep([*_table_block(table), *table.after], len(self._tables))

    def _keep(self, blocks: list[DraftBlock], depth: int) -> None:
        """Put the blocks of a table that is `depth` tables deep where they belong."""
        if depth:
            self._tables[depth - 1].after += blocks
        else:
            self.blocks += blocks


def _table_block(table: _Table) -> list[DraftBlock]:
    lines, table.lines = table.lines, []
    if not lines:
        return []
    if all("\t" not in line for line in lines):  # a frame around text
        return [DraftBlock(BlockKind.PARAGRAPH, line) for line in lines]
    return [DraftBlock(BlockKind.TABLE, "\n".join(lines))]


def _number(mark: str) -> str:
    """Return the number before an item and a space, "" for a bullet."""
    text = fold(clean(mark))
    is_number = any(character.isalnum() for character in text) and text != "o"  # a round bullet
    return f"{text} " if is_number else ""


def _kind(style: RtfStyle, look: Look, *, has_mark: bool) -> tuple[BlockKind, int]:
    name = style.name.lower()
    if name == "title":
        return BlockKind.HEADING, 1
    outline = look.outline if look.outline >= 0 else style.outline
    heading = _HEADING.match(name)
    if outline >= _NO_OUTLINE and heading and look.outline < 0:
        outline = int(heading[1]) - 1
    if 0 <= outline < _NO_OUTLINE:
        return BlockKind.HEADING, min(6, outline + 1)
    if name in {"caption", "illustration", "table", "figure", "drawing"}:
        return BlockKind.CAPTION, 0
    if name in _CODE:
        return BlockKind.CODE, 0
    if has_mark or look.is_listed:
        return BlockKind.LIST_ITEM, 0
    return BlockKind.PARAGRAPH, 0
