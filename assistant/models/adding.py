"""Copying a model file of the person's own into the folder of models."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelError, ModelFault
from assistant.models.names import free_name
from assistant.models.part import Part
from assistant.models.record import ModelRecord, write_record

_BLOCK_BYTES = 4 * 1024 * 1024
_PROGRESS_EVERY_S = 0.1
_RESERVE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far a copy is."""

    done_bytes: int
    total_bytes: int


def copy_in(
    source: Path, folder: Path, cancel: threading.Event, reserve_bytes: int = _RESERVE_BYTES
) -> Iterator[CopyProgress | Path]:
    """Copy `source` into `folder`, with a record of its sha256; the last value is the copy.

    A file of the same bytes that is there already is taken instead. Nothing is left behind
    when it is cancelled or fails.
    """
    size = source.stat().st_size
    for there in sorted(folder.glob("*.gguf")):
        if there.stat().st_size == size and _is_same(source, there, cancel):
            yield there
            return
    target = free_name(folder, source.name)
    with Part(target) as part:
        try:
            part.restart()
            part.refuse_if_full(size, reserve_bytes)
            yield from _copy(source, part, size, cancel)
            if cancel.is_set():
                part.discard()
                return
            write_record(target, ModelRecord(size_bytes=part.done_bytes, sha256=part.sha256))
            part.finish()
        except BaseException:
            part.discard()
            raise
    yield target


def _copy(source: Path, part: Part, size: int, cancel: threading.Event) -> Iterator[CopyProgress]:
    shown_at = 0.0
    try:
        with source.open("rb") as file:
            while not cancel.is_set() and (block := file.read(_BLOCK_BYTES)):
                part.write(block)
                if time.monotonic() - shown_at >= _PROGRESS_EVERY_S:
                    shown_at = time.monotonic()
                    yield CopyProgress(part.done_bytes, size)
    except OSError as error:
        raise ModelError(source, ModelFault.NOT_ALLOWED, error.strerror or "") from error


def _is_same(one: Path, other: Path, cancel: threading.Event) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        while not cancel.is_set():
            block = first.read(_BLOCK_BYTES)
            if block != second.read(_BLOCK_BYTES):
                return False
            if not block:
                return True
    return False
