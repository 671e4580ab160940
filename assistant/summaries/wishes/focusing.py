"""How much of what a reader asks about each sentence has."""

from typing import TYPE_CHECKING

from assistant.evidence.questions import asked_terms
from assistant.evidence.terms import TermTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def likeness(focus: str, table: TermTable) -> "NDArray[np.float32]":
    """Return how much of what `focus` asks each sentence has, from 0 to 1, rare words more."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    total = 0.0
    found = np.zeros(len(table.lengths), dtype=np.float32)
    rows = np.repeat(np.arange(len(table.lengths), dtype=np.int32), np.diff(table.starts))
    for alternatives in asked_terms(focus):
        weight_of = np.zeros(len(table.vocabulary), dtype=np.float32)
        for term, weight in alternatives.items():
            number = table.vocabulary.get(term)
            if number is not None:
                weight_of[number] = weight * table.idf[number]
        if not weight_of.any():
            continue
        total += float(weight_of.max())
        best = np.zeros(len(table.lengths), dtype=np.float32)
        np.maximum.at(best, rows, weight_of[table.ids])
        found += best
    return found / np.float32(total) if total > 0 else found
