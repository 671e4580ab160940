"""How long a llama.cpp process may be silent or busy before it counts as frozen.

Neither end counts time in which it did not run: a computer that slept, a job that was halted in a
terminal. Both look at the clock now and then, and a gap between two looks is none of theirs.
"""

import time
from dataclasses import dataclass

HEARTBEAT_S = 0.5  # between two signs of a process that works
_SLOWEST_DISK = 20_000_000  # bytes a second: a step of a load may take as long as this needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The bounds, in seconds.

    Attributes:
        start_s: from its start to its first sign; a cold disk is slow.
        silence_s: without a heartbeat while it has work.
        step_s: for one native step, at least; a large model is given more.
        stop_s: how long a stopped request waits for the engine's word that it stopped.
    """

    start_s: float = 60.0
    silence_s: float = 15.0
    step_s: float = 120.0
    stop_s: float = 0.025

    def step_of_load_s(self, file_bytes: int) -> float:
        """Return how long a step may take in which a file of this length may be read."""
        return max(self.step_s, file_bytes / _SLOWEST_DISK)


class Silence:
    """How long a process has said nothing.

    Args:
        patience: how long it may.
        look_s: how long each wait for a sign is, at most.
    """

    def __init__(self, patience: Patience, look_s: float) -> None:
        self._limit_s = patience.start_s
        self._patience = patience
        self._look_s = look_s
        self._looked = time.monotonic()
        self._silent_s = 0.0

    def look(self) -> None:
        """Note that a wait for a sign begins."""
        self._looked = time.monotonic()

    def end(self, *, is_sign: bool) -> None:
        """Note that a sign came, or that none is due."""
        self._silent_s = 0.0
        if is_sign:
            self._limit_s = self._patience.silence_s

    def is_too_long(self) -> bool:
        """Take in that a wait brought no sign; return whether it is frozen."""
        self._silent_s += min(time.monotonic() - self._looked, 2 * self._look_s)
        return self._silent_s > self._limit_s


class StepClock:
    """How long a native step has been computed: in the process, for its heartbeats.

    `begin` and `end` are for the thread that computes, `look` for the one that sends heartbeats.

    Args:
        look_s: how long the time between two looks is.
    """

    def __init__(self, look_s: float) -> None:
        self._look_s = look_s
        self._begun = 0.0
        self._looked = time.monotonic()
        self._seen = self._seen_s = 0.0

    def begin(self) -> None:
        """Note that a step begins; it ends the one before."""
        self._begun = time.monotonic()

    def end(self) -> None:
        """Note that nothing is computed any more."""
        self._begun = 0.0

    def look(self) -> float:
        """Return how long the step has been running, in seconds; 0 without one."""
        now, begun = time.monotonic(), self._begun
        passed = min(now - self._looked, 2 * self._look_s)
        self._looked = now
        if begun != self._seen:
            self._seen, self._seen_s = begun, 0.0
        if begun:
            self._seen_s += min(passed, now - begun)
        return self._seen_s
