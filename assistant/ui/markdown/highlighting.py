"""The shades of code: which words are keywords, strings and so on. No Qt here."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pygments.token import _TokenType

# More than anyone reads in a message; it would keep a core busy for a second.
LONGEST_CODE = 100_000


class Shade(StrEnum):
    """What a piece of code is, as far as its colour tells."""

    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"
    NAME = "name"
    BUILTIN = "builtin"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line; `start` and `length` count UTF-16 units, as Qt does."""

    start: int
    length: int
    shade: Shade


Line: TypeAlias = tuple[Piece, ...]


def highlight(code: str, language: str, cancel: threading.Event) -> Iterator[list[Line]]:
    """Yield the pieces of each line of `code` at once; nothing if the language is not known."""
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - slow, and seldom needed
    from pygments.util import ClassNotFound  # noqa: PLC0415

    if not language or len(code) > LONGEST_CODE:
        return
    try:
        lexer: Any = get_lexer_by_name(language, stripnl=False)  # type: ignore[no-untyped-call]
    except ClassNotFound:
        return
    lines: list[list[Piece]] = [[]]
    column = 0
    for token, value in lexer.get_tokens(code):
        if cancel.is_set():
            return
        shade = _shade(token)
        for i, part in enumerate(value.split("\n")):
            if i:
                lines.append([])
                column = 0
            length = len(part) if part.isascii() else len(part.encode("utf-16-le")) // 2
            if shade and part.strip():
                lines[-1].append(Piece(column, length, shade))
            column += length
    yield [tuple(line) for line in lines]


def _shade(token: "_TokenType") -> Shade | None:
    from pygments.token import Comment, Keyword, Literal, Name, Number, String  # noqa: PLC0415

    for kind, shade in (
        (Comment, Shade.COMMENT),
        (Keyword, Shade.KEYWORD),
        (Name.Tag, Shade.KEYWORD),
        (Number, Shade.NUMBER),
        (String, Shade.STRING),
        (Literal, Shade.STRING),
        (Name.Function, Shade.NAME),
        (Name.Class, Shade.NAME),
        (Name.Builtin, Shade.BUILTIN),
        (Name.Attribute, Shade.BUILTIN),
        (Name.Decorator, Shade.BUILTIN),
    ):
        if token in kind:
            return shade
    return None
