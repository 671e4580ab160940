"""The work on the queue, for the window: files join, are summarised one by one, and digested."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.batches import running
from assistant.batches.expanding import Expansion, expand
from assistant.batches.running import QueueRunner, encode_options
from assistant.batches.watching import Crowded, FolderGone, Joined, watch
from assistant.batches.working import Writer
from assistant.documents.reading import Reader, ReadingProgress
from assistant.storage.queue import QueueStore
from assistant.storage.watched_folders import WatchedFolder, WatchedFolderStore
from assistant.summaries.summary import ModelUsed, SummaryOptions, SummaryProgress
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.summary_work import pace
from assistant.ui.job import Job


@dataclass(frozen=True, slots=True)
class Found:
    """The documents among what was given; `name` is the folder's, or ""."""

    expansion: Expansion
    name: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The queue has nothing left to do: how many files were done and failed since it began."""

    done: int
    failed: int


class QueueWork(QObject):
    """Finds files, works through the queue and watches folders, each in a job of its own.

    Args:
        parts: what documents are worked on with.
        queue: the files.
        watched: folders whose files join it.
        parent: owner.

    Attributes:
        error: why the queue had to stop, or None.
        item_id: the file under way; 0 for none.
        progress: how far it is.
        left_out: how many entries of a watched folder are not looked at, by the folder's id.

    Signals:
        found (object): `Found`, after `look`.
        changed: files, states, or what is under way.
        progressed: `progress` is another.
        ended (object): `Ended`.
        failed (Exception): something could not be stored or looked at.
    """

    found = Signal(object)
    changed = Signal()
    progressed = Signal()
    ended = Signal(object)
    failed = Signal(Exception)

    def __init__(
        self,
        parts: Parts,
        queue: QueueStore,
        watched: WatchedFolderStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.queue = queue
        self.watched = watched
        self.keeping = parts.keeping
        self.error: Exception | None = None
        self.item_id = 0
        self.progress: ReadingProgress | SummaryProgress | None = None
        self.left_out: dict[int, int] = {}
        self._parts = parts
        self._runner = QueueRunner(queue, self.keeping, reader=parts.reader, writer=self._writer)
        self._job: Job | None = None
        self._watch_job: Job | None = None
        self._hold = threading.Event()
        self._has_more = False  # files joined while the job may have been at its end
        self._is_stopped = False  # the person stopped it, and files wait for them to go on
        self._done = self._failed_files = 0
        self._snapshot: Callable[[], Writer | None] = lambda: None
        parts.writer.changed.connect(self._note_model)
        self._note_model()

    @property
    def is_working(self) -> bool:
        """Whether the queue is being worked through, or is paused."""
        return self._job is not None

    @property
    def is_paused(self) -> bool:
        """Whether it waits for `resume`."""
        return self.is_working and self._hold.is_set()

    @property
    def reader(self) -> Reader:
        """What reads files and draws pages."""
        return self._parts.reader

    @property
    def has_writer(self) -> bool:
        """Whether there is a model that writes."""
        return self._parts.writer.model is not None

    def look(self, paths: Sequence[Path]) -> None:
        """Find the documents among files and folders; `found` follows."""
        folders = [path for path in paths if path.is_dir()]
        name = folders[0].name if len(folders) == len(paths) == 1 else ""

        def search(cancel: threading.Event) -> Iterator[Found]:
            yield Found(expand(paths, cancel=cancel), name)

        job = Job(search, self)
        job.succeeded.connect(self.found)
        job.failed.connect(self.failed)
        job.start()

    def add(
        self, files: Sequence[Path], options: SummaryOptions, *, name: str, wants_digest: bool
    ) -> int:
        """Let files join the queue as a batch, begin, and return the batch's id.

        Raises:
            NoSpace, CannotWrite, DamagedData: they did not join.
        """
        batch_id = self.queue.add_batch(
            files, options=encode_options(options), name=name, wants_digest=wants_digest
        )
        self.start()
        return batch_id

    def start(self) -> None:
        """Work through what waits; what is under way goes on."""
        self._is_stopped = False
        if self._job is not None:
            self._has_more = True
            self.resume()
            return
        self._done = self._failed_files = 0
        self._begin()
        if self._watch_job is None:
            self.watch()  # it may have failed

    def _begin(self) -> None:
        self.error = None
        self._has_more = False
        self._hold = threading.Event()
        hold = self._hold
        job = self._job = Job(lambda cancel: self._runner.run(cancel=cancel, hold=hold), self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        job.start()
        self.changed.emit()

    def pause(self) -> None:
        """Let the model rest; what is finished stays."""
        self._hold.set()
        self.changed.emit()

    def resume(self) -> None:
        """Go on."""
        self._hold.clear()
        self.changed.emit()

    def stop(self) -> None:
        """Stop; the file under way waits again, with what is finished of it."""
        if self._job is not None:
            self._is_stopped = True
            self._hold.clear()
            self._job.cancel()

    # Watched folders

    def watch_folder(self, path: Path, options: SummaryOptions) -> None:
        """Let what is new in a folder join the queue from now on.

        Raises:
            NoSpace, CannotWrite, DamagedData: it could not be stored.
        """
        batch_id = self.queue.add_batch([], options=encode_options(options), name=path.name)
        self.watched.add(path, batch_id, is_recursive=True)
        self.watch()

    def leave_folder(self, folder: WatchedFolder) -> None:
        """Watch a folder no more; what joined stays.

        Raises:
            NoSpace, CannotWrite, DamagedData: it could not be stored.
        """
        self.watched.remove(folder.id)
        self.left_out.pop(folder.id, None)
        self.changed.emit()

    def watch(self) -> None:
        """Look into the watched folders from now on, if there are any."""
        if self._watch_job is None and self.watched.list():
            self.left_out.clear()
            work = lambda cancel: watch(self.watched, self.queue, cancel=cancel)  # noqa: E731
            job = self._watch_job = Job(work, self)
            job.progressed.connect(self._take_watched)
            job.failed.connect(self._fail_to_watch)
            job.start()
        self.changed.emit()

    def close(self) -> None:
        """Stop everything, because the window closes."""
        self.stop()
        if self._watch_job is not None:
            self._watch_job.cancel()
            self._watch_job = None

    # From the jobs

    def _take(self, event: object) -> None:
        if self.sender() is not self._job:
            return
        if isinstance(event, running.Progressed):
            self.progress = event.progress
            self.progressed.emit()
            return
        if isinstance(event, running.Started):
            self.item_id, self.progress = event.item.id, None
        elif isinstance(event, running.Done | running.Failed):
            self.item_id = 0
            self._done += isinstance(event, running.Done)
            self._failed_files += isinstance(event, running.Failed)
        elif isinstance(event, running.Grew):
            return
        self.changed.emit()

    def _take_watched(self, event: object) -> None:
        if isinstance(event, Crowded):
            self.left_out[event.folder.id] = event.left_out
            self.changed.emit()
            return
        if not isinstance(event, Joined | FolderGone):
            return
        if isinstance(event, FolderGone) or self.is_paused or self._is_stopped:
            self.changed.emit()  # who let it rest lets it go on
        else:
            self.start()

    def _fail_to_watch(self, error: Exception) -> None:
        """Tell why nobody looks any more; the next time something begins, it is tried again."""
        self._watch_job = None
        self.failed.emit(error)

    def _fail(self, error: Exception) -> None:
        if self.sender() is self._job:
            self.error = error

    def _end(self) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        self.item_id, self.progress = 0, None
        if self._has_more and self.error is None and not self._is_stopped:
            self._begin()  # it may have looked for the next file a moment too early
            return
        self.changed.emit()
        self.ended.emit(Ended(self._done, self._failed_files))

    def _writer(self) -> Writer | None:
        """Return the model that writes; on the job's thread."""
        return self._snapshot()

    def _note_model(self) -> None:
        """Remember the model, on the window's thread: the job must not ask its widgets."""
        chosen, parts = self._parts.writer, self._parts
        model, engine, is_poor = chosen.model, chosen.engine, chosen.is_experimental

        def snapshot() -> Writer | None:
            if model is None:
                return None
            used = ModelUsed(model.name, model.sha256)
            measured = pace(model, parts)
            return Writer(engine=engine, model=used, is_experimental=is_poor, pace=measured)

        self._snapshot = snapshot
