"""A file that is still arriving: `<name>.part`, with notes beside it for the next try.

The sha256 is summed while bytes are written. Python cannot save a running sum, so what an
earlier run left is read again before more is added: the result is of the bytes on the disk.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from assistant.errors import NoSpace
from assistant.models.lock import FileLock
from assistant.paths import ensure_folder, write_atomically, writing_error

_BLOCK_BYTES = 4 * 1024 * 1024
MAGIC = b"GGUF"


class BusyError(Exception):
    """Another thread or process works on this part; never leaves `assistant.models`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNotes:
    """Of which file the bytes are, and where the rest of it is."""

    repo: str
    file: str
    revision: str
    size_bytes: int
    sha256: str
    etag: str
    endpoint: str


class Part:
    """The bytes of `target` that are here so far; a context manager that holds the lock on them.

    Raises:
        BusyError: another has the lock.
        CannotWrite, NoSpace: the folder cannot take it.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self.done_bytes = 0
        self.head = b""
        self._notes_path = notes_path(target)
        self._lock = FileLock(target.with_name(f"{target.name}.part.lock"))
        self._sum = hashlib.sha256()
        self._file: FileIO | None = None

    def __enter__(self) -> Self:
        ensure_folder(self.path.parent)
        if not self._lock.acquire():
            raise BusyError
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._close()
            with contextlib.suppress(OSError):  # nothing came: leave nothing
                if self.path.stat().st_size == 0:
                    self.discard()
        finally:
            self._lock.release()

    @property
    def sha256(self) -> str:
        """The sum of the bytes that are here."""
        return self._sum.hexdigest()

    def notes(self) -> PartNotes | None:
        """Return what an earlier run noted; None if there is nothing to go on from."""
        if not self.path.exists():
            return None
        return read_notes(self._notes_path)

    def note(self, notes: PartNotes) -> None:
        """Note of which file the bytes are.

        Raises:
            CannotWrite, NoSpace: it cannot be written.
        """
        write_atomically(self._notes_path, msgspec.json.encode(notes))

    def reread(self, cancel: threading.Event) -> Iterator[int]:
        """Sum up what is here, and yield how far that is; ends early when cancelled."""
        file = self._opened()
        try:
            file.seek(0)
            while not cancel.is_set() and (block := file.read(_BLOCK_BYTES)):
                self._count(block)
                yield self.done_bytes
        except OSError as error:
            raise writing_error(self.path, error) from error

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end.

        Raises:
            NoSpace, CannotWrite: they could not be written; those before are kept.
        """
        file = self._opened()
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError as error:
            raise writing_error(self.path, error) from error
        self._count(chunk)

    def restart(self) -> None:
        """Throw the bytes away and begin again."""
        file = self._opened()
        try:
            file.seek(0)
            file.truncate()
        except OSError as error:
            raise writing_error(self.path, error) from error
        self.done_bytes = 0
        self.head = b""
        self._sum = hashlib.sha256()

    def refuse_if_full(self, size_bytes: int, reserve_bytes: int) -> None:
        """Raise NoSpace if the disk has no room for the rest of `size_bytes` and a reserve."""
        try:
            free = shutil.disk_usage(self.path.parent).free
            here = self.path.stat().st_size if self.path.exists() else 0
        except OSError as error:
            raise writing_error(self.path, error) from error
        needed = max(0, size_bytes - here) + reserve_bytes
        if needed > free:
            raise NoSpace(self.target.parent, needed_bytes=needed, free_bytes=free)

    def finish(self) -> None:
        """Make the part the file itself, in one step that a power cut cannot halve.

        Raises:
            CannotWrite, NoSpace: it is still a part.
        """
        file = self._opened()
        try:
            os.fsync(file.fileno())
            self._close()
            self.path.replace(self.target)
            _sync_folder(self.target.parent)
        except OSError as error:
            raise writing_error(self.target, error) from error
        self._notes_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Delete the bytes and the notes."""
        self._close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
            self._notes_path.unlink(missing_ok=True)

    def _opened(self) -> FileIO:
        if self._file is None:
            try:
                flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
                # Unbuffered: what was counted is with the system, whatever becomes of us.
                self._file = FileIO(os.open(self.path, flags, 0o600), "r+")
            except OSError as error:
                raise writing_error(self.path, error) from error
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _count(self, chunk: bytes) -> None:
        self._sum.update(chunk)
        self.done_bytes += len(chunk)
        if len(self.head) < len(MAGIC):
            self.head = (self.head + chunk)[: len(MAGIC)]


def notes_path(target: Path) -> Path:
    """Return where the notes on the part of `target` are kept."""
    return target.with_name(f"{target.name}.part.json")


def read_notes(path: Path) -> PartNotes | None:
    """Return the notes kept at `path`; None if they are gone or not ours."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=PartNotes)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut (POSIX; a folder cannot be opened on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
