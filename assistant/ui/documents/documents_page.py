"""The Documents page: the list, where to begin, and the document that is open."""

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from assistant.errors import AssistantError
from assistant.paths import resource
from assistant.settings import SettingsFile
from assistant.storage.documents import DocumentRecord
from assistant.storage.library import LibraryEntry
from assistant.storage.queue import ItemState
from assistant.storage.search_words import Pieces
from assistant.summaries.summary import Mode
from assistant.ui import theme
from assistant.ui.awake import Vigil
from assistant.ui.documents.document_list import DocumentList
from assistant.ui.documents.document_view import DocumentView
from assistant.ui.documents.exports import exportable
from assistant.ui.documents.options.choices import Choices, from_settings, to_settings
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.rows import rows
from assistant.ui.documents.session import DocumentSession
from assistant.ui.documents.start_view import StartView
from assistant.ui.errors_view import ErrorView
from assistant.ui.exporting import ExportKind, Exports
from assistant.ui.job import Job
from assistant.ui.library.shelf import Library, Removed
from assistant.ui.model_words import called
from assistant.ui.undo_bar import UndoBar

if TYPE_CHECKING:
    from assistant.ui.batches.desk import QueueDesk
    from assistant.ui.comparing.view import ComparisonView

SAMPLE = "samples/sample.pdf"
_TAKE_IN_AFTER_MS = 5000  # the window's start comes first
_OFFER_AFTER_MS = 1000  # this computer is looked at for it
_AT_ONCE = 3  # so many files are opened beside each other; more go to the queue


