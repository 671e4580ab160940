"""How alike two units are: the share of their words that both have, rare ones counting more."""

import itertools
import math
import re
import threading
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from assistant.documents.document import BlockKind
from assistant.summaries.comparing.units import Unit
from assistant.summaries.stopping import until

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%$€£¥]")
_OTHER_KIND = 0.8
# Pairs of words that more left-over units have than this do not find candidates.
_FREQUENT = 12
_CANDIDATES = 3
_FIGURE = 0.8
_FEWEST_IN_A_ROW = 2


class Likeness:
    """Compares units of two documents; words are counted when they are first needed."""

    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self._old = old
        self._new = new
        self._bags: tuple[dict[int, Counter[str]], dict[int, Counter[str]]] = ({}, {})

    def of(self, old: tuple[int, ...], new: tuple[int, ...]) -> float:
        """Return how alike some old and some new units are, from 0 to 1.

        It is the Dice coefficient of their words, weighted by rarity.
        """
        mine = self._bag(0, old)
        theirs = self._bag(1, new)
        total = self._weigh(mine) + self._weigh(theirs)
        if not total:
            return 0.0
        alike = 2 * self._weigh(mine & theirs) / total
        first, second = self._old[old[0]], self._new[new[0]]
        if first.kind is not second.kind:
            alike *= _OTHER_KIND
        return alike

    def close(
        self,
        old: Sequence[int],
        new: Sequence[int],
        least: float,
        fewest_words: int,
        cancel: threading.Event | None = None,
    ) -> list[tuple[float, int, int]]:
        """Return pairs at least so alike, the most alike first; found by their words in pairs.

        Raises:
            RankingStopped: `cancel` was set.
        """
        having: dict[str, list[int]] = {}
        for at in new:
            for sign in self._signs(1, at):
                having.setdefault(sign, []).append(at)
        found: list[tuple[float, int, int]] = []
        for at in until(cancel, old):
            is_row = self._old[at].kind is BlockKind.TABLE
            if len(self._words(0, at)) < (_FEWEST_IN_A_ROW if is_row else fewest_words):
                continue
            lists = [having[sign] for sign in self._signs(0, at) if sign in having]
            shared = Counter(
                place for places in lists if len(places) <= _FREQUENT for place in places
            )
            for place, _ in shared.most_common(_CANDIDATES):
                alike = self.of((at,), (place,))
                if alike >= least:
                    found.append((alike, at, place))
        return sorted(found, key=lambda one: (-one[0], abs(one[1] - one[2]), one[1], one[2]))

    @cached_property
    def _weights(self) -> dict[str, float]:
        frequency: Counter[str] = Counter()
        for units in (self._old, self._new):
            for unit in units:
                frequency.update(set(_WORD.findall(unit.text.casefold())))
        total = len(self._old) + len(self._new) + 2
        # Even the most frequent words count a little: "the" and "not" make a sentence, too.
        # A figure that changed must not make another sentence of it.
        return {
            word: min(_FIGURE, 0.3 + math.log(total / (count + 1)))
            if word[0].isdigit()
            else 0.3 + math.log(total / (count + 1))
            for word, count in frequency.items()
        }

    def _weigh(self, bag: Counter[str]) -> float:
        weights = self._weights
        return sum(weights[word] * times for word, times in bag.items())

    def _bag(self, side: int, places: tuple[int, ...]) -> Counter[str]:
        if len(places) > 1:
            together: Counter[str] = Counter()
            for at in places:
                together += self._bag(side, (at,))
            return together
        bags = self._bags[side]
        bag = bags.get(places[0])
        if bag is None:
            bag = bags[places[0]] = Counter(self._words(side, places[0]))
        return bag

    def _words(self, side: int, at: int) -> list[str]:
        return _WORD.findall((self._old, self._new)[side][at].text.casefold())

    def _signs(self, side: int, at: int) -> set[str]:
        """Return what finds a unit again: its pairs of neighbouring words, figures left out."""
        words = [word for word in self._words(side, at) if not word[0].isdigit()]
        return {f"{first} {second}" for first, second in itertools.pairwise(["", *words])}
