"""The most memory that this process has taken since its model was loaded."""

import contextlib
import re
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_HIGHEST = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def forget_peak() -> None:
    """Count anew from what is taken now, where the system can; else from the process's begin."""
    with contextlib.suppress(OSError):  # man 5 proc: "5" resets the peak resident set size
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_memory_bytes() -> int:
    """Return the most memory that was taken, in bytes; 0 where the system keeps no count."""
    with contextlib.suppress(OSError):
        if found := _HIGHEST.search(_STATUS.read_text("ascii", "replace")):
            return int(found[1]) * 1024
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        import psutil  # noqa: PLC0415

        return int(getattr(psutil.Process().memory_info(), "peak_wset", 0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024
