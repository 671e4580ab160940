"""The downloads of the window: one at a time, and each goes on where it was paused or cut."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.models.downloading.download import (
    DownloadEvent,
    DownloadProgress,
    UnfinishedDownload,
    unfinished,
)
from assistant.models.downloading.updates import fetch
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.ui.job import Job


class State(StrEnum):
    """What a download is doing."""

    WAITING = "waiting"  # for another one to end
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to download: a file of a repository, from an address or the chosen hub.

    Of a model that is cut into parts, `file` is the first.
    """

    repo: str
    file: str
    title: str
    revision: str | None = None
    sha256: str | None = None
    endpoint: str = ""
    size_bytes: int = 0


class Download(QObject):
    """One download.

    Attributes:
        wanted: what it is of.
        state: what it is doing.
        progress: how far it is.
        error: why it failed, for FAILED.
        model: what became of it, for COMPLETE.
        is_set_aside: the person does not want it; what came is kept while that can be undone.

    Signals:
        changed: one of the attributes changed.
        completed (object): the model that is here now.
        paused: it stopped, and keeps what came.
        set_aside_changed: it is to be shown no longer, or again.
        run_wanted: it is to be run, when its turn comes.
        ended: it no longer runs.
    """

    changed = Signal()
    completed = Signal(object)
    paused = Signal()
    set_aside_changed = Signal()
    run_wanted = Signal()
    ended = Signal()

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
        self.is_set_aside = False
        self._hub = hub
        self._folder = folder
        self._job: Job | None = None
        self._is_to_wait = False
        self._is_unwanted = threading.Event()

    @property
    def is_working(self) -> bool:
        """Whether a thread is at work on it, be it to end."""
        return self._job is not None

    def start(self) -> None:
        """Begin or go on, when no other download runs."""
        if self._job is None and self.state is not State.COMPLETE:
            self.error = None
            self._become(State.WAITING)
            self.run_wanted.emit()

    def run(self) -> None:
        """Begin or go on now."""
        self.error = None
        self._is_to_wait = False
        self._job = Job(self._work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()
        self._become(State.RUNNING)

    def pause(self) -> None:
        """Stop, or wait no longer, and keep what came."""
        self._is_to_wait = False
        if self._job is not None:
            self._job.cancel()
        elif self.state is State.WAITING:
            self._become(State.PAUSED)
            self.paused.emit()

    def give_way(self) -> None:
        """Let another one go first."""
        if self._job is not None:
            self.pause()
            self._is_to_wait = True

    def set_aside(self, is_set_aside: bool) -> None:
        """Stop it and take it off the page, or bring it back, paused."""
        self.is_set_aside = is_set_aside
        if is_set_aside:
            self.pause()
        self.changed.emit()
        self.set_aside_changed.emit()

    def discard(self) -> None:
        """Throw away what came of it; a thread that is still at work on it does that at its end."""
        self._is_unwanted.set()
        if self._job is None:
            self._throw_away()
        else:
            self._job.cancel()

    def _work(self, cancel: threading.Event) -> Iterator[DownloadEvent]:
        wanted = self.wanted
        try:
            yield from fetch(
                self._hub(wanted.endpoint),
                wanted.repo,
                wanted.file,
                self._folder,
                revision=wanted.revision,
                sha256=wanted.sha256,
                cancel=cancel,
            )
        finally:  # also where it failed at the moment when it was discarded
            if self._is_unwanted.is_set():
                self._throw_away()

    def _throw_away(self) -> None:
        for left in left_of(self.wanted, self._folder):
            left.discard()

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
            self._become(State.FAILED)
        elif self.model is not None:
            self._become(State.COMPLETE)
            self.completed.emit(self.model)
        elif self._is_to_wait:
            self._become(State.WAITING)
        else:
            self._become(State.PAUSED)
            self.paused.emit()
        self.ended.emit()

    def _become(self, state: State) -> None:
        self.state = state
        self.changed.emit()


class Downloads(QObject):
    """All downloads of the window, in the order in which they are to run: one at a time.

    Args:
        folder: where models are kept.
        hub: returns the hub at an address; "" for the one that the person chose.
        parent: owner.

    Signals:
        added (object): a download that is to be shown.
        removed (object): one that is to be shown no longer.
        moved: their order is another.
        completed (object): a model that is here now.
    """

    added = Signal(object)
    removed = Signal(object)
    moved = Signal()
    completed = Signal(object)

    def __init__(
        self,
        folder: ModelFolder,
        hub: Callable[[str], Hub],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._hub = hub
        self._all: list[Download] = []

    def all(self) -> list[Download]:
        """Return them in their order."""
        return list(self._all)

    def of(self, repo: str, file: str) -> Download | None:
        """Return the download of a file, if there is one."""
        same = (d for d in self._all if (d.wanted.repo, d.wanted.file) == (repo, file))
        return next(same, None)

    def start(self, wanted: Wanted) -> Download:
        """Begin a download, or go on with the one there is; it waits for those before it."""
        found = self.of(wanted.repo, wanted.file)
        if found is None:
            found = self._add(wanted, DownloadProgress(total_bytes=wanted.size_bytes))
        if found.is_set_aside:
            found.set_aside(False)
        found.start()
        return found

    def start_now(self, one: Download) -> None:
        """Let a download go before the one that runs, which waits for it."""
        running = [other for other in self._all if other.is_working and other is not one]
        if running:
            one.start()
            self._all.remove(one)
            self._all.insert(self._front(), one)
            self.moved.emit()
            for other in running:
                other.give_way()
        else:
            one.start()

    def can_move(self, one: Download, by: int) -> bool:
        """Return whether there is a waiting download to change places with."""
        return self._neighbour(one, by) is not None

    def move(self, one: Download, by: int) -> None:
        """Let a waiting download change places with the next one before (-1) or after (1) it."""
        other = self._neighbour(one, by)
        if other is not None:
            here, there = self._all.index(one), self._all.index(other)
            self._all[here], self._all[there] = other, one
            self.moved.emit()

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
                    size_bytes=left.total_bytes,
                )
                progress = DownloadProgress(
                    done_bytes=left.done_bytes, total_bytes=left.total_bytes
                )
                self._add(wanted, progress)

    def discard(self, one: Download) -> None:
        """Throw away a download and what came of it."""
        one.discard()
        self.forget(one)

    def forget(self, one: Download) -> None:
        """Show a download no longer."""
        if one in self._all:
            self._all.remove(one)
            self.removed.emit(one)
            self.moved.emit()
        if one.is_working:
            one.ended.connect(one.deleteLater)
        else:
            one.deleteLater()

    def pause_all(self) -> None:
        """Stop them, as the window closes."""
        for one in self._all:
            one.pause()

    def _run_next(self) -> None:
        """Run the first that waits, if none runs."""
        following = next((one for one in self._all if one.state is State.WAITING), None)
        if following is not None and not any(one.is_working for one in self._all):
            following.run()
        self.moved.emit()

    def _front(self) -> int:
        """Return the place of the first that runs or waits."""
        busy = {State.RUNNING, State.WAITING}
        places = (i for i, one in enumerate(self._all) if one.is_working or one.state in busy)
        return next(places, len(self._all))

    def _neighbour(self, one: Download, by: int) -> Download | None:
        waiting = [other for other in self._all if other.state is State.WAITING]
        place = waiting.index(one) + by if one in waiting else -1
        return waiting[place] if 0 <= place < len(waiting) else None

    def _add(self, wanted: Wanted, progress: DownloadProgress) -> Download:
        made = Download(wanted, self._hub, self._folder, progress, self)
        self._all.append(made)
        made.completed.connect(self.completed)
        made.run_wanted.connect(self._run_next)
        made.ended.connect(self._run_next)
        made.paused.connect(self.moved)
        made.set_aside_changed.connect(self.moved)
        self.added.emit(made)
        return made


def left_of(wanted: Wanted, folder: ModelFolder) -> list[UnfinishedDownload]:
    """Return what an unfinished download left in the folder."""
    return [
        left
        for left in unfinished(folder.folder)
        if (left.repo, left.file) == (wanted.repo, wanted.file)
    ]
