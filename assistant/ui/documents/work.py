"""The long work of the Documents page, as generators for `Job`. No Qt here."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assistant.documents.document import Document
from assistant.documents.reading import Reader, ReadingProgress
from assistant.errors import AssistantError, DocumentError, FileFault
from assistant.storage.documents import DocumentRecord, DocumentStore
from assistant.storage.summaries import SummaryStore
from assistant.summaries.deleting import owner_of
from assistant.summaries.summary import Mode, ModelUsed, Summary

if TYPE_CHECKING:
    from assistant.engine.client import Engine
    from assistant.summaries.summarizing import SummaryOptions, SummaryProgress

# How often a summary that is being written is stored, so that a crash loses little of it.
_KEEP_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that was read or fetched from the store.

    Attributes:
        document: what is in it.
        record_id: its row; None if it could not be stored.
        not_stored: why it could not.
    """

    document: Document
    record_id: int | None
    not_stored: AssistantError | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A summary that was stored before."""

    summary: Summary
    words: int
    focus: str


@dataclass(frozen=True, slots=True)
class NotStored:
    """A summary is shown but could not be stored."""

    error: AssistantError


def read_file(
    reader: Reader,
    store: DocumentStore,
    path: Path,
    password: str | None,
    cancel: threading.Event,
) -> Iterator[ReadingProgress | Opened]:
    """Read a file and store what is in it; the last value is `Opened`, if not cancelled."""
    for value in reader.read(path, cancel=cancel, password=password):
        if isinstance(value, Document):
            yield _store(store, value)
        else:
            yield value


def fetch(
    store: DocumentStore, summaries: SummaryStore, record: DocumentRecord, cancel: threading.Event
) -> Iterator[Opened | Kept]:
    """Fetch a stored document and its last summary."""
    del cancel
    content = store.content(record.id)
    if content is None:
        raise DocumentError(record.path, FileFault.MISSING)
    yield Opened(decode(content), record.id)
    for kept in summaries.for_document(record.id):
        stored = summaries.content(kept.id)
        if stored is not None:
            yield Kept(msgspec.msgpack.decode(stored, type=Summary), kept.words, kept.focus)
            return


def find_summary(
    summaries: SummaryStore,
    record_id: int,
    options: "SummaryOptions",
    model: ModelUsed | None,
) -> Summary | None:
    """Return the complete summary that was made before with these options, if there is one."""
    model_name = model.name if model and options.mode is not Mode.KEY_POINTS else ""
    for kept in summaries.for_document(record_id):
        if (
            kept.is_complete
            and (kept.mode, kept.words, kept.focus) == (options.mode, options.words, options.focus)
            and kept.model_name == model_name
        ):
            content = summaries.content(kept.id)
            if content is not None:
                return msgspec.msgpack.decode(content, type=Summary)
    return None


def summarize_document(
    opened: Opened,
    options: "SummaryOptions",
    *,
    engine: "Engine | None",
    model: ModelUsed | None,
    is_experimental: bool,
    is_forced: bool,
    summaries: SummaryStore,
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator["SummaryProgress | Summary | NotStored"]:
    """Summarise a document, or fetch the summary made before, and store what comes.

    Args:
        opened: the document.
        options: what is asked for.
        engine: the engine with a model chosen; None for key points.
        model: which model that is.
        is_experimental: its sentences are not to be trusted.
        is_forced: make it anew, and load a model that crashed last time.
        summaries: where results are kept.
        cancel: stops it.
        hold: the model pauses while it is set.
    """
    from assistant.summaries.summarizing import summarize  # noqa: PLC0415 - brings numpy

    started_s = time.perf_counter()
    keeper = _Keeper(summaries, opened.record_id, options)
    if not is_forced and opened.record_id is not None:
        found = find_summary(summaries, opened.record_id, options, model)
        if found is not None:
            yield found
            return
    if is_forced and engine is not None:
        for _ in engine.load(cancel=cancel, force=True):
            pass
    is_complete = False
    try:
        for value in summarize(
            opened.document,
            options,
            engine=engine,
            model=model,
            is_experimental=is_experimental,
            started_s=started_s,
            owner="" if opened.record_id is None else owner_of(opened.record_id),
            cancel=cancel,
            hold=hold,
        ):
            if isinstance(value, Summary):
                keeper.take(value)
            yield value
        is_complete = True
    finally:
        keeper.finish(is_complete=is_complete)
    if keeper.error is not None:
        yield NotStored(keeper.error)


def export(path: Path, text: str, cancel: threading.Event) -> Iterator[Path]:
    """Write a result to a file of the person's choice."""
    from assistant.paths import write_atomically  # noqa: PLC0415 - beside its one use

    del cancel
    write_atomically(path, text.encode("utf-8"))
    yield path


def encode(document: Document) -> bytes:
    """Return a document as bytes for the store."""
    return msgspec.msgpack.encode(document, enc_hook=_encode_path)


def decode(content: bytes) -> Document:
    """Return the document that `encode` turned into bytes."""
    return msgspec.msgpack.decode(content, type=Document, dec_hook=_decode_path)


def _encode_path(value: object) -> str:
    assert isinstance(value, Path)
    return str(value)


def _decode_path(kind: type, value: object) -> Path:
    assert kind is Path
    return Path(str(value))


class _Keeper:
    """Stores a growing summary: its first value at once, then now and then, then its last."""

    def __init__(
        self, summaries: SummaryStore, record_id: int | None, options: "SummaryOptions"
    ) -> None:
        self.error: AssistantError | None = None
        self._summaries = summaries
        self._record_id = record_id
        self._options = options
        self._last: Summary | None = None
        self._kept_at = 0.0

    def take(self, summary: Summary) -> None:
        self._last = summary
        if time.monotonic() - self._kept_at > _KEEP_EVERY_S:
            self._save(summary, is_complete=False)

    def finish(self, *, is_complete: bool) -> None:
        if self._last is not None:
            self._save(self._last, is_complete=is_complete and not self._last.is_stopped)

    def _save(self, summary: Summary, *, is_complete: bool) -> None:
        self._kept_at = time.monotonic()
        if self._record_id is None:
            return
        model = summary.model
        try:
            self._summaries.save(
                document_id=self._record_id,
                mode=self._options.mode.value,
                words=self._options.words,
                focus=self._options.focus,
                model_name=model.name if model else "",
                model_sha256=model.sha256 if model else "",
                content=msgspec.msgpack.encode(summary),
                is_complete=is_complete,
            )
        except AssistantError as error:
            self.error = error


def _store(store: DocumentStore, document: Document) -> Opened:
    try:
        record_id = store.save(
            path=document.path,
            title=document.title,
            type=document.type,
            sha256=document.sha256,
            pages=len(document.pages),
            words=document.word_count,
            language=document.language,
            content=encode(document),
        )
    except AssistantError as error:
        return Opened(document, None, error)
    return Opened(document, record_id)
