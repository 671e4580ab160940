"""A model that is verified again, or repaired: it goes on while another view is shown."""

import threading
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.engine.client import Engine
from assistant.models.downloading.download import DownloadProgress
from assistant.models.downloading.repairing import repair
from assistant.models.downloading.verifying import VerifyProgress, VerifyResult, verify
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import InstalledModel
from assistant.ui.job import Job


class Verified(StrEnum):
    """What is known."""

    NOT_YET = "not-yet"
    READING = "reading"
    SOUND = "sound"
    FIRST_SUM = "first-sum"  # there was nothing to compare with; now there is
    DAMAGED = "damaged"
    REPAIRING = "repairing"
    REPAIRED = "repaired"
    FAILED = "failed"


class Verification(QObject):
    """Reads a model's file and compares it, and fetches damaged blocks again if asked to.

    Args:
        model: which one.
        hub: returns the hub at an address, "" for the chosen one.
        engines: those that may have the model loaded; they let go of it before a repair.
        parent: owner.

    Attributes:
        state: what is known.
        progress: how far it is.
        result: what was found, for SOUND, FIRST_SUM and DAMAGED.
        error: why it failed, for FAILED.

    Signals:
        changed: one of the attributes changed.
        ended: the file's sum or content is known anew.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        model: InstalledModel,
        hub: Callable[[str], Hub],
        engines: Sequence[Engine],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.state = Verified.NOT_YET
        self.progress: VerifyProgress | DownloadProgress | None = None
        self.result: VerifyResult | None = None
        self.error: Exception | None = None
        self._hub = hub
        self._engines = engines
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state in {Verified.READING, Verified.REPAIRING}

    @property
    def can_repair(self) -> bool:
        """Whether what is damaged can be fetched again from where it came."""
        return self.state is Verified.DAMAGED and bool(self.model.repo) and self.model.is_ours

    @property
    def damaged_bytes(self) -> int:
        """How much is to be fetched again."""
        return sum(end - start for start, end in self.result.damaged) if self.result else 0

    def start(self) -> None:
        """Read the file."""
        model = self.model
        self._begin(
            Verified.READING,
            lambda cancel: verify(
                model.path, model.sha256, keeps_blocks=model.is_ours, cancel=cancel
            ),
        )

    def repair(self) -> None:
        """Fetch what is damaged again. The hub learns the model's name and this address."""
        assert self.result is not None
        self._begin(Verified.REPAIRING, self._repair)

    def stop(self) -> None:
        """End it; what was fetched is kept for the next try."""
        if self._job is not None:
            self._job.cancel()

    def _repair(self, cancel: threading.Event) -> Iterator[DownloadProgress | InstalledModel]:
        assert self.result is not None
        for engine in self._engines:
            engine.rest()  # a file that is mapped must not change under it
        hub = self._hub(self.model.endpoint)
        yield from repair(hub, self.model, self.result.damaged, cancel=cancel)

    def _begin(self, state: Verified, work: Callable[[threading.Event], Iterator[object]]) -> None:
        if self._job is not None:
            return
        self.state, self.error, self.progress = state, None, None
        self._job = job = Job(work, self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        self.changed.emit()
        job.start()

    def _take(self, event: object) -> None:
        if isinstance(event, VerifyResult):
            self.result = event
            if event.is_sound:
                self.state = Verified.SOUND if event.is_known else Verified.FIRST_SUM
            else:
                self.state = Verified.DAMAGED
        elif isinstance(event, InstalledModel):
            self.model, self.result = event, None
            self.state = Verified.REPAIRED
        elif isinstance(event, VerifyProgress | DownloadProgress):
            self.progress = event
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.error = error

    def _end(self) -> None:
        self._job = None
        if self.error is not None:
            self.state = Verified.FAILED
        elif self.state is Verified.READING:
            self.state = Verified.NOT_YET  # it was stopped
        elif self.state is Verified.REPAIRING:
            self.state = Verified.DAMAGED
        self.changed.emit()
        self.ended.emit()
