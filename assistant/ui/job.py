"""Turns a generator of the layers below into Qt signals. The only place where threads meet Qt."""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError

_log = logging.getLogger(__name__)

Work = Callable[[threading.Event], Iterator[Any]]


class Job(QObject):
    """Runs `work(cancel)` on a thread of its own and reports on the thread it was made on.

    Exactly one of `succeeded`, `cancelled` and `failed` is emitted, then `finished`.

    Args:
        work: a function that takes the job's cancel event and returns a generator.
        parent: cancels the job when it is deleted. It does not own the job: a job whose object
            is gone while its thread emits a signal crashes the app.

    Signals:
        progressed (object): a value that the generator yielded.
        succeeded (object): the last value it yielded, None if there was none.
        cancelled: `cancel` was called and the generator returned.
        failed (Exception): an `AssistantError`, or a bug.
        finished: nothing follows.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    cancelled = Signal()
    failed = Signal(Exception)
    finished = Signal()

    _running: ClassVar[set["Job"]] = set()
    _ended = Signal(object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__()
        self._work = work
        self._cancel = threading.Event()
        self._tie = parent.destroyed.connect(self._cancel.set) if parent is not None else None
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)
        self._ended.connect(self._report)

    def start(self) -> "Job":
        """Begin, and return this job."""
        Job._running.add(self)
        self._thread.start()
        return self

    @property
    def is_running(self) -> bool:
        """Whether `finished` is still to come."""
        return self in Job._running

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Ask the work to stop; `cancelled` or, if it was quicker, `succeeded` follows."""
        self._cancel.set()

    def wait(self, timeout: float) -> None:
        """Give it so many seconds to end, as the window closes; its signals come afterwards."""
        self._thread.join(timeout)

    @classmethod
    def stop_all(cls, timeout: float = 3.0) -> None:
        """Cancel every job and wait for the threads, when the window closes."""
        jobs = list(cls._running)
        for job in jobs:
            job.cancel()
        for job in jobs:
            job._thread.join(timeout)

    def _run(self) -> None:
        last = None
        outcome: Exception | None = None
        try:
            for value in self._work(self._cancel):
                last = value
                self.progressed.emit(value)
        except Exception as error:
            outcome = error  # a bug is shown in the window, not lost
        try:
            self._ended.emit((outcome, last))
        except RuntimeError:
            Job._running.discard(self)  # Qt was taken down while the work ended

    def _report(self, ended: tuple[Exception | None, Any]) -> None:
        error, last = ended
        self._thread.join()  # it has nothing left to do but to let go of this job
        if self._tie is not None:
            QObject.disconnect(self._tie)
        Job._running.discard(self)
        if error is not None:
            if not isinstance(error, AssistantError):
                _log.error("a job failed", exc_info=error)
            self.failed.emit(error)
        elif self._cancel.is_set():
            self.cancelled.emit()
        else:
            self.succeeded.emit(last)
        self.finished.emit()
