"""Draws the rows of the list of conversations."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.ui import icons, theme
from assistant.ui.chat.list_model import IS_WORKING, ROW
from assistant.ui.chat.rows import (
    ConversationRow,
    FolderRow,
    HeadingRow,
    Row,
    Section,
    TemporaryRow,
)
from assistant.ui.labels import one_line
from assistant.ui.markdown.direction import direction_of

PAD = 2 * theme.SPACE
_ICON = 16  # px
_SMALL = 0.9
_IS_FILLED = "is_filled"


class RowDelegate(QStyledItemDelegate):
    """Draws headings muted and titles plainly, whatever is in them.

    All rows are of one height, so that thousands of them need not be measured.
    """

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line of text and room around it."""
        del index
        return QSize(80, QFontMetrics(option.font).height() + 2 * PAD)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        row: Row = index.data(ROW)
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        if isinstance(row, HeadingRow):
            self._draw_heading(painter, option.font, rect, row.text)
        else:
            draw_ground(painter, rect, option.state)
            inner = rect.adjusted(PAD, 0, -PAD, 0)
            if isinstance(row, FolderRow):
                inner = self._draw_folder_signs(painter, option, inner, row)
            elif isinstance(row, TemporaryRow):
                inner = draw_icon(painter, inner, "message-square-dashed")
            elif row.section is Section.FOLDERS:
                inner = _without(inner, painter, start=2 * (_ICON + theme.SPACE))
            if option.state & QStyle.StateFlag.State_MouseOver:
                inner = draw_icon(painter, inner, "ellipsis", at_end=True)  # of its menu
            else:
                inner = self._draw_end_of(painter, option, inner, row, index)
            painter.setFont(option.font)
            painter.setPen(theme.colors().text)
            draw_line(painter, inner, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        painter.restore()

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Put a title into its field, once: a row that changes must not undo what is typed."""
        if not editor.property(_IS_FILLED):
            editor.setProperty(_IS_FILLED, True)
            super().setEditorData(editor, index)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Let the signs before a name be seen while it is edited."""
        row: Row = index.data(ROW)
        is_shifted = isinstance(row, FolderRow) or (
            isinstance(row, ConversationRow) and row.section is Section.FOLDERS
        )
        start = 2 * (_ICON + theme.SPACE) if is_shifted else 0
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        left, right = (0, start) if is_mirrored else (start, 0)
        editor.setGeometry(option.rect.adjusted(left, 0, -right, 0))

    def _draw_heading(self, painter: QPainter, base: QFont, rect: QRect, text: str) -> None:
        font = QFont(base)
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        line = QFontMetrics(font).height() + theme.SPACE
        painter.setFont(font)
        painter.setPen(theme.colors().text_muted)
        draw_line(painter, rect.adjusted(PAD, rect.height() - line, -PAD, 0), text)

    def _draw_folder_signs(
        self, painter: QPainter, option: QStyleOptionViewItem, inner: QRect, row: FolderRow
    ) -> QRect:
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        shut = "chevron-left" if is_mirrored else "chevron-right"
        inner = draw_icon(painter, inner, "chevron-down" if row.is_open else shut)
        return draw_icon(painter, inner, "folder-open" if row.is_open else "folder")

    def _draw_end_of(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        inner: QRect,
        row: FolderRow | ConversationRow | TemporaryRow,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QRect:
        if isinstance(row, FolderRow):
            return draw_end(painter, option.font, inner, str(row.count)) if row.count else inner
        if isinstance(row, ConversationRow):
            if index.data(IS_WORKING):
                return _draw_dot(painter, inner)
            if row.folder:
                return draw_end(painter, option.font, inner, row.folder)
            if row.record.is_pinned and row.section is Section.FOLDERS:
                return draw_icon(painter, inner, "pin", at_end=True)
        return inner


def more_place(option: QStyleOptionViewItem) -> QRect:
    """Return where in a row the sign for its menu stands."""
    inner = option.rect.adjusted(PAD, 0, -PAD, 0)
    return _square(inner, option.direction, at_end=True)


def draw_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    """Draw what shows that a row is selected, under the mouse, or has the keyboard."""
    colors = theme.colors()
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(colors.accent_soft if is_selected else colors.hover)
        painter.drawRoundedRect(rect, theme.RADIUS, theme.RADIUS)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.accent, 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)


def draw_line(painter: QPainter, place: QRect, text: str) -> None:
    """Draw one line, cut at its end, from the side where the window's lines begin."""
    text = one_line(text)
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    before = painter.layoutDirection()
    painter.setLayoutDirection(direction_of(text))  # a title's own, wherever it stands
    painter.drawText(place, flags | Qt.TextFlag.TextSingleLine, shown)
    painter.setLayoutDirection(before)


def draw_end(painter: QPainter, base: QFont, inner: QRect, text: str) -> QRect:
    """Draw muted words at a row's end, at most a third of it, and return the rest of the row."""
    font = QFont(base)
    font.setPointSizeF(font.pointSizeF() * _SMALL)
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width() // 3)
    width = metrics.horizontalAdvance(shown)
    is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left = inner.left() if is_mirrored else inner.right() + 1 - width
    painter.setFont(font)
    painter.setPen(theme.colors().text_muted)
    place = QRect(left, inner.top(), width, inner.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)
    return _without(inner, painter, end=width + 2 * theme.SPACE)


def draw_icon(painter: QPainter, inner: QRect, name: str, *, at_end: bool = False) -> QRect:
    """Draw an icon at a row's start or end, and return the rest of the row."""
    place = _square(inner, painter.layoutDirection(), at_end=at_end)
    painter.drawPixmap(place.topLeft(), icons.pixmap(name, theme.colors().text_muted, _ICON))
    taken = _ICON + theme.SPACE
    return _without(inner, painter, end=taken) if at_end else _without(inner, painter, start=taken)


def _draw_dot(painter: QPainter, inner: QRect) -> QRect:
    place = _square(inner, painter.layoutDirection(), at_end=True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colors().accent)
    painter.drawEllipse(place.center(), 4, 4)
    return _without(inner, painter, end=_ICON + theme.SPACE)


def _square(inner: QRect, direction: Qt.LayoutDirection, *, at_end: bool) -> QRect:
    is_left = (direction is Qt.LayoutDirection.LeftToRight) != at_end
    left = inner.left() if is_left else inner.right() + 1 - _ICON
    return QRect(left, inner.center().y() - _ICON // 2 + 1, _ICON, _ICON)


def _without(inner: QRect, painter: QPainter, *, start: int = 0, end: int = 0) -> QRect:
    if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        start, end = end, start
    return inner.adjusted(start, 0, -end, 0)
