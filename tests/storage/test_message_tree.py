"""The shape of conversations, held against a slow and simple description of it."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.storage import message_tree


@st.composite
def trees(draw: st.DrawFn) -> dict[int, int | None]:
    """Draw a tree of up to a dozen messages; parents come first, some are gone."""
    parents: dict[int, int | None] = {}
    for message in range(1, draw(st.integers(1, 12)) + 1):
        earlier = st.sampled_from([*range(message), 0])
        parents[message] = draw(earlier) or None
    for message in draw(st.sets(st.integers(1, 12), max_size=2)):
        if len(parents) > 1:
            parents.pop(message, None)
    return parents


def _children(parents: dict[int, int | None], message: int) -> list[int]:
    return [m for m, parent in parents.items() if parent == message]


def _all_below(parents: dict[int, int | None], message: int) -> set[int]:
    return {message}.union(*(_all_below(parents, child) for child in _children(parents, message)))


@settings(deadline=None)
@given(trees())
def test_every_message_is_on_a_path_from_a_beginning(parents: dict[int, int | None]) -> None:
    for message in parents:
        path = message_tree.path_to(parents, message)
        assert path[-1] == message
        assert parents[path[0]] not in parents
        assert all(parents[after] == before for before, after in itertools.pairwise(path))


@settings(deadline=None)
@given(trees())
def test_below_are_all_that_follow_and_the_newest_ends_a_branch(
    parents: dict[int, int | None],
) -> None:
    for message in parents:
        below = _all_below(parents, message)
        assert message_tree.below(parents, message) == below
        leaf = message_tree.newest_leaf(parents, message)
        assert leaf == max(below)
        assert not _children(parents, leaf)


@settings(deadline=None)
@given(trees())
def test_variants_follow_the_same_message(parents: dict[int, int | None]) -> None:
    for leaf in parents:
        path = message_tree.path_to(parents, leaf)
        variants = message_tree.variants_on(parents, path)
        assert set(variants) <= set(path)
        for message in path:
            alike = tuple(
                m
                for m in sorted(parents)
                if (parents[m] if parents[m] in parents else None)
                == (parents[message] if parents[message] in parents else None)
            )
            assert variants.get(message, (message,)) == alike


@settings(deadline=None)
@given(trees(), st.data())
def test_after_a_deletion_the_leaf_is_one_that_is_left(
    parents: dict[int, int | None], data: st.DataObject
) -> None:
    message = data.draw(st.sampled_from(sorted(parents)))
    leaf = message_tree.newest_leaf(parents, data.draw(st.sampled_from(sorted(parents))))
    gone = message_tree.below(parents, message)
    left = message_tree.leaf_without(parents, leaf, gone)
    assert left not in gone
    if leaf not in gone:
        assert left == leaf
    elif left is not None:
        rest = {m: parents[m] for m in parents if m not in gone}
        assert not _children(rest, left)


def test_rings_and_parents_from_nowhere_end() -> None:
    parents: dict[int, int | None] = {1: 2, 2: 1, 3: 3, 4: 99}
    assert message_tree.path_to(parents, 1) == (1,)
    assert message_tree.path_to(parents, 2) == (1, 2)
    assert message_tree.path_to(parents, 3) == (3,)
    assert message_tree.path_to(parents, 4) == (4,)
    assert message_tree.path_to(parents, 5) == ()
    assert message_tree.path_to(parents, None) == ()
