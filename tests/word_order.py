"""How much of a text came through reading, in its order."""

import re
from collections import defaultdict

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words of `text`, without what stands between them."""
    return _WORD.findall(text)


def recall(read: str, reference: str) -> float:
    """Return the share of the words of `reference` that `read` has in the same order.

    That is the longest common subsequence of both, counted bit by bit as Hyyrö (2004) does.
    """
    wanted, found = words(reference), words(read)
    places: dict[str, int] = defaultdict(int)
    for index, word in enumerate(wanted):
        places[word] |= 1 << index
    row = whole = (1 << len(wanted)) - 1
    for word in found:
        both = row & places[word]
        row = (row + both | row - both) & whole
    return (len(wanted) - row.bit_count()) / max(1, len(wanted))
