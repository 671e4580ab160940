"""Says word by word what became of a sentence."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.summaries.comparing.comparison import Edit, EditKind

# A word, number or sign with the blanks before it.
_TOKEN = re.compile(r"\s*(?:\d+(?:[.,:/'’-]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]|\w)|\s+$")
_SAME = str.maketrans("‘’“”„–—", '\'\'"""--')


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Return the stretches of `old` and `new`: kept, removed and added.

    The kept and the removed ones give `old` when they are joined, the kept and added ones `new`
    (in kept ones the signs are those of `new`).
    """
    ours, theirs = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, _bare(ours), _bare(theirs), autojunk=False)
    kept = [step[1:] for step in matcher.get_opcodes() if step[0] == "equal"]
    found: list[Edit] = []
    i = j = 0
    for i_start, i_end, j_start, j_end in (
        *_without_islands(kept, ours),
        (len(ours), len(ours), len(theirs), len(theirs)),
    ):
        _add(found, EditKind.REMOVED, ours[i:i_start])
        _add(found, EditKind.ADDED, theirs[j:j_start])
        _add(found, EditKind.KEPT, theirs[j_start:j_end])
        i, j = i_end, j_end
    return tuple(found)


def _bare(tokens: Sequence[str]) -> list[str]:
    return [token.strip().translate(_SAME) for token in tokens]


def _without_islands(
    kept: Sequence[tuple[int, int, int, int]], ours: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Leave out single short words between two changes: they make it harder to read."""
    result = []
    for number, step in enumerate(kept):
        i_start, i_end = step[:2]
        is_inside = number > 0 and number + 1 < len(kept)
        letters = sum(map(str.isalnum, "".join(ours[i_start:i_end])))
        is_island = is_inside and i_end - i_start == 1 and letters <= 3
        if is_island and _is_between_changes(kept, number):
            continue
        result.append(step)
    return result


def _is_between_changes(kept: Sequence[tuple[int, int, int, int]], number: int) -> bool:
    before, step, after = kept[number - 1 : number + 2]
    replaced_before = step[0] > before[1] and step[2] > before[3]
    replaced_after = after[0] > step[1] and after[2] > step[3]
    return replaced_before and replaced_after


def _add(found: list[Edit], kind: EditKind, tokens: Sequence[str]) -> None:
    if tokens:
        found.append(Edit(kind, "".join(tokens)))
