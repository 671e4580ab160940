"""What is a word for the search, in any script, and where words stand in a text.

The index sees a text as `searchable` writes it: without accents and vowel marks, letters folded,
one space between words. Scripts that write no spaces are cut into overlapping pairs, so that any
part of a run is found as a phrase of pairs; the last character stands alone at the end, so that
a single character is found as the beginning of a pair. The tokenizer that reads it need only
part at spaces and ASCII punctuation.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

Pieces: TypeAlias = tuple[tuple[str, bool], ...]

# Thai, Lao, Myanmar, Khmer, kana, Han, Hangul: written without spaces, or with endings that
# only a dictionary could cut off.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_IN_WORD = f"(?![{_UNSPACED}])[0-9a-z\x80-\U0010ffff]"
_SEGMENT = re.compile(f"[{_UNSPACED}]+|(?:{_IN_WORD})+")
_BETWEEN_WORDS = "[\x00-/:-`{-\x7f]+"
_SPACES = re.compile(r"\s+")
_QUOTE = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')

_MAX_WORDS_CHARS = 300
_MAX_TERMS = 16
_EXCERPT_CHARS = 160
_BEFORE_CHARS = 40
_MAX_PLACES = 40
_PART_CHARS = 20_000

# Letters that Unicode does not take apart, but that people type without the stroke or the dot.
_ALIKE = {
    "\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe",
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647",
    "\u06a9": "\u0643", "\u0640": "",
}  # fmt: skip
# Accents and vowel marks. Those of other scripts, such as Devanagari's, make another word.
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)


@dataclass(frozen=True, slots=True)
class _Term:
    """Words that stand one after the other, or a run of a script without spaces."""

    tokens: tuple[str, ...]
    is_run: bool
    is_prefix: bool

    @property
    def expression(self) -> str:
        """The term in FTS5's language (https://sqlite.org/fts5.html#full_text_query_syntax)."""
        tokens, is_prefix = self.tokens, self.is_prefix
        if self.is_run:
            tokens = tuple(_pairs(tokens[0])[:-1]) or tokens
            is_prefix = len(self.tokens[0]) == 1
        return f'"{" ".join(tokens)}"{" *" if is_prefix else ""}'

    @property
    def pattern(self) -> re.Pattern[str]:
        """The term in a folded text."""
        first, *others = (re.escape(token) for token in self.tokens)
        if self.is_run:
            return re.compile(first)
        # Where a word begins is looked at last: a literal beginning is found fastest.
        words = _BETWEEN_WORDS.join((f"{first}(?<!{_IN_WORD}{first})", *others))
        end = "" if self.is_prefix else f"(?!{_IN_WORD})"
        return re.compile(f"{words}{end}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person looks for; false if that is nothing.

    Attributes:
        expression: it in FTS5's language.
        patterns: finds each part of it in a folded text.
    """

    expression: str
    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, words: str) -> "Wanted":
        """Read what was typed: words, words between quotation marks, the beginning of a word."""
        terms = list(_terms(words[:_MAX_WORDS_CHARS]))[:_MAX_TERMS]
        return cls(
            " AND ".join(dict.fromkeys(term.expression for term in terms)),
            tuple(term.pattern for term in terms),
        )

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.patterns)

    def is_in(self, text: str) -> bool:
        """Return whether a text, best a short one, has all of it."""
        folded = fold(text)
        return all(pattern.search(folded) for pattern in self.patterns)


class _Foldings(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDINGS = _Foldings()


def fold(text: str) -> str:
    """Return a text in small letters, without accents, its signs as spaces."""
    return text.lower() if text.isascii() else text.translate(_FOLDINGS)


def searchable(text: str) -> str:
    """Return a text as the index is to see it."""
    if text.isascii():  # the tokenizer folds those
        return text
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", text.translate(_FOLDINGS))


def excerpt(text: str, wanted: Wanted) -> Pieces:
    """Return what stands around the words, on one line, and which pieces are the words.

    It is the place where most of the words stand together, about 160 characters of it, with "…"
    where it was cut. Control characters and marks that turn a line's direction are left out.
    """
    found = _best_place(text, wanted)
    start = max(0, found - _BEFORE_CHARS) if len(text) > _EXCERPT_CHARS else 0
    if start:
        space = text.find(" ", start, found)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _EXCERPT_CHARS)
    if end < len(text):
        space = text.rfind(" ", found + _EXCERPT_CHARS // 2, end)
        end = space if space >= 0 else end
    pieces = marked(text[start:end], wanted)
    before = (("…", False),) if start else ()
    after = (("…", False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def marked(text: str, wanted: Wanted) -> Pieces:
    """Return all of a short text in pieces, and which of them are the words."""
    folded, origins = _with_origins(text)
    spans = [
        (origins[match.start()], origins[match.end() - 1] + 1)
        for pattern in wanted.patterns
        for match in pattern.finditer(folded)
    ]
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in sorted(spans):
        if end > done:
            begin = max(start, done)
            pieces.append((text[done:begin], False))
            done = _with_marks(text, end)
            pieces.append((text[begin:done], True))
    pieces.append((text[done:], False))
    shown = ((_on_one_line(piece), is_match) for piece, is_match in pieces)
    return tuple(piece for piece in shown if piece[0])


def _with_origins(text: str) -> tuple[str, Sequence[int]]:
    """Return a text folded, and where each of its characters comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    becomes = [_FOLDINGS[ord(character)] for character in text]
    origins = [place for place, letters in enumerate(becomes) for _ in letters]
    return "".join(becomes), origins


def _terms(words: str) -> Iterator[_Term]:
    parts = _QUOTE.split(words)
    is_open = bool(words) and not words[-1].isspace() and not _QUOTE.match(words[-1])
    for number, part in enumerate(parts):
        phrases = [part] if number % 2 else part.split()
        for place, phrase in enumerate(phrases, start=1):
            is_last = number == len(parts) - 1 and place == len(phrases)
            yield from _terms_of(phrase, is_open=is_open and is_last)


def _terms_of(phrase: str, *, is_open: bool) -> Iterator[_Term]:
    segments = _SEGMENT.findall(fold(phrase))
    words: list[str] = []
    for segment in segments:
        if not _RUN.match(segment):
            words.append(segment)
            continue
        if words:
            yield _Term(tuple(words), is_run=False, is_prefix=False)
            words = []
        yield _Term((segment,), is_run=True, is_prefix=False)
    if words:
        yield _Term(tuple(words), is_run=False, is_prefix=is_open)


def _pairs(run: str) -> list[str]:
    """Return a run's overlapping pairs, and its last character."""
    return [run[place : place + 2] for place in range(len(run))]


def _best_place(text: str, wanted: Wanted) -> int:
    """Return where most of the words stand together in the first part that has any of them."""
    for start in range(0, len(text), _PART_CHARS):
        part = text[start : start + _PART_CHARS + _EXCERPT_CHARS]
        place = _best_in_folded(fold(part), wanted)
        if place is not None:
            return start + _in_original(part, place)
    return 0


def _best_in_folded(folded: str, wanted: Wanted) -> int | None:
    """Return where most of the words stand together, the first such place; None without any."""
    if len(wanted.patterns) == 1:
        match = wanted.patterns[0].search(folded)
        return match.start() if match else None
    places = sorted(
        (match.start(), number)
        for number, pattern in enumerate(wanted.patterns)
        for match in islice(pattern.finditer(folded), _MAX_PLACES)
    )
    best, best_count = None, 0
    for place, (start, _) in enumerate(places):
        near = {number for at, number in places[place : place + 20] if at < start + 100}
        if len(near) > best_count:
            best, best_count = start, len(near)
        if best_count == len(wanted.patterns):
            break
    return best


def _in_original(text: str, place: int) -> int:
    """Return where in a text the character stands that is at `place` when it is folded."""
    if text.isascii():
        return place
    step = 1000
    for start in range(0, len(text), step):
        length = len(text[start : start + step].translate(_FOLDINGS))
        if length > place:
            for origin in range(start, start + step):
                place -= len(_FOLDINGS[ord(text[origin])])
                if place < 0:
                    return origin
        place -= length
    return 0


def _with_marks(text: str, end: int) -> int:
    """Return the end of a piece with the accents that belong to its last character."""
    while end < len(text) and _LEFT_OUT.match(text[end]):
        end += 1
    return end


def _on_one_line(text: str) -> str:
    line = _SPACES.sub(" ", text)
    if line.isprintable():
        return line
    return _SPACES.sub(" ", "".join(c for c in line if _is_shown(c)))


def _is_shown(character: str) -> bool:
    # The joiners that Arabic, Indic scripts and emoji need steer nothing.
    return character in "\u200c\u200d" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or _LEFT_OUT.match(character):
        return ""
    if category == "So":
        return f" {character} "
    if category[0] not in "LMN":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    composed = unicodedata.normalize("NFKC", character)
    if _RUN.fullmatch(composed):
        return composed
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    letters = "".join(_ALIKE.get(part, part) for part in parts if not _LEFT_OUT.match(part))
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters)
