"""Says which unit of the old document became which of the new one.

First what is the same in the same order; then, in the gaps, what is cut into other sentences but
says the same; then what moved word for word; then what is alike enough to be a changed version,
first within its gap, at last anywhere.
"""

import itertools
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.documents.document import BlockKind
from assistant.summaries.comparing.likeness import Likeness
from assistant.summaries.comparing.matching import common
from assistant.summaries.comparing.units import Unit
from assistant.summaries.stopping import until

# How alike two sentences in the same gap, or in different places, must be to be versions of one.
_NEAR = 0.42
_ALONE = 0.3  # where the gap has one on each side, they stand for each other
_FAR = 0.62
_LARGEST_GAP = 90_000  # pairs that are compared one by one
_FEWEST_WORDS_FAR = 4
_JOINED = 0.08  # so much more alike two sentences together must be than one of them


@dataclass(slots=True)
class Pair:
    """Units of the old document that became units of the new one, mostly one and one."""

    old: tuple[int, ...]
    new: tuple[int, ...]


@dataclass(slots=True)
class Alignment:
    """What became of every unit.

    Attributes:
        same: what stands unchanged in its place.
        recut: how many old units say the same in other sentences.
        moved: the same, in another place.
        changed: versions of one another.
        removed, added: the rest.
    """

    same: list[tuple[int, int]] = field(default_factory=list)
    recut: int = 0
    moved: list[tuple[int, int]] = field(default_factory=list)
    changed: list[Pair] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Gap:
    """What is left between two places where both documents are the same."""

    old: list[int]
    new: list[int]


def align(
    old: Sequence[Unit], new: Sequence[Unit], cancel: threading.Event | None = None
) -> Alignment:
    """Return what became of the units of `old` in `new`.

    Raises:
        RankingStopped: `cancel` was set.
    """
    same = common([unit.key for unit in old], [unit.key for unit in new])
    result = Alignment(same=same)
    gaps = [gap for gap in _gaps(same, len(old), len(new)) if gap.old or gap.new]
    for gap in gaps:
        result.recut += _cut_otherwise(gap, old, new)
    _move(gaps, old, new, result)
    likeness = Likeness(old, new)
    for gap in until(cancel, gaps):
        _change(gap, likeness, result)
    result.removed = [at for gap in gaps for at in gap.old]
    result.added = [at for gap in gaps for at in gap.new]
    _change_far(likeness, result, cancel)
    _change_headings(old, new, result)
    return result


def _gaps(same: Sequence[tuple[int, int]], olds: int, news: int) -> list[_Gap]:
    gaps: list[_Gap] = []
    i = j = 0
    for at_old, at_new in (*same, (olds, news)):
        gaps.append(_Gap(list(range(i, at_old)), list(range(j, at_new))))
        i, j = at_old + 1, at_new + 1
    return gaps


def _cut_otherwise(gap: _Gap, old: Sequence[Unit], new: Sequence[Unit]) -> int:
    """Take out of `gap` what says the same, cut into other sentences; return how many old ones."""
    if not (gap.old and gap.new) or len(gap.old) == len(gap.new) == 1:
        return 0
    joined_old = "".join(old[at].key for at in gap.old)
    joined_new = "".join(new[at].key for at in gap.new)
    if joined_old == joined_new:
        count = len(gap.old)
        gap.old, gap.new = [], []
        return count
    return _cut_in_two(gap, old, new)


def _cut_in_two(gap: _Gap, old: Sequence[Unit], new: Sequence[Unit]) -> int:
    """Take out one sentence here that is two in a row there, and the reverse."""
    count = 0
    for mine, units, theirs, others in ((gap.old, old, gap.new, new), (gap.new, new, gap.old, old)):
        whole = {units[at].key: at for at in mine}
        for first, second in list(itertools.pairwise(theirs)):
            at = whole.get(others[first].key + others[second].key)
            if at is not None and at in mine and first in theirs and second in theirs:
                mine.remove(at)
                theirs.remove(first)
                theirs.remove(second)
                count += 1 if mine is gap.old else 2
    return count


