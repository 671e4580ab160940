"""Copying a model file of the person's own into the folder of models."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CannotWrite, ModelError, ModelFault
from assistant.models.files.copying import are_same_bytes
from assistant.models.files.names import free_name
from assistant.models.files.part import BusyError, Part
from assistant.models.files.record import ModelRecord, side_files, write_record

_BLOCK_BYTES = 4 * 1024 * 1024
_PROGRESS_EVERY_S = 0.1
_RESERVE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far a copy is."""

    done_bytes: int
    total_bytes: int


def copy_in(
    sources: Sequence[Path],
    folder: Path,
    cancel: threading.Event,
    reserve_bytes: int = _RESERVE_BYTES,
) -> Iterator[CopyProgress | Path]:
    """Copy a model's files into `folder`, with a record of their sha256.

    The last value is the copy of the first. Files of the same bytes that are there already are
    taken instead. Nothing is left behind when it is cancelled or fails.

    Raises:
        ModelError: a file cannot be read.
        NoSpace, CannotWrite: the folder cannot take it.
    """
    if len(sources) > 1:
        yield from _copy_parts(sources, folder, cancel, reserve_bytes)
        return
    source = sources[0]
    for there in sorted(folder.glob("*.gguf")):
        with contextlib.suppress(OSError):  # a link that leads nowhere, a file that nobody may read
            if are_same_bytes(source, there, cancel):
                yield there
                return
    target = free_name(folder, source.name)
    yield from _copy_one(source, target, cancel, reserve_bytes)
    if target.exists():
        yield target


def _copy_parts(
    sources: Sequence[Path], folder: Path, cancel: threading.Event, reserve_bytes: int
) -> Iterator[CopyProgress | Path]:
    """Copy the parts of one model; llama.cpp finds them by their names: none gets another."""
    missing = []
    for source in sources:
        if not (folder / source.name).exists():
            missing.append(source)
        elif not are_same_bytes(source, folder / source.name, cancel) and not cancel.is_set():
            raise CannotWrite(folder / source.name, "another file has this name")
    total = sum(source.stat().st_size for source in missing)
    done = 0
    made: list[Path] = []
    is_whole = False
    try:
        for source in missing:
            for event in _copy_one(source, folder / source.name, cancel, reserve_bytes):
                yield CopyProgress(done + event.done_bytes, total)
            if cancel.is_set():
                break
            made.append(folder / source.name)
            done += source.stat().st_size
        is_whole = not cancel.is_set()
    finally:
        for path in () if is_whole else made:  # not what another process has copied meanwhile
            for one in (path, *side_files(path)):
                one.unlink(missing_ok=True)
    if is_whole:
        yield folder / sources[0].name


def _copy_one(
    source: Path, target: Path, cancel: threading.Event, reserve_bytes: int
) -> Iterator[CopyProgress]:
    size = source.stat().st_size
    try:
        with Part(target) as part:
            yield from _copy_to(part, source, size, cancel, reserve_bytes)
    except BusyError:
        raise CannotWrite(target, "it is being downloaded, or copied, already") from None


def _copy_to(
    part: Part, source: Path, size: int, cancel: threading.Event, reserve_bytes: int
) -> Iterator[CopyProgress]:
    if part.notes() is not None:
        raise CannotWrite(part.target, "a download of this name waits to be gone on with")
    try:
        part.restart()
        part.refuse_if_full(size, reserve_bytes)
        yield from _copy(source, part, size, cancel)
        if cancel.is_set():
            part.discard()
            return
        write_record(part.target, ModelRecord(size_bytes=part.done_bytes, sha256=part.sha256))
        part.finish()
    except BaseException:
        part.discard()
        raise


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
