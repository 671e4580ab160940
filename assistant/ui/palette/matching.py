"""Finds a few typed letters in titles: whole words first, then their beginnings and initials.

Two thousand titles are looked at between two key presses, so what cannot match is refused by a few
calls of `str.find` before anything is weighed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 160  # characters of a title that are looked at
# Points: a part as it is typed beats initials, and these beat letters with gaps.
_WHOLE, _INITIALS, _SCATTERED = 100.0, 60.0, 25.0
_AT_START, _AT_WORD = 30.0, 20.0
_WHOLE_WORD = 8.0
_PER_CHARACTER = 0.1  # a shorter title is the likelier one


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is searched: without case and accents.

    Attributes:
        text: the folded text.
        starts: where its words begin.
        places: for each of its characters the one of the original; None where they are the same.
    """

    text: str
    starts: tuple[int, ...] = ()
    places: tuple[int, ...] | None = None

    def original(self, place: int) -> int:
        """Return where a folded character stands in the original."""
        return place if self.places is None else self.places[place]


@dataclass(frozen=True, slots=True)
class Match:
    """How well typed letters are found, and which characters of the original they are."""

    score: float
    places: frozenset[int] = frozenset()


def fold(text: str) -> Folded:
    """Return `text` without case, accents and compatibility forms, up to a bounded length."""
    text = text[:_LONGEST]
    if text.isascii():
        lowered = text.lower()
        return Folded(lowered, _starts(lowered))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKD", character.casefold()):
            if not unicodedata.combining(plain):
                folded.append(plain)
                places.append(place)
    plain_text = "".join(folded)
    return Folded(plain_text, _starts(plain_text), tuple(places))


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of what was typed, folded."""
    return tuple(fold(query).text.split())


def match(words: tuple[str, ...], title: Folded) -> Match | None:
    """Return how well all `words` are found in `title`; None if one of them is not."""
    score = 0.0
    places: set[int] = set()
    for word in words:
        found = _match_word(word, title)
        if found is None:
            return None
        score += found[0]
        places.update(title.original(place) for place in found[1])
    length = len(title.text) * _PER_CHARACTER
    return Match(score / max(1, len(words)) - length, frozenset(places))


def begins_words(words: tuple[str, ...], text: Folded) -> Match | None:
    """Return a match where each of `words` begins a word of `text`; None if one does not.

    For what an entry is called besides its title, where letters within words mislead.
    """
    for word in words:
        place = _best_place(word, text.text)
        if place < 0 or not _begins_word(text.text, place):
            return None
    return Match(_WHOLE)


def _match_word(word: str, title: Folded) -> tuple[float, tuple[int, ...]] | None:
    text = title.text
    place = _best_place(word, text)
    if place >= 0:
        places = tuple(range(place, place + len(word)))
        return _WHOLE + _bonus(text, place) + _end_bonus(text, place + len(word)), places
    if not _is_within(word, text):
        return None
    initials = _initials(word, title)
    if initials is not None:
        return _INITIALS + _bonus(text, initials[0]), initials
    return _scattered(word, text)


def _best_place(word: str, text: str) -> int:
    """Return where `word` stands, at a word's beginning if possible; -1 if it does not."""
    first = text.find(word)
    place = first
    while place >= 0:
        if _begins_word(text, place):
            return place
        place = text.find(word, place + 1)
    return first


def _is_within(word: str, text: str) -> bool:
    """Whether the letters of `word` come in `text` in their order."""
    place = -1
    for letter in word:
        place = text.find(letter, place + 1)
        if place < 0:
            return False
    return True


def _initials(word: str, title: Folded) -> tuple[int, ...] | None:
    """Return the places of `word` where each letter follows the last or begins a word.

    "nch" is found in "New chat", "sumfol" in "Summarise a folder".
    """
    text, starts = title.text, title.starts
    dead: set[tuple[int, int]] = set()  # what was tried in vain, so that no title takes long

    def ways(place: int) -> Iterator[int]:
        if 0 <= place < len(text) - 1:
            yield place + 1
        yield from (start for start in starts if start > place + 1 or place < 0)

    def go(letter: int, place: int) -> tuple[int, ...] | None:
        if letter == len(word):
            return ()
        if (letter, place) in dead:
            return None
        for following in ways(place):
            if text[following] == word[letter]:
                rest = go(letter + 1, following)
                if rest is not None:
                    return (following, *rest)
        dead.add((letter, place))
        return None

    return go(0, -1)


def _scattered(word: str, text: str) -> tuple[float, tuple[int, ...]] | None:
    """Return the closest place of letters with small gaps, for a letter that was left out."""
    if len(word) < 3:
        return None
    best: tuple[int, ...] | None = None
    start = text.find(word[0])
    while start >= 0:
        places = [start]
        for letter in word[1:]:
            following = text.find(letter, places[-1] + 1)
            if following < 0:
                break
            places.append(following)
        if len(places) < len(word):
            break
        if best is None or places[-1] - places[0] < best[-1] - best[0]:
            best = tuple(places)
        start = text.find(word[0], start + 1)
    if best is None:
        return None
    span = best[-1] - best[0] + 1
    if span > len(word) + max(1, len(word) // 3):
        return None
    return _SCATTERED + _bonus(text, best[0]), best


def _starts(text: str) -> tuple[int, ...]:
    return tuple(word.start() for word in _WORD.finditer(text))


def _begins_word(text: str, place: int) -> bool:
    return text[place].isalnum() and (place == 0 or not text[place - 1].isalnum())


def _bonus(text: str, place: int) -> float:
    if place == 0:
        return _AT_START
    return _AT_WORD if _begins_word(text, place) else 0.0


def _end_bonus(text: str, end: int) -> float:
    return _WHOLE_WORD if end == len(text) or not text[end].isalnum() else 0.0
