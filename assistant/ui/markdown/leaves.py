"""Markdown as a flat list of leaves: paragraphs, headings, tables, code, each with its place.

A leaf knows how deep it stands in lists and quotes, so that a message can be written leaf by
leaf and only those that changed are written again while it streams. HTML stays text, pictures
become their alternative text, and only http and https addresses are links. No Qt here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Addresses that the text shows as such; punctuation at their end belongs to the sentence.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}*_]", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)


class Kind(StrEnum):
    """What a leaf is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; `link` is an http or https address or empty."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of a message that has no pieces.

    Attributes:
        kind: what it is.
        runs: the text of a paragraph or heading.
        level: of a heading, from 1.
        rows: of a table, the first its header.
        alignments: of a table's columns: "left", "center", "right" or "".
        code, language: of a code block.
        depth: how many lists it stands in; `quotes` how many quotes.
        marker: of the first leaf of a list's item: "•" or its number, as "3."; else empty.
    """

    kind: Kind
    runs: Runs = ()
    level: int = 0
    rows: tuple[tuple[Runs, ...], ...] = ()
    alignments: tuple[str, ...] = ()
    code: str = ""
    language: str = ""
    depth: int = 0
    quotes: int = 0
    marker: str = ""

    @property
    def is_prose(self) -> bool:
        """Whether it is running text, not a block with a look of its own."""
        return self.kind not in {Kind.TABLE, Kind.CODE}


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block of the source, or one item of a top-level list.

    Attributes:
        line: where it begins in the source, counted from 0.
        leaves: what it is made of.
        number: for an item of a numbered list, its number; else 0.
    """

    line: int
    leaves: tuple[Leaf, ...]
    number: int = 0


def parse(source: str, after_number: int = 0) -> list[Block]:
    """Return the blocks of `source`.

    Args:
        source: Markdown (CommonMark with tables and strikethrough).
        after_number: the number of the list's item before `source`, if that was one: a list
            that goes on here is numbered on from it.
    """
    tokens = _parser().parse(source)
    blocks: list[Block] = []
    at = 0
    while at < len(tokens):
        end = _end_of(tokens, at)
        if tokens[at].type == "ordered_list_open" and at == 0 and after_number:
            tokens[at].attrSet("start", str(after_number + 1))
        blocks += _blocks_of(tokens[at:end])
        at = end
    return blocks


def warm_up() -> None:
    """Load the parser now, while nobody waits for it."""
    _parser().parse("")


def plain_text(leaves: Sequence[Leaf]) -> str:
    """Return the words of `leaves` without markup, for a screen reader."""
    lines = []
    for leaf in leaves:
        if leaf.kind is Kind.TABLE:
            lines += ["; ".join(_text(cell) for cell in row) for row in leaf.rows]
        else:
            lines.append(f"{leaf.marker} {leaf.code or _text(leaf.runs)}".strip())
    return "\n".join(lines)


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 50 ms that the window's start need not pay

    parser = MarkdownIt("commonmark", {"html": False})
    # A line of dashes under text is nearly always the beginning of a list that streams in.
    return parser.enable(["table", "strikethrough"]).disable("lheading")


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def _end_of(tokens: "Sequence[Token]", at: int) -> int:
    """Return the index behind the block that begins at `at`."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i + 1
    return len(tokens)


def _blocks_of(tokens: "Sequence[Token]") -> Iterator[Block]:
    """Yield a top-level block, a list item by item."""
    first = tokens[0]
    if first.type not in {"bullet_list_open", "ordered_list_open"}:
        yield Block(_line(first), tuple(_Flattener().flatten(tokens)))
        return
    is_numbered = first.type == "ordered_list_open"
    number = _start(first) if is_numbered else 0
    at = 1
    while at < len(tokens) - 1:
        end = _end_of(tokens, at)
        item = [first, *tokens[at:end], tokens[-1]]
        leaves = tuple(_Flattener().flatten(item, number))
        yield Block(_line(tokens[at]), leaves, number)
        number += is_numbered
        at = end


def _start(ordered_list: "Token") -> int:
    start = ordered_list.attrGet("start")
    return 1 if start is None else int(start)


def _line(token: "Token") -> int:
    return token.map[0] if token.map else 0


@dataclass(slots=True)
class _List:
    """A list that is open; `number` is that of the next item, None where there are bullets."""

    number: int | None


@dataclass(slots=True)
class _Flattener:
    """Walks tokens and remembers the lists and quotes that are open."""

    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    marker: str = ""

    def flatten(self, tokens: "Sequence[Token]", start: int | None = None) -> Iterator[Leaf]:
        """Yield the leaves; `start` numbers the outermost list's first item."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            end = at + 1
            match token.type:
                case "bullet_list_open":
                    self.lists.append(_List(None))
                case "ordered_list_open":
                    is_outermost = start is not None and not self.lists
                    self.lists.append(_List(start if is_outermost else _start(token)))
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "list_item_open":
                    self._begin_item(token)
                case "list_item_close" if self.marker:
                    yield self._placed(Leaf(Kind.PARAGRAPH))  # an item without text
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "table_open":
                    end = _end_of(tokens, at)
                    yield self._placed(_table(tokens[at:end]))
                case _:
                    leaf = _leaf(token, tokens[at - 1] if at else None)
                    if leaf is not None:
                        yield self._placed(leaf)
            at = end

    def _begin_item(self, token: "Token") -> None:
        current = self.lists[-1]
        if current.number is None:
            self.marker = "•"
        else:
            self.marker = f"{current.number}{token.markup}"
            current.number += 1

    def _placed(self, leaf: Leaf) -> Leaf:
        placed = replace(leaf, depth=len(self.lists), quotes=self.quotes, marker=self.marker)
        self.marker = ""
        return placed


