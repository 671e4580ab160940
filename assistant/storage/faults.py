"""What SQLite's errors mean, and what becomes of a damaged file.

Errors are told apart by the names of SQLite's result codes (https://sqlite.org/rescode.html), so
that this module needs nothing of sqlite3 itself.
"""

import contextlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import AssistantError, CannotWrite, DamagedData, NoSpace
from assistant.paths import writing_error

# An input/output error on a disk with less than this free is taken for a full disk: SQLite
# reports some of those (its shared-memory file, a quota) without saying so.
_FULL_DISK_BYTES = 64 * 1024
_NOT_WRITABLE = ("READONLY", "CANTOPEN", "PERM", "BUSY", "LOCKED", "IOERR", "PROTOCOL", "NOLFS")


def meaning(path: Path, error: Exception) -> AssistantError | None:
    """Return the error of ours that says what SQLite's means; None if it is a bug of ours."""
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")
    if name.startswith(("CORRUPT", "NOTADB")):
        return DamagedData(path)
    if name.startswith("FULL") or (name.startswith("IOERR") and _is_full(path)):
        return NoSpace(path)
    if name.startswith(_NOT_WRITABLE):
        return CannotWrite(path, str(error))
    return None


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the database's file, its write-ahead log and its index, there or not."""
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))


def suspect(path: Path) -> None:
    """Note that damage was met, so that the next start checks the whole file."""
    with contextlib.suppress(OSError):
        _mark(path).touch(mode=0o600)


def is_suspect(path: Path) -> bool:
    """Return whether damage was met since the last check."""
    return _mark(path).exists()


def clear(path: Path) -> None:
    """Forget that damage was met."""
    with contextlib.suppress(OSError):
        _mark(path).unlink(missing_ok=True)


def move_aside(path: Path) -> Path:
    """Rename a damaged database (and its log) so that nothing is lost; return its new name.

    Raises:
        CannotWrite: the folder cannot be written.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{stamp}-{os.getpid()}")
    clear(path)
    try:
        for file in files_of(path):
            if file.exists():
                file.replace(kept.with_name(file.name.replace(path.name, kept.name, 1)))
    except OSError as error:
        raise writing_error(path, error) from error
    return kept


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}-suspect")


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _FULL_DISK_BYTES
    except OSError:
        return False
