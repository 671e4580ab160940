"""Reads two documents and compares them, in the background."""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.documents.document import Document
from assistant.documents.reading import Reader, ReadingProgress
from assistant.summaries.comparing.comparison import Comparison
from assistant.ui.job import Job


@dataclass(frozen=True, slots=True)
class Source:
    """One of the two: a file to be read, or a document that was read."""

    path: Path
    document: Document | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The file `path` is being read."""

    path: Path
    progress: ReadingProgress


@dataclass(frozen=True, slots=True)
class Compared:
    """Both documents, and what differs between them."""

    old: Document
    new: Document
    comparison: Comparison


class CompareSession(QObject):
    """One comparison, from the files to what differs.

    Args:
        reader: what reads files.
        parent: owner.

    Attributes:
        result: what was found; None before that.
        error: why there is nothing, or None.
        sources: the old document and the new one.

    Signals:
        progressed (object): `Reading`.
        changed: it began, ended or failed.
    """

    progressed = Signal(object)
    changed = Signal()

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._job: Job | None = None
        self.result: Compared | None = None
        self.error: Exception | None = None
        self.sources: tuple[Source, Source] | None = None

    @property
    def is_working(self) -> bool:
        """Whether a comparison is under way."""
        return self._job is not None

    def start(self, old: Source, new: Source) -> None:
        """Compare `old` with `new`; what is under way is stopped."""
        self.stop()
        self.result = self.error = None
        self.sources = (old, new)
        job = self._job = Job(lambda cancel: _compare(self._reader, old, new, cancel), self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        self.changed.emit()
        job.start()

    def swap(self) -> None:
        """Take the new document for the old one, and compare again."""
        if self.result and self.sources:
            old, new = self.sources
            read = self.result
            self.start(
                Source(new.path, read.new, new.password), Source(old.path, read.old, old.password)
            )

    def stop(self) -> None:
        """Stop what is under way."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _take(self, value: object) -> None:
        if self.sender() is not self._job:
            return
        if isinstance(value, Compared):
            self.result = value
        else:
            self.progressed.emit(value)

    def _fail(self, error: Exception) -> None:
        if self.sender() is self._job:
            self.error = error

    def _end(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.changed.emit()


def _compare(
    reader: Reader, old: Source, new: Source, cancel: threading.Event
) -> Iterator[Reading | Compared]:
    from assistant.summaries.comparing import compare  # noqa: PLC0415 - brings numpy
    from assistant.summaries.stopping import RankingStopped  # noqa: PLC0415

    documents: list[Document] = []
    for source in (old, new):
        document = yield from _read(reader, source, cancel)
        if document is None:
            return
        documents.append(document)
    try:
        found = compare(documents[0], documents[1], cancel=cancel)
    except RankingStopped:
        return
    yield Compared(documents[0], documents[1], found)


def _read(
    reader: Reader, source: Source, cancel: threading.Event
) -> Generator[Reading, None, Document | None]:
    if source.document is not None:
        return source.document
    for event in reader.read(source.path, cancel=cancel, password=source.password):
        if isinstance(event, Document):
            return event
        yield Reading(source.path, event)
    return None
