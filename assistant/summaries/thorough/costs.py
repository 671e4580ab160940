"""What a document in passages will be asked for, before anything is asked."""

from collections.abc import Sequence

from assistant.summaries.thorough.merging import groups
from assistant.summaries.thorough.passages import Cut, Node
from assistant.summaries.thorough.sizes import Sizes

# Models use about so much of what a note may have.
FILLED = 0.85
# Replies written several at once come so much faster (benchmarks/thorough.py).
TOGETHER = 1.5
_NOTED_TOKENS = 12


def expect_merges(whole: Cut, sizes: Sizes) -> list[int]:
    """Return about how many tokens of notes each merge will have; in the order of merging."""
    merges: list[int] = []
    _expect(whole.root, whole, sizes, merges, is_root=True)
    return merges


def _expect(node: Node, whole: Cut, sizes: Sizes, merges: list[int], *, is_root: bool) -> int:
    """Add the merges of a section, and return the tokens of its note with its sources."""
    with_sources = _NOTED_TOKENS + round(sizes.sources * 0.7)
    parts: list[int] = []
    for part in node.parts:
        if isinstance(part, Node):
            parts.append(_expect(part, whole, sizes, merges, is_root=False))
        else:
            passage = whole.passages[part]
            is_own = passage.tokens <= sizes.quoted
            note = passage.tokens if is_own else sizes.note(passage)[1] * FILLED
            parts.append(round(note) + with_sources)
    merged = round(sizes.merge[1] * FILLED) + with_sources
    return _reduce(parts, sizes, merges, merged, is_root=is_root)


def _reduce(
    parts: Sequence[int], sizes: Sizes, merges: list[int], merged: int, *, is_root: bool
) -> int:
    while len(parts) > 1 and not (is_root and sum(parts) <= sizes.top):
        together = groups(parts, sizes.passage)
        merges += [sum(parts[at] for at in group) for group in together]
        if len(together) == 1:
            return merged
        parts = [merged] * len(together)
    return sum(parts)
