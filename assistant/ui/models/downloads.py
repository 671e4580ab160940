"""The downloads of the window: each goes on where it was paused, cut or left by a crash."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.models.connections import ConnectionLog
from assistant.models.download import (
    DownloadEvent,
    DownloadProgress,
    UnfinishedDownload,
    download,
    unfinished,
)
from assistant.models.hub import Hub
from assistant.models.installed import InstalledModel, ModelFolder
from assistant.ui.job import Job


class State(StrEnum):
    """What a download is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to download: a file of a repository, from an address or the chosen hub."""

    repo: str
    file: str
    title: str
    revision: str | None = None
    sha256: str | None = None
    endpoint: str = ""


class Download(QObject):
    """One download.

    Attributes:
        wanted: what it is of.
        state: what it is doing.
        progress: how far it is.
        error: why it failed, for FAILED.
        model: what became of it, for COMPLETE.

    Signals:
        changed: one of the attributes changed.
        completed (object): the model that is here now.
        paused: it stopped, and keeps what came.
    """

    changed = Signal()
    completed = Signal(object)
    paused = Signal()

    def __init__(
        self,
        wanted: Wanted,
        hub: Callable[[str], Hub],
        folder: ModelFolder,
        progress: DownloadProgress,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.wanted = wanted
        self.state = State.PAUSED
        self.progress = progress
        self.error: Exception | None = None
        self.model: InstalledModel | None = None
        self._hub = hub
        self._folder = folder
        self._job: Job | None = None

    def start(self) -> None:
        """Begin, or go on."""
        if self._job is not None:
            return
        self.error = None
        self.state = State.RUNNING
        self._job = Job(self._work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()
        self.changed.emit()

    def pause(self) -> None:
        """Stop, and keep what came."""
        if self._job is not None:
            self._job.cancel()

    def _work(self, cancel: threading.Event) -> Iterator[DownloadEvent]:
        wanted = self.wanted
        return download(
            self._hub(wanted.endpoint),
            wanted.repo,
            wanted.file,
            self._folder.folder,
            revision=wanted.revision,
            sha256=wanted.sha256,
            cancel=cancel,
        )

    def _take(self, event: DownloadEvent) -> None:
        if isinstance(event, DownloadProgress):
            self.progress = event
        else:
            self.model = event
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.error = error

    def _end(self) -> None:
        self._job = None
        if self.error is not None:
            self.state = State.FAILED
        elif self.model is not None:
            self.state = State.COMPLETE
        else:
            self.state = State.PAUSED
        self.changed.emit()
        if self.model is not None and self.state is State.COMPLETE:
            self.completed.emit(self.model)
        elif self.state is State.PAUSED:
            self.paused.emit()


class Downloads(QObject):
    """All downloads of the window.

    Args:
        folder: where models are kept.
        connections: where every connection is listed.
        endpoint: returns the address of the hub that the person chose; "" for the usual one.
        parent: owner.

    Signals:
        added (object): a download that is to be shown.
        completed (object): a model that is here now.
    """

    added = Signal(object)
    completed = Signal(object)

    def __init__(
        self,
        folder: ModelFolder,
        connections: ConnectionLog,
        endpoint: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._connections = connections
        self._endpoint = endpoint
        self._all: dict[tuple[str, str], Download] = {}

    def all(self) -> list[Download]:
        """Return them in the order in which they came."""
        return list(self._all.values())

    def of(self, repo: str, file: str) -> Download | None:
        """Return the download of a file, if there is one."""
        return self._all.get((repo, file))

    def start(self, wanted: Wanted) -> Download:
        """Begin a download, or go on with the one there is."""
        found = self.of(wanted.repo, wanted.file)
        if found is None:
            found = self._add(wanted, DownloadProgress())
        found.start()
        return found

    def find_unfinished(self, title: Callable[[str, str], str]) -> None:
        """Show the downloads that an earlier run of the app left, paused.

        Args:
            title: tells how to call a file of a repository.
        """
        for left in unfinished(self._folder.folder):
            if self.of(left.repo, left.file) is None:
                wanted = Wanted(
                    repo=left.repo,
                    file=left.file,
                    title=title(left.repo, left.file),
                    revision=left.revision,
                    endpoint=left.endpoint,
                )
                progress = DownloadProgress(
                    done_bytes=left.done_bytes, total_bytes=left.total_bytes
                )
                self._add(wanted, progress)

    def discard(self, one: Download) -> None:
        """Throw away a paused or failed download and what came of it."""
        for left in self._left_of(one):
            left.discard()
        self.forget(one)

    def forget(self, one: Download) -> None:
        """Show a download no longer."""
        self._all.pop((one.wanted.repo, one.wanted.file), None)
        one.deleteLater()

    def pause_all(self) -> None:
        """Stop them, as the window closes."""
        for one in self._all.values():
            one.pause()

    def hub(self, endpoint: str = "") -> Hub:
        """Return the hub at `endpoint`, or the chosen one."""
        return Hub(endpoint or self._endpoint(), self._connections)

    def _left_of(self, one: Download) -> list[UnfinishedDownload]:
        return [
            left
            for left in unfinished(self._folder.folder)
            if (left.repo, left.file) == (one.wanted.repo, one.wanted.file)
        ]

    def _add(self, wanted: Wanted, progress: DownloadProgress) -> Download:
        made = Download(wanted, self.hub, self._folder, progress, self)
        self._all[wanted.repo, wanted.file] = made
        made.completed.connect(self.completed)
        self.added.emit(made)
        return made
