"""What can be done with a conversation or a folder of the list."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from assistant.storage.conversations import ConversationRecord
from assistant.storage.folders import Folder

PIN_KEY = "Ctrl+D"
ARCHIVE_KEY = "Ctrl+E"
MOVE_KEY = "Ctrl+Shift+M"
ERASE_KEY = "Shift+Delete"
RENAME_KEY = "F2"


class ConversationMenu(QMenu):
    """For one conversation, or for several at once.

    Args:
        records: whose menu it is; at least one.
        folders: all there are.
        parent: owner.

    Signals:
        rename_wanted: of one.
        pin_wanted (bool): pin them, or no longer.
        archive_wanted (bool): put them into the archive, or take them out.
        move_wanted (object): into the folder of this id; None for none.
        new_folder_wanted: make one, and move them there.
        export_wanted: write them to a file.
        delete_wanted: with Undo.
        erase_wanted: for good.
    """

    rename_wanted = Signal()
    pin_wanted = Signal(bool)
    archive_wanted = Signal(bool)
    move_wanted = Signal(object)
    new_folder_wanted = Signal()
    export_wanted = Signal()
    delete_wanted = Signal()
    erase_wanted = Signal()

    def __init__(
        self,
        records: Sequence[ConversationRecord],
        folders: Sequence[Folder],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_pinned = all(record.is_pinned for record in records)
        is_archived = all(record.is_archived for record in records)
        if len(records) == 1:
            _add(self, self.tr("Rename"), RENAME_KEY).triggered.connect(self.rename_wanted)
        if not is_archived:
            words = self.tr("Unpin") if is_pinned else self.tr("Pin")
            pin = _add(self, words, PIN_KEY)
            pin.triggered.connect(lambda: self.pin_wanted.emit(not is_pinned))
            self.move_menu = self._make_move_menu(records, folders)
            self.addMenu(self.move_menu)
        words = self.tr("Take out of the archive") if is_archived else self.tr("Archive")
        archive = _add(self, words, ARCHIVE_KEY)
        archive.triggered.connect(lambda: self.archive_wanted.emit(not is_archived))
        self.addSeparator()
        _add(self, self.tr("Export…"), "").triggered.connect(self.export_wanted)
        self.addSeparator()
        delete = _add(self, self.tr("Delete"), QKeySequence.StandardKey.Delete)
        delete.triggered.connect(self.delete_wanted)
        erase = _add(self, self.tr("Delete for good…"), ERASE_KEY)
        erase.triggered.connect(self.erase_wanted)

    def _make_move_menu(
        self, records: Sequence[ConversationRecord], folders: Sequence[Folder]
    ) -> QMenu:
        menu = QMenu(self.tr("Move to"), self)
        places = {record.folder_id for record in records}
        for folder in folders:
            move = _add(menu, folder.name.replace("&", "&&"), "")
            move.setEnabled(places != {folder.id})
            move.triggered.connect(lambda _=False, target=folder.id: self.move_wanted.emit(target))
        if places != {None}:
            none = _add(menu, self.tr("No folder"), "")
            none.triggered.connect(lambda: self.move_wanted.emit(None))
        if folders:
            menu.addSeparator()
        _add(menu, self.tr("New folder"), "").triggered.connect(self.new_folder_wanted)
        return menu


class TemporaryMenu(QMenu):
    """For the chat that is never stored.

    Signals:
        close_wanted: forget it.
    """

    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = self.tr("Close and forget")
        _add(self, words, QKeySequence.StandardKey.Delete).triggered.connect(self.close_wanted)


class FolderMenu(QMenu):
    """For a folder.

    Signals:
        new_wanted: begin a conversation in it.
        rename_wanted: give it another name.
        up_wanted: before the one above it.
        down_wanted: behind the one below it.
        remove_wanted: the folder goes, its conversations stay.
    """

    new_wanted = Signal()
    rename_wanted = Signal()
    up_wanted = Signal()
    down_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, *, is_first: bool, is_last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _add(self, self.tr("New chat here"), "").triggered.connect(self.new_wanted)
        _add(self, self.tr("Rename"), RENAME_KEY).triggered.connect(self.rename_wanted)
        up = _add(self, self.tr("Move up"), "Alt+Up")
        up.setEnabled(not is_first)
        up.triggered.connect(self.up_wanted)
        down = _add(self, self.tr("Move down"), "Alt+Down")
        down.setEnabled(not is_last)
        down.triggered.connect(self.down_wanted)
        self.addSeparator()
        words = self.tr("Remove the folder, keep its chats")
        _add(self, words, QKeySequence.StandardKey.Delete).triggered.connect(self.remove_wanted)


def _add(menu: QMenu, words: str, key: str | QKeySequence.StandardKey) -> QAction:
    action = QAction(words, menu)
    if key:
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown; the list hears it
    menu.addAction(action)
    return action