def _move(gaps: Sequence[_Gap], old: Sequence[Unit], new: Sequence[Unit], into: Alignment) -> None:
    """Take out of the gaps what stands word for word in another one."""
    there: dict[str, list[int]] = {}
    for gap in reversed(gaps):
        for at in reversed(gap.new):
            there.setdefault(new[at].key, []).append(at)
    taken: set[int] = set()
    for gap in gaps:
        rest: list[int] = []
        for at in gap.old:
            places = there.get(old[at].key)
            if places:
                place = places.pop()
                taken.add(place)
                into.moved.append((at, place))
            else:
                rest.append(at)
        gap.old = rest
    if taken:
        for gap in gaps:
            gap.new = [at for at in gap.new if at not in taken]


def _change(gap: _Gap, likeness: Likeness, into: Alignment) -> None:
    """Take pairs of versions out of `gap`, in order, those that are most alike together."""
    if not (gap.old and gap.new) or len(gap.old) * len(gap.new) > _LARGEST_GAP:
        return
    least = _ALONE if len(gap.old) == len(gap.new) == 1 else _NEAR
    pairs = [Pair((i,), (j,)) for i, j in _best_order(gap, likeness, least)]
    old_left = set(gap.old) - {pair.old[0] for pair in pairs}
    new_left = set(gap.new) - {pair.new[0] for pair in pairs}
    for pair in pairs:
        _join(pair, old_left, new_left, likeness)
    into.changed += pairs
    gap.old, gap.new = sorted(old_left), sorted(new_left)


def _best_order(gap: _Gap, likeness: Likeness, least: float) -> list[tuple[int, int]]:
    """Return the pairs, rising on both sides, whose likeness sums up to most."""
    rows, columns = len(gap.old), len(gap.new)
    alike = [[likeness.of((i,), (j,)) for j in gap.new] for i in gap.old]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            paired = best[i + 1][j + 1] + alike[i][j] if alike[i][j] >= least else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < rows and j < columns:
        if alike[i][j] >= least and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs.append((gap.old[i], gap.new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _join(pair: Pair, old_left: set[int], new_left: set[int], likeness: Likeness) -> None:
    """Add the neighbour with which a pair is more alike: a sentence was cut in two, or joined."""
    alike = likeness.of(pair.old, pair.new)
    for step in (1, -1):
        at = pair.new[-1 if step > 0 else 0] + step
        if at in new_left:
            longer = (*pair.new, at) if step > 0 else (at, *pair.new)
            if likeness.of(pair.old, longer) > alike + _JOINED:
                pair.new = longer
                new_left.remove(at)
                return
        at = pair.old[-1 if step > 0 else 0] + step
        if at in old_left:
            longer = (*pair.old, at) if step > 0 else (at, *pair.old)
            if likeness.of(longer, pair.new) > alike + _JOINED:
                pair.old = longer
                old_left.remove(at)
                return


def _change_far(likeness: Likeness, into: Alignment, cancel: threading.Event | None) -> None:
    """Pair what is left on both sides, wherever it stands, the most alike first."""
    if not (into.removed and into.added):
        return
    candidates = likeness.close(into.removed, into.added, _FAR, _FEWEST_WORDS_FAR, cancel)
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, i, j in candidates:
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            into.changed.append(Pair((i,), (j,)))
    into.removed = [at for at in into.removed if at not in taken_old]
    into.added = [at for at in into.added if at not in taken_new]
    into.changed.sort(key=lambda pair: pair.new)


def _change_headings(old: Sequence[Unit], new: Sequence[Unit], into: Alignment) -> None:
    """Pair headings of sections whose text went from the one to the other."""
    went: dict[int, Counter[int]] = {}
    came: dict[int, Counter[int]] = {}
    pairs = [(pair.old[0], pair.new[0]) for pair in into.changed]
    for i, j in (*into.same, *into.moved, *pairs):
        if BlockKind.HEADING not in (old[i].kind, new[j].kind):
            went.setdefault(old[i].section, Counter())[new[j].section] += 1
            came.setdefault(new[j].section, Counter())[old[i].section] += 1
    heading_of = {new[at].section: at for at in into.added if new[at].kind is BlockKind.HEADING}
    for at in [at for at in into.removed if old[at].kind is BlockKind.HEADING]:
        section = old[at].section
        if section not in went:
            continue
        target = went[section].most_common(1)[0][0]
        if target in heading_of and came[target].most_common(1)[0][0] == section:
            into.changed.append(Pair((at,), (heading_of[target],)))
            into.removed.remove(at)
            into.added.remove(heading_of.pop(target))
