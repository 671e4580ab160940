"""The documents of the chat that is open: added, read one after another, kept with it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from assistant.batches.expanding import Expansion, expand
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.errors import AssistantError
from assistant.summaries.injections.finding import spans
from assistant.ui.asking.attached_file import AttachedFile, FileState
from assistant.ui.asking.home import Home
from assistant.ui.documents.parts import Parts
from assistant.ui.job import Job

T = TypeVar("T")

# So many documents can be asked at once; more belong into the queue and its digest.
MOST = 100
_CHATS_KEPT = 4  # whose documents stay in memory, with the index of their passages


class Attachments(QObject):
    """Which documents the open chat asks. Reading goes on when another chat is opened.

    Args:
        parts: what reads documents.
        home: where chats are kept, unless `open` says otherwise.
        parent: owner.

    Attributes:
        left_out: how many documents were more than can be asked at once, when some were added.

    Signals:
        changed: another chat, other documents, or one of them is further.
        failed (Exception): something could not be stored or looked at.
    """

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, parts: Parts, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.left_out = 0
        self._parts = parts
        self._main_home = home
        self._home = home
        self._conversation_id: int | None = None
        self._chats: dict[tuple[Home, int | None], list[AttachedFile]] = {}
        self._files: list[AttachedFile] = []
        self._attached: Attached | None = None
        self._looks: list[Job] = []

    @property
    def files(self) -> tuple[AttachedFile, ...]:
        """The documents of the open chat, in the order in which they came."""
        return tuple(self._files)

    @property
    def is_reading(self) -> bool:
        """Whether one of them is not ready yet: a question now would not know it."""
        return any(file.is_pending for file in self._files) or bool(self._looks)

    @property
    def home(self) -> Home:
        """Where the open chat is kept."""
        return self._home

    @property
    def is_kept(self) -> bool:
        """Whether its documents stand in Documents, too."""
        return self._home is self._main_home

    def attached(self) -> Attached | None:
        """Return the documents that are ready to be asked; None if there are none."""
        documents = tuple(
            AttachedDocument(file.document_id, file.document)
            for file in self._files
            if file.document is not None and file.document_id is not None
        )
        before = self._attached
        if before is None or [d.id for d in before.documents] != [d.id for d in documents]:
            self._attached = Attached(documents, finds_orders=spans) if documents else None
        return self._attached

    def open(self, conversation_id: int | None, home: Home | None = None) -> None:
        """Show the documents of another chat; None for the one that has not begun."""
        self._home, self._conversation_id = home or self._main_home, conversation_id
        key = (self._home, conversation_id)
        self._attached, self.left_out = None, 0
        known = self._chats.pop(key, None)
        self._files = self._chats[key] = [] if known is None else known
        if known is None and conversation_id is not None:
            self._fetch(conversation_id)
        self._forget_oldest()
        self.changed.emit()

    def begin(self, conversation_id: int) -> None:
        """Keep the documents with the chat, which has got its row with its first message."""
        if self._conversation_id == conversation_id:
            return
        del self._chats[self._home, self._conversation_id]
        self._conversation_id = conversation_id
        self._chats[self._home, conversation_id] = self._files
        for file in self._files:
            self._keep(file, conversation_id, self._home)

    def add(self, paths: Sequence[Path]) -> None:
        """Attach files, and the documents in folders."""
        if any(path.is_dir() for path in paths):
            self._look_into(tuple(paths))
        else:
            self._add_files(self._files, paths, self._conversation_id)

    def add_stored(self, document_id: int) -> None:
        """Attach a document that was read before."""
        if any(file.document_id == document_id for file in self._files):
            return
        record = self._guarded(lambda: self._main_home.keeping.documents.get(document_id))
        if record is None or any(file.path == record.path for file in self._files):
            return
        file = self._new(record.path, record_id=document_id, title=record.title)
        self._take(self._files, [file], self._conversation_id)

    def remove(self, file: AttachedFile) -> None:
        """Ask a document no longer in this chat; it stays in the library."""
        if file not in self._files:
            return
        self._files.remove(file)
        file.stop()
        conversation_id, document_id = self._conversation_id, file.document_id
        if conversation_id is not None and document_id is not None:
            self._guarded(lambda: self._home.conversations.detach(conversation_id, document_id))
        file.deleteLater()
        self._attached = None
        self._read_next(self._files)
        self.changed.emit()

    def renew(self, file: AttachedFile) -> None:
        """Read a file again that has changed since, and ask it as it is now."""
        if file not in self._files:
            return
        at = self._files.index(file)
        files, conversation_id = self._files, self._conversation_id
        self.remove(file)
        fresh = self._new(file.path)
        self._take(files, [fresh], conversation_id)
        files.insert(at, files.pop())  # where it was
        self.changed.emit()

    def forget(self, document_id: int) -> None:
        """Let go of a document that left the library, in all chats."""
        for key, files in list(self._chats.items()):
            gone = [file for file in files if file.document_id == document_id]
            if gone and files is not self._files:
                self._drop(self._chats.pop(key))  # what is left is fetched when it is opened
            elif gone:
                self._files[:] = [file for file in files if file not in gone]
                self._drop(gone)
        self._attached = None
        self.changed.emit()

    def forget_home(self, home: Home) -> None:
        """Let go of the documents of chats that are no longer kept, and read them no further."""
        for key in [
            key for key in self._chats if key[0] is home and self._chats[key] is not self._files
        ]:
            self._drop(self._chats.pop(key))

    def forget_all(self) -> None:
        """Let go of all documents, after everything was erased or another backup restored."""
        for files in self._chats.values():
            self._drop(files)
        self._files = []
        self._chats = {(self._home, self._conversation_id): self._files}
        self._attached = None
        self.changed.emit()

    def clear(self) -> None:
        """Attach nothing any more to the chat that has not begun."""
        if self._conversation_id is None:
            self._drop(self._files)
            self._files.clear()
            self._attached = None
            self.changed.emit()

    def find(self, document_id: int) -> AttachedFile | None:
        """Return the document with this row, if it is one of the open chat's."""
        return next((file for file in self._files if file.document_id == document_id), None)

    def close(self) -> None:
        """Read no further, because the window closes."""
        for job in self._looks:
            job.cancel()
        for files in self._chats.values():
            for file in files:
                file.stop()

    # What was chosen

    def _look_into(self, paths: tuple[Path, ...]) -> None:
        """Find the documents in folders; they belong to the chat that is open now."""
        files, conversation_id = self._files, self._conversation_id

        def look(cancel: threading.Event) -> Iterator[Expansion]:
            yield expand(paths, cancel=cancel)

        job = Job(look, self)
        self._looks.append(job)
        job.succeeded.connect(lambda found: self._add_found(files, found.files, conversation_id))
        job.failed.connect(self.failed)
        job.finished.connect(lambda: self._end_look(job))
        job.start()
        self.changed.emit()

    def _end_look(self, job: Job) -> None:
        self._looks.remove(job)
        self.changed.emit()

    def _add_found(
        self, files: list[AttachedFile], paths: Sequence[Path], conversation_id: int | None
    ) -> None:
        if any(kept is files for kept in self._chats.values()):  # the chat may be gone meanwhile
            self._add_files(files, paths, self._id_of(files, conversation_id))

    def _id_of(self, files: list[AttachedFile], before: int | None) -> int | None:
        """Return the chat that `files` belong to: it may have begun meanwhile."""
        return next((key[1] for key, value in self._chats.items() if value is files), before)

    def _add_files(
        self, files: list[AttachedFile], paths: Sequence[Path], conversation_id: int | None
    ) -> None:
        known = {file.path for file in files}
        fresh = [path.absolute() for path in paths]
        self._take(
            files,
            [self._new(path) for path in dict.fromkeys(fresh) if path not in known],
            conversation_id,
        )

    def _new(self, path: Path, *, record_id: int | None = None, title: str = "") -> AttachedFile:
        return AttachedFile(
            path,
            self._parts,
            self._home,
            record_id=record_id,
            source=self._main_home,
            title=title,
            parent=self,
        )

    def _fetch(self, conversation_id: int) -> None:
        """Fetch the documents that the chat was kept with."""
        ids = self._guarded(lambda: self._home.conversations.attached(conversation_id)) or []
        fetched = []
        for document_id in ids:
            record = self._home.keeping.documents.get(document_id)
            if record is not None:
                file = AttachedFile(
                    record.path,
                    self._parts,
                    self._home,
                    record_id=document_id,
                    title=record.title,
                    parent=self,
                )
                file.document_id = document_id
                file.is_attached = True
                fetched.append(file)
        self._take(self._files, fetched, None)

    def _take(
        self,
        files: list[AttachedFile],
        fresh: Sequence[AttachedFile],
        conversation_id: int | None,
    ) -> None:
        taken = fresh[: max(0, MOST - len(files))]
        self.left_out = len(fresh) - len(taken)
        for file in fresh[len(taken) :]:
            file.deleteLater()
        home = self._home
        for file in taken:
            file.changed.connect(self.changed)
            file.ended.connect(lambda file=file: self._end(files, file, conversation_id, home))
        files += taken
        self._read_next(files)
        self.changed.emit()

    # Reading

    def _read_next(self, files: list[AttachedFile]) -> None:
        """Read one at a time: the reader has one process."""
        if any(file.state is FileState.READING for file in files):
            return
        waiting = next((file for file in files if file.state is FileState.WAITING), None)
        if waiting is not None:
            waiting.read()

    def _end(
        self,
        files: list[AttachedFile],
        file: AttachedFile,
        conversation_id: int | None,
        home: Home,
    ) -> None:
        if file in files:
            self._attached = None
            now = self._id_of(files, conversation_id)
            if now is not None:
                self._keep(file, now, home)
        self._read_next(files)
        self.changed.emit()

    def _keep(self, file: AttachedFile, conversation_id: int, home: Home) -> None:
        document_id = file.document_id
        if document_id is not None and not file.is_attached:
            file.is_attached = True
            self._guarded(lambda: home.conversations.attach(conversation_id, document_id))

    def _forget_oldest(self) -> None:
        """Free the documents of chats that were not open for long."""
        idle = [
            key
            for key, files in self._chats.items()
            if files is not self._files and not any(file.is_pending for file in files)
        ]
        for key in idle[: max(0, len(self._chats) - _CHATS_KEPT)]:
            self._drop(self._chats.pop(key))

    @staticmethod
    def _drop(files: Sequence[AttachedFile]) -> None:
        for file in files:
            file.stop()
            file.deleteLater()

    def _guarded(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except AssistantError as error:
            self.failed.emit(error)
            return None
