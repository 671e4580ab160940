"""The queue and the digests made from it: one place of the Documents page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.errors import AssistantError
from assistant.summaries.digest import Digest, DigestFile
from assistant.summaries.summary import Mode
from assistant.ui.batches.digest_view import DigestView
from assistant.ui.batches.queue_view import QueueView
from assistant.ui.batches.queue_work import Found, QueueWork
from assistant.ui.documents.options.choices import Choices
from assistant.ui.exporting import ExportKind, Exports


class QueueDesk(QWidget):
    """Takes files and folders, asks how to read them, and shows what comes of it.

    Args:
        work: what works through the queue.
        choices: gives the choices for a summary that were made last.
        parent: owner.

    Signals:
        opened (int): the row of a document that is to be shown.
        wanted: the desk has something to ask, and is to be shown.
        failed (Exception): a result could not be written.
    """

    opened = Signal(int)
    wanted = Signal()
    failed = Signal(Exception)

    def __init__(
        self, work: QueueWork, choices: Callable[[], Choices], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.work = work
        self._choices = choices
        self._found: Found | None = None
        self.queue = QueueView(work)
        self.digest = DigestView(work.reader, self._document_of)
        self.exports = Exports(self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.queue)
        self._stack.addWidget(self.digest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._connect()
        self.queue.refresh()

    def take(self, paths: Sequence[Path]) -> None:
        """Look for documents among `paths`, and ask how they are to be read."""
        self.work.look(paths)

    def show_queue(self) -> None:
        """Show the queue as it is."""
        self._stack.setCurrentWidget(self.queue)
        self.queue.refresh()

    def close_page(self) -> None:
        """Stop all work, because the window closes."""
        self.work.close()
        self.digest.close_page()

    # What was found

    def _ask(self, found: object) -> None:
        assert isinstance(found, Found)
        self._found = found
        mode = self._choices().mode or Mode.KEY_POINTS
        self._stack.setCurrentWidget(self.queue)
        self.queue.offer.offer(found.expansion, mode, can_write=self.work.has_writer)
        self.wanted.emit()

    def _accept(self) -> None:
        found, self._found = self._found, None
        self.queue.offer.hide()
        if found is None:
            return
        offer = self.queue.offer
        try:
            batch_id = self.work.add(
                found.expansion.files,
                self._choices().options(offer.mode),
                name=found.name,
                wants_digest=offer.digest.isChecked() and offer.digest.isEnabled(),
            )
        except AssistantError as error:
            self.failed.emit(error)
            return
        self.queue.show_batch(batch_id)

    def _decline(self) -> None:
        self._found = None
        self.queue.offer.hide()

    # What is chosen

    def choose_files(self) -> None:
        """Let the person choose files for the queue."""
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add documents"), _documents())
        if names:
            self.take([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Let the person choose a folder for the queue."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Add a folder"), _documents())
        if name:
            self.take([Path(name)])

    def choose_watched(self) -> None:
        """Let the person choose a folder whose new files join the queue."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Watch a folder"), _documents())
        if name:
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Let what is new in `folder` join the queue from now on."""
        mode = self._choices().mode or Mode.KEY_POINTS
        try:
            self.work.watch_folder(folder, self._choices().options(mode))
        except AssistantError as error:
            self.failed.emit(error)

    # The digest

    def _show_digest(self, digest: Digest, name: str) -> None:
        self.digest.show_digest(digest, name)
        self._stack.setCurrentWidget(self.digest)

    def _document_of(self, file: DigestFile) -> Document | None:
        record = self.work.keeping.documents.find(file.sha256, file.path)
        return None if record is None else self.work.keeping.document(record.id)

    def _export(self, kind: str) -> None:
        if (result := self.digest.exportable()) is not None:
            self.exports.export(result, ExportKind(kind))

    def _connect(self) -> None:
        self.work.found.connect(self._ask)
        self.queue.offer.accepted.connect(self._accept)
        self.queue.offer.declined.connect(self._decline)
        self.queue.opened.connect(self.opened)
        self.queue.digest_wanted.connect(self._show_digest)
        self.queue.files_wanted.connect(self.choose_files)
        self.queue.folder_wanted.connect(self.choose_folder)
        self.queue.watch_wanted.connect(self.choose_watched)
        self.digest.closed.connect(self.show_queue)
        self.digest.export_wanted.connect(self._export)
        self.exports.failed.connect(self.failed)


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
