"""Reads documents, fetches what is stored of them, and writes files: generators for `Job`."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.documents.document import Document
from assistant.documents.reading import ReadingProgress
from assistant.errors import AssistantError, DocumentError, FileFault
from assistant.storage.documents import DocumentRecord
from assistant.storage.summaries import SummaryRecord
from assistant.summaries.keeping import decode
from assistant.summaries.summary import Summary
from assistant.ui.documents.parts import Parts


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
    """A summary that was stored before; `record` says with which choices."""

    summary: Summary
    record: SummaryRecord


@dataclass(frozen=True, slots=True)
class FileChanged:
    """The file holds other bytes than those that were read."""


def read_file(
    parts: Parts, path: Path, password: str | None, cancel: threading.Event
) -> Iterator[ReadingProgress | Opened]:
    """Read a file and store what is in it; the last value is `Opened`, if not cancelled."""
    for value in parts.reader.read(path, cancel=cancel, password=password):
        if isinstance(value, Document):
            yield _store(parts, value)
        else:
            yield value


def fetch(
    parts: Parts, record: DocumentRecord, cancel: threading.Event
) -> Iterator[Opened | Kept | FileChanged]:
    """Fetch a stored document and its last summary, and tell whether its file is another now."""
    content = parts.documents.content(record.id)
    if content is None:
        raise DocumentError(record.path, FileFault.MISSING)
    yield Opened(decode(content), record.id)
    for kept in parts.summaries.for_document(record.id):
        stored = parts.summaries.content(kept.id)
        if stored is None:
            continue
        try:
            summary = msgspec.msgpack.decode(stored, type=Summary)
        except msgspec.MsgspecError:  # another version of the app wrote it
            continue
        yield Kept(summary, kept)
        break
    if not cancel.is_set() and has_changed(record.path, record.sha256):
        yield FileChanged()


def has_changed(path: Path, sha256: str) -> bool:
    """Tell whether the file at `path` is there and is not the one with this sum."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != sha256
    except OSError:
        return False  # it is gone, or not to be read: its text is here


def _store(parts: Parts, document: Document) -> Opened:
    try:
        record_id = parts.keeping.keep(document)
    except AssistantError as error:
        return Opened(document, None, error)
    return Opened(document, record_id)
