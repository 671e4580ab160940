"""Works through the queue: file after file, each failure noted, a digest at a batch's end.

Nothing of the queue is in memory alone: a file is claimed, done or failed in the database, and what
was finished of one that was cut off is found again by its steps.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import psutil

from assistant.batches import faults
from assistant.batches.digests import encode_digest
from assistant.batches.working import Summarized, Writer, summarize_file
from assistant.documents.reading import Reader, ReadingProgress
from assistant.errors import (
    AssistantError,
    CannotWrite,
    CrashedLastTime,
    DamagedData,
    DocumentError,
    EngineClosed,
    EngineDied,
    EngineUnusable,
    FileFault,
    ModelError,
    ModelNotFound,
    ModelTooLarge,
    NoSpace,
)
from assistant.storage.queue import BatchRecord, ItemState, QueueItem, QueueStore
from assistant.summaries.digest import Digest, DigestFile, FailedFile
from assistant.summaries.digesting import digest
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import Mode, Summary, SummaryOptions, SummaryProgress

_POLL_S = 0.2
# Not the file's fault: the others would fail alike, so the file waits and the queue stops.
_NOT_THE_FILE = (
    NoSpace,
    CannotWrite,
    DamagedData,
    EngineClosed,
    EngineUnusable,
    CrashedLastTime,
    ModelError,
    ModelNotFound,
    ModelTooLarge,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Started:
    """A file's turn has come."""

    item: QueueItem


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a file is."""

    item: QueueItem
    progress: ReadingProgress | SummaryProgress


@dataclass(frozen=True, slots=True)
class Grew:
    """There is more of a file's summary."""

    item: QueueItem
    summary: Summary


