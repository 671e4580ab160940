"""How much of a document says what a sentence says.

Within windows of neighbouring sentences this is LexRank (Erkan and Radev 2004) on the cosine of
tf-idf vectors; across the document it is the cosine with the centre of all sentences. Windows
keep the matrices small: memory does not grow with the document.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.evidence.terms import TermTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WINDOW = 256
_DAMPING = 0.85
_STEPS = 12
_THRESHOLD = 0.05


def window_ranks(table: TermTable, groups: "Iterable[NDArray[np.int32]]") -> "NDArray[np.float32]":
    """Return the LexRank of each sentence within its group, 1 for the mean of the group."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    ranks = np.zeros(len(table.lengths), dtype=np.float32)
    for group in groups:
        for start in range(0, len(group), _WINDOW):
            window = group[start : start + _WINDOW]
            ranks[window] = _lexrank(_similarities(table, window))
    return ranks


def centre_likeness(table: TermTable, weights: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return the cosine of each sentence with the weighted centre of all of them."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    rows = np.repeat(np.arange(len(table.lengths), dtype=np.int32), np.diff(table.starts))
    values = _values(table, slice(None))
    norms = _norms(values, rows, len(table.lengths))
    unit = values / norms[rows]
    centre = np.bincount(
        table.ids, weights=unit * weights[rows], minlength=len(table.vocabulary)
    ).astype(np.float32)
    centre /= max(1e-9, float(np.linalg.norm(centre)))
    return np.bincount(rows, weights=unit * centre[table.ids], minlength=len(table.lengths)).astype(
        np.float32
    )


def similarities(table: TermTable, sentences: "NDArray[np.int32]") -> "NDArray[np.float32]":
    """Return the cosines of some sentences with each other."""
    return _similarities(table, sentences)


def _values(table: TermTable, stretch: slice) -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415 - the window starts without it

    counts = np.log1p(table.counts[stretch])
    return (counts * table.idf[table.ids[stretch]]).astype(np.float32)


def _norms(
    values: "NDArray[np.float32]", rows: "NDArray[np.int32]", count: int
) -> "NDArray[np.float32]":
    import numpy as np  # noqa: PLC0415 - the window starts without it

    squares = np.bincount(rows, weights=values * values, minlength=count)
    return np.sqrt(squares).astype(np.float32).clip(min=1e-9)


def _similarities(table: TermTable, window: "NDArray[np.int32]") -> "NDArray[np.float32]":
    """Return the cosines within a window, through a dense matrix of the terms it shares."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    lengths = table.starts[window + 1] - table.starts[window]
    rows = np.repeat(np.arange(len(window), dtype=np.int32), lengths)
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.repeat(table.starts[window], lengths) + offsets
    ids = table.ids[places]
    values = np.log1p(table.counts[places]) * table.idf[ids]
    unit = values / _norms(values, rows, len(window))[rows]
    _, columns, frequency = np.unique(ids, return_inverse=True, return_counts=True)
    shared = frequency > 1
    column_of = np.cumsum(shared) - 1
    kept = shared[columns]
    dense = np.zeros((len(window), int(shared.sum())), dtype=np.float32)
    dense[rows[kept], column_of[columns[kept]]] = unit[kept]
    return dense @ dense.T


def _lexrank(likeness: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return the stationary visits of a walk along likenesses, scaled to a mean of 1."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    count = len(likeness)
    np.fill_diagonal(likeness, 0)
    likeness[likeness < _THRESHOLD] = 0
    sums = likeness.sum(axis=1, keepdims=True)
    steps = np.divide(likeness, sums, out=np.full_like(likeness, 1 / count), where=sums > 0)
    visits = np.full(count, 1 / count, dtype=np.float32)
    for _ in range(_STEPS):
        visits = (1 - _DAMPING) / count + _DAMPING * (visits @ steps)
    return (visits * count).astype(np.float32)
