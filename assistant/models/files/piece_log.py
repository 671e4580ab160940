"""Which sum each block of an arriving file had when it came, as a file that only grows.

Read after a crash, a power cut or a day it tells which bytes on the disk are still those that
came: the others are fetched again, and no more.
"""

import contextlib
import errno
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from assistant.models.files.blocks import BLOCK_BYTES
from assistant.paths import writing_error

_ENTRY = struct.Struct("<QB32s")


@dataclass(frozen=True, slots=True)
class Piece:
    """The first bytes of a block, or all of it.

    Attributes:
        end: the byte after its last, counted from the file's begin.
        sum: its sha256.
        is_proven: all of it was summed as it came; else some was taken from the disk on trust.
    """

    end: int
    sum: bytes
    is_proven: bool = True

    @property
    def block(self) -> int:
        """The number of its block."""
        return (self.end - 1) // BLOCK_BYTES


class PieceLog:
    """The pieces of one arriving file; of one block the last that was noted counts.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    @property
    def is_there(self) -> bool:
        """Whether anything was noted."""
        return self._path.exists()

    def read(self) -> dict[int, Piece]:
        """Return the pieces by block. What is no whole entry at the end is passed over."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return {}
        whole = len(content) - len(content) % _ENTRY.size
        pieces = (
            Piece(end, digest, bool(proven))
            for end, proven, digest in _ENTRY.iter_unpack(content[:whole])
            if end
        )
        return {piece.block: piece for piece in pieces}

    def note(self, *pieces: Piece) -> None:
        """Add pieces.

        Raises:
            CannotWrite, NoSpace: the file cannot be written.
        """
        entries = b"".join(_ENTRY.pack(p.end, p.is_proven, p.sum) for p in pieces)
        try:
            if self._descriptor < 0:
                self._descriptor = self._opened()
            written = os.write(self._descriptor, entries)
            if written < len(entries):  # half an entry would make those after it unreadable
                os.ftruncate(self._descriptor, os.lseek(self._descriptor, -written, os.SEEK_CUR))
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise writing_error(self._path, error) from error

    def clear(self) -> None:
        """Forget all."""
        self.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, 0o600)
        # A power cut may have left half an entry, and what follows it could not be read.
        size = os.fstat(descriptor).st_size
        os.ftruncate(descriptor, size - size % _ENTRY.size)
        os.lseek(descriptor, 0, os.SEEK_END)
        return descriptor
