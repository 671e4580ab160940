"""When the command began: what a person waits for begins before Python does."""

import os
import sys
import time
from pathlib import Path

_STARTED = 19  # what stands behind the name in /proc/self/stat, from 0; field 22 of proc(5)


def command_started_s() -> float:
    """Return when this process began, on the clock of `time.perf_counter`."""
    if sys.platform == "linux":
        # The time of day at which it began is reckoned from the whole second of the start-up.
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        began = int(fields[_STARTED]) / os.sysconf("SC_CLK_TCK")
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - began
    else:
        import psutil  # noqa: PLC0415 - only where it is needed

        age = time.time() - psutil.Process().create_time()
    return time.perf_counter() - age
