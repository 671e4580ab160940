r"""Regular expressions of JSON schemas as GBNF of the JSON strings that match them.

Understood is what JavaScript and Python read alike: characters, classes, groups, alternatives and
repetitions, with ^ and $ at the ends. Where the two differ (is "é" a \w?), what both accept is
generated.
"""

import re
from dataclasses import dataclass

from assistant.engine.grammars.gbnf import MAX_NESTING
from assistant.engine.grammars.grammar import (
    LAST_CHARACTER,
    CharSet,
    GrammarRefused,
    Ranges,
    char_set,
)

PLAIN = r'[^"\\\x00-\x1F\x7F-\x9F\uD800-\uDFFF\u2028\u2029]'  # itself in a JSON string
_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACES: Ranges = ((9, 10), (12, 13), (32, 32))
_NO_SPACE: Ranges = ((33, 126), (0xA1, 0x167F))
_LINE_ENDS = ((10, 10), (13, 13), (0x2028, 0x2029))
_UNWRITABLE = ((0, 31), (34, 34), (92, 92), (127, 159), (0xD800, 0xDFFF), (0x2028, 0x2029))
_WRITTEN = {8: "b", 9: "t", 10: "n", 12: "f", 13: "r", 34: '"', 92: "\\"}
_SHORT = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d{1,9})(?:,(\d{0,9}))?\})\??")


def string_of_pattern(pattern: str) -> str:
    """Return GBNF of the JSON strings whose text has a match of `pattern`.

    Raises:
        GrammarRefused: the pattern has an error, or what GBNF cannot say.
    """
    reader = _Pattern(pattern)
    body = reader.read()
    start = "" if reader.is_anchored_at_start else f"{_any_text()} "
    end = "" if reader.is_anchored_at_end else f" {_any_text()}"
    return rf'"\"" {start}({body}){end} "\""'


def _any_text() -> str:
    return f"({_written(char_set(_LINE_ENDS, is_negated=True))})*"


def _written(characters: CharSet) -> str:
    """Return GBNF of how one of `characters` is written inside a JSON string."""
    ways = []
    if plain := _without(characters, _UNWRITABLE):
        ranges = "".join(_range(low, high) for low, high in plain)
        ways.append(f"[{ranges}]")
    for character, letter in _WRITTEN.items():
        if characters.has(character):
            escaped = letter.replace("\\", "\\\\").replace('"', '\\"')
            ways.append(f'"\\\\{escaped}"')
    if not ways:
        raise GrammarRefused("a character of its pattern cannot be written")
    return " | ".join(ways)


def _range(low: int, high: int) -> str:
    first, last = f"\\U{low:08X}", f"\\U{high:08X}"
    return first if low == high else f"{first}-{last}"


def _without(characters: CharSet, others: Ranges) -> list[tuple[int, int]]:
    outside = char_set(characters.ranges, is_negated=True).ranges
    return list(char_set([*outside, *others], is_negated=True).ranges)


@dataclass
class _Class:
    r"""Characters of an escape or of a class; `has_kind` if \d, \w, \s or the like is in it."""

    ranges: list[tuple[int, int]]
    has_kind: bool = False


