"""What a result for people is made of, whatever the format: headings, lines and tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """What a stretch of text is, for formats that can show it."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    PLACE = "place"  # where to look in the document
    MARK = "mark"  # a doubt
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one tone.

    Attributes:
        text: what it says.
        tone: what it is.
        is_glued: no blank stands before it but its own.
        address: where it leads in the window, which alone follows it: "new:12" is page 12 of
            the new document; "" for nowhere.
    """

    text: str
    tone: Tone = Tone.PLAIN
    is_glued: bool = False
    address: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the whole."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or an item of a list."""

    runs: Runs
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as there are headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, between parts of their own."""


Part: TypeAlias = Heading | Line | Table | Rule


def plain(text: str, tone: Tone = Tone.PLAIN) -> Runs:
    """Return `text` as the only run."""
    return (Run(text, tone),)


def spaced(runs: Runs) -> Iterator[tuple[str, Run]]:
    """Yield each run with the blank that goes before it."""
    is_first = True
    for run in runs:
        if not run.text:
            continue
        yield ("" if is_first or run.is_glued else " "), run
        is_first = False
