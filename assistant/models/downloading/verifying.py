"""Verifying an installed model again: whether its bytes are still those that came, and where not.

A disk can change a bit without a word, and a changed weight shows in no other way than in worse
answers. The whole file's sum tells, the sums of its blocks tell where.
"""

import hashlib
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from assistant.errors import ModelError, ModelFault
from assistant.gguf import files_of
from assistant.models.files.blocks import (
    BLOCK_BYTES,
    BlockSums,
    block_count,
    joined,
    read_blocks,
    write_blocks,
)
from assistant.models.files.progress import Speed
from assistant.models.files.record import recorded

Extent: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyProgress:
    """How far it is, in bytes, and how fast it goes."""

    done_bytes: int
    total_bytes: int
    bytes_per_s: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at this speed; None if nobody can say."""
        return (self.total_bytes - self.done_bytes) / self.bytes_per_s if self.bytes_per_s else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What was found.

    Attributes:
        is_sound: every byte is as it came.
        damaged: from and to which byte it is not, with 1 MiB the finest; of a model in several
            files as if they were one. Empty if sound.
        is_located: `damaged` names blocks. Else their sums were never recorded, and it names
            whole files.
        is_known: there was a sum to compare with. Else the sums are recorded now, for the next
            time, and "sound" only means that everything could be read.
        sha256: of the first file, as it is now.
        size_bytes: what it should have.
    """

    is_sound: bool
    damaged: tuple[Extent, ...]
    is_located: bool
    is_known: bool
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFile:
    """What a file of a model should be: "" and None for what nobody recorded."""

    path: Path
    size_bytes: int
    sha256: str
    blocks: BlockSums | None


@dataclass(frozen=True, slots=True)
class _Finding:
    damaged: tuple[Extent, ...]
    is_located: bool
    sums: BlockSums


def verify(
    model_path: Path, sha256: str = "", *, keeps_blocks: bool = True, cancel: threading.Event
) -> Iterator[VerifyProgress | VerifyResult]:
    """Read a model and compare it with what was recorded when it came; the last value tells.

    The sums of its blocks are recorded beside it where they are missing and the file is sound.
    Returns early when cancelled. About a second for each GB.

    Args:
        model_path: the model; of one in several files the first.
        sha256: what its (first) file should have, where no record beside it tells.
        keeps_blocks: whether a file may be written beside it; not into other apps' folders.
        cancel: stops it.

    Raises:
        ModelError: the file cannot be opened.
    """
    files = expected_files(model_path, sha256)
    total = sum(file.size_bytes for file in files)
    speed = Speed()
    done = 0
    findings: list[_Finding] = []
    for file in files:
        summing = _compare(file, cancel)
        while True:
            try:
                count = next(summing)
            except StopIteration as end:
                finding = end.value
                break
            done += count
            if speed.add(count):
                yield VerifyProgress(
                    done_bytes=done, total_bytes=total, bytes_per_s=speed.bytes_per_s
                )
        if finding is None:
            return
        findings.append(finding)
        if keeps_blocks and not finding.damaged and not file.blocks:
            write_blocks(file.path, finding.sums)
    yield _result(files, findings)


def expected_files(model_path: Path, sha256: str = "") -> tuple[ExpectedFile, ...]:
    """Return what the files of a model should be.

    Raises:
        ModelError: one of them is missing, and no record tells its length.
    """
    first = recorded(model_path)
    parts = {part.name: part for part in first.parts} if first else {}
    found = []
    for path in files_of(model_path):
        own = recorded(path) or parts.get(path.name)
        blocks = read_blocks(path)
        known = own.sha256 if own else (sha256 if path == model_path else "")
        if blocks and known and blocks.sha256 != known:
            blocks = None  # of another file of this name
        size = own.size_bytes if own else (blocks.size_bytes if blocks else _size(path))
        known = known or (blocks.sha256 if blocks else "")
        found.append(ExpectedFile(path=path, size_bytes=size, sha256=known, blocks=blocks))
    return tuple(found)


def _result(files: tuple[ExpectedFile, ...], findings: list[_Finding]) -> VerifyResult:
    damaged: list[Extent] = []
    begin = 0
    for file, finding in zip(files, findings, strict=True):
        damaged += [(begin + start, begin + end) for start, end in finding.damaged]
        begin += file.size_bytes
    return VerifyResult(
        is_sound=not damaged,
        damaged=tuple(joined(damaged)),
        is_located=all(finding.is_located for finding in findings),
        is_known=all(file.sha256 for file in files),
        sha256=findings[0].sums.sha256,
        size_bytes=begin,
    )


def _compare(file: ExpectedFile, cancel: threading.Event) -> Generator[int, None, _Finding | None]:
    """Read a file, yield how many bytes at a time, and return what is wrong; None if cancelled."""
    whole = hashlib.sha256()
    sums = bytearray()
    size = file.size_bytes
    try:
        opened = file.path.open("rb")
    except FileNotFoundError:
        return _Finding(((0, size),), True, BlockSums(size_bytes=size, sha256="", sums=b""))
    except OSError as error:
        raise ModelError(file.path, ModelFault.NOT_ALLOWED, error.strerror or "") from error
    with opened:
        for start in range(0, size, BLOCK_BYTES):
            if cancel.is_set():
                return None
            block = _read(opened, start, min(BLOCK_BYTES, size - start))
            whole.update(block)
            sums += hashlib.sha256(block).digest()
            yield min(BLOCK_BYTES, size - start)
        is_longer = bool(_read(opened, size, 1))
    found = BlockSums(size_bytes=size, sha256=whole.hexdigest(), sums=bytes(sums))
    return _finding(file, found, is_longer)


def _finding(file: ExpectedFile, found: BlockSums, is_longer: bool) -> _Finding:
    if not is_longer and (not file.sha256 or file.sha256 == found.sha256):
        return _Finding((), True, found)
    known = file.blocks
    blocks = range(block_count(file.size_bytes))
    damaged = [n for n in blocks if known and known.of(n) != found.of(n)]
    if known and is_longer:
        damaged.append(blocks[-1])
    if known is None or not damaged:
        return _Finding(((0, file.size_bytes),), False, found)
    return _Finding(tuple(known.extent(n) for n in damaged), True, found)


def _read(opened: BinaryIO, start: int, count: int) -> bytes:
    """Return what is there; a disk that cannot read a block gives none of it."""
    try:
        opened.seek(start)
        return opened.read(count)
    except OSError:
        return b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise ModelError(path, ModelFault.MISSING, error.strerror or "") from error
