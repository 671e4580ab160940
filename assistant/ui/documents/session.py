"""One document in the window: what is known of it, and the job that works on it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.documents.document import Document
from assistant.storage.documents import DocumentRecord
from assistant.summaries.summary import Mode, Summary, SummaryOptions, WorkPlan
from assistant.ui.documents import summary_work, work
from assistant.ui.documents.options.choices import Choices, from_record
from assistant.ui.documents.parts import Parts
from assistant.ui.job import Job, Work


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
        parts: what it is worked on with.
        default_mode: the kind of summary unless the person chooses one.
        choices: what was chosen last.
        record: its row, if it was read before.
        parent: owner.

    Attributes:
        document, summary: what there is of them.
        plan: what each mode would cost; None while that is not known.
        is_changed: the file is another than the one that was read.
        was_cut_off: the summary was fetched as a crash or the end of the app had left it.

    Signals:
        changed: the state, the document or an error is another.
        progressed (object): a `ReadingProgress` or `SummaryProgress`.
        summary_grew: there is more of the summary, or another one.
        planned: `plan` is another.
    """

    changed = Signal()
    progressed = Signal(object)
    summary_grew = Signal()
    planned = Signal()

    def __init__(
        self,
        path: Path,
        parts: Parts,
        *,
        default_mode: Callable[[], Mode],
        choices: Choices,
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
        self.choices = choices
        self.plan: WorkPlan | None = None
        self.is_changed = False
        self.was_cut_off = False
        self.started_s = 0.0
        self._title = record.title if record else path.name
        self._record = record
        self._parts = parts
        self._default_mode = default_mode
        self._opened: work.Opened | None = None
        self._made_with: SummaryOptions | None = None  # of the summary that is shown
        self._job: Job | None = None
        self._plan_job: Job | None = None
        self._hold: threading.Event | None = None  # pauses the model; None while none writes
        self._then: Callable[[], None] | None = None

    @property
    def mode(self) -> Mode:
        """The kind of summary; what suits the model as long as nobody chose."""
        return self.choices.mode or self._default_mode()

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self.choices = replace(self.choices, mode=mode)

    @property
    def made_with(self) -> SummaryOptions | None:
        """What the summary that is shown was made with, as far as that is known."""
        return self._made_with

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

    @property
    def is_unfinished(self) -> bool:
        """Whether the summary shown ended before its end: by Stop, or with the app."""
        return self.is_stopped or (self.state is State.DONE and self.was_cut_off)

    @property
    def made(self) -> Mode | None:
        """The kind of summary that stands there to its end; None while it does not."""
        if self.state is not State.DONE or self.is_unfinished or self.error is not None:
            return None
        return self.summary.mode if self.summary is not None else None

    def read(self, password: str | None = None) -> None:
        """Read the file, then summarise it."""
        self.password = password
        self.document = self.summary = self._opened = self.plan = self._plan_job = None
        self.is_changed = self.was_cut_off = False
        self._begin(
            State.READING,
            lambda cancel: work.read_file(self._parts, self.path, password, cancel),
            then=self.summarize,
        )

    def fetch(self) -> None:
        """Show what is stored of it."""
        record = self._record
        assert record is not None
        self._begin(
            State.READING,
            lambda cancel: work.fetch(self._parts, record, cancel),
            then=self._summarize_if_new,
        )

    def summarize(self, *, is_forced: bool = False) -> None:
        """Summarise as it is chosen now."""
        opened = self._opened
        if opened is None:
            return
        self.mode = self.mode  # the model may change while it works
        writer = self._parts.writer
        has_model = self.mode is not Mode.KEY_POINTS and writer.model is not None
        model = writer.model
        options = self.choices.options(self.mode if has_model else Mode.KEY_POINTS)
        hold = threading.Event() if has_model else None
        self.was_cut_off = False
        self._made_with = options
        self._begin(
            State.WRITING,
            lambda cancel: summary_work.summarize_document(
                opened,
                options,
                engine=writer.engine if has_model else None,
                model=model if has_model else None,
                is_experimental=writer.is_experimental,
                is_forced=is_forced,
                parts=self._parts,
                cancel=cancel,
                hold=hold,
            ),
            hold=hold,
        )

    def foretell(self) -> None:
        """Find out what each mode would cost with what is chosen now; `planned` follows."""
        opened = self._opened
        if opened is None:
            return
        if self._plan_job is not None:
            self._plan_job.cancel()
        model = self._parts.writer.model
        options = self.choices.options(self.mode)
        job = self._plan_job = Job(
            lambda cancel: summary_work.plan_document(
                opened, options, model=model, parts=self._parts, cancel=cancel
            ),
            self,
        )
        job.succeeded.connect(self._take_plan)
        job.start()

    def replace_sentence(self, number: int) -> None:
        """Put the document's closest sentence in the place of one of the summary."""
        document, summary = self.document, self.summary
        if document is None or summary is None or self.is_working:
            return
        job = Job(
            lambda cancel: summary_work.replace_sentence(document, summary, number, cancel), self
        )
        job.succeeded.connect(lambda edited: self._take_edited(summary, edited))
        job.start()

    def restore_sentence(self, number: int) -> None:
        """Put what the model wrote back in its place."""
        if self.summary is not None:
            self._take_edited(self.summary, summary_work.restored(self.summary, number))

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
            if self._plan_job is None:  # key points came first; the model was not asked yet
                self.foretell()
        elif isinstance(value, work.Kept):
            self._take_kept(value)
        elif isinstance(value, work.FileChanged):
            self.is_changed = True
        elif isinstance(value, summary_work.NotStored):
            self.storage_error = value.error
        else:
            self.progressed.emit(value)

    def _take_kept(self, kept: work.Kept) -> None:
        self.summary = kept.summary
        self.choices = from_record(kept.record, self.choices)
        self._made_with = self.choices.options(kept.summary.mode)
        self.was_cut_off = not kept.record.is_complete and not kept.summary.is_stopped
        self.summary_grew.emit()
        self.foretell()

    def _take_plan(self, plan: WorkPlan | None) -> None:
        if self.sender() is self._plan_job and plan is not None:
            self.plan = plan
            self.planned.emit()

    def _take_edited(self, before: Summary, edited: Summary | None) -> None:
        options, record_id = self._made_with, self.record_id
        if edited is None or self.summary is not before:
            return
        self.summary = edited
        self.summary_grew.emit()
        if options is not None and record_id is not None:
            summaries = self._parts.summaries
            keep = Job(
                lambda cancel: summary_work.keep_edited(
                    summaries, record_id, options, edited, cancel
                ),
                self,
            )
            keep.progressed.connect(self._take_not_stored)
            keep.start()

    def _take_not_stored(self, value: summary_work.NotStored) -> None:
        self.storage_error = value.error
        self.changed.emit()

    def _summarize_if_new(self) -> None:
        if self.summary is None:
            self.summarize()
        else:
            self.changed.emit()

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
            self.foretell()  # what is done now takes no time again

    def _fail(self, error: Exception) -> None:
        if self.sender() is not self._job:
            return
        self.error = error
        self.state = State.UNREADABLE if self.document is None else State.DONE
        self.changed.emit()
