"""The list of conversations: the window's middle column."""

from bisect import insort
from collections.abc import Collection, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from assistant.storage.chat_search import DraftHit, Hit, TitleHit
from assistant.storage.conversations import ConversationRecord
from assistant.storage.folders import Folder
from assistant.ui import icons, theme
from assistant.ui.announcing import announce
from assistant.ui.chat.erase_question import EraseQuestion
from assistant.ui.chat.hits_model import Found, found_in_draft, found_in_message, found_in_title
from assistant.ui.chat.list_commands import ListCommands
from assistant.ui.chat.list_head import ListHead
from assistant.ui.chat.list_model import ConversationListModel
from assistant.ui.chat.list_view import ListView
from assistant.ui.chat.rows import ConversationRow, FolderRow, Row, TemporaryRow
from assistant.ui.chat.search_field import SearchField
from assistant.ui.chat.search_results import SearchResults
from assistant.ui.labels import label
from assistant.ui.undo_bar import UndoBar

_NOTE_MS = 10_000
_MOST_TITLES = 50  # of those that a search found


class ConversationList(QWidget):
    """New chat, search, choose, rename, pin, folders, archive, delete.

    It tells what the person wants, of its rows through `commands`; `ListWork` does all that
    concerns the list alone. A page
    connects `chosen`, `found`, `new_wanted`, `temporary_wanted` and `temporary_closed`, calls
    `select` when another conversation is open, and `show_working` and `show_temporary`.

    Signals:
        chosen (int): the id of a conversation.
        found (int, int, object): a conversation, a message in it, and the `Part` of that which is
            to be brought into view.
        shown_again: the list was not seen for a while.
        choice_made: something for the page was chosen; a list that lies over it may go.
        new_wanted: the person wants to begin another one.
        opened (object): a page says that this conversation is open; None for a new one.
        temporary_wanted: begin one that is never stored, or show the one there is.
        temporary_closed: forget the one that is not stored.
        erase_wanted (list[int]): delete these for good; the person was asked.
        search_wanted (str, object): search for words, in messages before one of this id; None
            for the last ones.
    """

    chosen = Signal(int)
    found = Signal(int, int, object)
    shown_again = Signal()
    choice_made = Signal()
    new_wanted = Signal()
    opened = Signal(object)
    temporary_wanted = Signal()
    temporary_closed = Signal()
    erase_wanted = Signal(list)
    search_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: Sequence[ConversationRecord] = ()
        self._folders: Sequence[Folder] = ()
        self._archived: Sequence[ConversationRecord] = ()
        self._current: int | None = None
        self._is_archive = False
        self._was_seen = False
        self.model = ConversationListModel()
        self.view = ListView(self.model)
        self.view.setAccessibleName(self.tr("Chats, the last one first"))
        self.commands = ListCommands(self.view, self.model)
        self.head = ListHead()
        self.new_button = self.head.new_button
        self.search = SearchField()
        self.results = SearchResults()
        self.nothing = label(self.tr("Chats stand here once they have begun."), "muted")
        self.nothing.setContentsMargins(2 * theme.SPACE, 0, 2 * theme.SPACE, 0)
        self.archive_button = QPushButton()
        icons.put(self.archive_button, "archive", "text_muted", 16)
        theme.set_role(self.archive_button, "row")
        self.question = EraseQuestion()
        self.undo_bar = UndoBar()
        self.note = label(role="muted")
        self.note.hide()
        self._note_time = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note_time.timeout.connect(self.note.hide)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show()

    @property
    def current(self) -> int | None:
        """The conversation that is open, if it is one that is kept."""
        return self._current

    # What is shown

    def show_records(
        self,
        records: Sequence[ConversationRecord],
        current: int | None,
        *,
        folders: Sequence[Folder] = (),
        archived: Sequence[ConversationRecord] = (),
    ) -> None:
        """Show conversations, one of them as the one that is open."""
        self._folders = folders
        self._records, self._archived = sorted(records, key=_age), sorted(archived, key=_age)
        self._show()
        if current != self._current:
            self.select(current)

    def update_records(self, records: Sequence[ConversationRecord]) -> None:
        """Show some conversations as they are now; they may be new ones."""
        changed = {record.id for record in records}
        kept = [r for r in (*self._records, *self._archived) if r.id not in changed]
        for record in records:
            insort(kept, record, key=_age)
        self._records = [r for r in kept if not r.is_archived]
        self._archived = [r for r in kept if r.is_archived]
        self._show()

    def remove_records(self, ids: Collection[int]) -> None:
        """Take conversations off the list."""
        self._records = [r for r in self._records if r.id not in ids]
        self._archived = [r for r in self._archived if r.id not in ids]
        self._show()

    def show_folders(self, folders: Sequence[Folder]) -> None:
        """Show the folders as they are now."""
        self._folders = folders
        self._show()

    def select(self, conversation_id: int | None) -> None:
        """Mark the conversation that is open."""
        self._current = conversation_id
        self._mark_current()
        self.opened.emit(conversation_id)

    def mark_folder(self, folder_id: int) -> None:
        """Mark the folder in which a new conversation is being begun."""
        self._mark(self.model.index_of_key(("folder", folder_id)))

    def knows(self, conversation_id: int) -> bool:
        """Return whether a conversation is in the list or in the archive."""
        return any(r.id == conversation_id for r in (*self._records, *self._archived))

    def _mark_current(self) -> None:
        index = QModelIndex()
        if self._current is not None:
            index = self.model.reveal(self._current)
        if index.isValid():
            self._mark(index)
        else:
            self.view.clearSelection()

    def show_temporary(self, is_there: bool, *, is_open: bool = False) -> None:
        """Show a row for the chat that is never stored; `is_open` marks it."""
        self.model.set_temporary(is_there)
        if is_there and is_open:
            self._current = None
            self._mark(self.model.index_of_key(TemporaryRow().key))

    def show_working(self, ids: frozenset[int]) -> None:
        """Mark the conversations in which a reply is being written."""
        self.model.set_working(ids)

    def show_found(
        self,
        words: str,
        titles: Sequence[TitleHit],
        drafts: Sequence[DraftHit],
        hits: Sequence[Hit],
        *,
        is_complete: bool,
    ) -> None:
        """Show what a search found, unless the person wants something else by now.

        Args:
            words: what was searched for.
            titles: conversations whose title has them.
            drafts: conversations whose draft has them.
            hits: messages and recaps that have them, the newest first.
            is_complete: there are no further messages.
        """
        if words == self.search.words:
            found = [found_in_title(hit) for hit in titles[:_MOST_TITLES]]
            found += [found_in_draft(hit) for hit in drafts[:_MOST_TITLES]]
            found += [found_in_message(hit) for hit in hits]
            self.results.show_found(found, is_complete=is_complete)

    def add_found(self, words: str, hits: Sequence[Hit], *, is_complete: bool) -> None:
        """Show further messages of the search that is shown."""
        if words == self.search.words:
            self.results.add_found(map(found_in_message, hits), is_complete=is_complete)

    def tell(self, words: str) -> None:
        """Say for a while what was done."""
        self.note.setText(words)
        self.note.show()
        self._note_time.start()
        announce(self.note, words)

    def edit_folder(self, folder_id: int) -> None:
        """Let the person name a folder."""
        index = self.model.index_of_key(("folder", folder_id))
        self.view.setFocus()
        self._mark(index)
        self.view.edit(index)

    def open_folder(self, folder_id: int) -> None:
        """Show what is in a folder."""
        self.model.set_folder_open(folder_id, True)

    def focus_search(self) -> None:
        """Give the keyboard to the search."""
        self.search.setFocus()
        self.search.selectAll()

    def show_archive(self, is_wanted: bool) -> None:
        """Show what is in the archive, or the other conversations again."""
        self._is_archive = is_wanted
        self.search.clear()
        self._show()
        self.view.setFocus()

    def _show(self) -> None:
        place = self.view.currentIndex().row()
        self._is_archive = self._is_archive and bool(self._archived)
        if self._is_archive:
            self.model.set_records(self._archived)
        else:
            self.model.set_records(self._records, self._folders)
        count = len(self._archived)
        self.head.show_archive(self._is_archive)
        self.archive_button.setText(self.tr("Archive (%n)", "", count))
        self.archive_button.setVisible(count > 0 and not self._is_archive)
        total = len(self._records) + count
        self.search.setVisible(total > 1 or bool(self.search.text()))
        self.nothing.setVisible(total == 0)
        if self._current is not None and not self.view.selectedIndexes():
            self._mark_current()  # it has just come into the list
        if place >= 0 and not self.view.currentIndex().isValid():
            self.view.go_near(place)  # the keyboard goes to what stands in its place

    def _mark(self, index: QModelIndex) -> None:
        self.view.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def _lay_out(self) -> None:
        self.view.setMinimumHeight(0)  # a question below it may need the room
        self.results.view.setMinimumHeight(0)
        chats = QWidget()
        inside = QVBoxLayout(chats)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.nothing)
        inside.addWidget(self.view, 1)
        inside.addWidget(self.archive_button)
        self._stack.addWidget(chats)
        self._stack.addWidget(self.results)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, 3 * theme.SPACE, *(2 * theme.SPACE,) * 2)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.head)
        layout.addWidget(self.search)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.question)
        layout.addWidget(self.note)
        layout.addWidget(self.undo_bar)

    def _connect(self) -> None:
        for signal in (self.head.new_wanted, self.head.temporary_wanted):
            signal.connect(self.choice_made)
        self.head.new_wanted.connect(self.new_wanted)
        self.head.temporary_wanted.connect(self.temporary_wanted)
        self.head.folder_wanted.connect(lambda: self.commands.folder_wanted.emit([]))
        self.commands.temporary_closed.connect(self.temporary_closed)
        self.commands.new_in_folder_wanted.connect(self.choice_made)
        self.head.back_wanted.connect(lambda: self.show_archive(False))
        self.archive_button.clicked.connect(lambda: self.show_archive(True))
        self.search.wanted.connect(self._search)
        self.search.entered.connect(self._go_down)
        self.search.submitted.connect(self._open_first)
        self.results.shown.connect(lambda: self._stack.setCurrentWidget(self.results))
        self.results.left.connect(self.focus_search)
        self.results.chosen.connect(self._choose_found)
        self.results.more_wanted.connect(self._search_more)
        self.view.row_chosen.connect(self._choose)
        self.view.folding.connect(self.model.set_folder_open)
        self.view.dragged.connect(self._mark_current)
        self.question.confirmed.connect(self.erase_wanted)
        self.question.asked.connect(lambda: self._make_room(is_needed=True))
        self.question.closed.connect(lambda: self._make_room(is_needed=False))

    # Search

    def _search(self, words: str) -> None:
        if words:
            self.search_wanted.emit(words, None)
        else:
            self._stack.setCurrentIndex(0)
            self.search.setVisible(len(self._records) + len(self._archived) > 1)

    def _search_more(self) -> None:
        last = self.results.model.found[-1].message_id
        if last is not None:
            self.results.model.is_complete = True  # until the answer says otherwise
            self.search_wanted.emit(self.search.words, last)

    def _open_first(self) -> None:
        if self._stack.currentWidget() is self.results:
            self.results.choose_first()

    def _go_down(self) -> None:
        if self._stack.currentWidget() is self.results:
            self.results.enter()
            return
        self.view.setFocus()
        if not self.view.currentIndex().isValid():
            self.view.go_near(0)

    def _choose_found(self, found: Found) -> None:
        self.choice_made.emit()
        if found.message_id is None:
            self.chosen.emit(found.conversation_id)
        else:
            self.found.emit(found.conversation_id, found.message_id, found.part)

    # Rows

    def _choose(self, row: Row) -> None:
        if isinstance(row, FolderRow):
            self.model.set_folder_open(row.folder.id, not row.is_open)
        elif isinstance(row, ConversationRow):
            self.choice_made.emit()
            self.chosen.emit(row.record.id)
        elif isinstance(row, TemporaryRow):
            self.choice_made.emit()
            self.temporary_wanted.emit()

    def _make_room(self, *, is_needed: bool) -> None:
        """Let a question be read whole, also in the smallest window."""
        self.archive_button.setVisible(not is_needed and bool(self._archived))
        if not is_needed:
            self._show()
            self.view.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the list is seen again: a terminal may have kept a chat meanwhile."""
        super().showEvent(event)
        if self._was_seen and not event.spontaneous():
            self.shown_again.emit()
        self._was_seen = True


def _age(record: ConversationRecord) -> tuple[float, int]:
    """Return what puts the last changed first."""
    return -record.updated_at.timestamp(), -record.id
