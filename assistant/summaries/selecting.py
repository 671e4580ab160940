"""Chooses sentences within a budget of words: those that matter, and not the same thing twice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.documents.document import Document
from assistant.evidence.terms import count_words
from assistant.summaries.centrality import similarities
from assistant.summaries.ranking import Ranking
from assistant.summaries.summary import KeyPoint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Maximal marginal relevance (Carbonell and Goldstein 1998): a candidate loses so much of its
# score for being like a chosen one. Fitted on aclsum.
_REDUNDANCY = 0.5
_TOO_ALIKE = 0.8
_CANDIDATES = 400  # at least
_MOST_CANDIDATES = 2_000  # their likeness to each other is a matrix
_ROOM = 2  # times the budget: what is like a chosen one is left out
_FILLED = 0.9


def key_points(document: Document, ranking: Ranking, words: int) -> tuple[KeyPoint, ...]:
    """Return the sentences that matter most, in reading order, at most `words` words of them.

    They fill at least 90% of the budget where the document has sentences that do.
    """
    chosen = choose(document, ranking, words)
    points = []
    for at in sorted(chosen):
        sentence = document.sentences[at]
        points.append(
            KeyPoint(
                text=sentence.text,
                span=sentence.spans[0],
                section=document.sections[sentence.section].title,
                score=round(float(ranking.scores[at]), 4),
                why=ranking.why(at, sentence.text),
            )
        )
    return tuple(points)


def choose(document: Document, ranking: Ranking, words: int) -> list[int]:
    """Return positions of the sentences chosen for a budget of `words`, the first chosen first."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    order = np.argsort(-ranking.scores, kind="stable")[:_MOST_CANDIDATES]
    sizes: list[int] = []
    for at in order[ranking.scores[order] > 0]:
        if len(sizes) >= _CANDIDATES and sum(sizes) >= _ROOM * words:
            break
        sizes.append(count_words(document.sentences[at].text))
    pool = order[: len(sizes)].astype(np.int32)
    likeness = similarities(ranking.table, pool)
    picked = _pick(ranking.scores[pool], sizes, likeness, words)
    filled = _FILLED * words
    if sum(sizes[at] for at in picked) < filled <= sum(sizes):
        picked = _fill(ranking.scores[pool], sizes, picked, words)
    return [int(pool[at]) for at in picked]


def _pick(
    scores: "NDArray[np.float32]",
    sizes: Sequence[int],
    likeness: "NDArray[np.float32]",
    words: int,
) -> list[int]:
    """Take the best candidate that fits, again and again; being like a chosen one costs."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    left = words
    nearest = np.zeros(len(scores), dtype=np.float32)
    size_of = np.array(sizes, dtype=np.int32)
    is_open = np.ones(len(scores), dtype=bool)
    picked: list[int] = []
    while True:
        fits = is_open & (size_of <= left) & (nearest < _TOO_ALIKE)
        if not fits.any():
            return picked
        worth = np.where(fits, scores * (1 - _REDUNDANCY * nearest), -1)
        best = int(worth.argmax())
        picked.append(best)
        is_open[best] = False
        left -= sizes[best]
        nearest = np.maximum(nearest, likeness[best])


def _fill(
    scores: "NDArray[np.float32]", sizes: Sequence[int], picked: list[int], words: int
) -> list[int]:
    """Return a choice that fills the budget better than `picked`, if there is one.

    The least of the picked make room one after another until the rest can be filled (a knapsack
    over the words left, with scores as worth).
    """
    for kept_count in range(len(picked) - 1, -1, -1):
        kept = picked[:kept_count]
        room = words - sum(sizes[at] for at in kept)
        least = room - int((1 - _FILLED) * words)
        others = [at for at in set(range(len(sizes))).difference(kept) if sizes[at] <= room]
        if sum(sizes[at] for at in others) < least:
            continue
        added = _knapsack(scores, sizes, sorted(others), room, least)
        if added is not None:
            return kept + added
    return picked


def _knapsack(
    scores: "NDArray[np.float32]", sizes: Sequence[int], others: list[int], room: int, least: int
) -> list[int] | None:
    """Return those of `others` worth most that take `least` to `room` words, None if none do."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    worth = np.full(room + 1, -np.inf)
    worth[0] = 0.0
    taken = np.zeros((len(others), room + 1), dtype=bool)
    for row, at in enumerate(others):
        size = sizes[at]
        better = worth[: room + 1 - size] + scores[at] > worth[size:]
        taken[row, size:] = better
        worth[size:] = np.where(better, worth[: room + 1 - size] + scores[at], worth[size:])
    best = least + int(worth[least:].argmax())
    if worth[best] == -np.inf:
        return None
    chosen: list[int] = []
    for row in range(len(others) - 1, -1, -1):
        if taken[row, best]:
            chosen.append(others[row])
            best -= sizes[others[row]]
    return chosen
