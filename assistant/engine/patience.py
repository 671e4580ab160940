"""How long a llama.cpp process may be silent or busy before it counts as frozen."""

import time
from dataclasses import dataclass

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
        # A computer that slept, or an app that was halted, is no silence.
        self._silent_s += min(time.monotonic() - self._looked, 2 * self._look_s)
        return self._silent_s > self._limit_s
