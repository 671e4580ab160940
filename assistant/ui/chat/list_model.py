"""The conversations of the list as Qt wants them: headings, folders and titles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from assistant.storage.conversations import ConversationRecord
from assistant.storage.folders import Folder
from assistant.ui.chat.rows import (
    ConversationRow,
    FolderRow,
    HeadingRow,
    Row,
    RowKey,
    Rows,
    TemporaryRow,
)
from assistant.ui.labels import counted, one_line, plain_tip

Index: TypeAlias = QModelIndex | QPersistentModelIndex

RECORD = Qt.ItemDataRole.UserRole
ROW = Qt.ItemDataRole.UserRole + 1
IS_WORKING = Qt.ItemDataRole.UserRole + 2

_LONGEST_TITLE = 200  # characters


class ConversationListModel(QAbstractListModel):
    """Headings cannot be chosen; titles and folders' names can be edited.

    What stays in the list keeps its index when the rest changes: a title that is just being
    edited is not lost when a reply ends elsewhere.

    Signals:
        renamed (int, str): a person gave a conversation another title.
        folder_renamed (int, str): a person gave a folder another name.
    """

    renamed = Signal(int, str)
    folder_renamed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._records: Sequence[ConversationRecord] = ()
        self._folders: Sequence[Folder] = ()
        self._open_folders: set[int] = set()
        self._has_temporary = False
        self._working: frozenset[int] = frozenset()
        self._rows = Rows(now=datetime.now().astimezone())
        self._shown = 0  # rows that views know of; a moment long more or fewer than there are

    @property
    def rows(self) -> Rows:
        """What is shown, from top to bottom."""
        return self._rows

    @property
    def folders(self) -> Sequence[Folder]:
        """All folders, in their order."""
        return self._folders

    @property
    def records(self) -> Sequence[ConversationRecord]:
        """All conversations, also those in folders that are shut."""
        return self._records

    def set_records(
        self, records: Sequence[ConversationRecord], folders: Sequence[Folder] = ()
    ) -> None:
        """Show these, the last changed first."""
        self._records = records
        self._folders = folders
        self._fill()

    def set_folder_open(self, folder_id: int, is_open: bool) -> None:
        """Show what is in a folder, or hide it."""
        if is_open != (folder_id in self._open_folders):
            self._open_folders ^= {folder_id}
            self._fill()

    def set_temporary(self, is_there: bool) -> None:
        """Show a row for the chat that is never stored, or take it away."""
        self._has_temporary = is_there
        self._fill()

    def set_working(self, ids: frozenset[int]) -> None:
        """Mark the conversations in which a reply is being written."""
        changed = ids ^ self._working
        self._working = ids
        for conversation_id in changed:
            for place in ("conversation", "pinned"):
                index = self.index_of_key((place, conversation_id))
                if index.isValid():
                    self.dataChanged.emit(index, index)

    def reveal(self, conversation_id: int) -> QModelIndex:
        """Return where a conversation stands, after its folder was opened if need be."""
        index = self.index_of(conversation_id)
        if not index.isValid():
            folder = next((r.folder_id for r in self._records if r.id == conversation_id), None)
            if folder is not None:
                self.set_folder_open(folder, True)
        return self.index_of(conversation_id)

    def index_of(self, conversation_id: int | None) -> QModelIndex:
        """Return where a conversation stands; invalid if it is not shown."""
        for place in ("conversation", "pinned"):
            index = self.index_of_key((place, conversation_id or 0))
            if index.isValid():
                return index
        return QModelIndex()

    def index_of_key(self, key: RowKey) -> QModelIndex:
        """Return where a row stands; invalid if it is not shown."""
        place = self._rows.places.get(key)
        return QModelIndex() if place is None else self.index(place)

    # Changes, in steps that Qt knows: views keep what is selected, edited and scrolled to

    def _fill(self) -> None:
        new = Rows(
            self._records,
            self._folders,
            self._open_folders,
            now=datetime.now().astimezone(),
            has_temporary=self._has_temporary,
        )
        more = len(new) - len(self._rows)
        if not self._rows or not new:
            self.beginResetModel()
            self._rows, self._shown = new, len(new)
            self.endResetModel()
            return
        if more > 0:  # blank ones at the end, which then come into their order with the others
            self.beginInsertRows(QModelIndex(), self._shown, len(new) - 1)
            self._shown = len(new)
            self.endInsertRows()
        self._rearrange(new)
        if more < 0:
            self.beginRemoveRows(QModelIndex(), len(new), self._shown - 1)
            self._shown = len(new)
            self.endRemoveRows()
        self.dataChanged.emit(self.index(0), self.index(self._shown - 1))

    def _rearrange(self, new: Rows) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._key_at(index.row()) for index in before]
        self._rows = new
        places = [new.places.get(key) if key else None for key in keys]
        after = [QModelIndex() if place is None else self.index(place) for place in places]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _key_at(self, place: int) -> RowKey | None:
        return self._rows[place].key if place < len(self._rows) else None

    def _row_at(self, index: Index) -> Row | None:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        return self._rows[index.row()]

    # What Qt asks for

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count headings, folders and titles."""
        return 0 if parent.isValid() else self._shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text, the row itself, or its record: only conversations have one."""
        row = self._row_at(index)
        if row is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return _text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role == ROW:
            return row
        return self._data_of(row.record, role) if isinstance(row, ConversationRow) else None

    def _data_of(self, record: ConversationRecord, role: int) -> Any:
        if role == RECORD:
            return record
        if role == IS_WORKING:
            return record.id in self._working
        return plain_tip(record.title) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let titles and folders be chosen and edited."""
        row = self._row_at(index)
        if row is None or isinstance(row, HeadingRow):
            return Qt.ItemFlag.NoItemFlags
        can = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        can |= Qt.ItemFlag.ItemIsSelectable
        return can if isinstance(row, TemporaryRow) else can | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take another title or name, unless it is empty."""
        row = self._row_at(index)
        text = one_line(str(value))[:_LONGEST_TITLE]
        if role != Qt.ItemDataRole.EditRole or not text:
            return False
        if isinstance(row, ConversationRow) and text != row.record.title:
            self.renamed.emit(row.record.id, text)
        elif isinstance(row, FolderRow) and text != row.folder.name:
            self.folder_renamed.emit(row.folder.id, text)
        return isinstance(row, ConversationRow | FolderRow)

    def _spoken(self, row: Row) -> str:
        if isinstance(row, FolderRow):
            chats = counted(self.tr("%n chat(s)", "", row.count), row.count)
            state = self.tr("open") if row.is_open else self.tr("shut")
            return self.tr("Folder {name}, {chats}, {state}").format(
                name=row.folder.name, chats=chats, state=state
            )
        if isinstance(row, ConversationRow):
            spoken = [row.record.title]
            if row.record.is_pinned:
                spoken.append(self.tr("pinned"))
            if row.record.id in self._working:
                spoken.append(self.tr("a reply is being written"))
            return ", ".join(spoken)
        return _text(row)


def _text(row: Row) -> str:
    if isinstance(row, ConversationRow):
        return row.record.title
    if isinstance(row, FolderRow):
        return row.folder.name
    if isinstance(row, HeadingRow):
        return row.text
    return QCoreApplication.translate("ConversationListModel", "Temporary chat")
