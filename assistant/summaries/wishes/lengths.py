"""Holds a summary at the length that was asked for: within a fifth of it, to both sides.

What is too long loses whole sentences, the doubtful ones first. What is too short is asked for
once more; it is never stretched by words of our own.
"""

import math
from collections.abc import Sequence

TOLERANCE = 0.2
# Asking for fewer words than these gives a sentence or nothing: not worth another prompt.
_LEAST_ASKED = 12


def least(words: int) -> int:
    """Return the fewest words that hold a wish for `words`."""
    return math.ceil(words * (1 - TOLERANCE))


def most(words: int) -> int:
    """Return the most words that hold a wish for `words`: what a model may write before it is cut.

    A single sentence that is longer counts as held: it is the least that can be said.
    """
    return math.floor(words * (1 + TOLERANCE))


def is_held(count: int, words: int) -> bool:
    """Tell whether a text of `count` words holds a wish for `words`."""
    return least(words) <= count <= most(words)


def wanting(count: int, words: int) -> int:
    """Return how many words more to ask for; 0 if `count` are enough of the `words` wished."""
    if count >= least(words):
        return 0
    return max(_LEAST_ASKED, words - count)


def kept(sizes: Sequence[int], words: int, worths: Sequence[float] | None = None) -> list[int]:
    """Choose which sentences of a text stay so that it holds a wish for `words`.

    Args:
        sizes: words of each sentence, in their order.
        words: how many were asked for.
        worths: how well each sentence is borne out, from 0 to 1; 1 for all if not given.

    Returns:
        Positions in order; all of them if the text is not too long, at least one.
    """
    worth = list(worths) if worths is not None else [1.0] * len(sizes)
    left = list(range(len(sizes)))
    total = sum(sizes)
    while total > most(words) and len(left) > 1:
        # The least worth first, and of equals the last: a text's end says the least.
        fits = [at for at in left if total - sizes[at] >= least(words)]
        dropped = min(fits or left, key=lambda at: (worth[at], -at))
        left.remove(dropped)
        total -= sizes[dropped]
    return left
