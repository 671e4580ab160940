"""Follows one request from its sending to its last event: stops it, holds it, passes events on."""

import queue
import threading
import time
from collections.abc import Iterator

import msgspec

from assistant.engine.link import Death, EngineLink, Inbox
from assistant.engine.protocol import (
    Cancel,
    Event,
    Failed,
    Finished,
    FinishReason,
    Hold,
    ModelInfo,
    TextPart,
    TokenCounts,
)
from assistant.engine.turn import LOOK_S

_LAST = Death | Failed | Finished | ModelInfo | TokenCounts


class Unanswered(Exception):  # noqa: N818 - named for what happened
    """A request ended without its result; `event` says why."""

    def __init__(self, event: Death | Failed) -> None:
        super().__init__(type(event).__name__)
        self.event = event


def follow(
    link: EngineLink,
    inbox: Inbox,
    id_: int,
    *,
    stop_s: float,
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[Event]:
    """Yield a request's events; when stopped, only its last, if that comes soon enough.

    Args:
        link: the process that has it.
        inbox: where its events arrive.
        id_: the request's.
        stop_s: how long a stopped request waits for its last event, in seconds.
        cancel: stops it.
        hold: pauses it while it is set.

    Raises:
        Unanswered: it failed, or the process died.
    """
    give_up = 0.0
    is_over = is_held = is_cut = False
    try:
        while not give_up or time.monotonic() < give_up:
            if not give_up and cancel.is_set():
                link.send(Cancel(id_))
                give_up = time.monotonic() + stop_s
            elif hold is not None and hold.is_set() is not is_held:
                is_held = not is_held
                link.send(Hold(id_, is_held))
            try:
                event = inbox.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            is_over = isinstance(event, _LAST)
            if isinstance(event, Death | Failed):
                if give_up:
                    return
                raise Unanswered(event)
            if is_cut and isinstance(event, Finished):
                # Its end was on its way when it was stopped, and so was text that is dropped.
                event = msgspec.structs.replace(event, reason=FinishReason.STOPPED)
            if is_over or not give_up:
                yield event
            else:
                is_cut = is_cut or isinstance(event, TextPart)
            if is_over:
                return
    finally:
        link.forget(id_)
        if not is_over and not give_up:  # the caller lost interest
            link.send(Cancel(id_))