class _Pattern:
    """Reads one pattern from its start to its end."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > 4_096:
            raise GrammarRefused("its pattern is too long")
        self._text = pattern
        self._at = 0
        self.is_anchored_at_start = pattern.startswith("^")
        escapes = len(pattern) - len(pattern[:-1].rstrip("\\")) - 1
        self.is_anchored_at_end = pattern.endswith("$") and escapes % 2 == 0

    def read(self) -> str:
        self._at = int(self.is_anchored_at_start)
        if self.is_anchored_at_end:
            self._text = self._text[:-1]
        body, count = self._alternatives(0)
        if self._at < len(self._text):
            raise self._error("a parenthesis is closed that was not opened")
        if count > 1 and (self.is_anchored_at_start or self.is_anchored_at_end):
            raise self._error("^ and $ belong to one alternative only: put them in a group")
        return body

    def _alternatives(self, nesting: int) -> tuple[str, int]:
        if nesting > MAX_NESTING:
            raise self._error("groups are nested too deeply")
        ways = [self._sequence(nesting)]
        while self._peek() == "|":
            self._at += 1
            ways.append(self._sequence(nesting))
        return " | ".join(ways), len(ways)

    def _sequence(self, nesting: int) -> str:
        parts = []
        while (symbol := self._peek()) not in {"", "|", ")"}:
            if symbol in "^$*+?{":
                raise self._error(f"{symbol} cannot stand here")
            atom = self._group(nesting) if symbol == "(" else self._one_character()
            parts.append(f"({atom}){self._quantifier()}")
        return " ".join(parts) or '""'

    def _group(self, nesting: int) -> str:
        self._at += 1
        if self._peek() == "?":
            if self._text[self._at + 1 : self._at + 2] != ":":
                raise self._error("looking ahead or back, and names of groups")
            self._at += 2
        body, _ = self._alternatives(nesting + 1)
        if self._peek() != ")":
            raise self._error("a closing parenthesis is missing")
        self._at += 1
        return body

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        if self._peek() in {"*", "+", "?", "{"}:
            raise self._error("a repetition of a repetition")
        return found[0][:-1] if len(found[0]) > 1 and found[0].endswith("?") else found[0]

    def _one_character(self) -> str:
        symbol = self._peek()
        self._at += 1
        if symbol == ".":
            return _written(char_set(_LINE_ENDS, is_negated=True))
        if symbol == "[":
            return _written(self._class())
        if symbol == "\\":
            return _written(char_set(self._escape().ranges))
        return _written(char_set([(ord(symbol), ord(symbol))]))

    def _class(self) -> CharSet:
        is_negated = self._peek() == "^"
        self._at += is_negated
        ranges: list[tuple[int, int]] = []
        has_kind = False
        while (symbol := self._peek()) != "]":
            low = self._member(symbol)
            has_kind = has_kind or low.has_kind
            is_range = self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]"
            if not is_range or low.has_kind:
                ranges += low.ranges
                continue
            self._at += 1
            high = self._member(self._peek())
            if high.has_kind or low.ranges[0][0] > high.ranges[0][0]:
                raise self._error("a range is the wrong way round")
            ranges.append((low.ranges[0][0], high.ranges[0][0]))
        self._at += 1
        if is_negated and has_kind:  # Python's \d and \w are wider than JavaScript's
            ranges.append((128, LAST_CHARACTER))
        return char_set(ranges, is_negated=is_negated)

    def _member(self, symbol: str) -> _Class:
        if not symbol:
            raise self._error("a closing bracket is missing")
        self._at += 1
        return self._escape() if symbol == "\\" else _Class([(ord(symbol), ord(symbol))])

    def _escape(self) -> _Class:
        letter = self._peek()
        self._at += 1
        ascii_only = [(128, LAST_CHARACTER)]
        kinds: dict[str, list[tuple[int, int]]] = {
            "d": list(_DIGITS),
            "w": list(_WORD),
            "s": list(_SPACES),
            "S": list(_NO_SPACE),
            "D": list(char_set([*_DIGITS, *ascii_only], is_negated=True).ranges),
            "W": list(char_set([*_WORD, *ascii_only], is_negated=True).ranges),
        }
        if letter in kinds:
            return _Class(kinds[letter], has_kind=True)
        if letter in _SHORT:
            return _Class([(_SHORT[letter], _SHORT[letter])])
        if letter in {"x", "u"}:
            count = 2 if letter == "x" else 4
            digits = self._text[self._at : self._at + count]
            if len(digits) < count or not re.fullmatch(r"[0-9A-Fa-f]+", digits):
                raise self._error("an unknown escape")
            self._at += count
            return _Class([(int(digits, 16), int(digits, 16))])
        if not letter or letter.isalnum():
            raise self._error(f"\\{letter}")
        return _Class([(ord(letter), ord(letter))])

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _error(self, words: str) -> GrammarRefused:
        return GrammarRefused(f"its pattern has what cannot be followed: {words}")
