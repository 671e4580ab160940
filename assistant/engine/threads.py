"""How many threads llama.cpp gets."""

import os
from pathlib import Path

import psutil


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
