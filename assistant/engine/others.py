"""How much of the processor other programs take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
            begun = Moment.now()
            time.sleep(_LOOK_S)
            if Moment.now().cores_of_others(begun) < _BUSY_CORES:
                return True
        self.were_busy = True
        return False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note whether they are busy while the block runs."""
        begun = Moment.now()
        yield
        self.were_busy |= Moment.now().cores_of_others(begun) >= _BUSY_CORES


@dataclass(frozen=True, slots=True)
class Moment:
    """What all processes, and this one, had computed until then, in seconds of one core.

    Attributes:
        at: by `time.perf_counter`, in seconds.
        all_s: all processes together.
        own_s: this one.
    """

    at: float
    all_s: float
    own_s: float

    @classmethod
    def now(cls) -> "Moment":
        """Return this moment; takes a tenth of a millisecond."""
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        # Later fields are counted within the first.
        return cls(time.perf_counter(), sum(times[:8]) - idle, time.process_time())

    def cores_of_others(self, earlier: "Moment") -> float:
        """Return how many cores others used since `earlier`, on average."""
        seconds = max(self.at - earlier.at, 1e-3)
        others = (self.all_s - earlier.all_s) - (self.own_s - earlier.own_s)
        return max(0.0, others / seconds)
