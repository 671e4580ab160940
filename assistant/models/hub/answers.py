"""Reads what a hub says, value by value: nothing is taken for what it should be.

A hub's answer is JSON of a stranger. A value of another type counts as not said, numbers and texts
have bounds, and text that is shown loses the characters that make it look like something else.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

_LONGEST_TEXT = 300
_MOST_TEXTS = 500
_LARGEST_COUNT = 2**62
# Orders that turn the direction of what follows (Unicode UAX 9), text nobody sees (tags, zero
# width), and characters of no script. Joiners and the marks U+200E and U+200F are left: Persian,
# Arabic and emoji are written with them.
_HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]"
)
_DECEIVING = re.compile("[\u202a\u202b\u202d\u202e\U000e0000-\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")  # of England and others, in tag letters
_KEPT_CONTROLS = frozenset("\n\t")


def decoded(content: bytes) -> Any:
    """Return JSON as Python values; None if it is none, or nested without end."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def fields(value: Any) -> dict[str, Any]:
    """Return an object's fields; none if it is no object."""
    return value if isinstance(value, dict) else {}


def items(value: Any, most: int = _MOST_TEXTS) -> list[Any]:
    """Return the first of a list's items; none if it is no list."""
    return value[:most] if isinstance(value, list) else []


def text(value: Any, most: int = _LONGEST_TEXT) -> str:
    """Return a text on one line, fit to be shown; "" if it is none."""
    return " ".join(plain(value[: most * 4]).split())[:most] if isinstance(value, str) else ""


def texts(value: Any, most: int = _MOST_TEXTS) -> tuple[str, ...]:
    """Return a list's texts, or a single text as a list, each once."""
    found: Iterable[str] = (
        text(one) for one in items([value] if isinstance(value, str) else value, most)
    )
    return tuple(dict.fromkeys(one for one in found if one))


def count(value: Any) -> int:
    """Return a whole number of at least 0; 0 if it is none, or none that can be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value < _LARGEST_COUNT else 0


def moment(value: Any) -> datetime | None:
    """Return a time as the hub writes it (ISO 8601, UTC); None if it is none."""
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def plain(told: str) -> str:
    """Return text without hidden characters and without controls but for its lines."""
    return "".join(
        letter
        for letter in _HIDDEN.sub("", told)
        if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in {"Cc", "Cs", "Co"}
    )


def has_hidden(told: str) -> bool:
    """Return whether text has characters that nobody sees, or that turn its direction."""
    return _HIDDEN.search(told.removeprefix("\ufeff")) is not None


def deceives(told: str) -> bool:
    """Return whether long text shows letters in another order, or holds letters nobody sees."""
    return _DECEIVING.search(_FLAG.sub("", told)) is not None
