"""Finds the sentences of a document that are closest to a text.

BM25 (Robertson and Zaragoza 2009) finds candidates through an inverted index; the overlap of
character 4-grams, which forgives endings and spelling, ranks them once more; reciprocal ranks
fuse the two (Cormack et al. 2009). On aclsum this puts a highlighted sentence first in 0.93 of
the cases (benchmarks/evidence.py), where BM25 alone reached 0.90 and a small embedding model
0.75.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.documents.document import Document, Sentence
from assistant.evidence.names import Capitals
from assistant.evidence.terms import TermTable, four_grams, terms, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_K1 = 1.6
_B = 0.75
_CANDIDATES = 50
_RANK_OFFSET = 60
_GRAMS_KEPT = 500  # sentences, some 10 kB each


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence close to a text: its place in the index's `sentences`, and how close."""

    position: int
    score: float


class EvidenceIndex:
    """An index of sentences; built at the first question, in about a second for 1,000 pages."""

    def __init__(
        self, sentences: Sequence[Sentence], document: Document, table: TermTable | None = None
    ) -> None:
        """Take the sentences of `document` to search; `table` has their terms if they are known."""
        self.sentences = tuple(sentences)
        self.document = document
        self._given_table = table
        self._whole: EvidenceIndex | None = None
        self._only: frozenset[int] | None = None
        self._known_grams: dict[int, Counter[str]] = {}

    def among(self, numbers: Iterable[int]) -> "EvidenceIndex":
        """Return an index that finds only these sentences: what a passage was written from.

        Its `sentences` and their positions are those of this one, and so are the weights of terms;
        nothing is computed again.

        Args:
            numbers: positions in `sentences`; others than there are do not matter.
        """
        part = EvidenceIndex(self.sentences, self.document)
        part._whole = self._whole or self
        wanted = frozenset(number for number in numbers if 0 <= number < len(self.sentences))
        part._only = wanted if self._only is None else wanted & self._only
        return part

    def has(self, position: int) -> bool:
        """Tell whether the sentence at `position` is there, and can be found."""
        if self._only is not None:
            return position in self._only
        return 0 <= position < len(self.sentences)

    def closest(self, text: str, limit: int = 2) -> list[Match]:
        """Return up to `limit` sentences closest to `text`, the best first.

        Sentences that share no term with it are never returned.
        """
        import numpy as np  # noqa: PLC0415 - the window starts without it

        scores = (self._whole or self)._bm25(terms(text))
        if self._only is not None:
            only = np.fromiter(self._only, dtype=np.intp, count=len(self._only))
            kept = np.zeros_like(scores)
            kept[only] = scores[only]
            scores = kept
        count = min(_CANDIDATES, len(scores))
        if count == 0:
            return []
        best = np.argpartition(-scores, count - 1)[:count]
        best = best[scores[best] > 0]
        by_words = best[np.lexsort((best, -scores[best]))]
        likeness = self._likeness(text, by_words)
        by_letters = sorted(range(len(by_words)), key=lambda at: (-likeness[at], at))
        letters_rank = {at: rank for rank, at in enumerate(by_letters)}
        fused = [
            Match(int(position), 1 / (_RANK_OFFSET + at) + 1 / (_RANK_OFFSET + letters_rank[at]))
            for at, position in enumerate(by_words)
        ]
        return sorted(fused, key=lambda match: (-match.score, match.position))[:limit]

    def grams(self, position: int) -> Counter[str]:
        """Return the 4-grams of the sentence at `position`."""
        known = (self._whole or self)._known_grams
        found = known.pop(position, None)
        if found is None:
            found = four_grams(self.sentences[position].text)
            if len(known) >= _GRAMS_KEPT:
                del known[next(iter(known))]
        known[position] = found
        return found

    @cached_property
    def table(self) -> TermTable:
        """The terms of the sentences."""
        if self._whole:
            return self._whole.table
        return self._given_table or TermTable.of(words(s.text) for s in self.sentences)

    @cached_property
    def capitals(self) -> Capitals:
        """How the document writes its words."""
        if self._whole:
            return self._whole.capitals
        return Capitals.of(sentence.text for sentence in self.sentences)

    @cached_property
    def _postings(
        self,
    ) -> "tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]":
        """Sentences and BM25 weights of each term, term by term."""
        import numpy as np  # noqa: PLC0415 - the window starts without it

        table = self.table
        rows = np.repeat(np.arange(len(table.lengths), dtype=np.int32), np.diff(table.starts))
        mean = max(1.0, float(table.lengths.mean())) if len(table.lengths) else 1.0
        damping = _K1 * (1 - _B + _B * table.lengths[rows] / mean)
        weights = table.idf[table.ids] * table.counts * (_K1 + 1) / (table.counts + damping)
        order = np.argsort(table.ids, kind="stable")
        starts = np.zeros(len(table.vocabulary) + 1, dtype=np.int64)
        np.cumsum(np.bincount(table.ids, minlength=len(table.vocabulary)), out=starts[1:])
        return starts, rows[order], weights[order].astype(np.float32)

    def _bm25(self, query: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415 - the window starts without it

        starts, rows, weights = self._postings
        scores = np.zeros(len(self.sentences), dtype=np.float32)
        for term in set(query):
            number = self.table.vocabulary.get(term)
            if number is not None:
                stretch = slice(starts[number], starts[number + 1])
                scores[rows[stretch]] += weights[stretch]
        return scores

    def _likeness(self, text: str, positions: "NDArray[np.intp]") -> list[float]:
        """Return the cosine of each sentence with `text` in 4-grams, weighted by rarity there."""
        candidates = [self.grams(int(at)) for at in positions]
        frequency = Counter(gram for grams in candidates for gram in grams)
        rarity = {
            gram: max(0.01, math.log((len(candidates) + 1) / (times + 0.5)))
            for gram, times in frequency.items()
        }
        unseen = math.log((len(candidates) + 1) / 0.5)
        asked = _weighted(four_grams(text), rarity, unseen)
        return [_cosine(asked, _weighted(grams, rarity, unseen)) for grams in candidates]


def _weighted(grams: Counter[str], rarity: Mapping[str, float], unseen: float) -> dict[str, float]:
    return {gram: (1 + math.log(times)) * rarity.get(gram, unseen) for gram, times in grams.items()}


def _cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    shared = sum(weight * second[gram] for gram, weight in first.items() if gram in second)
    length = math.sqrt(
        sum(weight**2 for weight in first.values()) * sum(weight**2 for weight in second.values())
    )
    return shared / length if length else 0.0
