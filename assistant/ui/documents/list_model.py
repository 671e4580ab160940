"""The documents of the list as Qt wants them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from assistant.storage.search_words import Pieces

Index: TypeAlias = QModelIndex | QPersistentModelIndex

SUBTITLE = Qt.ItemDataRole.UserRole
ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list.

    Attributes:
        key: its row in the store, or its file while it has none.
        title, subtitle, path: what stands there, and where the file is.
        pieces: where the words that were looked for stand in its text; () where none were.
    """

    key: int | str
    title: str
    subtitle: str
    path: str
    pieces: Pieces = ()


class DocumentListModel(QAbstractListModel):
    """Rows in the order they are given: those that fit the search, by their name or their text."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Row] = []
        self._rows: list[Row] = []
        self._search = ""
        self._found: Mapping[int | str, Pieces] = {}

    def set_rows(self, rows: list[Row]) -> None:
        """Show `rows`; what stayed the same stays selected."""
        self._all = rows
        self._show()

    def search(self, words: str) -> None:
        """Show only titles and file names with all of `words`, and what `show_found` adds."""
        self._search = words
        self._found = {}
        self._show()

    def show_found(self, found: Mapping[int | str, Pieces]) -> None:
        """Show these, too: the words of the search stand in their text."""
        self._found = found
        self._show()

    def index_of(self, key: int | str | None) -> QModelIndex:
        """Return the place of a document; an invalid one if it is not shown."""
        for i, row in enumerate(self._rows):
            if row.key == key:
                return self.index(i)
        return QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many documents are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a document's title, line below it, and so on."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == SUBTITLE:
            return row.subtitle
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {row.subtitle}"
        return None

    def _show(self) -> None:
        words = self._search.casefold().split()
        rows = [
            replace(row, pieces=self._found.get(row.key, ()))
            for row in self._all
            if row.key in self._found
            or all(word in f"{row.title} {row.path}".casefold() for word in words)
        ]
        same_keys = [row.key for row in rows] == [row.key for row in self._rows]
        if same_keys and _heights(rows) == _heights(self._rows):
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _heights(rows: list[Row]) -> list[bool]:
    return [bool(row.pieces) for row in rows]
