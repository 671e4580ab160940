"""What the readers of other apps' formats share: values of any type, texts and times made safe.

A field of the wrong type counts as not there: these formats are documented by nobody, and grow.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant.conversations.porting.chat import PortableChat
from assistant.conversations.porting.report import LeftOut, SkipReason

MOST_MESSAGES = 100_000
MOST_CHARACTERS = 8_000_000  # of one message
_LONGEST_TITLE = 200
_LONGEST_NAME = 200

# Everything that steers a terminal or a widget, but for line breaks and tabs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"\r\n?")
_HALVES = re.compile("[\ud800-\udfff]")
_THINKING = re.compile(r"\A\s*<think(?:ing)?>(.*?)(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


class CannotTakeError(Exception):
    """A conversation that is not imported; `reason` says why."""

    def __init__(self, reason: SkipReason, title: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.title = title


@dataclass(slots=True, kw_only=True)
class Taken:
    """A conversation that was read, and what of it was left out."""

    chat: PortableChat
    left_out: Counter[LeftOut] = field(default_factory=Counter)


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> Sequence[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def text_of(value: object) -> str:
    """Return `value` as text without what steers a terminal or a widget; "" for no text.

    Raises:
        CannotTakeError: it is longer than a message may be.
    """
    if not isinstance(value, str):
        return ""
    if len(value) > MOST_CHARACTERS:
        raise CannotTakeError(SkipReason.TOO_LARGE)
    # Two halves of a pair that were written apart are one letter again; a single one is none.
    if _HALVES.search(value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", _BREAKS.sub("\n", value))


def line_of(value: object, longest: int = _LONGEST_NAME) -> str:
    """Return `value` as a short text on one line, such as a title or a name."""
    if not isinstance(value, str):
        return ""
    text = text_of(value[: 4 * longest])
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def title_of(value: object) -> str:
    """Return a conversation's title."""
    return line_of(value, _LONGEST_TITLE)


def number_of(value: object) -> float:
    """Return `value` if it is a finite number, else 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if is_number and math.isfinite(value) else 0.0  # type: ignore[arg-type]
    except OverflowError:
        return 0.0


def moment(seconds: object) -> datetime | None:
    """Return the time that so many seconds since 1970 are; None where that is no likely time."""
    number = number_of(seconds)
    try:
        when = datetime.fromtimestamp(number, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return when if _FIRST_YEAR <= when.year < _LAST_YEAR else None


def moment_of_text(text: object) -> datetime | None:
    """Return the time that an ISO 8601 text names; None for none."""
    if not isinstance(text, str) or len(text) > 64:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return when if _FIRST_YEAR <= when.year < _LAST_YEAR else None


def written(when: datetime) -> str:
    """Return a time as `PortableChat` has it."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def without_thinking(text: str) -> tuple[str, str]:
    """Return a reply without the reasoning that it begins with in tags, and that reasoning."""
    found = _THINKING.match(text)
    if found is None:
        return text, ""
    return text[found.end() :].strip("\n"), found.group(1).strip()


def joined(texts: Iterator[str] | Sequence[str]) -> str:
    """Return the parts of a message that are not empty, one below the other."""
    return "\n\n".join(text for text in texts if text.strip())
