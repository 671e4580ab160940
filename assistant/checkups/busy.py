"""A busy machine, made for a few seconds: processes of ours that compute nothing of use."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.child import Channel, Child, ChildOptions
from assistant.engine.threads import usable_cores

_LONGEST_S = 60.0  # a child ends by itself, whatever becomes of the app
_START_S = 5.0


def busy_processes() -> int:
    """Return how many processes make this machine busy, but not overloaded: half of its cores."""
    return max(1, usable_cores() // 2)


@contextmanager
def busy_machine(count: int, longest_s: float = _LONGEST_S) -> Iterator[None]:
    """Let `count` processes compute as fast as they can while the block runs.

    Args:
        count: how many.
        longest_s: after so many seconds they end by themselves.
    """
    children: list[Child] = []
    try:
        for _ in range(count):
            child = Child(_spin, ChildOptions(name="alcove busy"))
            children.append(child)
            child.send(str(min(longest_s, _LONGEST_S)).encode())
        for child in children:
            child.receive(_START_S)
        yield
    finally:
        for child in children:
            child.kill()
        for child in children:
            child.close()


def _spin(channel: Channel) -> None:
    """Compute until the time is over, or the parent is gone."""
    message = channel.receive(_START_S)
    if message is None:
        return
    end = time.monotonic() + float(message)
    channel.send(b"busy")
    while time.monotonic() < end:
        for _ in range(10_000):
            pass
