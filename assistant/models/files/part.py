"""A file that is still arriving: `<name>.part`, with notes and its blocks' sums beside it.

The sha256 is summed while bytes are written. Python cannot save a running sum, so what an
earlier run left is read again before more is added: the result is of the bytes on the disk. The
same reading tells which blocks are no longer what came.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from assistant.errors import AssistantError, ModelInUse, NoSpace
from assistant.models.files.blocks import BLOCK_BYTES, BlockSummer, BlockSums, joined, write_blocks
from assistant.models.files.flushing import Flusher
from assistant.models.files.lock import FileLock
from assistant.models.files.piece_log import Piece, PieceLog
from assistant.models.files.summing import SummingThread
from assistant.paths import ensure_folder, write_atomically, writing_error

if sys.platform == "linux":
    import fcntl

    def _clone(source: int, target: int) -> None:
        """Let two files share their bytes until one of them changes (Btrfs, XFS …)."""
        fcntl.ioctl(target, _FICLONE, source)
else:

    def _clone(source: int, target: int) -> None:
        del source, target
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


MAGIC = b"GGUF"
_FICLONE = 0x40049409  # linux/fs.h
Extent: TypeAlias = tuple[int, int]


class BusyError(Exception):
    """Another thread or process works on this part; never leaves `assistant.models`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFile:
    """One file of a model that is cut into several: its path in the repository, and its length."""

    file: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNotes:
    """Of which file the bytes are, and where the rest of it is.

    `files` are all files of a model that is cut into several, noted with the first of them.
    """

    repo: str
    file: str
    revision: str
    size_bytes: int
    sha256: str
    etag: str
    endpoint: str
    files: tuple[SetFile, ...] = ()


