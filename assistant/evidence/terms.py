"""Words as terms: how texts are cut, folded and counted, in any script.

There are no stop word lists: rare terms weigh more (inverse document frequency), so that frequent
words of whatever language weigh next to nothing.
"""

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Scripts written without spaces: words cannot be cut at blanks, so pairs of characters stand in.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Marks that belong to the letter before: accents, and the vowel signs of Indic scripts.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0dff"
)
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[{_MARKS}])"
_WORD = re.compile(rf"[{_UNSPACED}]+|\d+(?:[.,]\d+)*|{_LETTER}+(?:['’]{_LETTER}+)*")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_POSSESSIVE = re.compile(r"['’]s?$")
# Endings are cut after this many letters: "terminate", "terminated" and "termination" meet, in
# most languages that inflect at the end (prefix stemming, McNamee and Mayfield 2004).
_PREFIX = 6


def words(text: str) -> list[str]:
    """Return the words of `text` in order, folded to lower case."""
    return _WORD.findall(unicodedata.normalize("NFKC", text.casefold()))


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order: folded, without endings."""
    found: list[str] = []
    for word in words(text):
        if _IS_UNSPACED.match(word):
            found.extend(_pairs(word))
        else:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """Return the term that a folded word counts as."""
    folded = _POSSESSIVE.sub("", word)
    if len(folded) > _PREFIX:
        return folded[:_PREFIX]
    if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss"):
        return folded[:-1]
    return folded


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def count_words(text: str) -> int:
    """Return how many words `text` has, split at white space; unspaced scripts count two a word."""
    if text.isascii():
        return len(text.split())
    count = 0
    for piece in text.split():
        unspaced = len(_IS_UNSPACED.findall(piece))
        count += max(1, (unspaced + 1) // 2)
    return count


def four_grams(text: str) -> Counter[str]:
    """Count the stretches of four characters in the folded words of `text`."""
    padded = f" {' '.join(words(text))} "
    return Counter(padded[i : i + 4] for i in range(len(padded) - 3))


@dataclass(frozen=True)
class TermTable:
    """Which terms each sentence has: a sparse matrix of sentences and terms, row by row.

    Attributes:
        vocabulary: number of each term.
        starts: where each sentence's terms start in `ids`; one more than there are sentences.
        ids: terms of the sentences, each once a sentence.
        counts: how often each occurs there.
        idf: weight of each term, by how few sentences have it.
        lengths: terms in each sentence.
    """

    vocabulary: dict[str, int]
    starts: "NDArray[np.int32]"
    ids: "NDArray[np.int32]"
    counts: "NDArray[np.float32]"
    idf: "NDArray[np.float32]"
    lengths: "NDArray[np.float32]"

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> "TermTable":
        """Count the terms of texts, each given as its folded words."""
        import numpy as np  # noqa: PLC0415 - the window starts without it

        numbers = _Numbers()
        starts = array("i", [0])
        lengths = array("f")
        ids = array("i")
        counts = array("f")
        for found in texts:
            numbered = numbers.of(found)
            times = Counter(numbered)
            ids.extend(times.keys())
            counts.extend(times.values())
            starts.append(len(ids))
            lengths.append(len(numbered))
        all_ids = np.frombuffer(ids, dtype=np.int32) if ids else np.zeros(0, dtype=np.int32)
        frequency = np.bincount(all_ids, minlength=len(numbers.vocabulary)).astype(np.float32)
        return cls(
            vocabulary=numbers.vocabulary,
            starts=np.array(starts, dtype=np.int32),
            ids=all_ids,
            counts=np.array(counts, dtype=np.float32),
            idf=np.log((len(lengths) + 1) / (frequency + 0.5)).astype(np.float32).clip(min=0.01),
            lengths=np.array(lengths, dtype=np.float32),
        )

    def row(self, sentence: int) -> "NDArray[np.int32]":
        """Return the terms of one sentence."""
        return self.ids[self.starts[sentence] : self.starts[sentence + 1]]

    def weight(self, term: str) -> float:
        """Return the weight of `term`; one that occurs nowhere weighs most."""
        number = self.vocabulary.get(term)
        if number is None:
            return self.unseen_weight
        return float(self.idf[number])

    @property
    def unseen_weight(self) -> float:
        """The weight of a term that no sentence has."""
        import math  # noqa: PLC0415 - beside its only use

        return math.log((len(self.lengths) + 1) / 0.5)


class _Numbers:
    """Gives terms their numbers; remembers words, since the same few make up most of a text."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, found: Iterable[str]) -> list[int]:
        result: list[int] = []
        for word in found:
            known = self._known.get(word)
            if known is None:
                cut = _pairs(word) if _IS_UNSPACED.match(word) else (stem(word),)
                known = tuple(self.vocabulary.setdefault(t, len(self.vocabulary)) for t in cut)
                self._known[word] = known
            result.extend(known)
        return result
