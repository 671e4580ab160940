"""Counts the items of HTML's ordered lists as a browser shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.documents.formats.markup import number
from assistant.documents.numerals import Numeral, written

_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?([a-z-]+)\s*(?:;|$)", re.IGNORECASE)
_NUMERALS = {
    "1": Numeral.DECIMAL,
    "a": Numeral.LOWER_LETTER,
    "A": Numeral.UPPER_LETTER,
    "i": Numeral.LOWER_ROMAN,
    "I": Numeral.UPPER_ROMAN,
    "none": Numeral.NONE,
    "disc": Numeral.NONE,
    "decimal": Numeral.DECIMAL,
    "decimal-leading-zero": Numeral.PADDED,
    "lower-alpha": Numeral.LOWER_LETTER,
    "lower-latin": Numeral.LOWER_LETTER,
    "upper-alpha": Numeral.UPPER_LETTER,
    "upper-latin": Numeral.UPPER_LETTER,
    "lower-roman": Numeral.LOWER_ROMAN,
    "upper-roman": Numeral.UPPER_ROMAN,
    "cjk-decimal": Numeral.CHINESE,
    "simp-chinese-informal": Numeral.CHINESE,
    "arabic-indic": Numeral.ARABIC_DIGIT,
    "hebrew": Numeral.HEBREW,
}


@dataclass(slots=True)
class _List:
    numeral: Numeral
    next: int
    step: int


class ListNumbers:
    """Follows the lists that are open and numbers their items."""

    def __init__(self) -> None:
        self._open: list[_List] = []
        self._mark = ""

    def enter(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """Take the beginning of an element."""
        if tag in {"ol", "ul"}:
            self._open.append(_opened(attributes) if tag == "ol" else _List(Numeral.NONE, 1, 1))
        elif tag == "li" and self._open:
            last = self._open[-1]
            last.next = number(attributes.get("value") or "", last.next)
            shown = written(last.next, last.numeral)
            self._mark = f"{shown}." if shown else ""
            last.next += last.step

    def leave(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in {"ol", "ul"} and self._open:
            self._open.pop()
        elif tag == "li":
            self._mark = ""

    def take_mark(self) -> str:
        """Return the number before the text that comes next, "" for none; once for each item."""
        mark, self._mark = self._mark, ""
        return mark


def _opened(attributes: Mapping[str, str | None]) -> _List:
    style = _STYLE.search(attributes.get("style") or "")
    name = style[1].lower() if style else attributes.get("type") or "1"
    is_reversed = "reversed" in attributes
    start = number(attributes.get("start") or "", 1)
    return _List(_NUMERALS.get(name, Numeral.DECIMAL), start, -1 if is_reversed else 1)
