"""One document of a chat: being read, ready to be asked, or what is wrong with it."""

import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.documents.document import Document
from assistant.documents.reading import ReadingProgress
from assistant.errors import AssistantError, DocumentError, FileFault
from assistant.ui.asking.home import Home
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.work import FileChanged, Opened, has_changed
from assistant.ui.job import Job, Work


class FileState(StrEnum):
    """What an attached document is at."""

    WAITING = "waiting"  # for those before it
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class AttachedFile(QObject):
    """Reads a file, or fetches a document that was read before. It goes on in other chats' sight.

    Args:
        path: the file.
        parts: what reads it.
        home: where the chat is kept, and the document with it.
        record_id: its row in `source`; None for a file that is to be read.
        source: where that row is, if not in `home`.
        title: what it is called until it is read.
        parent: owner.

    Attributes:
        state, progress: how far it is; `progress` is None until the first page is read.
        document, document_id: what was read, and its row in `home`.
        error: why it could not be read or kept.
        is_changed: the file is another now than the one that was read.
        is_attached: the chat's row is tied to the document's.
        password: kept as long as the window is open, never stored.

    Signals:
        changed: one of the attributes changed.
        ended: it is ready, or failed.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        path: Path,
        parts: Parts,
        home: Home,
        *,
        record_id: int | None = None,
        source: Home | None = None,
        title: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.state = FileState.WAITING
        self.progress: ReadingProgress | None = None
        self.document: Document | None = None
        self.document_id: int | None = None
        self.error: Exception | None = None
        self.is_changed = False
        self.is_attached = False
        self.password: str | None = None
        self._parts = parts
        self._home = home
        self._record_id = record_id
        self._source = source or home
        self._title = title or path.name
        self._job: Job | None = None

    @property
    def title(self) -> str:
        """The document's title; the file's name until that is known."""
        return " ".join((self.document.title if self.document else self._title).split())

    @property
    def is_locked(self) -> bool:
        """Whether a password opens it."""
        return isinstance(self.error, DocumentError) and self.error.fault in {
            FileFault.PASSWORD_NEEDED,
            FileFault.PASSWORD_WRONG,
        }

    @property
    def is_pending(self) -> bool:
        """Whether it waits or is being read."""
        return self.state in {FileState.WAITING, FileState.READING}

    def read(self, password: str | None = None) -> None:
        """Begin, or begin again with a password."""
        self.password = password
        self.state, self.error, self.progress = FileState.READING, None, None
        work: Work = self._fetch if self._record_id is not None else self._read
        job = self._job = Job(work, self)
        job.progressed.connect(self._take)
        job.succeeded.connect(self._end)
        job.failed.connect(self._fail)
        self.changed.emit()
        job.start()

    def stop(self) -> None:
        """Read no further."""
        if self._job is not None:
            self._job.cancel()

    def _read(self, cancel: threading.Event) -> Iterator[ReadingProgress | Opened]:
        found = self._home.keeping.find(self.path) if self.password is None else None
        if found is not None:
            yield Opened(found[1], found[0])
            return
        for value in self._parts.reader.read(self.path, cancel=cancel, password=self.password):
            if isinstance(value, Document):
                yield Opened(value, self._home.keeping.keep(value))
            else:
                yield value

    def _fetch(self, cancel: threading.Event) -> Iterator[Opened | FileChanged]:
        assert self._record_id is not None
        document = self._source.keeping.document(self._record_id)
        if document is None:
            raise DocumentError(self.path, FileFault.MISSING)
        if self._source is self._home:
            yield Opened(document, self._record_id)
        else:
            yield Opened(document, self._home.keeping.keep(document))
        if not cancel.is_set() and has_changed(document.path, document.sha256):
            yield FileChanged()

    def _take(self, value: ReadingProgress | Opened | FileChanged) -> None:
        if self.sender() is not self._job:
            return
        if isinstance(value, Opened):
            self.document, self.document_id = value.document, value.record_id
        elif isinstance(value, FileChanged):
            self.is_changed = True
        else:
            self.progress = value
            self.changed.emit()

    def _end(self) -> None:
        if self.sender() is not self._job:
            return
        if self.document is not None and not self.document.word_count:
            self._fail_with(_without_text(self.document))
            return
        self.state = FileState.READY if self.document is not None else FileState.FAILED
        self.changed.emit()
        self.ended.emit()

    def _fail(self, error: Exception) -> None:
        if self.sender() is self._job:
            self._fail_with(error)

    def _fail_with(self, error: Exception) -> None:
        self.state, self.error = FileState.FAILED, error
        self.document = self.document_id = None
        self.changed.emit()
        self.ended.emit()


def _without_text(document: Document) -> AssistantError:
    return DocumentError(document.path, FileFault.NO_TEXT, pages=len(document.pages))
