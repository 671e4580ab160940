"""What a person's question is about: its own words, and others that say the same.

"What does it say about termination?" asks for one word; a document answers it with "cancel" or
"notice" as well. Words of a question's frame ("what does it say about") count for nothing.
"""

import tomllib
from functools import cache
from typing import TYPE_CHECKING

from assistant.evidence.terms import TermTable, stem, terms, words
from assistant.paths import resource

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What another word for a term counts, the term itself being 1.
_OTHER_WORD = 0.7


def asked_terms(focus: str) -> tuple[dict[str, float], ...]:
    """Return for each word that `focus` asks about the terms that answer it, with their weights.

    All words count where nothing else is left of the question.
    """
    frame, others = _known()
    kept = [word for word in words(focus) if word not in frame] or words(focus)
    found: dict[str, dict[str, float]] = {}
    for term in terms(" ".join(kept)):
        same = dict.fromkeys(others.get(term, ()), _OTHER_WORD)
        found[term] = same | {term: 1.0}
    return tuple(found.values())


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


@cache
def _known() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the words of a question's frame, and for each term those that say the same."""
    rows = tomllib.loads(resource("focus.toml").read_text("utf-8"))
    same: dict[str, set[str]] = {}
    for group in rows["same"]:
        stems = {stem(word) for word in words(group)}
        for term in stems:
            same.setdefault(term, set()).update(stems - {term})
    return frozenset(words(rows["frame"])), {term: frozenset(o) for term, o in same.items()}