class DocumentsPage(QWidget):
    """Opens documents, shows them, keeps them.

    Args:
        parts: what documents are worked on with.
        settings: the last choices for a summary.
        parent: owner.

    Signals:
        better_model_wanted: the person follows the offer of a better model.
        models_wanted: the person wants to choose another model.
        ask_wanted (int): a document is to be asked in a new chat, by its row.
        chat_wanted (int): a chat about a document is to be opened.
        chats_changed (object): the ids of chats that went with a document, or came back.
        document_removed (int): a document left the library, by its row.
    """

    better_model_wanted = Signal()
    models_wanted = Signal()
    ask_wanted = Signal(int)
    chat_wanted = Signal(int)
    chats_changed = Signal(object)
    document_removed = Signal(int)

    def __init__(self, parts: Parts, settings: SettingsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._writer = parts.writer
        self._settings = settings
        self._sessions: dict[int | str, DocumentSession] = {}
        self._found_pages: dict[int | str, int] = {}  # where the words of the search stand
        self._wanted_page: tuple[DocumentSession | None, int] = (None, 0)
        self._offer = ""
        self._is_looking = False
        self.title = self.tr("Documents")
        self.list = DocumentList()
        self.library = Library(parts, self)
        self.start = StartView()
        self.view = DocumentView(parts.reader)
        self.vigil = Vigil(
            self, lambda: settings.value.stays_awake, lambda: settings.value.tells_of_end
        )
        self.undo_bar = UndoBar()
        self.exports = Exports(self)
        self._notices = QVBoxLayout()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._notices)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.undo_bar)
        self._connect()
        self._read_list()
        self._show_model()
        self._note_queue()
        QTimer.singleShot(0, self, self._watch_folders)
        QTimer.singleShot(_TAKE_IN_AFTER_MS, self, self.library.take_in)

    @cached_property
    def comparison(self) -> "ComparisonView":
        """Where two documents are compared; made when it is first needed."""
        from assistant.ui.comparing.view import ComparisonView  # noqa: PLC0415 - lazy

        view = ComparisonView(self._parts.reader)
        view.export_wanted.connect(self._export_comparison)
        view.closed.connect(lambda: self._stack.setCurrentWidget(self.view))
        self._stack.addWidget(view)
        return view

    @cached_property
    def desk(self) -> "QueueDesk":
        """The queue and its digests; made when they are first needed."""
        from assistant.ui.batches.desk import QueueDesk  # noqa: PLC0415 - lazy
        from assistant.ui.batches.queue_work import QueueWork  # noqa: PLC0415 - lazy

        work = QueueWork(self._parts, self._parts.queue, self._parts.watched, self)
        work.changed.connect(self._note_queue)
        work.ended.connect(self._read_list)
        desk = QueueDesk(work, lambda: from_settings(self._settings.value))
        desk.wanted.connect(lambda: self._stack.setCurrentWidget(desk))
        desk.opened.connect(self._open_queued)
        desk.failed.connect(self._show_notice)
        self._stack.addWidget(desk)
        return desk

    @property
    def sidebar(self) -> QWidget:
        """The middle column."""
        return self.list

    @property
    def session(self) -> DocumentSession | None:
        """The document that is open."""
        return self.view.session if self._stack.currentWidget() is self.view else None

    def open_files(self, paths: Sequence[Path]) -> None:
        """Read files; the first one is shown, the others follow in the list.

        Folders, and more files than a person reads at once, go to the queue.
        """
        if len(paths) > _AT_ONCE or any(path.is_dir() for path in paths):
            self.desk.take(paths)
            return
        opened = [self._open_file(path) for path in paths]
        if opened:
            self._show_session(opened[0])

    def choose_files(self) -> None:
        """Let the person choose files."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Open documents"), folder)
        self.open_files([Path(name) for name in names])

    def compare_with(self, path: Path) -> None:
        """Compare the document that is open with the file at `path`: that is the newer one."""
        session = self.session
        if session is None or session.document is None:
            return
        from assistant.ui.comparing.session import Source  # noqa: PLC0415 - lazy

        self._stack.setCurrentWidget(self.comparison)
        old = Source(session.path, session.document, session.password)
        self.comparison.compare(old, Source(path))

    def open_sample(self) -> None:
        """Read the document that comes with the app."""
        self.open_files([resource(SAMPLE)])

    def open_record(self, record_id: int) -> None:
        """Show a document that was read before."""
        record = self.library.record(record_id)
        if record is not None:
            self._show_record(record)

    def stop(self) -> None:
        """Stop all work."""
        if self._has_desk:
            self.desk.work.close()
        for session in self._sessions.values():
            session.stop()

    def close_page(self) -> None:
        """Stop all work and make removals final."""
        self.stop()
        self.view.pages.close_page()
        if "comparison" in vars(self):
            self.comparison.close_page()
        if self._has_desk:
            self.desk.close_page()
        self.library.look.close()
        self.vigil.close()
        self.undo_bar.settle()

    def start_over(self) -> None:
        """Show nothing any more, after everything was erased."""
        self.stop()
        self._sessions.clear()
        self._stack.setCurrentWidget(self.start)
        self._read_list()

    # Documents

    def _open_file(self, path: Path) -> DocumentSession:
        path = path.absolute()
        session = self._new_session(path)
        record = next((r for r in self.library.records if r.path == path), None)
        key: int | str = record.id if record else str(path)
        old = self._sessions.pop(key, None)
        if old is not None:
            old.stop()
        self._sessions[str(path)] = session
        session.read()
        return session

    def _new_session(self, path: Path, record: DocumentRecord | None = None) -> DocumentSession:
        session = DocumentSession(
            path,
            self._parts,
            default_mode=self._default_mode,
            choices=from_settings(self._settings.value),
            record=record,
            parent=self,
        )
        session.changed.connect(self._note_change)
        return session

    def _default_mode(self) -> Mode:
        """The last choice; else what suits the model: a very small one extracts better."""
        chosen = self._settings.value.summary_mode
        model = self._writer.model
        if model is None or self._writer.is_experimental:
            return Mode.KEY_POINTS
        return Mode(chosen) if chosen in set(Mode) else Mode.QUICK

    def _show_record(self, record: DocumentRecord) -> None:
        session = self._sessions.get(record.id)
        if session is None:
            session = self._sessions[record.id] = self._new_session(record.path, record)
            session.fetch()
        self._show_session(session)

    def _show_session(self, session: DocumentSession) -> None:
        self._stack.setCurrentWidget(self.view)
        self.view.show_session(session)
        self._show_list()
        self._show_chats()

    def _note_change(self) -> None:
        session = self.sender()
        if isinstance(session, DocumentSession):
            self._move_to_its_row(session)
        self._read_list()
        self._show_chats()
        self._go_to_found()
        self._note_work()

    def _note_work(self) -> None:
        """Say whether there is work that is not paused."""
        sessions = self._sessions.values()
        is_writing = any(one.is_working and not one.is_paused for one in sessions)
        work = self.desk.work if self._has_desk else None
        is_queue_working = work is not None and work.is_working and not work.is_paused
        self.vigil.note(is_working=is_writing or is_queue_working)

    def _move_to_its_row(self, session: DocumentSession) -> None:
        """A document that was read is known by its row in the store; a changed file has another."""
        key = next((key for key, value in self._sessions.items() if value is session), None)
        if key is not None and session.record_id is not None and key != session.record_id:
            del self._sessions[key]
            self._sessions[session.record_id] = session

    # The list

    def _read_list(self) -> None:
        try:
            self.library.read()
        except AssistantError as error:
            self._show_notice(error)
        self._show_list()

    def _show_list(self) -> None:
        shown = rows(self.library.records, self._sessions, self.library.chats)
        self.list.show_rows(shown, self._selected_key())

    def _selected_key(self) -> int | str | None:
        shown = self.session
        return next((key for key, value in self._sessions.items() if value is shown), None)

    def _remove(self, key: int | str) -> None:
        session = self._sessions.pop(key, None)
        if session is not None:
            session.stop()
        removed = None
        try:
            if isinstance(key, int):
                removed = self.library.remove(key)
        except AssistantError as error:
            self._show_notice(error)
            return
        if session is not None and self.view.session is session:
            self._stack.setCurrentWidget(self.start)
        self.list.view.setFocus()
        self._read_list()
        words = removed.words if removed else ""
        if removed is not None:
            self._tell_of_chats(removed)
            self.document_removed.emit(removed.document_id)
        elif session is not None:
            words = self.tr("Removed {title}").format(title=" ".join(session.title.split()))
        self.undo_bar.offer(
            words, lambda: self._bring_back(key, session, removed), self.library.purge
        )

    def _bring_back(
        self, key: int | str, session: DocumentSession | None, removed: Removed | None
    ) -> None:
        try:
            if removed is not None:
                self.library.restore(removed)
                self._tell_of_chats(removed)
        except AssistantError as error:
            self._show_notice(error)
        self._read_list()
        if session is not None:
            self._sessions[key] = session
            self._show_session(session)

    def _tell_of_chats(self, removed: Removed) -> None:
        if removed.chats:
            self.chats_changed.emit(removed.chats)

    def _remove_shown(self) -> None:
        key = self._selected_key()
        if key is not None:
            self._remove(key)

    # Parts

    def _change_defaults(self, choices: Choices) -> None:
        try:
            self._settings.change(**to_settings(choices))
        except AssistantError as error:
            self._show_notice(error)

    def _show_model(self) -> None:
        model = self._writer.model
        self.view.options.show_model(
            called(model) if model else "",
            is_experimental=self._writer.is_experimental,
        )
        self._show_offer()
        if self.session is not None:
            self.session.foretell()  # another model has another speed

    def _show_offer(self) -> None:
        """Offer a better model, if there is none or a very small one, and the hub may be asked."""
        writer = self._writer
        wants_better = writer.is_known and (writer.model is None or writer.is_experimental)
        is_wanted = wants_better and not self._settings.value.never_connects
        self.start.show_offer(self._offer if is_wanted else "")
        if is_wanted and not self._offer and not self._is_looking:
            self._is_looking = True
            QTimer.singleShot(_OFFER_AFTER_MS, self, self._find_offer)

    def _find_offer(self) -> None:
        from assistant.ui.documents.offer import (  # noqa: PLC0415 - after the start
            Offer,
            best_offer,
            offer_text,
        )
        from assistant.ui.models.finding.foresight import Foresight  # noqa: PLC0415 - likewise

        writer = self._writer
        loaded_bytes = writer.model.size_bytes if writer.model else 0
        foresight = Foresight(self._parts.speeds, lambda: loaded_bytes)

        def work(_: threading.Event) -> Iterator[Offer]:
            yield best_offer(foresight)

        def show(offer: Offer) -> None:
            if not job.is_cancelled:  # the page may be gone
                self._offer = offer_text(offer)
                self._show_offer()

        job = Job(work, self)
        job.progressed.connect(show)
        job.start()

    def _show_notice(self, error: Exception) -> None:
        notice = ErrorView(error, is_dismissible=True)
        row = QVBoxLayout()
        row.setContentsMargins(*(2 * theme.SPACE,) * 4)
        row.addWidget(notice)
        self._notices.addLayout(row)

    def _connect(self) -> None:
        self.list.chosen.connect(self._choose)
        self.list.search_wanted.connect(self.library.look.look_for)
        self.list.ask_wanted.connect(self.ask_wanted.emit)
        self.library.look.found.connect(self._show_found)
        self.library.look.failed.connect(self._show_notice)
        self.view.ask_wanted.connect(self._ask_shown)
        self.view.chat_wanted.connect(self.chat_wanted)
        self.list.remove_wanted.connect(self._remove)
        self.list.open_wanted.connect(self.choose_files)
        self.list.folder_wanted.connect(self._choose_folder)
        self.list.queue_wanted.connect(self.show_queue)
        self.start.open_wanted.connect(self.choose_files)
        self.start.sample_wanted.connect(self.open_sample)
        self.start.better_model_wanted.connect(self.better_model_wanted)
        self.view.options_changed.connect(self._change_defaults)
        self.view.export_wanted.connect(self._export)
        self.view.compare_wanted.connect(self._choose_other_version)
        self.exports.failed.connect(self._show_notice)
        self.view.remove_wanted.connect(self._remove_shown)
        self.view.models_wanted.connect(self.models_wanted)
        self.view.choose_again_wanted.connect(self.choose_files)
        self._writer.changed.connect(self._show_model)
        open_key = QShortcut(QKeySequence(QKeySequence.StandardKey.Open), self)
        open_key.setContext(Qt.ShortcutContext.WindowShortcut)
        open_key.activated.connect(self.choose_files)

    def _choose_folder(self) -> None:
        self.desk.choose_folder()

    @property
    def _has_desk(self) -> bool:
        """Whether the queue was needed since the start."""
        return "desk" in vars(self)

    def _watch_folders(self) -> None:
        """Look into watched folders, where there are any."""
        try:
            if self._parts.watched.list():
                self.desk.work.watch()
        except AssistantError as error:
            self._show_notice(error)

    def show_queue(self) -> None:
        """Show what waits, is under way, done and failed."""
        self.desk.show_queue()
        self._stack.setCurrentWidget(self.desk)

    def _open_queued(self, record_id: int) -> None:
        self._read_list()
        self.open_record(record_id)

    def _note_queue(self) -> None:
        self._note_work()
        try:
            counts = [batch.counts for batch in self._parts.queue.batches()]
        except AssistantError as error:
            self._show_notice(error)
            return
        total = sum(sum(one.values()) for one in counts)
        done = sum(one.get(ItemState.DONE, 0) + one.get(ItemState.FAILED, 0) for one in counts)
        words = self.tr("{done} of {total}").format(done=done, total=total) if total else ""
        self.list.show_queue(words)

    def _choose_other_version(self) -> None:
        if self.session is None:
            return
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Compare with this newer version"), str(self.session.path.parent)
        )
        if name:
            self.compare_with(Path(name))

    def _export_comparison(self, kind: str) -> None:
        if (result := self.comparison.exportable()) is not None:
            self.exports.export(result, ExportKind(kind))

    def _export(self, kind: str) -> None:
        if (result := exportable(self.session)) is not None:
            self.exports.export(result, ExportKind(kind))

    # Chats and words

    def note_chats(self) -> None:
        """Read anew in which chats the documents are, after one was asked."""
        self._read_list()
        self._show_chats()

    def _show_chats(self) -> None:
        session = self.session
        record_id = session.record_id if session is not None else None
        try:
            chats = self.library.chats_of(record_id) if record_id is not None else []
        except AssistantError as error:
            self._show_notice(error)
            return
        self.view.head.show_chats(chats)

    def _ask_shown(self) -> None:
        session = self.session
        if session is not None and session.record_id is not None:
            self.ask_wanted.emit(session.record_id)

    def _show_found(self, words: str, entries: Sequence[LibraryEntry]) -> None:
        self._found_pages = {entry.document.id: entry.page for entry in entries}
        pieces: dict[int | str, Pieces] = {
            entry.document.id: entry.pieces if entry.page else ()  # its title is seen anyway
            for entry in entries
        }
        self.list.show_found(words, pieces)

    def _go_to_found(self) -> None:
        """Open the page on which the words of the search stand, when the document is there."""
        session, page = self._wanted_page
        if session is None or session is not self.session or session.document is None:
            return
        self._wanted_page = (None, 0)
        QTimer.singleShot(0, self.view, lambda: self.view.show_page(page))

    def _choose(self, key: int | str) -> None:
        session = self._sessions.get(key)
        if session is not None:
            self._show_session(session)
        elif isinstance(key, int):
            self.open_record(key)
        page = self._found_pages.get(key, 0) if self.list.search.text() else 0
        if page and self.session is not None:
            self._wanted_page = (self.session, page)
            self._go_to_found()

    def showEvent(self, event: QShowEvent) -> None:
        """Know of chats that were begun, and of settings that changed, meanwhile."""
        super().showEvent(event)
        self.note_chats()
        self._show_offer()
