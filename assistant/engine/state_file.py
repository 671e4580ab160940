"""One state on disk: what llama.cpp wrote for a sequence, and a trailer that tells damage.

llama.cpp's part (`llama_state_seq_save_file`) begins with magic, version, the number of tokens and
the tokens, each 32 bits in the machine's order; it reads as far as its own part goes and leaves
what follows. So one file is replaced at a time, never a file and its sum.

The sum is a CRC-32: it looks for damage, not for an attacker, who as this user could do anything.
Read and summed, 70 MB (3,000 tokens of the 135M starter) took 35 ms on one core of the reference
computer; with SHA-1 61 ms, with BLAKE2b about 130 ms, read alone 10 ms.
"""

import os
import stat
import struct
import sys
import zlib
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_HEAD = struct.Struct("=4sII")
_MAGICS = {b"qsgg", b"ggsq"}  # 'ggsq' as a number, by byte order
_TOKEN_BYTES = 4
_MARK = b"alcove\x00\x01"
# Mark, bytes of llama.cpp's part, sum of its head, sum of all of it, the name it was made for;
# then the sum of these.
_TRAILER = struct.Struct("<8sQII32s")
_SUM = struct.Struct("<I")
TRAILER_BYTES = _TRAILER.size + _SUM.size  # what a state takes beyond llama.cpp's part
_CHUNK_BYTES = 1024 * 1024


if sys.platform == "win32":

    def _take(descriptor: int) -> bool:
        """Say yes: Windows lets nobody delete a file that another has open."""
        del descriptor
        return True
else:
    import fcntl

    def _take(descriptor: int) -> bool:
        """Lock an open file until it is closed; False if another process has it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def make(part: Path, write: Callable[[Path], object], name: bytes) -> None:
    """Make a whole state at `part`, for this user alone from its first byte.

    The file stays open and locked meanwhile, so that nobody takes it for one that was left. It is
    not waited for until the disk has it, as a chat would wait, too, seconds on a slow one: what a
    power cut spoils is found by its sums.

    Args:
        part: where; the file must not be there.
        write: makes llama.cpp's part in the empty file that it is given, and returns its bytes.
        name: 32 bytes that say what the state is for.

    Raises:
        OSError: it is not whole, or was deleted while it was written.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, 0o600)
    try:
        if not _take(descriptor):
            raise OSError("another process took it")
        written = write(part)
        state = os.fstat(descriptor)
        # C's buffered writing notes a full disk when nobody looks any more.
        is_short = isinstance(written, int) and state.st_size != written
        if is_short or not os.path.samestat(state, part.stat()):
            raise OSError("not written whole")
        _seal(part, name)
    finally:
        os.close(descriptor)


def is_abandoned(part: Path) -> bool:
    """Whether the process that was making the state at `part` has ended."""
    try:
        descriptor = os.open(part, os.O_RDWR)
    except OSError:
        return False
    try:
        return _take(descriptor)
    finally:
        os.close(descriptor)


def tokens_of(path: Path, name: bytes) -> list[int] | None:
    """Return the tokens that the state at `path` has evaluated; None if it is damaged or foreign.

    Reads and checks the head only: a few kilobytes.
    """
    try:
        with _open(path) as file:
            facts = _trailer(file, name)
            head = _read_head(file, facts[0]) if facts else None
    except OSError:
        return None
    if facts is None or head is None or zlib.crc32(head) != facts[1]:
        return None
    tokens = array("i")
    tokens.frombytes(head[_HEAD.size :])
    return tokens.tolist()


def is_whole(path: Path, name: bytes) -> bool:
    """Whether every byte of the state at `path` is as it was written, under this name."""
    try:
        with _open(path) as file:
            facts = _trailer(file, name)
            return facts is not None and _sum(file, facts[0]) == facts[2]
    except OSError:
        return False


def _seal(path: Path, name: bytes) -> None:
    """Append the trailer to what llama.cpp wrote."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        head = _read_head(file, size)
        if head is None:
            raise OSError(f"{path.name} is not a state")
        facts = _TRAILER.pack(_MARK, size, zlib.crc32(head), _sum(file, size), name)
        file.seek(size)
        file.write(facts + _SUM.pack(zlib.crc32(facts)))


def _open(path: Path) -> BinaryIO:
    """Open a regular file: opening a pipe would wait for its other end."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(f"{path.name} is not a file")
    return path.open("rb", buffering=0)


def _trailer(file: BinaryIO, name: bytes) -> tuple[int, int, int] | None:
    """Return the size of llama.cpp's part, the sum of its head and of all, if they are sound."""
    size = file.seek(0, os.SEEK_END) - TRAILER_BYTES
    if size < _HEAD.size:
        return None
    file.seek(size)
    trailer = file.read(TRAILER_BYTES)
    facts, tail = trailer[: _TRAILER.size], trailer[_TRAILER.size :]
    if len(trailer) < TRAILER_BYTES or _SUM.unpack(tail)[0] != zlib.crc32(facts):
        return None
    mark, body, head_sum, body_sum, made_for = _TRAILER.unpack(facts)
    if (mark, body, made_for) != (_MARK, size, name):
        return None
    return int(body), int(head_sum), int(body_sum)


def _read_head(file: BinaryIO, size: int) -> bytes | None:
    """Return magic, version, count and tokens of a state of `size` bytes; None if it has none."""
    file.seek(0)
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, _, count = _HEAD.unpack(head)
    wanted = int(count) * _TOKEN_BYTES
    if magic not in _MAGICS or not 0 < wanted <= size - _HEAD.size:
        return None
    tokens = file.read(wanted)
    return head + tokens if len(tokens) == wanted else None


def _sum(file: BinaryIO, size: int) -> int:
    """Return the sum of the first `size` bytes."""
    file.seek(0)
    buffer = bytearray(_CHUNK_BYTES)
    view = memoryview(buffer)
    total, left = 0, size
    while left:
        count = file.readinto(view[: min(left, _CHUNK_BYTES)])  # type: ignore[attr-defined]
        if not count:
            raise OSError("shorter than it was")
        total = zlib.crc32(view[:count], total)
        left -= count
    return total
