"""How sure a share of right answers is, from so few questions."""

import math
from collections.abc import Sequence

_Z = 1.959964  # 95%


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95% interval of a share, from 0 to 1 (E. B. Wilson 1927).

    It stays within 0 and 1 and says something for 0 or all of a few, where the textbook's
    interval has no width.

    Args:
        right: how many were right.
        of: how many there were; for none the interval is 0 to 1.
    """
    if of <= 0:
        return 0.0, 1.0
    share = right / of
    square = _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    spread = share * (1 - share) / of + square / (4 * of * of)
    half = _Z / (1 + square / of) * math.sqrt(spread)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def mean_of_shares(counts: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Return the mean of several shares and its 95% interval; each share counts the same.

    The intervals are combined by the method of variance estimates recovery (G. Y. Zou and
    A. Donner 2008), which always holds the mean, also where all of a few were right.

    Args:
        counts: right answers and questions of each share; those without a question are left out.

    Returns:
        Mean, low end and high end, from 0 to 1; 0, 0 and 1 if there is no share.
    """
    asked = [(right, of) for right, of in counts if of > 0]
    if not asked:
        return 0.0, 0.0, 1.0
    shares = [right / of for right, of in asked]
    ends = [wilson(right, of) for right, of in asked]
    mean = sum(shares) / len(shares)
    pairs = list(zip(shares, ends, strict=True))
    below = math.sqrt(sum((share - low) ** 2 for share, (low, _) in pairs)) / len(pairs)
    above = math.sqrt(sum((high - share) ** 2 for share, (_, high) in pairs)) / len(pairs)
    return mean, max(0.0, mean - below), min(1.0, mean + above)
