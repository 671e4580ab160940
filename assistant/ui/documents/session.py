"""One document in the window: what is known of it, and the job that works on it."""

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.storage.documents import DocumentRecord, DocumentStore
from assistant.storage.summaries import SummaryStore
from assistant.summaries.summary import Length, Mode, ModelUsed, Summary
from assistant.ui.documents import work
from assistant.ui.job import Job, Work
from assistant.ui.summary_model import SummaryModel


class State(StrEnum):
    """What a document is at."""

    READING = "reading"
    WRITING = "writing"
    DONE = "done"
    UNREADABLE = "unreadable"


class DocumentSession(QObject):
    """Reads and summarises one document. It goes on while another page is shown.

    Args:
        path: the file.
        reader: what reads.
        writer: the model that writes, with its engine.
        default_mode: the kind of summary unless the person chooses one.
        documents, summaries: where results are kept.
        record: its row, if it was read before.
        parent: owner.

    Signals:
        changed: the state, the document or an error is another.
        progressed (object): a `ReadingProgress` or `SummaryProgress`.
        summary_grew: there is more of the summary, or another one.
    """

    changed = Signal()
    progressed = Signal(object)
    summary_grew = Signal()

    def __init__(
        self,
        path: Path,
        *,
        reader: Reader,
        writer: SummaryModel,
        default_mode: Callable[[], Mode],
        documents: DocumentStore,
        summaries: SummaryStore,
        record: DocumentRecord | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.record_id = record.id if record else None
        self.document: Document | None = None
        self.summary: Summary | None = None
        self.state = State.READING
        self.error: Exception | None = None
        self.storage_error: Exception | None = None
        self.password: str | None = None  # kept as long as the window is open, never stored
        self.length = Length.MEDIUM
        self.focus = ""
        self.started_s = 0.0
        self._title = record.title if record else path.name
        self._record = record
        self._reader = reader
        self._mode: Mode | None = None
        self._default_mode = default_mode
        self._writer = writer
        self._documents = documents
        self._summaries = summaries
        self._opened: work.Opened | None = None
        self._job: Job | None = None
        self._hold: threading.Event | None = None  # pauses the model; None while none writes
        self._then: Callable[[], None] | None = None

    @property
    def mode(self) -> Mode:
        """The kind of summary; what suits the model as long as nobody chose."""
        return self._mode or self._default_mode()

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode

    @property
    def title(self) -> str:
        """The document's title; its file name until that is known."""
        return self.document.title if self.document else self._title

    @property
    def is_working(self) -> bool:
        """Whether a job is under way."""
        return self.state in {State.READING, State.WRITING}

    @property
    def can_pause(self) -> bool:
        """Whether a model is at work, which can be paused."""
        return self.is_working and self._hold is not None

    @property
    def is_paused(self) -> bool:
        """Whether it waits for `resume`."""
        return self.is_working and self._hold is not None and self._hold.is_set()

    @property
    def is_stopped(self) -> bool:
        """Whether the summary shown was stopped before its end."""
        return self.state is State.DONE and self.summary is not None and self.summary.is_stopped

    def read(self, password: str | None = None) -> None:
        """Read the file, then summarise it."""
        self.password = password
        self.document = self.summary = self._opened = None
        self._begin(
            State.READING,
            lambda cancel: work.read_file(
                self._reader, self._documents, self.path, password, cancel
            ),
            then=self.summarize,
        )

    def fetch(self) -> None:
        """Show what is stored of it."""
        record = self._record
        assert record is not None
        self._begin(
            State.READING,
            lambda cancel: work.fetch(self._documents, self._summaries, record, cancel),
            then=self._summarize_if_new,
        )

    def summarize(self, *, is_forced: bool = False) -> None:
        """Summarise with the present mode, length and focus."""
        from assistant.summaries.summarizing import SummaryOptions  # noqa: PLC0415 - numpy

        opened = self._opened
        if opened is None:
            return
        self.mode = self.mode  # the model may change while it works
        has_model = self.mode is not Mode.KEY_POINTS and self._writer.model is not None
        model = self._writer.model
        options = SummaryOptions(
            self.mode if has_model else Mode.KEY_POINTS, self.length.words, self.focus
        )
        hold = threading.Event() if has_model else None
        self._begin(
            State.WRITING,
            lambda cancel: work.summarize_document(
                opened,
                options,
                engine=self._writer.engine if has_model else None,
                model=ModelUsed(model.name, model.sha256) if model and has_model else None,
                is_experimental=self._writer.is_experimental,
                is_forced=is_forced,
                summaries=self._summaries,
                cancel=cancel,
                hold=hold,
            ),
            hold=hold,
        )

    def stop(self) -> None:
        """Stop the job; what there is stays."""
        if self._job:
            self._job.cancel()

    def pause(self) -> None:
        """Let the model rest; what it has read and written stays."""
        if self._hold is not None:
            self._hold.set()
            self.changed.emit()

    def resume(self) -> None:
        """Let the model go on where it was."""
        if self._hold is not None:
            self._hold.clear()
            self.changed.emit()

    def _begin(
        self,
        state: State,
        job_work: Work,
        then: Callable[[], None] | None = None,
        hold: threading.Event | None = None,
    ) -> None:
        self.stop()
        self.state = state
        self._hold = hold
        self.error = None
        if state is State.READING:
            self.storage_error = None
        self.started_s = time.monotonic()
        self._then = then
        job = self._job = Job(job_work, self)
        job.progressed.connect(self._take)
        job.succeeded.connect(self._end)
        job.cancelled.connect(self._end)
        job.failed.connect(self._fail)
        self.changed.emit()
        job.start()

    def _take(self, value: object) -> None:
        if self.sender() is not self._job:
            return  # a job that was replaced by another
        if isinstance(value, work.Opened):
            self._opened = value
            self.document = value.document
            self.record_id = value.record_id
            self.storage_error = value.not_stored
            self.changed.emit()
        elif isinstance(value, Summary):
            self.summary = value
            self.summary_grew.emit()
        elif isinstance(value, work.Kept):
            self._take_kept(value)
        elif isinstance(value, work.NotStored):
            self.storage_error = value.error
        else:
            self.progressed.emit(value)

    def _take_kept(self, kept: work.Kept) -> None:
        self.summary = kept.summary
        self.mode = kept.summary.mode
        self.focus = kept.focus
        self.length = next((x for x in Length if x.words == kept.words), self.length)
        self.summary_grew.emit()

    def _summarize_if_new(self) -> None:
        if self.summary is None:
            self.summarize()

    def _end(self) -> None:
        if self.sender() is not self._job:
            return
        then, self._then = self._then, None
        if self.document is None:
            self.state = State.UNREADABLE
            self.changed.emit()
            return
        self.state = State.DONE
        if then:
            then()
        else:
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        if self.sender() is not self._job:
            return
        self.error = error
        self.state = State.UNREADABLE if self.document is None else State.DONE
        self.changed.emit()
