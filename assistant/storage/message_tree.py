"""The shape of a conversation: which message follows which, without a word of their text.

A message's id is greater than that of the one it follows. A message whose parent is gone begins
the conversation anew, so that nothing is ever out of reach.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

Parents: TypeAlias = Mapping[int, int | None]


def path_to(parents: Parents, leaf: int | None) -> tuple[int, ...]:
    """Return the messages from the beginning to `leaf`; nothing if it is not there."""
    path: list[int] = []
    message = leaf
    while message is not None and message in parents:
        path.append(message)
        parent = parents[message]
        message = parent if parent is not None and parent < message else None
    return tuple(reversed(path))


def variants_on(parents: Parents, path: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each message of `path` that has variants, all of them in order."""
    following: dict[int | None, list[int]] = {}
    for message in sorted(parents):
        following.setdefault(_parent(parents, message), []).append(message)
    variants = {message: following[_parent(parents, message)] for message in path}
    return {message: tuple(all_) for message, all_ in variants.items() if len(all_) > 1}


def below(parents: Parents, message_id: int) -> frozenset[int]:
    """Return the message and all that follow it, on any branch."""
    found = {message_id} & set(parents)
    for message in sorted(parents):
        if parents[message] in found:
            found.add(message)
    return frozenset(found)


def newest_leaf(parents: Parents, message_id: int) -> int:
    """Return the end of the newest branch through a message."""
    return max(below(parents, message_id), default=message_id)


def leaf_without(parents: Parents, leaf: int | None, gone: frozenset[int]) -> int | None:
    """Return the leaf when `gone` are deleted: on the newest variant, else where they stood."""
    path = path_to(parents, leaf)
    first = next((message for message in path if message in gone), None)
    if first is None:
        return leaf
    parent = _parent(parents, first)
    left = {message: parents[message] for message in parents if message not in gone}
    variants = [message for message in left if _parent(parents, message) == parent]
    return newest_leaf(left, max(variants)) if variants else parent


def _parent(parents: Parents, message_id: int) -> int | None:
    parent = parents[message_id]
    return parent if parent in parents else None
