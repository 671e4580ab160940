"""How much of the processor other programs take while something is being measured."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

_BUSY_CORES = 0.4  # of one core: a window that is drawn takes less
_LOOK_S = 0.25


class Others:
    """Watches the programs beside this process.

    Args:
        patience_s: how long to wait for a quiet moment.

    Attributes:
        were_busy: they took much of the processor at some time.
    """

    def __init__(self, patience_s: float = 8.0) -> None:
        self._patience_s = patience_s
        self.were_busy = False

    def are_quiet(self, still_waiting: Callable[[], object]) -> bool:
        """Wait for a quiet moment, not for ever; return whether it came.

        Args:
            still_waiting: called now and then meanwhile.
        """
        give_up = time.monotonic() + self._patience_s
        while time.monotonic() < give_up:
            still_waiting()
            begun = _Moment()
            time.sleep(_LOOK_S)
            if begun.cores_of_others() < _BUSY_CORES:
                return True
        self.were_busy = True
        return False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note whether they are busy while the block runs."""
        begun = _Moment()
        yield
        self.were_busy |= begun.cores_of_others() >= _BUSY_CORES


class _Moment:
    """What all processes, and this one, had computed until now."""

    def __init__(self) -> None:
        self._at = time.monotonic()
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        self._all = sum(times[:8]) - idle  # later fields are counted within the first
        own = psutil.Process().cpu_times()
        self._own = own.user + own.system

    def cores_of_others(self) -> float:
        """Return how many cores others used since, on average."""
        now = _Moment()
        seconds = max(now._at - self._at, 1e-3)
        return ((now._all - self._all) - (now._own - self._own)) / seconds
