"""Work over many sentences that a stop ends at the next one."""

import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class RankingStopped(Exception):  # noqa: N818 - named for what happened
    """The ranking was stopped before it was done."""


def until(cancel: threading.Event | None, items: Iterable[T]) -> Iterator[T]:
    """Yield `items` as long as `cancel` is not set; None is never set.

    Raises:
        RankingStopped: it was set.
    """
    for item in items:
        if cancel is not None and cancel.is_set():
            raise RankingStopped
        yield item
