"""A table of a message. It grows by its rows: writing all of it again would take too long."""

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QWidget

from assistant.ui import theme
from assistant.ui.markdown.direction import leaf_direction
from assistant.ui.markdown.leaf import Kind, Leaf
from assistant.ui.markdown.prose import ProseView

_PADDING = 6  # px
_ALIGNMENT = {
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


class TableView(ProseView):
    """Shows one table, and nothing else.

    Args:
        direction: of the message it belongs to.
        parent: owner.
    """

    def __init__(self, direction: Qt.LayoutDirection, parent: QWidget | None = None) -> None:
        super().__init__(direction, parent)
        self._table: QTextTable | None = None
        self._leaf = Leaf(Kind.TABLE)
        self._is_leftwards = False

    def write(self, cursor: QTextCursor, leaf: Leaf) -> None:
        """Write the table."""
        self._leaf = leaf
        right = Qt.LayoutDirection.RightToLeft
        self._is_leftwards = leaf_direction(leaf, self.direction) is right
        if leaf.rows:
            self._table = cursor.insertTable(len(leaf.rows), len(leaf.rows[0]), self._frame())
            for row in range(len(leaf.rows)):
                self._write_row(row)

    def grow(self, leaf: Leaf) -> bool:
        """Write the rows that are new or others than before."""
        before = self._leaf
        is_same_head = leaf.alignments == before.alignments and leaf.rows[:1] == before.rows[:1]
        if self._table is None or not is_same_head or len(leaf.rows) < len(before.rows):
            return False
        self.replace_last(leaf)
        self._leaf = leaf
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        if len(leaf.rows) > len(before.rows):
            self._table.appendRows(len(leaf.rows) - len(before.rows))
        for i, row in enumerate(leaf.rows):
            if i >= len(before.rows) or row != before.rows[i]:
                self._write_row(i)
        edit.endEditBlock()
        return True

    def _write_row(self, row: int) -> None:
        assert self._table is not None
        base = QTextCharFormat()
        if not row:
            base.setFontWeight(QFont.Weight.DemiBold)
        for column, runs in enumerate(self._leaf.rows[row]):
            cell = self._table.cellAt(row, self._place(column))
            cursor = cell.firstCursorPosition()
            last = cell.lastCursorPosition().position()
            cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            cursor.setBlockFormat(self._line(column))
            self.write_runs(cursor, runs, base)

    def _place(self, column: int) -> int:
        """Return where a column stands, counted from the left.

        WORKAROUND: Qt places the columns of a table from the left whatever its direction says
        (QTextDocumentLayout, 6.11).
        """
        return len(self._leaf.rows[0]) - 1 - column if self._is_leftwards else column

    def _line(self, column: int) -> QTextBlockFormat:
        line = QTextBlockFormat()
        if self._is_leftwards:
            line.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        alignment = _ALIGNMENT.get(self._leaf.alignments[column])
        if alignment is not None:
            line.setAlignment(alignment)
        return line

    def _frame(self) -> QTextTableFormat:
        frame = QTextTableFormat()
        frame.setBorder(1)
        frame.setBorderBrush(QBrush(theme.colors().border))
        frame.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        frame.setBorderCollapse(True)
        frame.setCellPadding(_PADDING)
        frame.setCellSpacing(0)
        frame.setHeaderRowCount(1)
        if self._is_leftwards:
            frame.setAlignment(Qt.AlignmentFlag.AlignRight)
        return frame
