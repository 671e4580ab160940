"""Reads Markdown by the tokens of its parser: headings, lists, tables, code and text."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats import text as plain_text
from assistant.documents.limits import Limits

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<matter>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_NOTE = re.compile(r"\[\^[^\]\s]+\]:\s*")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
_TAG = re.compile(r"<[^>]*>")
# The parser needs 1 s for 700,000 characters; longer files read as plain text.
_LONGEST = 10_000_000


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a Markdown file: one page."""
    source = plain_text.decode(plain_text.read_bytes(path, limits)).replace("\r\n", "\n")
    if len(source) > _LONGEST:
        draft = DraftPage(plain_text.blocks(source))
        return Draft("markdown", [draft], notes=("markdown-read-as-text",))
    titles: tuple[str, ...] = ()
    matter = _FRONT_MATTER.match(source)
    if matter:
        source = source[matter.end() :]
        title = _TITLE.search(matter["matter"])
        titles = (title[1],) if title else ()
    return Draft("markdown", [DraftPage(blocks(source))], titles)


def blocks(source: str) -> list[DraftBlock]:
    """Return the blocks of Markdown, which may be a part of something larger."""
    return list(_Blocks().of(_tokens(source)))


def _tokens(source: str) -> "Sequence[Token]":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not every document needs it

    return MarkdownIt("commonmark").enable("table").parse(source)


class _Blocks:
    """Makes blocks out of tokens."""

    def __init__(self) -> None:
        self._level = 0
        self._items = 0
        self._rows: list[list[str]] | None = None

    def of(self, tokens: "Sequence[Token]") -> Iterator[DraftBlock]:
        """Yield the blocks of a document's tokens."""
        for token in tokens:
            if token.type == "inline":
                yield from self._text(fold(clean("".join(_inline(token.children or ())))))
            elif token.type in {"fence", "code_block"}:
                code = re.sub(r"\n\s*\n", "\n", clean(token.content)).strip("\n")
                yield DraftBlock(BlockKind.CODE, code)
            elif token.type == "html_block":
                yield DraftBlock(BlockKind.PARAGRAPH, fold(clean(_TAG.sub(" ", token.content))))
            elif token.type == "table_close" and self._rows is not None:
                text = "\n".join("\t".join(row).strip() for row in self._rows)
                yield DraftBlock(BlockKind.TABLE, text)
                self._rows = None
            else:
                self._follow(token)

    def _follow(self, token: "Token") -> None:
        """Keep track of what is open."""
        if token.type == "heading_open":
            self._level = int(token.tag[1:])
        elif token.type == "heading_close":
            self._level = 0
        elif token.tag == "li":
            self._items += token.nesting
        elif token.type == "table_open":
            self._rows = []
        elif token.type == "tr_open" and self._rows is not None:
            self._rows.append([])

    def _text(self, text: str) -> Iterator[DraftBlock]:
        note = _NOTE.match(text)
        if note:
            yield DraftBlock(BlockKind.FOOTNOTE, text[note.end() :])
            return
        text = _NOTE_MARK.sub("", text)
        if self._rows is not None:
            self._rows[-1].append(text)
        elif self._level:
            yield DraftBlock(BlockKind.HEADING, text, self._level)
        else:
            yield DraftBlock(BlockKind.LIST_ITEM if self._items else BlockKind.PARAGRAPH, text)


def _inline(tokens: "Sequence[Token]") -> Iterator[str]:
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type == "image":
            yield from _inline(token.children or ())
