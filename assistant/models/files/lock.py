"""A lock file: only one process and one thread at a time works on a download.

The operating system frees the lock when its process ends, however that ends.
"""

import os
import sys
from pathlib import Path

from assistant.paths import writing_error

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """The right to work on something, as an open and locked file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def acquire(self) -> bool:
        """Take the lock; return False at once if another has it.

        Raises:
            CannotWrite, NoSpace: the lock file cannot be made.
        """
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            except PermissionError as error:
                if sys.platform == "win32" and self._path.exists():
                    return False
                raise writing_error(self._path, error) from error
            except OSError as error:
                raise writing_error(self._path, error) from error
            try:
                _lock(descriptor)
            except OSError:
                os.close(descriptor)
                return False
            if _is_same(descriptor, self._path):
                self._descriptor = descriptor
                return True
            os.close(descriptor)  # its holder deleted it between our two steps

    def release(self) -> None:
        """Give the lock back and delete its file."""
        if self._descriptor < 0:
            return
        if sys.platform == "win32":  # an open file cannot be deleted there
            os.close(self._descriptor)
            self._delete()
        else:
            self._delete()
            os.close(self._descriptor)
        self._descriptor = -1

    def _delete(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:  # another opened it meanwhile (Windows), or the disk went read-only
            return


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
