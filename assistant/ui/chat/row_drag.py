"""What is dragged in the list of conversations, and where it may go."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPen

from assistant.ui import theme
from assistant.ui.chat.list_model import ROW
from assistant.ui.chat.row_delegate import PAD, draw_line
from assistant.ui.chat.rows import FolderRow, Row, TemporaryRow

_WIDEST = 200  # px


class RowDrag:
    """Conversations or a folder under way.

    Args:
        words: what is drawn beside the mouse.
        ids: conversations.
        folder_id: a folder.

    Attributes:
        place: where the mouse is in the list.
        target: the row that would take it, if it were let go now.
    """

    def __init__(
        self, words: str, *, ids: Sequence[int] = (), folder_id: int | None = None
    ) -> None:
        self.ids = list(ids)
        self.folder_id = folder_id
        self.place = QPoint()
        self.target: Row | None = None
        self._words = words

    def move(self, place: QPoint, index: QModelIndex) -> None:
        """Follow the mouse to a place above a row."""
        self.place = place
        row: Row | None = index.data(ROW)
        self.target = row if row is not None and self._can_go_to(row) else None

    def draw(self, painter: QPainter, target: QRect, within: QRect) -> None:
        """Draw a frame around the row that would take it, and the words beside the mouse.

        Args:
            painter: on the list.
            target: where the row stands.
            within: what can be seen of the list.
        """
        colors = theme.colors()
        if self.target is not None:
            painter.setPen(QPen(colors.accent, 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(target.adjusted(1, 2, -1, -2), theme.RADIUS, theme.RADIUS)
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(self._words) + 1, _WIDEST) + 2 * PAD
        is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.place.x() - width - PAD if is_mirrored else self.place.x() + PAD
        left = max(within.left(), min(left, within.right() - width))
        card = QRect(left, self.place.y() + PAD, width, metrics.height() + 2 * theme.SPACE)
        painter.setPen(colors.border_strong)
        painter.setBrush(colors.surface_raised)
        painter.drawRoundedRect(card, theme.RADIUS, theme.RADIUS)
        painter.setPen(colors.text)
        draw_line(painter, card.adjusted(PAD, 0, -PAD, 0), self._words)

    def _can_go_to(self, row: Row) -> bool:
        if self.folder_id is not None:
            return isinstance(row, FolderRow) and row.folder.id != self.folder_id
        return not isinstance(row, TemporaryRow)
