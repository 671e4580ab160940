"""Which sentences of a document matter, without any model.

A sentence's score is its centrality, times the weight of its section, of the cues in it, of its
place and its form; a focus, if there is one, outweighs them. Method: LexRank (Erkan and Radev
2004) with Edmundson's (1969) cues and places; the weights were fitted on aclsum, as
benchmarks/summaries.py shows with cross-validation.
"""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.documents.document import Document
from assistant.evidence.terms import TermTable, terms, words
from assistant.summaries.candidates import form_weights
from assistant.summaries.centrality import centre_likeness, window_ranks
from assistant.summaries.cues import cues_in
from assistant.summaries.sections import roles
from assistant.summaries.stopping import until
from assistant.summaries.summary import Why
from assistant.summaries.wishes.focusing import likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a score counts; fitted on aclsum.

    A larger `place` finds a little more in papers, and less in the middle of other texts
    (benchmarks/written.py).
    """

    centre: float = 1.0
    lexrank: float = 0.25
    section: float = 1.0
    cue: float = 1.0
    place: float = 0.2
    title: float = 0.5


WEIGHTS = Weights()


@dataclass(frozen=True)
class Ranking:
    """Scores of all sentences of a document, in its order; 0 for those that never matter.

    Attributes:
        scores: how much each sentence matters, the best 1.
        centrality, section, cue, focus: what the scores are made of, from 0 to 1.
        table: the terms of the sentences, for those who compare them.
        pages: pages that have sentences that took part.
    """

    scores: "NDArray[np.float32]"
    centrality: "NDArray[np.float32]" = field(repr=False)
    section: "NDArray[np.float32]" = field(repr=False)
    cue: "NDArray[np.float32]" = field(repr=False)
    focus: "NDArray[np.float32]" = field(repr=False)
    table: TermTable = field(repr=False)
    pages: tuple[int, ...]

    def why(self, at: int, text: str) -> Why:
        """Return what the score of the sentence `text` at position `at` is made of."""
        return Why(
            centrality=round(float(self.centrality[at]), 3),
            section=round(float(self.section[at]), 3),
            cue=round(float(self.cue[at]), 3),
            cue_words=cues_in(words(text))[1],
            focus=round(float(self.focus[at]), 3),
        )


def rank(
    document: Document,
    focus: str = "",
    weights: Weights = WEIGHTS,
    *,
    cancel: threading.Event | None = None,
) -> Ranking:
    """Score every sentence of `document`: 3 s for 1,000 pages.

    Args:
        document: what was read.
        focus: what the reader wants to know about.
        weights: how much each part of a score counts.
        cancel: stops it.

    Raises:
        RankingStopped: it was stopped.
    """
    import numpy as np  # noqa: PLC0415 - the window starts without it

    sentences = document.sentences
    cue = np.zeros(len(sentences), dtype=np.float32)
    table = TermTable.of(until(cancel, _words_noting_cues(document, cue)))
    form = np.array(form_weights(sentences, cancel), dtype=np.float32)
    section = _section_weights(document)
    form[section == 0] = 0
    centrality = _centrality(document, table, form, section, weights, cancel=cancel)
    asked = likeness(focus, table)
    scores = (
        form
        * centrality
        * section**weights.section
        * (1 + weights.cue * cue)
        * (1 + weights.place * _places(document))
        * (1 + weights.title * _likeness_to(document.title, table))
    )
    if focus.strip():
        scores = _focused(scores, asked)
    pages = {sentences[at].page for at in np.flatnonzero(form > 0)}
    return Ranking(
        scores=_to_one(scores),
        centrality=centrality,
        section=section,
        cue=cue,
        focus=asked,
        table=table,
        pages=tuple(sorted(pages)),
    )


def _words_noting_cues(document: Document, cue: "NDArray[np.float32]") -> Iterator[list[str]]:
    """Yield the words of each sentence, and write the weight of its cues into `cue`."""
    for at, sentence in enumerate(document.sentences):
        found = words(sentence.text)
        cue[at] = cues_in(found)[0]
        yield found


def _section_weights(document: Document) -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415 - the window starts without it

    of_section = [role.value for role in roles(document)]
    return np.array([of_section[s.section] for s in document.sentences], dtype=np.float32)


def _centrality(
    document: Document,
    table: TermTable,
    form: "NDArray[np.float32]",
    section: "NDArray[np.float32]",
    weights: Weights,
    *,
    cancel: threading.Event | None,
) -> "NDArray[np.float32]":
    """Return how central each sentence is, in its section and in the document, from 0 to 1."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    if not document.sentences:
        return np.zeros(0, dtype=np.float32)
    taking_part = np.flatnonzero(form > 0).astype(np.int32)
    of_section = np.array([s.section for s in document.sentences], dtype=np.int32)[taking_part]
    edges = np.flatnonzero(np.diff(of_section)) + 1
    groups = np.split(taking_part, edges) if len(taking_part) else []
    inside = window_ranks(table, until(cancel, groups))
    across = centre_likeness(table, (form > 0) * section)
    return _to_one(_to_one(across) ** weights.centre * _to_one(inside) ** weights.lexrank)


def _places(document: Document) -> "NDArray[np.float32]":
    """Return 1 for what opens a section, less for what follows, up to 0.5 for its end."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    places = np.zeros(len(document.sentences), dtype=np.float32)
    of_section = np.array([s.section for s in document.sentences], dtype=np.int32)
    edges = [0, *(np.flatnonzero(np.diff(of_section)) + 1), len(of_section)]
    for start, end in itertools.pairwise(edges):
        count = end - start
        if count:
            from_start = np.arange(count) / count
            places[start:end] = np.maximum(1 - 2 * from_start, (2 * from_start - 1) * 0.5)
    return places


def _likeness_to(text: str, table: TermTable) -> "NDArray[np.float32]":
    """Return the share of the terms of `text` that each sentence has, rare ones counting more."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    found = np.zeros(len(table.lengths), dtype=np.float32)
    wanted = set(terms(text))
    weight_of = np.zeros(len(table.vocabulary), dtype=np.float32)
    total = 0.0
    for term in wanted:
        number = table.vocabulary.get(term)
        if number is not None:
            weight_of[number] = table.idf[number]
            total += float(table.idf[number])
    if total > 0:
        rows = np.repeat(np.arange(len(table.lengths), dtype=np.int32), np.diff(table.starts))
        found = np.bincount(
            rows, weights=weight_of[table.ids], minlength=len(table.lengths)
        ).astype(np.float32)
        found /= total
    return found


def _focused(scores: "NDArray[np.float32]", asked: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return the scores with the focus first; what is beside an answer counts a little too."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    if not asked.any():
        return scores
    beside = np.zeros_like(asked)
    beside[1:] = asked[:-1]
    beside[:-1] = np.maximum(beside[:-1], asked[1:])
    focus = asked + 0.25 * beside
    return np.asarray(np.sqrt(_to_one(scores)) * (0.02 + focus**1.5), dtype=np.float32)


def _to_one(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return `values` scaled so that the largest is 1."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    largest = float(values.max(initial=0.0))
    return values if largest <= 0 else (values / np.float32(largest)).astype(np.float32)
