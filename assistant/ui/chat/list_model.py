"""The conversations of the list as Qt wants them: headings, folders and titles."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
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
    TemporaryRow,
    rows_of,
)
from assistant.ui.labels import counted, plain_tip

Index: TypeAlias = QModelIndex | QPersistentModelIndex

RECORD = Qt.ItemDataRole.UserRole
ROW = Qt.ItemDataRole.UserRole + 1
IS_WORKING = Qt.ItemDataRole.UserRole + 2

_LONGEST_TITLE = 200  # characters
_MOST_STEPS = 32  # above it the list is another one


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
        self._rows: list[Row] = []
        self._places: dict[RowKey, int] = {}

    @property
    def rows(self) -> Sequence[Row]:
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
        for row, entry in enumerate(self._rows):
            if isinstance(entry, ConversationRow) and entry.record.id in changed:
                self.dataChanged.emit(self.index(row), self.index(row))

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
        place = self._places.get(key)
        return QModelIndex() if place is None else self.index(place)

    # Changes, in steps that Qt knows: views keep what is selected, edited and scrolled to

    def _fill(self) -> None:
        rows = rows_of(
            self._records,
            self._folders,
            self._open_folders,
            datetime.now().astimezone(),
            has_temporary=self._has_temporary,
        )
        wanted = {row.key: place for place, row in enumerate(rows)}
        gone = [place for place, row in enumerate(self._rows) if row.key not in wanted]
        new = [place for place, row in enumerate(rows) if row.key not in self._places]
        if len(gone) == len(self._rows) or len(_runs(gone)) + len(_runs(new)) > _MOST_STEPS:
            self.beginResetModel()
            self._put(rows)
            self.endResetModel()
            return
        self._remove(gone)
        self._bring_into_order(wanted)
        self._insert(new, rows)
        self._take_changes(rows)

    def _put(self, rows: list[Row]) -> None:
        self._rows = rows
        self._places = {row.key: place for place, row in enumerate(rows)}

    def _remove(self, gone: Sequence[int]) -> None:
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._put(self._rows[:first] + self._rows[last + 1 :])
            self.endRemoveRows()

    def _bring_into_order(self, wanted: dict[RowKey, int]) -> None:
        ordered = sorted(self._rows, key=lambda row: wanted[row.key])
        if ordered == self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._rows[index.row()].key for index in before]
        self._put(ordered)
        self.changePersistentIndexList(before, [self.index_of_key(key) for key in keys])
        self.layoutChanged.emit()

    def _insert(self, new: Sequence[int], rows: list[Row]) -> None:
        for first, last in _runs(new):
            self.beginInsertRows(QModelIndex(), first, last)
            self._put(self._rows[:first] + rows[first : last + 1] + self._rows[first:])
            self.endInsertRows()

    def _take_changes(self, rows: list[Row]) -> None:
        changed = [place for place, row in enumerate(rows) if row != self._rows[place]]
        self._put(rows)
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first), self.index(last))

    # What Qt asks for

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count headings, folders and titles."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text, the row itself, or its record: only conversations have one."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
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
        """Let titles and folders be chosen, edited and dragged."""
        if not index.isValid() or isinstance(self._rows[index.row()], HeadingRow):
            return Qt.ItemFlag.NoItemFlags
        can = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        can |= Qt.ItemFlag.ItemIsSelectable
        if isinstance(self._rows[index.row()], TemporaryRow):
            return can
        return can | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take another title or name, unless it is empty."""
        row = self._rows[index.row()]
        text = " ".join(str(value).split())[:_LONGEST_TITLE]
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


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of numbers without gaps in sorted `places`."""
    runs = []
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in group]
        runs.append((members[0], members[-1]))
    return runs
