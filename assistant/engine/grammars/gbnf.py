"""Reads GBNF, the language of llama.cpp's grammars, and refuses what could not be followed.

The language is described in llama.cpp's grammars/README.md. Marks of whole tokens (`<[7]>`) are
the one part that is not read: they tie a grammar to a model.
"""

import re

from assistant.engine.grammars.checking import check
from assistant.engine.grammars.grammar import (
    LAST_CHARACTER,
    CharSet,
    Element,
    Grammar,
    GrammarRefused,
    Repeat,
    Rule,
    Sequence,
    char_set,
)

MAX_BYTES = 256 * 1024
MAX_ELEMENTS = 100_000
MAX_NESTING = 64
MAX_REPETITIONS = 1_000_000


def parse(text: str) -> Grammar:
    """Return the grammar that `text` is.

    Raises:
        GrammarRefused: it is too large, has an error, or has a rule that begins with itself or
            can never end.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise GrammarRefused(f"it is longer than {MAX_BYTES // 1024} kB")
    parser = _Parser(text)
    parser.read()
    names = parser.names()
    for number, name in enumerate(names):
        if number not in parser.rules:
            raise GrammarRefused(f"the rule {name} is used and not defined")
    if "root" not in names:
        raise GrammarRefused("it has no rule named root")
    grammar = Grammar(
        tuple(parser.rules[number] for number in range(len(names))), names.index("root")
    )
    check(grammar, names)
    return grammar


_ANY = CharSet(((0, LAST_CHARACTER),))
_NAME = re.compile(r"[A-Za-z0-9-]+")
_SPACE = re.compile(r"(?:[ \t]|#[^\r\n]*)*")
_SPACE_AND_LINES = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_COUNTS = re.compile(r"\{[ \t]*(\d{1,18})?[ \t]*(,)?[ \t]*(\d{1,18})?[ \t]*\}")
_ESCAPED = {"t": 9, "r": 13, "n": 10, "\\": 92, '"': 34, "[": 91, "]": 93}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}


class _Parser:
    """Reads rules one after another; what stands in parentheses becomes a rule without a name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._numbers: dict[str, int] = {}
        self._elements = 0
        self.rules: dict[int, Rule] = {}

    def names(self) -> list[str]:
        return list(self._numbers)

    def read(self) -> None:
        self._skip(_SPACE_AND_LINES)
        while self._at < len(self._text):
            name = self._name()
            if not name:
                raise self._error("the name of a rule is missing")
            number = self._number(name)
            if number in self.rules:
                raise self._error(f"the rule {name} is defined twice")
            self._skip(_SPACE)
            if not self._text.startswith("::=", self._at):
                raise self._error("::= is missing")
            self._at += 3
            self._skip(_SPACE_AND_LINES)
            self.rules[number] = self._alternatives(0)
            if self._at < len(self._text) and self._text[self._at] not in "\r\n":
                raise self._error("an end of the line is missing")
            self._skip(_SPACE_AND_LINES)

    def _alternatives(self, nesting: int) -> Rule:
        if nesting > MAX_NESTING:
            raise self._error("its parentheses are nested too deeply")
        alternatives = [self._sequence(nesting)]
        while self._peek() == "|":
            self._at += 1
            self._skip(_SPACE_AND_LINES)
            alternatives.append(self._sequence(nesting))
        return tuple(alternatives)

    def _sequence(self, nesting: int) -> Sequence:
        sequence: list[Element] = []
        while (items := self._items(nesting)) is not None:
            self._skip(_SPACE_AND_LINES if nesting else _SPACE)
            while (counts := self._repetition()) is not None:
                items = self._repeated(items, *counts)
                self._skip(_SPACE_AND_LINES if nesting else _SPACE)
            sequence += items
            self._elements += len(items)
            if self._elements > MAX_ELEMENTS:
                raise GrammarRefused(f"it has more than {MAX_ELEMENTS:,} parts")
        return tuple(sequence)

    def _items(self, nesting: int) -> list[Element] | None:
        """Return what stands here: a literal, a class, a rule's name, a group; None at the end."""
        symbol = self._peek()
        if symbol == '"':
            return self._literal()
        if symbol == "[":
            return [self._class()]
        if symbol == ".":
            self._at += 1
            return [_ANY]
        if symbol == "(":
            self._at += 1
            self._skip(_SPACE_AND_LINES)
            rule = self._alternatives(nesting + 1)
            if self._peek() != ")":
                raise self._error("a closing parenthesis is missing")
            self._at += 1
            return [self._nameless(rule)]
        if name := self._name():
            return [self._number(name)]
        if symbol in {"<", "!"}:
            raise self._error("marks of whole tokens are not read")
        return None

    def _literal(self) -> list[Element]:
        self._at += 1
        characters: list[Element] = []
        while self._peek() != '"':
            character = self._character()
            characters.append(CharSet(((character, character),)))
        self._at += 1
        return characters

    def _class(self) -> CharSet:
        self._at += 1
        is_negated = self._peek() == "^"
        self._at += is_negated
        ranges = []
        while self._peek() != "]":
            low = high = self._character()
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                high = self._character()
            ranges.append((low, high))
            if low > high:
                raise self._error("a range is the wrong way round")
        self._at += 1
        return char_set(ranges, is_negated=is_negated)

    def _character(self) -> int:
        symbol = self._peek()
        if not symbol or symbol in "\r\n":
            raise self._error("a closing quote or bracket is missing")
        self._at += 1
        if symbol != "\\":
            return ord(symbol)
        kind = self._peek()
        self._at += 1
        if kind in _ESCAPED:
            return _ESCAPED[kind]
        digits = self._text[self._at : self._at + _HEX_DIGITS.get(kind, 0)]
        if kind not in _HEX_DIGITS or not re.fullmatch(r"[0-9A-Fa-f]+", digits):
            raise self._error("an unknown escape")
        self._at += len(digits)
        if int(digits, 16) > LAST_CHARACTER:
            raise self._error("a character that does not exist")
        return int(digits, 16)

    def _repetition(self) -> tuple[int, int | None] | None:
        symbol = self._peek()
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if symbol in simple:
            self._at += 1
            return simple[symbol]
        if symbol != "{":
            return None
        found = _COUNTS.match(self._text, self._at)
        if not found or not (found[1] or found[2]):
            raise self._error("a repetition is not a number, or two")
        self._at = found.end()
        least = int(found[1] or 0)
        most = (int(found[3]) if found[3] else None) if found[2] else least
        if max(least, most or 0) > MAX_REPETITIONS:
            raise self._error(f"a repetition of more than {MAX_REPETITIONS:,} times")
        if most is not None and most < least:
            raise self._error("a repetition is the wrong way round")
        return least, most

    def _repeated(self, items: list[Element], least: int, most: int | None) -> list[Element]:
        if not items or most == 0:
            return []
        only = items[0]
        is_rule = len(items) == 1 and isinstance(only, int)
        rule = only if is_rule else self._nameless((tuple(items),))
        assert isinstance(rule, int)
        return [Repeat(rule, least, most)]

    def _nameless(self, rule: Rule) -> int:
        number = self._number(f"({len(self._numbers)})")
        self.rules[number] = rule
        return number

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def _name(self) -> str:
        found = _NAME.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[0]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self._text, self._at):
            self._at = found.end()

    def _error(self, words: str) -> GrammarRefused:
        return GrammarRefused(f"line {self._text.count(chr(10), 0, self._at) + 1}: {words}")
