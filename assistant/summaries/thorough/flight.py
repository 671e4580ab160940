"""Asks the model several things at once: the engine evaluates them together."""

import contextlib
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from assistant.engine.client import Engine
from assistant.summaries.ending import Ending
from assistant.summaries.thorough.asking import Ask, Reply, ask_model

# So many requests share a step of the engine; more would wait there.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Advanced:
    """How far a question is: tokens of its prompt evaluated, tokens of its answer written."""

    ask: Ask
    evaluated: int
    written: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A question has its answer, or why there is none."""

    ask: Ask
    reply: Reply | None
    error: Exception | None = None


class Flight:
    """Questions under way, each on a thread of its own; ends them when it is left.

    Args:
        engine: with the model chosen.
        is_reproducible: one at a time, and the same answers each time.
        cancel: stops all.
        hold: pauses all while it is set.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        is_reproducible: bool,
        cancel: threading.Event,
        hold: threading.Event | None,
    ) -> None:
        self._engine = engine
        self._is_reproducible = is_reproducible
        self._ending = Ending(cancel)
        self._hold = hold
        self._at_once = 1 if is_reproducible else AT_ONCE
        self._events: queue.SimpleQueue[Advanced | Answered] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="summary")
        self._under_way: dict[bytes, Ask] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._threads.shutdown()

    def __len__(self) -> int:
        return len(self._under_way)

    def has_room(self, ask: Ask) -> bool:
        """Whether `ask` can be sent now."""
        if ask.is_alone or any(other.is_alone for other in self._under_way.values()):
            return not self._under_way
        return len(self._under_way) < self._at_once and ask.key not in self._under_way

    def send(self, ask: Ask) -> None:
        """Ask it."""
        self._under_way[ask.key] = ask
        self._threads.submit(self._work, ask)

    def events(self, timeout_s: float) -> Iterator[Advanced | Answered]:
        """Yield what has happened; waits for something so long at most."""
        with contextlib.suppress(queue.Empty):
            event = self._events.get(timeout=timeout_s)
            while True:
                if isinstance(event, Answered):
                    del self._under_way[event.ask.key]
                yield event
                event = self._events.get_nowait()

    def _work(self, ask: Ask) -> None:
        try:
            reply = ask_model(
                self._engine,
                ask,
                is_reproducible=self._is_reproducible,
                cancel=self._ending,
                hold=self._hold,
                report=lambda read, wrote: self._events.put(Advanced(ask, read, wrote)),
            )
        except Exception as error:  # it is raised, or noted, where the answer is taken
            self._events.put(Answered(ask, None, error))
        else:
            self._events.put(Answered(ask, reply))
