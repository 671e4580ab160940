"""What a grammar is: rules by number, made of characters, other rules and repetitions."""

from collections.abc import Iterable
from dataclasses import dataclass

LAST_CHARACTER = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]


class GrammarRefused(Exception):  # noqa: N818 - named for what happened
    """A grammar or a schema that a reply cannot follow; `detail` says why, in words."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CharSet:
    """One character out of `ranges`, which are sorted and do not touch."""

    ranges: Ranges

    def has(self, character: int) -> bool:
        """Whether `character`, a code point, is one of them."""
        return any(low <= character <= high for low, high in self.ranges)

    def has_any(self, low: int, high: int) -> bool:
        """Whether a character from `low` to `high` is one of them."""
        return any(first <= high and low <= last for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule, `least` to `most` times; None for as often as wished."""

    rule: int
    least: int
    most: int | None


Element = CharSet | Repeat | int  # an int is another rule's number
Sequence = tuple[Element, ...]
Rule = tuple[Sequence, ...]  # its alternatives


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules by number; a reply follows the rule `root`."""

    rules: tuple[Rule, ...]
    root: int


def char_set(ranges: Iterable[tuple[int, int]], *, is_negated: bool = False) -> CharSet:
    """Return a set of characters out of ranges in any order, or of all others."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    if not is_negated:
        return CharSet(tuple(merged))
    others, begin = [], 0
    for low, high in merged:
        if begin < low:
            others.append((begin, low - 1))
        begin = high + 1
    if begin <= LAST_CHARACTER:
        others.append((begin, LAST_CHARACTER))
    return CharSet(tuple(others))
