"""What a person does with rows of the list of conversations, by key and by menu."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from assistant.storage.conversations import ConversationRecord
from assistant.ui.chat import list_menu
from assistant.ui.chat.list_menu import ConversationMenu, FolderMenu, TemporaryMenu
from assistant.ui.chat.list_model import ROW, ConversationListModel
from assistant.ui.chat.list_view import ListView
from assistant.ui.chat.rows import ConversationRow, FolderRow, TemporaryRow


class ListCommands(QObject):
    """Tells what is wanted of the rows that are selected, or of the one with the menu.

    Args:
        view: the rows; owns this.
        model: what stands in them.

    Signals:
        pinned (list[int], bool): pin these, or no longer.
        archived (list[int], bool): put these into the archive, or take them out.
        moved (list[int], object): put these into a folder; None for none.
        export_wanted (list[int]): write these to a file.
        delete_wanted (list[int]): these go, and Undo brings them back.
        erase_asked (list[int]): these are to go for good, once the person was asked.
        folder_wanted (list[int]): make a folder with these in it.
        folder_removed (int): a folder goes; what is in it stays.
        folders_ordered (list[int]): all folders in their new order.
        new_in_folder_wanted (int): begin a conversation in this folder.
        temporary_closed: forget the one that is never stored.
    """

    pinned = Signal(list, bool)
    archived = Signal(list, bool)
    moved = Signal(list, object)
    export_wanted = Signal(list)
    delete_wanted = Signal(list)
    erase_asked = Signal(list)
    folder_wanted = Signal(list)
    folder_removed = Signal(int)
    folders_ordered = Signal(list)
    new_in_folder_wanted = Signal(int)
    temporary_closed = Signal()

    def __init__(self, view: ListView, model: ConversationListModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._take_keys()
        view.menu_wanted.connect(self.show_menu)
        view.moved.connect(self.moved)
        view.pin_wanted.connect(lambda ids: self.pinned.emit(ids, True))
        view.folder_moved.connect(self.put_folder)

    def _take_keys(self) -> None:
        for key, slot in (
            ("Delete", self._delete_current),
            (list_menu.ERASE_KEY, self._erase_current),
            (list_menu.RENAME_KEY, self._rename_current),
            (list_menu.PIN_KEY, self._pin_current),
            (list_menu.ARCHIVE_KEY, self._archive_current),
            (list_menu.MOVE_KEY, self._move_current),
            ("Alt+Up", lambda: self._shift_folder(-1)),
            ("Alt+Down", lambda: self._shift_folder(1)),
        ):
            shortcut = QShortcut(QKeySequence(key), self._view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    # What is meant

    def _ids(self) -> list[int]:
        return self._view.ids_at(self._view.currentIndex())

    def _records_of(self, ids: Sequence[int]) -> list[ConversationRecord]:
        wanted = set(ids)
        return [record for record in self._model.records if record.id in wanted]

    def _delete_current(self) -> None:
        row = self._view.currentIndex().data(ROW)
        if isinstance(row, TemporaryRow):
            self.temporary_closed.emit()
        elif isinstance(row, FolderRow):
            self.folder_removed.emit(row.folder.id)
        elif self._ids():
            self.delete_wanted.emit(self._ids())

    def _erase_current(self) -> None:
        if self._ids():
            self.erase_asked.emit(self._ids())

    def _rename_current(self) -> None:
        index = self._view.currentIndex()
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._view.edit(index)

    def _pin_current(self) -> None:
        records = self._records_of(self._ids())
        if records and not self._is_archived(records):
            self.pinned.emit([r.id for r in records], not all(r.is_pinned for r in records))

    def _archive_current(self) -> None:
        ids = self._ids()
        if ids:
            self.archived.emit(ids, not self._is_archived(self._records_of(ids)))

    def _move_current(self) -> None:
        ids = self._ids()
        if ids and not self._is_archived(self._records_of(ids)):
            menu = self._menu_of(ids)
            menu.move_menu.aboutToHide.connect(menu.deleteLater)  # it was never shown itself
            place = self._view.visualRect(self._view.currentIndex()).bottomLeft()
            menu.move_menu.popup(self._view.viewport().mapToGlobal(place))

    def put_folder(self, folder_id: int, at: int) -> None:
        """Let a folder stand where another one stands now."""
        order = [folder.id for folder in self._model.folders]
        place = order.index(at)
        order.remove(folder_id)
        order.insert(place, folder_id)
        self.folders_ordered.emit(order)

    def _shift_folder(self, by: int) -> None:
        row = self._view.currentIndex().data(ROW)
        order = [folder.id for folder in self._model.folders]
        if isinstance(row, FolderRow):
            place = order.index(row.folder.id) + by
            if 0 <= place < len(order):
                self.put_folder(row.folder.id, order[place])

    # Menus

    def show_menu(self, index: QModelIndex, place: QPoint) -> None:
        """Open the menu of a row at a place of the screen."""
        row = index.data(ROW)
        if isinstance(row, FolderRow):
            self._folder_menu(row).popup(place)
        elif isinstance(row, TemporaryRow):
            menu = TemporaryMenu(self._view)
            menu.close_wanted.connect(self.temporary_closed)
            menu.popup(place)
        elif isinstance(row, ConversationRow):
            if row.record.id not in self._view.selected_ids():
                self._view.selectionModel().setCurrentIndex(
                    index, QItemSelectionModel.SelectionFlag.ClearAndSelect
                )
            self._menu_of(self._view.ids_at(index)).popup(place)

    def _menu_of(self, ids: list[int]) -> ConversationMenu:
        menu = ConversationMenu(self._records_of(ids), self._model.folders, self._view)
        menu.rename_wanted.connect(self._rename_current)
        menu.pin_wanted.connect(lambda is_pinned: self.pinned.emit(ids, is_pinned))
        menu.archive_wanted.connect(lambda is_archived: self.archived.emit(ids, is_archived))
        menu.move_wanted.connect(lambda folder_id: self.moved.emit(ids, folder_id))
        menu.new_folder_wanted.connect(lambda: self.folder_wanted.emit(ids))
        menu.export_wanted.connect(lambda: self.export_wanted.emit(ids))
        menu.delete_wanted.connect(lambda: self.delete_wanted.emit(ids))
        menu.erase_wanted.connect(lambda: self.erase_asked.emit(ids))
        return menu

    def _folder_menu(self, row: FolderRow) -> FolderMenu:
        order = [folder.id for folder in self._model.folders]
        place = order.index(row.folder.id)
        menu = FolderMenu(is_first=place == 0, is_last=place == len(order) - 1, parent=self._view)
        menu.new_wanted.connect(lambda: self.new_in_folder_wanted.emit(row.folder.id))
        menu.rename_wanted.connect(
            lambda: self._view.edit(self._model.index_of_key(("folder", row.folder.id)))
        )
        menu.up_wanted.connect(lambda: self.put_folder(row.folder.id, order[place - 1]))
        menu.down_wanted.connect(lambda: self.put_folder(row.folder.id, order[place + 1]))
        menu.remove_wanted.connect(lambda: self.folder_removed.emit(row.folder.id))
        return menu

    def _is_archived(self, records: Sequence[ConversationRecord]) -> bool:
        return all(record.is_archived for record in records)
