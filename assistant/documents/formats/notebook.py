"""Reads Jupyter notebooks: a page for each cell, with what it printed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from assistant.documents.cleaning import clean
from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats import html, markdown
from assistant.documents.formats.text import decode, read_bytes
from assistant.documents.left_out import OUTPUTS_IN_PART
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_LONGEST_OUTPUT = 20_000  # characters; what a cell prints may have no end
_LONGEST_TABLE = 200_000  # with its tags
_COLOUR = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
_Text = str | list[str]


class _Output(msgspec.Struct):
    """What a cell printed, or showed."""

    output_type: str = ""
    text: _Text = ""
    data: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)
    ename: str = ""
    evalue: str = ""


class _Cell(msgspec.Struct):
    """A cell; notebooks of format 3 call its source its input."""

    cell_type: str = ""
    source: _Text = ""
    input: _Text = ""
    execution_count: int | None = None
    prompt_number: int | None = None
    outputs: list[_Output] = msgspec.field(default_factory=list)
    level: int = 1


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = msgspec.field(default_factory=list)


class _Metadata(msgspec.Struct):
    title: Any = ""


class _Counted(msgspec.Struct):
    """The cells, not looked into."""

    cells: list[msgspec.Raw] = msgspec.field(default_factory=list)


class _Notebook(msgspec.Struct):
    """What is looked at; pictures and the like are skipped unread."""

    cells: list[_Cell] = msgspec.field(default_factory=list)
    worksheets: list[_Worksheet] = msgspec.field(default_factory=list)
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a notebook.

    Raises:
        DocumentError: it is damaged or has too many cells.
    """
    text = decode(read_bytes(path, limits))
    try:
        count = len(msgspec.json.decode(text, type=_Counted).cells)
        if count > limits.pages:
            raise DocumentError(path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
        book = msgspec.json.decode(text, type=_Notebook)
    except msgspec.DecodeError as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    cells = book.cells or [cell for sheet in book.worksheets for cell in sheet.cells]
    if len(cells) > limits.pages:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    title = book.metadata.title if isinstance(book.metadata.title, str) else ""
    is_cut = any(_is_long(output) for cell in cells for output in cell.outputs)
    return Draft(
        "notebook",
        [_page(cell) for cell in cells],
        (title,),
        notes=(OUTPUTS_IN_PART,) if is_cut else (),
        unit=PageUnit.CELL,
    )


def _is_long(output: _Output) -> bool:
    """Tell whether the end of an output is left out."""
    page = _joined_raw(output.data.get("text/html"))
    if "<table" in page:
        return len(page) > _LONGEST_TABLE
    written = _joined_raw(output.data.get("text/markdown"))
    said = written or _joined(output.text) or _joined_raw(output.data.get("text/plain"))
    return len(said) > _LONGEST_OUTPUT


def _page(cell: _Cell) -> DraftPage:
    source = clean(_joined(cell.source or cell.input))
    if cell.cell_type == "markdown":
        blocks = markdown.blocks(source)
        return DraftPage(blocks, PageStatus.READ if blocks else PageStatus.NO_TEXT)
    if cell.cell_type == "heading":
        blocks = [DraftBlock(BlockKind.HEADING, source, max(1, min(6, cell.level)))]
    elif cell.cell_type == "code":
        blocks = [_code(source), *(block for out in cell.outputs for block in _blocks(out))]
    else:
        blocks = [DraftBlock(BlockKind.PARAGRAPH, source)]
    blocks = [block for block in blocks if block.text.strip()]
    count = cell.execution_count if cell.execution_count is not None else cell.prompt_number
    label = f"In [{count}]" if count is not None and cell.cell_type == "code" else ""
    return DraftPage(blocks, PageStatus.READ if blocks else PageStatus.NO_TEXT, label)


def _blocks(output: _Output) -> Iterator[DraftBlock]:
    """Yield what an output says in words: its best form, which is text, a table or an error."""
    if output.ename:
        yield _code(f"{output.ename}: {output.evalue}"[:_LONGEST_OUTPUT])
        return
    page = _joined_raw(output.data.get("text/html"))
    if "<table" in page:
        yield from html.blocks_of(page[:_LONGEST_TABLE].encode())
    elif written := _joined_raw(output.data.get("text/markdown")):
        yield from markdown.blocks(clean(written[:_LONGEST_OUTPUT]))
    else:
        text = _joined(output.text) or _joined_raw(output.data.get("text/plain"))
        yield _code(text[:_LONGEST_OUTPUT])


def _code(text: str) -> DraftBlock:
    lines = _COLOUR.sub("", text).replace("\r", "\n").split("\n")
    return DraftBlock(
        BlockKind.CODE, "\n".join(clean(line).rstrip() for line in lines if line.strip())
    )


def _joined(text: _Text) -> str:
    return text if isinstance(text, str) else "".join(text)


def _joined_raw(raw: msgspec.Raw | None) -> str:
    if raw is None:
        return ""
    try:
        return _joined(msgspec.json.decode(raw, type=_Text))
    except msgspec.DecodeError:  # JSON data, which is no text
        return ""
