"""The sha256 of each block of a model file, kept beside it as `<file>.gguf.blocks`.

The whole file's sum tells that a file is damaged; the blocks' sums tell where, so that a few
megabytes are fetched again and not all of them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.errors import AssistantError
from assistant.paths import write_atomically

BLOCK_BYTES = 1024 * 1024
_SUM_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSums:
    """The sums of one file.

    Attributes:
        size_bytes: the file's length.
        sha256: of the whole file.
        sums: the sha256 of each block of 1 MiB, one after the other; the last may be shorter.
    """

    size_bytes: int
    sha256: str
    sums: bytes

    def of(self, block: int) -> bytes:
        """Return the sum of the block with this number, from 0."""
        return self.sums[block * _SUM_BYTES : (block + 1) * _SUM_BYTES]

    def extent(self, block: int) -> tuple[int, int]:
        """Return where a block begins and ends, in bytes."""
        start = block * BLOCK_BYTES
        return start, min(start + BLOCK_BYTES, self.size_bytes)

    @property
    def is_whole(self) -> bool:
        """Whether there is a sum for each block."""
        return len(self.sums) == block_count(self.size_bytes) * _SUM_BYTES


class BlockSummer:
    """Sums up a file as its bytes come, whole and by blocks."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._whole = hashlib.sha256()
        self._block = hashlib.sha256()
        self._sums = bytearray()

    def add(self, data: "bytes | bytearray | memoryview") -> None:
        """Add the bytes that follow."""
        self._whole.update(data)
        rest = memoryview(data)
        while rest:
            room = BLOCK_BYTES - self.size_bytes % BLOCK_BYTES
            piece = rest[:room]
            self._block.update(piece)
            self.size_bytes += len(piece)
            if len(piece) == room:
                self._end_block()
            rest = rest[room:]

    @property
    def whole_blocks(self) -> int:
        """How many blocks are complete."""
        return len(self._sums) // _SUM_BYTES

    def sum_of(self, block: int) -> bytes:
        """Return the sum of a block, or of what is there of the last."""
        if block == self.whole_blocks:
            return self._block.digest()
        return bytes(self._sums[block * _SUM_BYTES : (block + 1) * _SUM_BYTES])

    def result(self) -> BlockSums:
        """Return the sums of all that was added."""
        last = self._block.digest() if self.size_bytes % BLOCK_BYTES else b""
        return BlockSums(
            size_bytes=self.size_bytes,
            sha256=self._whole.hexdigest(),
            sums=bytes(self._sums) + last,
        )

    def _end_block(self) -> None:
        self._sums += self._block.digest()
        self._block = hashlib.sha256()


class _Kept(msgspec.Struct):
    """The file: `check` is the sum of `sums`, for the file itself may be damaged."""

    block_bytes: int
    size_bytes: int
    sha256: str
    sums: str
    check: str


def block_count(size_bytes: int) -> int:
    """Return how many blocks a file of this length has."""
    return -(-size_bytes // BLOCK_BYTES)


def joined(extents: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return extents in order, with those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(extents):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def blocks_path(model: Path) -> Path:
    """Return where the sums of a model file's blocks are kept."""
    return model.with_name(f"{model.name}.blocks")


def read_blocks(model: Path) -> BlockSums | None:
    """Return the sums kept of a model file; None if there are none, or they are damaged."""
    try:
        kept = msgspec.json.decode(blocks_path(model).read_bytes(), type=_Kept)
        found = BlockSums(
            size_bytes=kept.size_bytes, sha256=kept.sha256, sums=bytes.fromhex(kept.sums)
        )
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    is_ours = kept.block_bytes == BLOCK_BYTES and kept.check == _check(found) and found.is_whole
    return found if is_ours else None


def write_blocks(model: Path, found: BlockSums) -> bool:
    """Keep the sums of a model file; return False where the folder cannot be written."""
    kept = _Kept(
        block_bytes=BLOCK_BYTES,
        size_bytes=found.size_bytes,
        sha256=found.sha256,
        sums=found.sums.hex(),
        check=_check(found),
    )
    try:
        write_atomically(blocks_path(model), msgspec.json.encode(kept) + b"\n")
    except AssistantError:
        return False
    return True


def _check(found: BlockSums) -> str:
    return hashlib.sha256(f"{found.size_bytes} {found.sha256} ".encode() + found.sums).hexdigest()
