"""Markdown as a flat list of leaves: paragraphs, headings, tables, code, each with its place.

A leaf knows how deep it stands in lists and quotes, so that a message can be written leaf by
leaf and only those that changed are written again while it streams. No Qt here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.ui.markdown.formulas import formula_runs
from assistant.ui.markdown.inlines import runs_of
from assistant.ui.markdown.leaf import Block, Kind, Leaf, Run, Runs
from assistant.ui.markdown.rules import add_rules

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def parse(source: str, after_number: int = 0) -> list[Block]:
    """Return the blocks of `source`.

    Args:
        source: Markdown (CommonMark with tables, strikethrough, footnotes and formulas).
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


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 50 ms that the window's start need not pay

    parser = MarkdownIt("commonmark", {"html": False})
    # A line of dashes under text is nearly always the beginning of a list that streams in.
    parser.enable(["table", "strikethrough"]).disable("lheading")
    add_rules(parser)
    return parser


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
        case "inline":
            return _text_leaf(token, before)
        case "math_block":
            return Leaf(Kind.FORMULA, formula_runs(token.content))
        case "hr":
            return Leaf(Kind.RULE)
        case "fence" | "code_block":
            language = token.info.split()[0] if token.info.strip() else ""
            return Leaf(Kind.CODE, code=token.content.rstrip("\n"), language=language)
        case "html_block":  # the parser makes none; if it did, it would be text
            return Leaf(Kind.PARAGRAPH, (Run(token.content),))
    return None


def _text_leaf(token: "Token", before: "Token | None") -> Leaf:
    opening = before.type if before is not None else ""
    if before is not None and opening == "heading_open":
        return Leaf(Kind.HEADING, runs_of(token), level=int(before.tag[1:]))
    if before is not None and opening == "note_open":
        return _note(before.content, runs_of(token))
    return Leaf(Kind.PARAGRAPH, runs_of(token))


def _note(name: str, runs: Runs) -> Leaf:
    return Leaf(Kind.NOTE, (Run(name, script=1), Run(" "), *runs), note=name)


def _table(tokens: "Sequence[Token]") -> Leaf:
    rows: list[tuple[Runs, ...]] = []
    cells: list[Runs] = []
    alignments: list[str] = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = []
        elif token.type in {"th_open", "td_open"}:
            cells.append(runs_of(tokens[i + 1]) if tokens[i + 1].type == "inline" else ())
            if token.type == "th_open":
                style = str(token.attrGet("style") or "")
                alignments.append(style.removeprefix("text-align:"))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
    return Leaf(Kind.TABLE, rows=tuple(rows), alignments=tuple(alignments))