def _leaf(token: "Token", before: "Token | None") -> Leaf | None:
    """Return the leaf that one token is; None for those that only open or close."""
    match token.type:
        case "inline" if before is not None and before.type == "heading_open":
            return Leaf(Kind.HEADING, _runs(token), level=int(before.tag[1:]))
        case "inline":
            return Leaf(Kind.PARAGRAPH, _runs(token))
        case "hr":
            return Leaf(Kind.RULE)
        case "fence" | "code_block":
            language = token.info.split()[0] if token.info.strip() else ""
            return Leaf(Kind.CODE, code=token.content.rstrip("\n"), language=language)
        case "html_block":  # the parser makes none; if it did, it would be text
            return Leaf(Kind.PARAGRAPH, (Run(token.content),))
    return None


def _table(tokens: "Sequence[Token]") -> Leaf:
    rows: list[tuple[Runs, ...]] = []
    cells: list[Runs] = []
    alignments: list[str] = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = []
        elif token.type in {"th_open", "td_open"}:
            cells.append(_runs(tokens[i + 1]) if tokens[i + 1].type == "inline" else ())
            if token.type == "th_open":
                style = str(token.attrGet("style") or "")
                alignments.append(style.removeprefix("text-align:"))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
    return Leaf(Kind.TABLE, rows=tuple(rows), alignments=tuple(alignments))


def _runs(inline: "Token") -> Runs:
    style = Run("")
    runs: list[Run] = []
    for token in inline.children or ():
        match token.type:
            case "text" | "html_inline":
                runs += _with_addresses(replace(style, text=token.content))
            case "code_inline":
                runs.append(replace(style, text=token.content, is_code=True))
            case "softbreak" | "hardbreak":  # models write verses and addresses line by line
                runs.append(replace(style, text="\u2028"))
            case "image":
                runs.append(replace(style, text=_alternative(token), is_italic=True))
            case "link_open":
                address = str(token.attrGet("href") or "")
                style = replace(style, link=address if _WEB.match(address) else "")
            case "link_close":
                style = replace(style, link="")
            case "strong_open" | "strong_close":
                style = replace(style, is_bold=token.nesting > 0)
            case "em_open" | "em_close":
                style = replace(style, is_italic=token.nesting > 0)
            case "s_open" | "s_close":
                style = replace(style, is_struck=token.nesting > 0)
    return tuple(run for run in runs if run.text)


def _alternative(image: "Token") -> str:
    words = "".join(child.content for child in image.children or ())
    return f"[{words}]" if words else ""


def _with_addresses(run: Run) -> Iterator[Run]:
    """Yield `run` with the addresses in its text as links, unless it is one already."""
    if run.link or "://" not in run.text:
        yield run
        return
    at = 0
    for match in _ADDRESS.finditer(run.text):
        yield replace(run, text=run.text[at : match.start()])
        yield replace(run, text=match[0], link=match[0])
        at = match.end()
    yield replace(run, text=run.text[at:])
