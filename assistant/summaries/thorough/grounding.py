"""Ties what is written of a part of a document to the sentences of that part alone."""

from collections.abc import Sequence
from functools import lru_cache

from assistant.documents.document import Document
from assistant.evidence.checking import cite
from assistant.evidence.index import EvidenceIndex
from assistant.summaries.grounding import checked
from assistant.summaries.prompts import harmless
from assistant.summaries.ranking import Ranking
from assistant.summaries.summary import SummarySentence
from assistant.summaries.thorough.merging import Source
from assistant.summaries.writing import Written

_CANDIDATES = 6
_LONGEST_SOURCE = 320  # characters


class Grounding:
    """The evidence of one document.

    Args:
        document: what is read.
        ranking: scores of its sentences.
        index: finds the closest of them.
        a_letter: tokens of a letter of this document.
        is_translated: what is written is in another language.
    """

    def __init__(
        self,
        document: Document,
        ranking: Ranking,
        index: EvidenceIndex,
        *,
        a_letter: float,
        is_translated: bool,
    ) -> None:
        self._document = document
        self._ranking = ranking
        self._index = index
        self._a_letter = a_letter
        self._is_translated = is_translated
        self.sources = lru_cache(maxsize=None)(self._sources)

    def check(
        self, written: Sequence[Written], sources: tuple[int, int], section: int
    ) -> tuple[SummarySentence, ...]:
        """Return sentences with what carries them between two sentences of the document."""
        index = self._index.among(range(sources[0], sources[1] + 1))
        return tuple(
            checked(one, index, section=section, is_translated=self._is_translated)
            for one in written
        )

    def quote(self, sources: tuple[int, int], section: int) -> tuple[SummarySentence, ...]:
        """Return the sentences between two of the document, word for word."""
        return tuple(
            SummarySentence(
                text=sentence.text,
                citations=cite(sentence, self._document),
                support=1.0,
                section=section,
                replaced=True,
            )
            for sentence in self._document.sentences[sources[0] : sources[1] + 1]
        )

    def _sources(self, between: tuple[int, int]) -> tuple[Source, ...]:
        """Return the best sentences between two of the document, the best first."""
        scores = self._ranking.scores
        numbers = range(between[0], between[1] + 1)
        best = sorted(numbers, key=lambda at: (-float(scores[at]), at))[:_CANDIDATES]
        texts = ((harmless(self._document.sentences[at].text), float(scores[at])) for at in best)
        return tuple(
            Source(text, round(len(text) * self._a_letter) + 1, worth)
            for text, worth in texts
            if len(text) <= _LONGEST_SOURCE
        )
