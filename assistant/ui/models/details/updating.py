"""A look for a newer revision of a model, and its download: both go on on another page."""

import threading
from collections.abc import Callable, Iterator
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.models.downloading.download import DownloadProgress
from assistant.models.downloading.updates import UpdateFinding, fetch_update, look_for_updates
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile
from assistant.ui.job import Job


class UpdateStep(StrEnum):
    """What it is doing."""

    IDLE = "idle"
    LOOKING = "looking"
    FETCHING = "fetching"


class Updating(QObject):
    """Asks the hub about one model, only when the person wants it.

    Args:
        model: which one.
        folder: where models are.
        settings: which model does what.
        hub: returns the hub at an address, "" for the chosen one.
        parent: owner.

    Attributes:
        step: what it is doing.
        finding: what the hub said in this run of the app.
        progress: how far the download is.
        made: the newer revision that came.
        error: why the last step failed.

    Signals:
        changed: one of the attributes changed.
        ended: what is known of the model, or which there are, changed.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        model: InstalledModel,
        folder: ModelFolder,
        settings: SettingsFile,
        hub: Callable[[str], Hub],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.step = UpdateStep.IDLE
        self.finding: UpdateFinding | None = None
        self.progress: DownloadProgress | None = None
        self.made: InstalledModel | None = None
        self.error: Exception | None = None
        self._folder = folder
        self._settings = settings
        self._hub = hub
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it asks or fetches."""
        return self.step is not UpdateStep.IDLE

    def look(self) -> None:
        """Ask whether there is a newer revision, another licence, or nothing any more."""
        self._begin(
            UpdateStep.LOOKING,
            lambda cancel: look_for_updates(
                self._hub(self.model.endpoint), [self.model], self._folder, cancel=cancel
            ),
        )

    def fetch(self) -> None:
        """Download the newer revision beside this one."""
        self._begin(
            UpdateStep.FETCHING,
            lambda cancel: fetch_update(
                self._hub(self.model.endpoint),
                self.model,
                self._folder,
                self._settings,
                cancel=cancel,
            ),
        )

    def stop(self) -> None:
        """End it; what came is kept for the next try."""
        if self._job is not None:
            self._job.cancel()

    def _begin(self, step: UpdateStep, work: Callable[[threading.Event], Iterator[object]]) -> None:
        if self._job is not None:
            return
        self.step, self.error, self.progress = step, None, None
        self._job = job = Job(work, self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        self.changed.emit()
        job.start()

    def _take(self, event: object) -> None:
        if isinstance(event, UpdateFinding):
            self.finding, self.model, self.error = event, event.model, event.error
        elif isinstance(event, DownloadProgress):
            self.progress = event
        elif isinstance(event, InstalledModel):
            self.made = event
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.error = error

    def _end(self) -> None:
        self._job = None
        self.step = UpdateStep.IDLE
        self.changed.emit()
        self.ended.emit()
