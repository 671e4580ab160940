"""What was asked of the engine and is not answered yet, as two threads see it.

The pipe's thread hands requests in, stops and holds them; the scheduler's takes them out and lets
them take part in steps. What both see is changed under one lock, and the lock is never held while
something is computed or read: a stop is noted at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.engine.counting import Counting
from assistant.engine.lane import Lane
from assistant.engine.loaded import Loaded
from assistant.engine.protocol import (
    CountTokens,
    Event,
    Failed,
    Finished,
    FinishReason,
    Forget,
    Forgotten,
    Generate,
    Load,
    Priority,
    TokenCounts,
    Unload,
    Unloaded,
)
from assistant.engine.runs import Run

Work = Load | Generate | CountTokens | Forget | Unload


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request, and when it came, by `time.perf_counter`."""

    work: Work
    at: float


class Requests:
    """The requests of one engine process.

    A `Load` or `Unload` is a border: what was asked for before it is answered before it, with the
    model that was there.

    Args:
        send: takes the last events of requests that are stopped before they began.

    Attributes:
        loaded: the model whose lanes the requests under way are in; see `use`.
        waiting: those that have no sequence, the first of them first.
        counting: those whose texts are counted beside the others' steps.
        is_stopped: whether the request that was taken last was stopped since.
    """

    def __init__(self, send: Callable[[Event], None]) -> None:
        self.loaded: Loaded | None = None
        self.waiting: list[Run] = []
        self.counting: list[Counting] = []
        self.is_stopped = False
        self._send = send
        self._changed = threading.Condition()
        self._inbox: deque[Arrived] = deque()
        self._taken: Work | None = None
        self._held: set[int] = set()  # of the inbox and what was taken from it
        self._stepping: Lane | None = None
        self._stepping_runs: Sequence[Run] = ()

    # From the pipe's thread

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way or waits."""
        with self._changed:
            return bool(self._taken or self._inbox) or self._has_any()

    def submit(self, work: Work) -> None:
        """Take a request; one of a chat ends the step of those that nobody waits for."""
        with self._changed:
            self._inbox.append(Arrived(work, time.perf_counter()))
            lane = self._stepping
            is_urgent = isinstance(work, Generate | CountTokens) and work.priority == Priority.CHAT
            if is_urgent and lane:
                is_background = not any(run.is_chat for run in self._stepping_runs)
                if is_background and lane.context.model.can_rewind:
                    lane.context.stop()
            self._changed.notify()

    def cancel(self, id_: int) -> None:
        """Stop request `id_` wherever it is; nothing if it has ended."""
        with self._changed:
            early = next((one for one in self._inbox if one.work.id == id_), None)
            if early:
                self._inbox.remove(early)
                self._held.discard(id_)
            self.is_stopped |= self._taken is not None and self._taken.id == id_
            for run in self.everyone():
                if run.id == id_:
                    run.is_cancelled = True
                    self._interrupt(run)
            for counting in self.counting:
                counting.is_cancelled |= counting.work.id == id_
            self._changed.notify()
        if early:
            self._send(_ended_early(early.work))

    def hold(self, id_: int, *, is_held: bool) -> None:
        """Pause request `id_`, or let it go on; nothing if it has ended."""
        with self._changed:
            pending = [arrived.work for arrived in self._inbox]
            if any(work.id == id_ for work in (*pending, self._taken) if work):
                (self._held.add if is_held else self._held.discard)(id_)
            for run in self.everyone():
                if run.id == id_:
                    run.is_held = is_held
                    if is_held:
                        self._interrupt(run)
            self._changed.notify()

    def _interrupt(self, run: Run) -> None:
        """End the step that `run` is in, where nobody who goes on loses more than that step."""
        lane = self._stepping
        if lane and run in self._stepping_runs:
            is_last = run.is_cancelled and len(self._stepping_runs) == 1
            if is_last or lane.context.model.can_rewind:
                lane.context.stop()

    # From the scheduler's thread

    def wait(self, timeout_s: float | None) -> bool:
        """Wait until there is something to do; False if nothing came for so many seconds."""
        with self._changed:
            return self._changed.wait_for(self._has_work, timeout_s)

    @property
    def has_new(self) -> bool:
        """Whether a request can be taken now."""
        with self._changed:
            return self._has_new()

    def take(self) -> Arrived | None:
        """Return the next request, to be done now; None if there is none, or it is a border.

        Requests that are paused before a border go on: what is behind it waits for them.
        """
        with self._changed:
            if not self._has_new():
                for run in self.everyone() if self._inbox else ():
                    run.is_held = False
                return None
            arrived = self._inbox.popleft()
            self._taken, self.is_stopped = arrived.work, False
            return arrived

    def put_back(self, begun: Run | Counting | None) -> None:
        """End what `take` began: it is done, or goes on as `begun`."""
        with self._changed:
            assert self._taken
            if begun:
                begun.is_cancelled = self.is_stopped
            if isinstance(begun, Run):
                begun.is_held = begun.id in self._held
                self.waiting.append(begun)
            elif begun:
                self.counting.append(begun)
            self._held.discard(self._taken.id)
            self._taken = None

    def use(self, loaded: Loaded | None) -> None:
        """Let requests take part in the steps of another model from now on."""
        with self._changed:
            self.loaded = loaded

    @property
    def lanes(self) -> list[Lane]:
        """The lanes of the loaded model."""
        loaded = self.loaded
        lanes = (loaded.replies, loaded.passages) if loaded else ()
        return [lane for lane in lanes if lane]

    def everyone(self) -> Iterator[Run]:
        """Yield the requests that wait, and those that have a sequence."""
        yield from list(self.waiting)
        for lane in self.lanes:
            yield from list(lane.runs)

    def begin(self, loaded: Loaded, lane: Lane, run: Run) -> None:
        """Give a waiting request a sequence of `lane`."""
        loaded.begin(lane, run)  # it may read from disk; until it is done, `run` waits as well
        with self._changed:
            self.waiting.remove(run)

    def suspend(self, lane: Lane, run: Run) -> None:
        """Take the sequence from a request, which goes on later."""
        with self._changed:
            lane.suspend(run)
            self.waiting.insert(0, run)

    def end(self, run: Run) -> None:
        """Take out a request that has come to its end; what it has evaluated stays."""
        with self._changed:
            for lane in self.lanes:
                if run in lane.runs:
                    lane.end(run)
            if run in self.waiting:
                self.waiting.remove(run)
        run.close()

    def end_counting(self, counting: Counting) -> None:
        """Take out one that is counted."""
        with self._changed:
            self.counting.remove(counting)

    def drop(self, run: Run) -> None:
        """Take out a request that failed, with what it has evaluated."""
        with self._changed:
            for lane in self.lanes:
                if run in lane.runs:
                    lane.suspend(run)
            if run in self.waiting:
                self.waiting.remove(run)
        run.close()

    @contextmanager
    def step(self, lane: Lane, runs: Sequence[Run]) -> Iterator[bool]:
        """Note that a step of `runs` is computed; gives False if something goes before it."""
        with self._changed:
            is_background = not any(run.is_chat for run in runs)
            may_step = not any(run.is_cancelled or run.is_held for run in runs)
            may_step = may_step and not (is_background and self._has_new())  # it may be a chat
            if may_step:
                lane.context.resume()
                self._stepping, self._stepping_runs = lane, runs
        try:
            yield may_step
        finally:
            with self._changed:
                self._stepping, self._stepping_runs = None, ()

    def _has_work(self) -> bool:
        return bool(self._inbox or self.counting) or any(
            run.is_cancelled or not run.is_held for run in self.everyone()
        )

    def _has_any(self) -> bool:
        """Whether one that was taken needs the model."""
        return bool(self.counting) or any(self.everyone())

    def _has_new(self) -> bool:
        if not self._inbox:
            return False
        is_border = isinstance(self._inbox[0].work, Load | Unload)
        return not (is_border and self._has_any())


def _ended_early(work: Work) -> Event:
    """Return the last event of a request that was stopped before it began."""
    match work:
        case Load():
            return Failed(work.id, "cancelled")
        case Generate():
            return Finished(work.id, FinishReason.STOPPED, 0, 0, 0, 0.0, 0.0)
        case CountTokens():
            return TokenCounts(work.id, ())
        case Forget():
            return Forgotten(work.id)
        case Unload():
            return Unloaded(work.id)