class Part:
    """The bytes of `target` that are here so far; a context manager that holds the lock on them.

    Attributes:
        done_bytes: how many there are, after `reread`.
        head: the first four.
        damaged: what `reread` found to be no longer what came, in whole blocks.
        unproven: what nobody summed up when it came, in whole blocks: it was on its way to the
            log when a run was killed.

    Raises:
        BusyError: another has the lock.
        CannotWrite, NoSpace: the folder cannot take it.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self.done_bytes = 0
        self.head = b""
        self.damaged: list[Extent] = []
        self._unproven: set[int] = set()
        self._notes_path = notes_path(target)
        self._lock = FileLock(target.with_name(f"{target.name}.part.lock"))
        self._log = PieceLog(target.with_name(f"{target.name}.part.blocks"))
        self._file: FileIO | None = None
        self._flusher = Flusher()
        self._noted_blocks = 0
        self._summer = BlockSummer()
        self._summing = SummingThread(self._summer, self._note_blocks)

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
            self.rest()
            with contextlib.suppress(OSError):  # nothing came: leave nothing
                if self.path.stat().st_size == 0:
                    self.discard()
        finally:
            self._lock.release()

    @property
    def sums(self) -> BlockSums:
        """The sums of the bytes that are here."""
        self._summing.wait()
        return self._summer.result()

    @property
    def sha256(self) -> str:
        """The sum of all bytes that are here."""
        return self.sums.sha256

    def sum_of(self, block: int) -> bytes:
        """Return the sum of a block as it is here, or was before it was replaced."""
        return self._summer.sum_of(block)

    @property
    def unproven(self) -> list[Extent]:
        """See the class."""
        return joined([self._extent(block) for block in self._unproven])

    def notes(self) -> PartNotes | None:
        """Return what an earlier run noted; None if there is nothing to go on from."""
        if not self.path.exists():
            return None
        return read_notes(self._notes_path)

    @property
    def is_left_copy(self) -> bool:
        """Whether it is of a copy that was killed: it has blocks' sums of ours, and no notes.

        Browsers, too, call what they have begun `.part`.
        """
        return self._log.is_there and not self._notes_path.exists()

    def note(self, notes: PartNotes) -> None:
        """Note of which file the bytes are.

        Raises:
            CannotWrite, NoSpace: it cannot be written.
        """
        write_atomically(self._notes_path, msgspec.json.encode(notes))

    def trust(self, sums: BlockSums) -> None:
        """Take `sums` for those of the blocks when they came, in the place of an own log.

        Raises:
            CannotWrite, NoSpace: they cannot be noted.
        """
        self._log.clear()
        blocks = range(len(sums.sums) // hashlib.sha256().digest_size)
        self._log.note(*(Piece(sums.extent(block)[1], sums.of(block)) for block in blocks))

    def reread(self, cancel: threading.Event) -> Iterator[int]:
        """Sum up what is here, and yield how far that is; ends early when cancelled."""
        file = self._opened()
        self._begin_sums()
        self.done_bytes = 0
        self.head = b""
        self.damaged.clear()
        self._unproven.clear()
        known = self._log.read()
        try:
            file.seek(0)
            while not cancel.is_set() and (block := _read_block(file)):
                number = self._summer.whole_blocks
                self._summer.add(block)
                self._count(block)
                self._compare(number, block, known.get(number))
                self._noted_blocks = self._summer.whole_blocks
                yield self.done_bytes
        except OSError as error:
            raise writing_error(self.path, error) from error

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end.

        Raises:
            NoSpace, CannotWrite: they could not be written; those before are kept.
        """
        self._write(chunk)
        self._count(chunk)
        self._summing.add(chunk)
        self._flusher.wrote(len(chunk), self._opened().fileno())

    def copy_in(self, block: bytes) -> None:
        """Add bytes at the end that came earlier. `reread` has to follow before more is added.

        Raises:
            NoSpace, CannotWrite: they could not be written.
        """
        self._opened().seek(0, os.SEEK_END)
        self._write(block)

    def clone(self, source: Path, size_bytes: int) -> bool:
        """Take over the first bytes of a file without copying; return False if that cannot be."""
        try:
            with source.open("rb") as file:
                _clone(file.fileno(), self._opened().fileno())
            if self.here_bytes() > size_bytes:
                self._opened().truncate(size_bytes)
        except OSError:
            return False
        return True

    def replace(self, start: int, block: bytes) -> None:
        """Write a block anew, in place. `reread` has to follow before more is added.

        Raises:
            NoSpace, CannotWrite: it could not be written.
        """
        file = self._opened()
        try:
            file.seek(start)
            self._write(block)
            file.seek(0, os.SEEK_END)
        except OSError as error:
            raise writing_error(self.path, error) from error
        self._log.note(Piece(start + len(block), hashlib.sha256(block).digest()))

    def restart(self) -> None:
        """Throw the bytes away and begin again."""
        file = self._opened()
        self._begin_sums()
        try:
            file.seek(0)
            file.truncate()
        except OSError as error:
            raise writing_error(self.path, error) from error
        self._log.clear()
        self._unproven.clear()
        self.damaged.clear()
        self.done_bytes = 0
        self.head = b""

    def refuse_if_full(self, size_bytes: int, reserve_bytes: int) -> None:
        """Raise NoSpace if the disk has no room for the rest of `size_bytes` and a reserve."""
        rest = max(0, size_bytes - self.here_bytes())
        refuse_if_full(self.target.parent, rest + reserve_bytes)

    def here_bytes(self) -> int:
        """Return the length of the file, read again or not."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise writing_error(self.path, error) from error

    def finish(self, sums: BlockSums | None = None) -> None:
        """Make the part the file itself, in one step that a power cut cannot halve.

        Args:
            sums: of all of it, where they were taken before `rest`.

        Raises:
            CannotWrite, NoSpace, ModelInUse: it is still a part.
        """
        sums = sums or self.sums
        file = self._opened()
        try:
            os.fsync(file.fileno())
            self._close()
            self.path.replace(self.target)
            _sync_folder(self.target.parent)
        except PermissionError as error:
            if sys.platform == "win32" and self.target.exists():
                raise ModelInUse(self.target) from error  # a mapped file cannot be replaced there
            raise writing_error(self.target, error) from error
        except OSError as error:
            raise writing_error(self.target, error) from error
        self._log.clear()
        self._notes_path.unlink(missing_ok=True)
        write_blocks(self.target, sums)

    def rest(self) -> None:
        """Close the files, with all that is known of them noted; the lock is kept."""
        with contextlib.suppress(AssistantError):  # then the next run trusts a little less
            self._summing.close()
            if self._file is not None and self.done_bytes % BLOCK_BYTES:
                block = self._summer.whole_blocks
                self._log.note(self._piece(block, self.done_bytes))
        self._close()

    def discard(self) -> None:
        """Delete the bytes and the notes."""
        self._close()
        self._log.clear()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
            self._notes_path.unlink(missing_ok=True)

    def _begin_sums(self) -> None:
        self._end_sums()
        self._summer = BlockSummer()
        self._summing = SummingThread(self._summer, self._note_blocks)
        self._noted_blocks = 0

    def _end_sums(self) -> None:
        with contextlib.suppress(AssistantError):
            self._summing.close()

    def _note_blocks(self) -> None:
        """Note the blocks that were summed up since the last time. On the summing thread."""
        blocks = range(self._noted_blocks, self._summer.whole_blocks)
        self._noted_blocks = blocks.stop
        if blocks:
            self._log.note(*(self._piece(block, (block + 1) * BLOCK_BYTES) for block in blocks))

    def _piece(self, block: int, end: int) -> Piece:
        return Piece(end, self._summer.sum_of(block), block not in self._unproven)

    def _compare(self, number: int, block: bytes, known: Piece | None) -> None:
        """Note what the log's entry tells of a block that is on the disk."""
        start = number * BLOCK_BYTES
        end = start + len(block)
        if known is None or known.end > end:
            self._unproven.add(number)
        elif known.sum != self._sum_up_to(known.end, number, block, end):
            self.damaged.append((start, end))
        elif known.end < end or not known.is_proven:
            self._unproven.add(number)

    def _sum_up_to(self, noted: int, number: int, block: bytes, end: int) -> bytes:
        """Return the sum of a block, or of its first bytes if only those were noted."""
        if noted == end:
            return self._summer.sum_of(number)
        return hashlib.sha256(block[: len(block) - (end - noted)]).digest()

    def _extent(self, block: int) -> Extent:
        start = block * BLOCK_BYTES
        return start, min(start + BLOCK_BYTES, self.done_bytes)

    def _write(self, chunk: bytes) -> None:
        file = self._opened()
        rest = memoryview(chunk)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError as error:
            raise writing_error(self.path, error) from error

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
        self._end_sums()
        self._log.close()
        self._flusher.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _count(self, chunk: bytes) -> None:
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


def refuse_if_full(folder: Path, needed_bytes: int) -> None:
    """Raise NoSpace if the disk of `folder` has no room for so much."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise writing_error(folder, error) from error
    if needed_bytes > free:
        raise NoSpace(folder, needed_bytes=needed_bytes, free_bytes=free)


def _read_block(file: FileIO) -> bytes:
    """Return the block that begins here; a disk gives less than asked only at the file's end."""
    block = file.read(BLOCK_BYTES) or b""
    while 0 < len(block) < BLOCK_BYTES and (more := file.read(BLOCK_BYTES - len(block))):
        block += more
    return block


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut (POSIX; a folder cannot be opened on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
