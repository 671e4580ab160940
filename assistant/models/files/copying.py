"""Copies a file to another disk so that it can be cut at any moment, and checks what arrived."""

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from assistant.errors import ModelError, ModelFault, MoveFault, MoveRefused
from assistant.paths import writing_error

_BLOCK_BYTES = 4 * 1024 * 1024


def part_of(target: Path) -> Path:
    """Return where a copy is written until it is whole: a name that no list of models shows."""
    return target.with_name(f".{target.name}.moving")


def copy_checked(source: Path, target: Path, cancel: threading.Event) -> Iterator[int]:
    """Copy `source` to `target`, read it back and compare; yield the bytes that are there.

    What an earlier try left is compared and gone on from. The name appears when all is right, with
    the original's time. When it is cut or cancelled, the part is kept for the next try.

    Raises:
        ModelError: the original cannot be read.
        NoSpace, CannotWrite: the copy cannot be written.
        MoveRefused: the disk gave back other bytes than were written; the copy is deleted.
    """
    part = part_of(target)
    summed = hashlib.sha256()
    try:
        with _reading(source) as original:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(part, flags, 0o600), "r+b", buffering=0) as copy:
                yield from _same_part(original, copy, summed, cancel)
                while not cancel.is_set() and (block := _read(original, source)):
                    _write(copy, block)
                    summed.update(block)
                    yield copy.tell()
                if cancel.is_set():
                    return
                os.fsync(copy.fileno())
                if not _reads_back(copy, summed.digest(), cancel):
                    if cancel.is_set():
                        return
                    part.unlink()
                    raise MoveRefused(source, MoveFault.DAMAGED_COPY)
        facts = source.stat()
        os.utime(part, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise writing_error(target, error) from error


def _reading(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise ModelError(source, ModelFault.NOT_ALLOWED, error.strerror or "") from error


def _read(original: BinaryIO, source: Path) -> bytes:
    try:
        return original.read(_BLOCK_BYTES)
    except OSError as error:
        raise ModelError(source, ModelFault.NOT_ALLOWED, error.strerror or "") from error


def _same_part(
    original: BinaryIO, copy: BinaryIO, summed: "hashlib._Hash", cancel: threading.Event
) -> Iterator[int]:
    """Compare what an earlier try left, and stand in both files where they begin to differ."""
    at = 0
    while not cancel.is_set():
        there = copy.read(_BLOCK_BYTES)
        block = original.read(len(there)) if there else b""
        if not there or there != block:
            break
        summed.update(block)
        at += len(block)
        yield at
    original.seek(at)
    copy.seek(at)
    if not cancel.is_set():
        copy.truncate()


def _write(copy: BinaryIO, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[copy.write(rest) :]


def _reads_back(copy: BinaryIO, wanted: bytes, cancel: threading.Event) -> bool:
    """Return whether the disk gives back what was written, as far as its cache can be dropped."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(copy.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    copy.seek(0)
    summed = hashlib.sha256()
    while not cancel.is_set() and (block := copy.read(_BLOCK_BYTES)):
        summed.update(block)
    return summed.digest() == wanted


def are_same_bytes(one: Path, other: Path, cancel: threading.Event) -> bool:
    """Return whether two files have the same content; False when cancelled.

    Raises:
        OSError: one of them cannot be read.
    """
    if one.samefile(other):
        return True
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while not cancel.is_set():
            block = first.read(_BLOCK_BYTES)
            if block != second.read(_BLOCK_BYTES):
                return False
            if not block:
                return True
    return False


def sync_folder(folder: Path) -> None:
    """Make new names last through a power cut (POSIX; a folder cannot be opened on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
