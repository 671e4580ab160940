"""This computer, as far as the speed of models depends on it."""

import functools
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from assistant.fit import free_memory_bytes, total_memory_bytes
from assistant.quantizations import features

_PROBE_BYTES = 64 * 1024 * 1024  # more than most caches hold
_PROBES = 5  # the best counts: other programs only take away
_PROBE_THREADS = 4  # more do not read faster on the computers at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this computer has.

    Attributes:
        total_bytes, free_bytes: its memory, and what is free now.
        cores: how many a model may use.
        memory_bytes_per_s: how fast memory is read, by all cores together.
        features: what the processor knows, as `quantizations.features` names it.
        uses_gpu: models are given to a GPU.
    """

    total_bytes: int
    free_bytes: int
    cores: int
    memory_bytes_per_s: float
    features: frozenset[str] = field(default_factory=features)
    uses_gpu: bool = False

    @classmethod
    def now(cls, cores: int = 0, *, loaded_bytes: int = 0, uses_gpu: bool = False) -> "Machine":
        """Return what this computer has; takes 0.1 s the first time.

        Args:
            cores: how many a model may use; 0 for all physical ones that this process may.
            loaded_bytes: what the engine holds now, which a change of model gives back.
            uses_gpu: models are given to a GPU.
        """
        cores = cores or usable_cores()
        return cls(
            total_bytes=total_memory_bytes(),
            free_bytes=free_memory_bytes() + loaded_bytes,
            cores=cores,
            memory_bytes_per_s=memory_speed(min(cores, _PROBE_THREADS)),
            uses_gpu=uses_gpu,
        )


@functools.cache
def memory_speed(threads: int) -> float:
    """Return how many bytes a second `threads` read together: the best of a few short tries."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    each = np.ones(_PROBE_BYTES // 8 // threads, dtype=np.int64)
    # Each thread reads memory of its own, as each of llama.cpp's does.
    blocks = [each, *(each.copy() for _ in range(threads - 1))]
    best = min(_together([block.max for block in blocks]) for _ in range(_PROBES))
    return sum(block.nbytes for block in blocks) / max(best, 1e-6)


def _together(works: list[Callable[[], object]]) -> float:
    """Return the seconds that `works` take side by side."""
    threads = [threading.Thread(target=work, name="memory probe") for work in works]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def usable_cores(root: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many physical cores this process may use, at least 1.

    Hyper-threads are not counted: two threads of a core share the unit that multiplies. A
    process bound to some processors, or in a container with a share of the time, has fewer.
    """
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        physical = min(physical, len(os.sched_getaffinity(0)))
    quota = _cgroup_cores(root)
    return max(1, min(physical, quota or physical))


def _cgroup_cores(root: Path) -> int:
    """Return the cores' worth of time that a control group allows, rounded up; 0 for no bound."""
    try:
        if (root / "cpu.max").exists():
            quota, period = (root / "cpu.max").read_text().split()
        else:
            quota = (root / "cpu" / "cpu.cfs_quota_us").read_text().strip()
            period = (root / "cpu" / "cpu.cfs_period_us").read_text().strip()
        if quota in {"max", "-1"}:
            return 0
        return -(-int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return 0
