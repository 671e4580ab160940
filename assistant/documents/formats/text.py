"""Reads plain text: paragraphs, lists, headings by their looks, form feeds as pages.

The only importer of charset_normalizer.
"""

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind, PageStatus
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.hyphens import mend
from assistant.documents.latin_encodings import latin_encoding
from assistant.documents.limits import Limits
from assistant.documents.lines import HYPHEN
from assistant.documents.markers import (
    BULLET,
    depth,
    has_leaders,
    is_capitals,
    is_item,
    may_head,
    names_section,
)
from assistant.errors import DocumentError, FileFault

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOLLOWING = bytes(range(0x80, 0xC0))  # of a character of several bytes
_SAMPLE_BYTES = 200_000
_RIGHT_FOR_A_WRONG = 4
_UNDERLINE = re.compile(r"\s*([=\-~^*#+])\1{2,}\s*")
_COLUMNS = re.compile(r"\S {3,}\S.*\S {3,}\S|\t.*\S")
_DRAWING = re.compile(r"[+|]\s*[-=_]{3,}|[-=_]{3,}\s*[+|]|^\s*\|.*\|\s*$")
_LEAST_PAGES = 3
_DIGITS = re.compile(r"\d+")
_FLOWING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_OVERSTRIKE = re.compile(r".\x08")


def read_bytes(path: Path, limits: Limits) -> bytes:
    """Return the bytes of a file that is held in memory whole.

    Raises:
        DocumentError: it is too large.
    """
    with path.open("rb") as file:
        data = file.read(limits.markup_bytes + 1)
    if len(data) > limits.markup_bytes:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"bytes {limits.markup_bytes}")
    return data


def read_text(path: Path, limits: Limits) -> str:
    """Return a file that is all text, with plain line ends.

    Raises:
        DocumentError: it has too many characters or lines, which is seen before they are held.
    """
    if path.stat().st_size > limits.characters:
        _count_characters(path, limits)
    text = decode(read_bytes(path, limits)).replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > limits.lines:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"lines {limits.lines}")
    return text


def _count_characters(path: Path, limits: Limits) -> None:
    """Count the characters of a large file as if it were UTF-8, or UTF-16 where it has zeros."""
    count = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            units = len(piece.translate(None, _FOLLOWING))
            count += len(piece) // 2 if b"\x00" in piece else units
            if count > limits.characters:
                limit = f"characters {limits.characters}"
                raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)


def decode(data: bytes, declared: str = "") -> str:
    """Return `data` as text: by its mark, as UTF-8, as declared, else by how it looks."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\x00" not in data[:_SAMPLE_BYTES]:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("utf-8")
        if _is_mostly_utf8(data):
            return data.decode("utf-8", "replace")
        with contextlib.suppress(LookupError, UnicodeDecodeError, ValueError):
            return data.decode(declared)
    return data.decode(_guess(data), "replace")


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell whether this is UTF-8 with a few wrong bytes: cut off, or put together from files.

    In other encodings hardly any letter beyond ASCII happens to be right.
    """
    text = data[: 10 * _SAMPLE_BYTES].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return right >= _RIGHT_FOR_A_WRONG * wrong


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a plain text file."""
    text = _OVERSTRIKE.sub("", read_text(path, limits))
    parts = text.split("\f")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    pages = [DraftPage(blocks(part)) for part in _without_running_heads(parts)]
    for page in pages:
        if not page.blocks:
            page.status = PageStatus.NO_TEXT
    _find_title(pages[0].blocks)
    _continue(pages)
    mend(pages)
    return Draft("text", pages)


def blocks(text: str) -> list[DraftBlock]:
    """Return the blocks of plain text."""
    return [block for lines in _chunks(text) for block in _blocks_of(lines)]


def _without_running_heads(parts: list[str]) -> list[str]:
    """Drop first and last lines that are the same on half of the pages, numbers aside."""
    if len(parts) < _LEAST_PAGES:
        return parts
    pages = [part.split("\n") for part in parts]
    edges = [_edges(lines) for lines in pages]
    seen = Counter(key for found in edges for key in set(found.values()))
    least = max(_LEAST_PAGES, len(pages) / 2)
    return [
        "\n".join(line for index, line in enumerate(lines) if seen[found.get(index, "")] < least)
        for lines, found in zip(pages, edges, strict=True)
    ]


def _edges(lines: Sequence[str]) -> dict[int, str]:
    """Return what is the same on other pages of the two first and two last lines, by index."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return {
        index: " ".join(_DIGITS.sub("#", lines[index]).split())
        for index in (*filled[:2], *filled[-2:])
    }


