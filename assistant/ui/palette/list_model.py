"""The lines of the palette as Qt's model."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from assistant.ui.palette.entry import Found

FOUND = Qt.ItemDataRole.UserRole


class PaletteListModel(QAbstractListModel):
    """What was found, the best first."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Found] = []

    @property
    def found(self) -> list[Found]:
        """What is shown."""
        return self._found

    def show(self, found: list[Found]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def append(self, found: list[Found]) -> None:
        """Add lines at the end; the others stay where they are."""
        if found:
            count = len(self._found)
            self.beginInsertRows(QModelIndex(), count, count + len(found) - 1)
            self._found = [*self._found, *found]
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self._found)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a line, or its words for a screen reader."""
        if not index.isValid():
            return None
        found = self._found[index.row()]
        if role == FOUND:
            return found
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            entry = found.entry
            return " · ".join(filter(None, (" ".join(entry.title.split()), entry.detail)))
        return None
