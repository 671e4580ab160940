"""Looks through the text of all documents, in the background."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.storage.library import LibraryEntry, LibraryStore
from assistant.summaries.keeping import Keeping
from assistant.ui.job import Job

_PAUSE_MS = 120  # in the typing, before it looks
MOST_FOUND = 200


class LibraryLook(QObject):
    """Finds documents by words; the newest search ends the one before.

    Args:
        library: where the words are.
        keeping: where the documents are whose words are not there yet.
        parent: owner.

    Signals:
        found (str, object): the words, and a list of `LibraryEntry`; once more with the same
            words when documents were added that nobody had searched before.
        failed (Exception): it could not look.
    """

    found = Signal(str, object)
    failed = Signal(Exception)

    def __init__(
        self, library: LibraryStore, keeping: Keeping, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._keeping = keeping
        self._words = ""
        self._job: Job | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._start)

    def look_for(self, words: str) -> None:
        """Look for documents with all of `words`; "" ends the search."""
        self._words = words.strip()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._words:
            self._pause.start()
        else:
            self._pause.stop()

    def close(self) -> None:
        """Look no more, because the window closes."""
        self.look_for("")

    def _start(self) -> None:
        words, library, keeping = self._words, self._library, self._keeping

        def look(cancel: threading.Event) -> Iterator[list[LibraryEntry]]:
            yield library.search(words, limit=MOST_FOUND)
            if take_in(library, keeping, cancel) and not cancel.is_set():
                yield library.search(words, limit=MOST_FOUND)

        job = self._job = Job(look, self)
        job.progressed.connect(lambda entries: self._take(job, words, entries))
        job.failed.connect(self.failed)
        job.start()

    def _take(self, job: Job, words: str, entries: list[LibraryEntry]) -> None:
        if job is self._job:
            self.found.emit(words, entries)


def take_in(library: LibraryStore, keeping: Keeping, cancel: threading.Event) -> int:
    """Store the words of documents that were read since the last time; return how many.

    Raises:
        NoSpace, CannotWrite, DamagedData: they could not be stored.
    """
    count = 0
    for document_id in library.unindexed():
        if cancel.is_set():
            break
        document = keeping.document(document_id)
        if document is not None:
            library.index(document_id, [page.text for page in document.pages])
            count += 1
    return count