@dataclass(frozen=True, slots=True)
class Done:
    """A file is done; its document is `record_id`."""

    item: QueueItem
    record_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A file failed; the others go on."""

    item: QueueItem
    error: AssistantError


@dataclass(frozen=True, slots=True)
class DigestGrew:
    """There is more of the digest of a batch; `is_complete` where it is all there."""

    batch_id: int
    digest: Digest
    is_complete: bool


QueueEvent = Started | Progressed | Grew | Done | Failed | DigestGrew


def encode_options(options: SummaryOptions) -> bytes:
    """Return options as a batch keeps them."""
    return msgspec.json.encode(options)


def decode_options(content: bytes) -> SummaryOptions:
    """Return the options of a batch; key points where another version of the app wrote them."""
    try:
        return msgspec.json.decode(content, type=SummaryOptions)
    except msgspec.MsgspecError:
        return SummaryOptions(mode=Mode.KEY_POINTS, words=160)


class QueueRunner:
    """Works through the queue of one database.

    Args:
        queue: the files.
        keeping: where documents and summaries are kept.
        reader: what reads.
        writer: gives the model that writes at the time, None for key points alone.
    """

    def __init__(
        self,
        queue: QueueStore,
        keeping: Keeping,
        *,
        reader: Reader,
        writer: Callable[[], Writer | None],
    ) -> None:
        self._queue = queue
        self._keeping = keeping
        self._reader = reader
        self._writer = writer
        self._owner = _owner(os.getpid())

    def run(
        self, *, cancel: threading.Event, hold: threading.Event | None = None
    ) -> Iterator[QueueEvent]:
        """Summarise what waits, then make the digests that are wished; end when all is done.

        Args:
            cancel: stops it; the file under way waits again, with what is finished of it.
            hold: pauses it while it is set.

        Raises:
            NoSpace, CannotWrite, DamagedData: results cannot be kept.
            ModelError, ModelNotFound, ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed,
                EngineUnusable: the model cannot be loaded, for no file.
        """
        self._queue.recover(_is_alive)
        while not cancel.is_set():
            _wait_while(hold, cancel)
            item = None if cancel.is_set() else self._queue.claim(self._owner)
            if item is not None:
                yield from self._one(item, cancel, hold)
                continue
            batch = self._without_digest()
            if batch is None or cancel.is_set():
                return
            yield from self._digest(batch, cancel, hold)

    def _one(
        self, item: QueueItem, cancel: threading.Event, hold: threading.Event | None
    ) -> Iterator[QueueEvent]:
        """Summarise one file; whatever happens, it does not stay claimed."""
        is_settled = False
        try:
            yield Started(item)
            for event in self._events(item, cancel, hold):
                if isinstance(event, Summarized):
                    self._queue.finish(item.id, event.record_id)
                    is_settled = True
                    yield Done(item, event.record_id)
                elif isinstance(event, Summary):
                    yield Grew(item, event)
                else:
                    yield Progressed(item, event)
        except _NOT_THE_FILE:
            raise
        except Exception as error:
            if isinstance(error, EngineDied) and error.while_loading:
                raise
            told = _told(error, item)
            self._queue.fail(item.id, faults.encode(told))
            is_settled = True
            yield Failed(item, told)
        finally:
            if not is_settled:
                self._queue.release(item.id)

    def _events(
        self, item: QueueItem, cancel: threading.Event, hold: threading.Event | None
    ) -> Iterator[ReadingProgress | SummaryProgress | Summary | Summarized]:
        batch = self._queue.batch(item.batch_id)
        if batch is None:
            return iter(())
        options = decode_options(batch.options)
        return summarize_file(
            item.path,
            options,
            reader=self._reader,
            keeping=self._keeping,
            writer=self._writer() if options.mode is not Mode.KEY_POINTS else None,
            cancel=cancel,
            hold=hold,
        )

    def _without_digest(self) -> BatchRecord | None:
        """Return a batch that is at rest and whose digest is wished and not there."""
        for batch in self._queue.batches():
            is_due = batch.wants_digest and batch.is_at_rest and not batch.is_paused
            if is_due and not batch.has_digest and batch.counts.get(ItemState.DONE):
                return batch
        return None

    def _digest(
        self, batch: BatchRecord, cancel: threading.Event, hold: threading.Event | None
    ) -> Iterator[QueueEvent]:
        files, failures = self.gathered(batch.id)
        options = decode_options(batch.options)
        writer = self._writer() if options.mode is not Mode.KEY_POINTS else None
        made: Digest | None = None
        for event in digest(
            files,
            options,
            engine=writer.engine if writer else None,
            model=writer.model if writer else None,
            is_experimental=writer.is_experimental if writer else False,
            failures=failures,
            cancel=cancel,
            hold=hold,
        ):
            if isinstance(event, Digest):
                made = event
                yield DigestGrew(batch.id, event, is_complete=False)
        if made is not None and not made.is_stopped:
            self._queue.save_digest(batch.id, encode_digest(made))
            yield DigestGrew(batch.id, made, is_complete=True)

    def gathered(self, batch_id: int) -> tuple[list[DigestFile], list[FailedFile]]:
        """Return what a digest of a batch is made from, in the batch's order."""
        files: list[DigestFile] = []
        failures: list[FailedFile] = []
        batch = self._queue.batch(batch_id)
        options = decode_options(batch.options if batch else b"")
        for item in self._queue.items(batch_id):
            if item.state is ItemState.FAILED:
                failures.append(FailedFile(item.path, faults.decode(item.error, item.path)))
            elif item.state is ItemState.HELD:
                passed_over = DocumentError(item.path, FileFault.PASSED_OVER)
                failures.append(FailedFile(item.path, passed_over))
            elif item.state is ItemState.DONE:
                file = self._summarized(item, options)
                if file is not None:
                    files.append(file)
                else:
                    lost = DocumentError(item.path, FileFault.SUMMARY_LOST)
                    failures.append(FailedFile(item.path, lost))
        return files, failures

    def _summarized(self, item: QueueItem, options: SummaryOptions) -> DigestFile | None:
        if item.document_id is None:
            return None
        document = self._keeping.document(item.document_id)
        summary = self._keeping.newest_summary(item.document_id, options)
        return DigestFile.of(document, summary) if document and summary else None


def _told(error: Exception, item: QueueItem) -> AssistantError:
    """Return why a file failed; a mistake of ours with one must not keep the others waiting."""
    if isinstance(error, AssistantError):
        return error
    _log.error("a file of the queue failed", exc_info=error)
    return DocumentError(item.path, FileFault.READER_CRASHED)


def _owner(pid: int) -> str:
    """Return a name for a process that no later one has."""
    return f"{pid}:{psutil.Process(pid).create_time():.2f}"


def _is_alive(owner: str) -> bool:
    pid, _, _ = owner.partition(":")
    try:
        return _owner(int(pid)) == owner
    except (psutil.Error, ValueError):
        return False


def _wait_while(hold: threading.Event | None, cancel: threading.Event) -> None:
    while hold is not None and hold.is_set() and not cancel.is_set():
        cancel.wait(_POLL_S)
