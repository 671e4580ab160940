"""Files that carry the number of the process that made them: is it still there to remove them?"""

import contextlib
import os
from pathlib import Path


def is_stale(file: Path, number: str) -> bool:
    """Whether the process that made `file` or folder is gone, so that another may remove it.

    Args:
        file: written last while that process ran.
        number: the process's, as it stands in the file's name; another process may have it by now,
            which began after the file was written.

    Returns:
        False also where it cannot be known: for what has no number, or is another user's.
    """
    import psutil  # noqa: PLC0415 - only where something was left behind

    if not number.isdecimal():
        return False
    with contextlib.suppress(psutil.AccessDenied, OSError):
        about = file.lstat()
        if hasattr(os, "getuid") and about.st_uid != os.getuid():
            return False
        try:
            return psutil.Process(int(number)).create_time() > about.st_mtime + 1
        except (psutil.NoSuchProcess, OverflowError, ValueError):
            return True
    return False
