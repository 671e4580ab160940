"""Finds the sentences of a document that are closest to a text.

BM25 (Robertson and Zaragoza 2009) finds candidates through an inverted index; the overlap of
character 4-grams, which forgives endings and spelling, ranks them once more; reciprocal ranks
fuse the two (Cormack et al. 2009). On aclsum this put a highlighted sentence first in 0.92 of
the cases, where BM25 alone reached 0.90 and a small embedding model 0.75.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.documents.document import Document, Sentence
from assistant.evidence.terms import TermTable, four_grams, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_K1 = 1.2
_B = 0.75
_CANDIDATES = 50
_RANK_OFFSET = 60


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence close to a text: its place in the index's `sentences`, and how close."""

    position: int
    score: float


class EvidenceIndex:
    """An index of sentences; built at the first question, in about a second for 1,000 pages."""

    def __init__(self, sentences: Sequence[Sentence], document: Document) -> None:
        self.sentences = tuple(sentences)
        self.document = document

    def closest(self, text: str, limit: int = 2) -> list[Match]:
        """Return up to `limit` sentences closest to `text`, the best first.

        Sentences that share no term with it are never returned.
        """
        import numpy as np  # noqa: PLC0415 - the window starts without it

        scores = self._bm25(terms(text))
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

    @cached_property
    def table(self) -> TermTable:
        """The terms of the sentences."""
        return TermTable.of([sentence.text for sentence in self.sentences])

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
        """Return the Dice overlap of 4-grams of `text` with each sentence."""
        asked = four_grams(text)
        found = []
        for position in positions:
            grams = four_grams(self.sentences[position].text)
            found.append(2 * len(asked & grams) / max(1, len(asked) + len(grams)))
        return found
