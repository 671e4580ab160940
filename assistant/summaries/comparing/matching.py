"""Finds what stands in the same order in two sequences, fast where most of it does.

Patience diff (Cohen 2010): what occurs once on both sides anchors the rest, so that a thousand
pages take a moment, and a repeated line never ties together what does not belong together.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

# Between anchors the usual algorithm, quadratic at worst, does the rest up to this size.
_QUADRATIC = 4_000_000


def common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return positions of equal elements, rising on both sides, as many as can well be found."""
    found: list[tuple[int, int]] = []
    stretches = [(0, len(old), 0, len(new))]
    while stretches:
        i, i_end, j, j_end = stretches.pop()
        while i < i_end and j < j_end and old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            found.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        anchors = _anchors(old[i:i_end], new[j:j_end])
        if not anchors:
            found += _plainly(old, new, (i, i_end, j, j_end))
            continue
        before = (i, j)
        for anchor in anchors:
            at = (i + anchor[0], j + anchor[1])
            stretches.append((before[0], at[0], before[1], at[1]))
            found.append(at)
            before = (at[0] + 1, at[1] + 1)
        stretches.append((before[0], i_end, before[1], j_end))
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return what occurs once on both sides, as far as it stands in the same order."""
    in_old, in_new = Counter(old), Counter(new)
    place = {element: at for at, element in enumerate(new) if in_new[element] == 1}
    pairs = [
        (at, place[element])
        for at, element in enumerate(old)
        if in_old[element] == 1 and element in place
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of `pairs` in which the second rises, too (Fredman 1975)."""
    ends: list[int] = []  # the least second with which a run of this length ends
    last: list[int] = []  # and whose it is
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(second)
            last.append(at)
        else:
            ends[length], last[length] = second, at
    run: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _plainly(
    old: Sequence[str], new: Sequence[str], stretch: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    i, i_end, j, j_end = stretch
    if not set(old[i:i_end]) & set(new[j:j_end]):
        return []
    # Beyond that size what repeats very often is left out, which may find a little less.
    is_large = (i_end - i) * (j_end - j) > _QUADRATIC
    matcher = SequenceMatcher(None, old[i:i_end], new[j:j_end], autojunk=is_large)
    return [
        (i + block.a + step, j + block.b + step)
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
