"""The files of the queue as rows: name, folder, and what each is at."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from assistant.batches import faults
from assistant.storage.queue import ItemState, Priority, QueueItem
from assistant.ui import theme
from assistant.ui.errors_view import explanation
from assistant.ui.labels import plain_tip

FILE, STATE = range(2)
ITEM = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class QueueModel(QAbstractTableModel):
    """Files in the order of their turns, those under way first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[QueueItem] = []
        self._progress = (0, "")

    def show_items(self, items: Sequence[QueueItem]) -> None:
        """Show these files."""
        is_same = [item.id for item in items] == [item.id for item in self._items]
        if is_same:
            self._items = list(items)
            if items:
                last = self.index(len(items) - 1, STATE)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def show_progress(self, item_id: int, words: str) -> None:
        """Say how far a file is, in words."""
        self._progress = (item_id, words)
        row = self.row_of(item_id)
        if row >= 0:
            place = self.index(row, STATE)
            self.dataChanged.emit(place, place)

    def row_of(self, item_id: int) -> int:
        """Return where a file stands; -1 if it does not."""
        return next((at for at, item in enumerate(self._items) if item.id == item_id), -1)

    def item(self, row: int) -> QueueItem | None:
        """Return the file in a row."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def rowCount(self, parent: _AnyIndex = _NO_PARENT) -> int:
        """Return how many files there are."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _AnyIndex = _NO_PARENT) -> int:
        """Return two: the file and its state."""
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the columns' names."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("File"), self.tr("State"))[section]

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown of a file."""
        item = self.item(index.row())
        if item is None:
            return None
        is_state = index.column() == STATE
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(item) if is_state else item.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(item) if is_state else str(item.path))
        if role == Qt.ItemDataRole.ForegroundRole and is_state:
            return _color(item.state)
        is_read = role == Qt.ItemDataRole.AccessibleTextRole
        return f"{item.path.name}, {self._words(item)}" if is_read else None

    def _words(self, item: QueueItem) -> str:
        if item.state is ItemState.FAILED:
            return explanation(faults.decode(item.error, item.path))[0]
        if item.state is ItemState.RUNNING:
            number, words = self._progress
            return words if number == item.id and words else self.tr("Under way")
        if item.state is ItemState.WAITING and item.priority is Priority.HIGH:
            return self.tr("Next")
        return state_words(item.state)

    def _tip(self, item: QueueItem) -> str:
        if item.state is ItemState.FAILED:
            return " ".join(explanation(faults.decode(item.error, item.path)))
        return self._words(item)


def state_words(state: ItemState) -> str:
    """Return what a state is called."""
    translate = QCoreApplication.translate
    return {
        ItemState.WAITING: translate("Queue", "Waiting"),
        ItemState.HELD: translate("Queue", "Passed over"),
        ItemState.RUNNING: translate("Queue", "Under way"),
        ItemState.DONE: translate("Queue", "Done"),
        ItemState.FAILED: translate("Queue", "Failed"),
    }[state]


def _color(state: ItemState) -> QColor:
    colors = theme.colors()
    if state is ItemState.FAILED:
        return colors.danger
    return colors.text if state in {ItemState.DONE, ItemState.RUNNING} else colors.text_muted
