"""A table of facts on a page: as high as its rows, sorted by what is meant, not by how it reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

_WORTH = Qt.ItemDataRole.UserRole + 1
_NUMBERS = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and the number that it is sorted by, if it is one."""

    text: str
    worth: float | None = None


class PlainTable(QTableWidget):
    """Shows rows that are read and chosen, never edited.

    Tab leaves it; the arrows move within it.

    Args:
        name: told by screen readers.
        columns: headings; the first column is the widest.
        parent: owner.
    """

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show other rows; a cell of the first column is also its row's tooltip."""
        is_sorted = self.isSortingEnabled()
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                self.setItem(number, column, _Item(cell, number))
        for column, cell in enumerate(rows[0] if rows else ()):
            heading = self.horizontalHeaderItem(column)
            if heading is not None and cell.worth is not None:
                heading.setTextAlignment(_NUMBERS)
        self.setSortingEnabled(is_sorted)
        self._fit()

    def row_of_source(self, row: int) -> int:
        """Return which of the shown rows, as they were given, now stands at `row`."""
        item = self.item(row, 0)
        return int(item.data(Qt.ItemDataRole.UserRole)) if item is not None else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Esc to what is around the table."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the rows; the first column takes what the others leave."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        has_room = header.length() <= self.viewport().width()
        mode = QHeaderView.ResizeMode
        header.setSectionResizeMode(0, mode.Stretch if has_room else mode.ResizeToContents)
        height = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth()
        height += sum(self.rowHeight(row) for row in range(self.rowCount()))
        bar = 0 if has_room else self.horizontalScrollBar().sizeHint().height()
        if self.height() != height + bar:
            self.setFixedHeight(height + bar)


class _Item(QTableWidgetItem):
    """A cell that knows what it is worth."""

    def __init__(self, cell: Cell, row: int) -> None:
        is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        is_number = cell.worth is not None
        # "25% (12–49%)" keeps its order in a line that runs from right to left.
        super().__init__(f"\u2066{cell.text}\u2069" if is_number and is_mirrored else cell.text)
        self.setData(Qt.ItemDataRole.UserRole, row)
        self.setData(_WORTH, cell.worth)
        if cell.worth is not None:
            self.setTextAlignment(_NUMBERS)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, its = self.data(_WORTH), other.data(_WORTH)
        if mine is None or its is None:
            return self.text().casefold() < other.text().casefold()
        return float(mine) < float(its)
