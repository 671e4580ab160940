"""Keeps what is written and not sent, so that a crash loses at most the last second of it."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.errors import AssistantError
from assistant.storage.drafts import DraftStore
from assistant.ui.chat.composer import Composer
from assistant.ui.job import Job

_SAVE_AFTER_MS = 400  # of the first change, not of the last: who types on is kept as well


class DraftKeeper(QObject):
    """Puts each conversation's draft into the composer, and keeps it as it changes.

    Args:
        composer: where it is written.
        parent: owner.

    Signals:
        failed (object): an AssistantError; what was kept before is still there.
    """

    failed = Signal(object)

    def __init__(self, composer: Composer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composer = composer
        self._store: DraftStore | None = None
        self._conversation_id: int | None = None
        self._kept = ""
        self._waiting: dict[tuple[DraftStore, int | None], str] = {}
        self._lock = threading.Lock()
        self._has_failed = False
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._timer.timeout.connect(self._keep)
        composer.changed.connect(self._plan)

    def open(self, store: DraftStore, conversation_id: int | None) -> None:
        """Show the draft of another conversation; that of the one before is kept.

        Raises:
            DamagedData, CannotWrite: it cannot be read.
        """
        self._keep()
        self._store, self._conversation_id = store, conversation_id
        with self._lock:
            waiting = self._waiting.get((store, conversation_id))
        text = store.get(conversation_id) if waiting is None else waiting
        self._kept = text
        if text != self._composer.text:
            self._composer.field.show_text(text)
        self._timer.stop()

    def begin(self, conversation_id: int) -> None:
        """Note that the chat has got its row; what is written from now on belongs to that."""
        if conversation_id != self._conversation_id:
            self._put(self._conversation_id, "")
            self._conversation_id, self._kept = conversation_id, ""

    def keep(self) -> None:
        """Keep what there is now, in the background."""
        self._keep()

    def forget(self) -> None:
        """Empty the composer and keep nothing of it, because everything was erased."""
        with self._lock:
            self._waiting.clear()
        self._composer.field.clear()
        self._timer.stop()
        self._kept = ""

    def close(self) -> None:
        """Keep all there is before the window closes."""
        self._keep()
        try:
            self._write_all()
        except AssistantError as error:
            self.failed.emit(error)

    def _plan(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        self._timer.stop()
        text = self._composer.text
        if self._store is not None and text != self._kept:
            self._put(self._conversation_id, text)
            self._kept = text

    def _put(self, conversation_id: int | None, text: str) -> None:
        if self._store is None:
            return
        with self._lock:
            self._waiting[self._store, conversation_id] = text
        if self._job is None:
            self._start()

    def _start(self) -> None:
        self._job = Job(self._write)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()

    def _write(self, cancel: threading.Event) -> Iterator[bool]:
        """Write what waits; runs on a thread."""
        del cancel  # a moment's work, and the words of a person
        self._write_all()
        yield True

    def _write_all(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                key, text = next(iter(self._waiting.items()))
            store, conversation_id = key
            store.put(conversation_id, text)
            with self._lock:
                if self._waiting.get(key) == text:
                    del self._waiting[key]

    def _end(self) -> None:
        self._job = None
        if self._waiting and not self._has_failed:
            self._start()
        self._has_failed = False

    def _fail(self, error: Exception) -> None:
        """Tell of it; what waits is tried again with the next change."""
        self._has_failed = True
        self.failed.emit(error)
