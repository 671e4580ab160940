"""Texts with facts at known depths, drawn anew for each seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checkups.languages import Fact, Words

# Where facts stand in a text, in percent of its sentences.
DEPTHS = (10, 30, 50, 70, 90)


class Draw:
    """Names, numbers and sentences by chance, the same for the same seed.

    Args:
        words: of the language.
        seed: whatever the draw depends on.
    """

    def __init__(self, words: Words, *seed: object) -> None:
        self.words = words
        key = "-".join(str(part) for part in (words.language, *seed))
        self.chance = random.Random(key)  # noqa: S311 - questions, not secrets
        self._numbers: set[int] = set()

    def some(self, found: Sequence[str], count: int) -> list[str]:
        """Return `count` different ones."""
        return self.chance.sample(list(found), count)

    def one(self, found: Sequence[str]) -> str:
        """Return one of them."""
        return self.chance.choice(list(found))

    def number(self, low: int, high: int) -> int:
        """Return a number that was not drawn before, not round, from `low` to `high`."""
        while True:
            number = self.chance.randint(low, high)
            if number not in self._numbers and number % 10:
                self._numbers.add(number)
                return number

    def sentences(self, count: int) -> list[str]:
        """Return so many different sentences, as long as there are so many."""
        filler = self.words.filler
        found: dict[str, None] = {}
        for _ in range(4 * count):
            parts = {
                part: self.chance.choice(getattr(filler, part))
                for part in ("when", "who", "did", "what", "where")
            }
            found[filler.pattern.format(**parts)] = None
            if len(found) == count:
                break
        return list(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A fact in a text."""

    fact: Fact
    place: str
    answer: str
    depth_percent: int

    @property
    def question(self) -> str:
        """What it answers."""
        return self.fact.ask.format(place=self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactText:
    """A text with facts.

    Attributes:
        text: all of it.
        placed: the facts, by their depth.
        strange_places: places that the text does not name.
    """

    text: str
    placed: tuple[Placed, ...]
    strange_places: tuple[str, ...]


def fact_text(draw: Draw, sentences: int) -> FactText:
    """Return a text of about so many sentences with a fact at each of `DEPTHS`."""
    words = draw.words
    places = draw.some(words.places, len(words.places))
    persons = draw.some(words.persons, len(DEPTHS))
    kinds = draw.chance.sample(words.facts, len(words.facts))
    placed = []
    for index, depth in enumerate(DEPTHS):
        fact = kinds[index % len(kinds)]
        is_number = fact.answer == "number"
        answer = str(draw.number(2_011, 9_989)) if is_number else persons[index]
        placed.append(Placed(fact=fact, place=places[index], answer=answer, depth_percent=depth))
    lines = draw.sentences(max(len(DEPTHS), sentences))
    total = len(lines)
    for one in reversed(placed):
        said = one.fact.text.format(place=one.place, number=one.answer, person=one.answer)
        lines.insert(round(total * one.depth_percent / 100), said)
    joint = "" if words.language == "zh" else " "
    return FactText(
        text=joint.join(lines), placed=tuple(placed), strange_places=tuple(places[len(DEPTHS) :])
    )
