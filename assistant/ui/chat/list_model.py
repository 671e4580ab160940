"""The conversations of the list as Qt wants them: headings and titles."""

from datetime import datetime
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from assistant.storage.conversations import ConversationRecord
from assistant.ui.chat.groups import grouped
from assistant.ui.labels import plain_tip

Index: TypeAlias = QModelIndex | QPersistentModelIndex
_Row: TypeAlias = str | ConversationRecord

RECORD = Qt.ItemDataRole.UserRole


class ConversationListModel(QAbstractListModel):
    """Headings cannot be chosen; titles can be edited.

    Signals:
        renamed (int, str): a person gave a conversation another title.
    """

    renamed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._records: list[ConversationRecord] = []
        self._rows: list[_Row] = []
        self._words = ""

    def set_records(self, records: list[ConversationRecord]) -> None:
        """Show these, the last changed first."""
        self._records = records
        self._fill()

    def search(self, words: str) -> None:
        """Show only titles in which every one of `words` occurs."""
        self._words = words
        self._fill()

    def index_of(self, conversation_id: int | None) -> QModelIndex:
        """Return where a conversation stands; invalid if it is not shown."""
        for i, row in enumerate(self._rows):
            if isinstance(row, ConversationRecord) and row.id == conversation_id:
                return self.index(i)
        return QModelIndex()

    def _fill(self) -> None:
        words = self._words.casefold().split()
        found = [r for r in self._records if all(w in r.title.casefold() for w in words)]
        rows: list[_Row] = []
        for heading, records in grouped(found, datetime.now().astimezone()):
            rows += [heading, *records]
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count headings and titles."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text, or its record; a heading has none."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        is_record = isinstance(row, ConversationRecord)
        title = row.title if isinstance(row, ConversationRecord) else row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return title
        if role == Qt.ItemDataRole.ToolTipRole and is_record:
            return plain_tip(title)
        if role == RECORD and is_record:
            return row
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let titles be chosen and edited."""
        if index.isValid() and isinstance(self._rows[index.row()], ConversationRecord):
            return (
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsEditable
                | Qt.ItemFlag.ItemNeverHasChildren
            )
        return Qt.ItemFlag.NoItemFlags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take another title, unless it is empty."""
        row = self._rows[index.row()]
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or isinstance(row, str) or not title:
            return False
        if title != row.title:
            self.renamed.emit(row.id, title)
        return True
