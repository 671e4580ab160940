"""In a llama.cpp process beside the engine: works off requests one by one and shows that it lives.

The chat's engine has a process of its own (`process.py`); embedding and requantizing have
others, so that neither is disturbed by what the other loads, and either may die alone.
"""

import os
import threading
import traceback
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from assistant.child import Channel
from assistant.engine.llama import LlamaLog, LoadRefused, start
from assistant.engine.patience import HEARTBEAT_S, StepClock
from assistant.engine.side_messages import Beat, Failure
from assistant.errors import ModelError


class WorkFailed(Exception):  # noqa: N818 - named for what happened
    """A request failed for a reason that the app knows; becomes a `Failure`."""

    def __init__(self, kind: str, detail: str = "", numbers: tuple[int, ...] = ()) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.numbers = numbers


class Worker(Protocol):
    """What a process does with its requests, on a thread of its own."""

    def begin(self) -> None:
        """Get ready for a request; from now on a stop is for it. On the thread of `stop`."""

    def do(self, request: Any) -> None:
        """Work off a request and send its events."""

    def stop(self) -> None:
        """End the request that is being worked off; from another thread."""


class Outbox:
    """Sends events, and knows how long the current native step has been running.

    Attributes:
        clock: of the step.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._encoder = msgspec.msgpack.Encoder()
        self.clock = StepClock(HEARTBEAT_S)
        self.clock.begin()

    def send(self, event: msgspec.Struct) -> None:
        """Send `event` to the app."""
        self._channel.send(self._encoder.encode(event))

    def step(self) -> None:
        """Note that one native step ended and another begins."""
        self.clock.begin()


def serve(
    channel: Channel,
    decode: Callable[[bytes], Any],
    make: Callable[[LlamaLog, Outbox], Worker],
) -> None:
    """Serve the requests of `channel` until the app goes; an empty message stops one.

    A request is worked off on a thread of its own, so that a stop is read at once.
    """
    outbox = Outbox(channel)
    worker = make(start(), outbox)
    running: threading.Thread | None = None
    while True:
        is_busy = running is not None and running.is_alive()
        message = channel.receive(HEARTBEAT_S if is_busy else None)
        if message is None:
            outbox.send(Beat(outbox.clock.look()))
        elif not message:
            if is_busy:
                worker.stop()
        else:
            if running is not None:
                running.join()
            outbox.step()
            worker.begin()  # here, for a stop may come before the thread has begun
            running = threading.Thread(
                target=_do, args=(worker, decode(message), outbox), name="worker", daemon=True
            )
            running.start()


def _do(worker: Worker, request: Any, outbox: Outbox) -> None:
    try:
        worker.do(request)
    except Exception as error:
        outbox.send(_failure(error))


def _failure(error: Exception) -> Failure:
    """Return the event that tells the app of `error`."""
    if isinstance(error, WorkFailed):
        return Failure(error.kind, error.detail, error.numbers)
    if isinstance(error, LoadRefused):
        return Failure(error.kind, error.detail)
    if isinstance(error, ModelError):
        return Failure(error.fault, error.detail)
    if isinstance(error, MemoryError):
        return Failure("too-large")
    # The places only: a message may hold the user's text.
    places = "".join(traceback.format_tb(error.__traceback__))
    os.write(2, places.encode("utf-8", "replace"))
    return Failure("bug", f"{type(error).__name__}\n{places}")