def _find_title(first: Sequence[DraftBlock]) -> None:
    """Take a short first line that stands alone for the title."""
    if len(first) < 2 or first[0].kind is not BlockKind.PARAGRAPH:
        return
    text = first[0].text
    if len(text) <= 80 and text[0].isupper() and may_head(text) and text[-1].isalnum():
        first[0].kind, first[0].level = BlockKind.HEADING, 1


def _continue(pages: Sequence[DraftPage]) -> None:
    """Mark paragraphs that go on from the page before."""
    last: DraftBlock | None = None
    for page in pages:
        first = page.blocks[0] if page.blocks else None
        if last and first and first.kind is BlockKind.PARAGRAPH and last.kind in _FLOWING:
            is_open = last.text[-1:].islower() or last.text.endswith((",", HYPHEN))
            first.continues = is_open
        last = page.blocks[-1] if page.blocks else last


def _guess(data: bytes) -> str:
    if b"\x00" not in data and (name := latin_encoding(data[:_SAMPLE_BYTES])):
        return name
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only where UTF-8 fails

    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    return best.encoding if best else "cp1252"


def _chunks(text: str) -> Iterator[list[str]]:
    """Yield runs of lines between blank ones."""
    chunk: list[str] = []
    for line in text.split("\n"):
        cleaned = clean(line).rstrip()
        if cleaned.strip():
            chunk.append(cleaned)
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _blocks_of(lines: list[str]) -> Iterator[DraftBlock]:
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]) and may_head(lines[0].strip()):
        level = 1 if lines[1].strip()[0] in "=#*" else 2
        yield DraftBlock(BlockKind.HEADING, fold(lines[0]), level)
        if lines[2:]:
            yield from _blocks_of(lines[2:])
        return
    lines = [line for line in lines if not _UNDERLINE.fullmatch(line)]
    if not lines:
        return
    if len(lines) <= 2 and (level := _heading_level(lines)):
        yield DraftBlock(BlockKind.HEADING, fold(" ".join(lines)), level)
    elif _is_table(lines):
        rows = ("\t".join(re.split(r"\s{3,}|\t+|\s*\|\s*", line.strip(" |"))) for line in lines)
        yield DraftBlock(BlockKind.TABLE, "\n".join(rows))
    elif any(_DRAWING.search(line) for line in lines):
        yield DraftBlock(BlockKind.CODE, "\n".join(lines))
    else:
        yield from _paragraphs(lines)


def _heading_level(lines: Sequence[str]) -> int:
    """Return the level of a heading that stands alone, 0 for anything else."""
    text = " ".join(line.strip() for line in lines)
    if not may_head(text) or len(text) > 100 or has_leaders(text):
        return 0
    is_left = len(lines[0]) - len(lines[0].lstrip()) < 3
    number = depth(text) if is_left else 0
    if number and len(lines) == 1 and not text.endswith((".", ";", ",", ":", "!", "?")):
        return min(6, number)
    if len(lines) == 1 and names_section(text) and not text.endswith("."):
        return 2 if text.lower().startswith(("section", "abschnitt", "§")) else 1
    return 1 if is_capitals(text) and not text.endswith((",", ";")) else 0


def _is_table(lines: Sequence[str]) -> bool:
    columned = sum(bool(_COLUMNS.search(line) or has_leaders(line)) for line in lines)
    return columned >= max(2, 0.7 * len(lines))


def _paragraphs(lines: Sequence[str]) -> Iterator[DraftBlock]:
    """Yield the paragraphs and list items of a run of lines."""
    kind, current = BlockKind.PARAGRAPH, [lines[0].strip()]
    if is_item(current[0]):
        kind = BlockKind.LIST_ITEM
    for index, line in enumerate(lines[1:], start=1):
        text = line.strip()
        is_new_item = is_item(text) and (BULLET.match(text) or _has_ended(current[-1]))
        if is_new_item or _is_indented(lines, index):
            yield DraftBlock(kind, _join(current))
            kind, current = BlockKind.LIST_ITEM if is_item(text) else BlockKind.PARAGRAPH, []
        current.append(text)
    yield DraftBlock(kind, _join(current))


def _is_indented(lines: Sequence[str], index: int) -> bool:
    """Return whether a line's indent alone begins a paragraph, as in books."""
    indents = [len(line) - len(line.lstrip()) for line in lines[index - 1 : index + 2]]
    before, here = indents[:2]
    after = indents[2] if len(indents) > 2 else before
    return before == after < here <= before + 8 and _has_ended(lines[index - 1])


def _has_ended(line: str) -> bool:
    return line.rstrip('”’")]').endswith((".", "!", "?", ":", ";"))


def _join(lines: Sequence[str]) -> str:
    """Join lines; a word that a hyphen cuts at a line's end stays marked for mending."""
    result = ""
    for line in lines:
        if result.endswith("-") and result[-2:-1].islower() and line[:1].islower():
            result = result[:-1] + HYPHEN + line
        else:
            result += " " + line
    return " ".join(result.split())
