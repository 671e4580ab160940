"""A row of a list: a title and a muted line below it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assistant.ui import theme

_PAD = 2 * theme.SPACE


class TwoLines(QStyledItemDelegate):
    """Draws titles plainly, whatever is in them.

    Args:
        role: the role of the model under which the second line is.
    """

    def __init__(self, role: int) -> None:
        super().__init__()
        self._role = role

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Two lines of text and room around them."""
        del index
        line = QFontMetrics(option.font).height()
        return QSize(120, 2 * line + 2 * _PAD)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        self.draw_ground(painter, option, option.rect)
        self.draw_words(painter, option, index, option.rect)

    def draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect) -> None:
        """Draw what shows that a row is selected, under the mouse, or has the keyboard."""
        colors = theme.colors(option.palette)
        state = option.state
        rect = _inside(place)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(colors.accent_soft if is_selected else colors.hover)
            painter.drawRoundedRect(rect, theme.RADIUS, theme.RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.accent, 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.restore()

    def draw_words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        place: QRect,
    ) -> None:
        """Draw the two lines."""
        colors = theme.colors(option.palette)
        painter.save()
        painter.setLayoutDirection(option.direction)
        inner = _inside(place).adjusted(_PAD, theme.SPACE, -_PAD, -theme.SPACE)
        font = QFont(option.font)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width(), inner.height() // 2)
        painter.setPen(colors.text)
        _line(painter, font, upper, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setPen(colors.text_muted)
        _line(painter, font, lower, str(index.data(self._role) or ""))
        painter.restore()


def _inside(place: QRect) -> QRect:
    return place.adjusted(theme.SPACE, 1, -theme.SPACE, -1)


def _line(painter: QPainter, font: QFont, place: QRect, text: str) -> None:
    painter.setFont(font)
    text = " ".join(text.split())
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # as the title is written
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(place, flags | Qt.TextFlag.TextSingleLine, shown)
    if is_mirrored:
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
