"""Draws a line of the palette: picture, title with the typed letters marked, and its keys."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assistant.ui import icons, theme
from assistant.ui.palette.entry import Found
from assistant.ui.palette.list_model import FOUND
from assistant.ui.palette.words import kind_word

_PAD = 3 * theme.SPACE
_ICON = 18  # px
_LEAST_TITLE = 0.45  # of the line, before what stands beside it


class PaletteDelegate(QStyledItemDelegate):
    """Titles are drawn plainly, whatever is in them."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line of text and room around it."""
        del index
        return QSize(120, QFontMetrics(option.font).height() + 5 * theme.SPACE)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a line."""
        found: Found = index.data(FOUND)
        colors = theme.colors()
        rect: QRect = option.rect.adjusted(theme.SPACE, 1, -theme.SPACE, -1)
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent_soft)
            painter.drawRoundedRect(rect, theme.RADIUS, theme.RADIUS)
        line = _Line(painter, option.font, rect.adjusted(_PAD, 0, -_PAD, 0), is_mirrored)
        if found.entry.icon:
            line.picture(found.entry.icon)
        line.end(*_ending(found))
        line.title(found)
        if found.entry.detail:
            line.detail(found)
        painter.restore()


class _Line:
    """A row that is filled from both sides; mirrored where the layout is."""

    def __init__(self, painter: QPainter, font: QFont, room: QRect, is_mirrored: bool) -> None:
        self._painter = painter
        self._font = font
        self._room = QRect(room)
        self._is_mirrored = is_mirrored
        self._whole = room.width()

    def picture(self, name: str) -> None:
        place = self._take(_ICON, _PAD)
        picture = icons.pixmap(name, theme.colors().text_muted, _ICON)
        top = place.top() + (place.height() - _ICON) // 2
        self._painter.drawPixmap(QRect(place.left(), top, _ICON, _ICON), picture)

    def end(self, text: str, is_keys: bool) -> None:
        """Write what the entry is, or its keys, at the far side."""
        font = QFont(self._font)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        width = QFontMetrics(font).horizontalAdvance(text) + 1
        place = self._take(width, _PAD, from_end=True)
        self._painter.setFont(font)
        colors = theme.colors()
        self._painter.setPen(colors.text if is_keys else colors.text_muted)
        side = Qt.AlignmentFlag.AlignLeft if self._is_mirrored else Qt.AlignmentFlag.AlignRight
        self._painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)

    def title(self, found: Found) -> None:
        text = found.entry.title
        most = self._room.width()
        if found.entry.detail:
            most = max(round(self._whole * _LEAST_TITLE), most // 2)
        format_ = _marked(theme.colors().accent)
        used = self._write(text, found.places, self._font, format_, min(most, self._room.width()))
        self._take(used, _PAD)

    def detail(self, found: Found) -> None:
        font = QFont(self._font)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        format_ = _marked(theme.colors().text)
        width = self._room.width()
        self._write(found.entry.detail, found.entry.marked, font, format_, width, is_muted=True)

    def _write(
        self,
        text: str,
        places: frozenset[int],
        font: QFont,
        marked: QTextCharFormat,
        width: int,
        *,
        is_muted: bool = False,
    ) -> int:
        """Write one line with some characters marked, at the near side; return its width."""
        if width < 3 * theme.SPACE:
            return 0
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(bold if places else font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        same = len(shown) if shown == text else max(0, len(shown) - 1)
        layout = QTextLayout(shown, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.setFormats([_range(shown, place, marked) for place in places if place < same])
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        used = round(line.naturalTextWidth() + 0.5)
        left = self._room.left() if not self._is_mirrored else self._room.right() + 1 - used
        top = self._room.top() + (self._room.height() - line.height()) / 2
        self._painter.setPen(theme.colors().text_muted if is_muted else theme.colors().text)
        layout.draw(self._painter, QPointF(left, top))
        return used

    def _take(self, width: int, gap: int, *, from_end: bool = False) -> QRect:
        """Cut `width` off the room, at its near or far side."""
        room = self._room
        width = min(width, room.width())
        at_left = from_end == self._is_mirrored
        left = room.left() if at_left else room.right() + 1 - width
        place = QRect(left, room.top(), width, room.height())
        rest = max(0, room.width() - width - gap)
        start = room.left() + width + gap if at_left else room.left()
        self._room = QRect(start, room.top(), rest, room.height())
        return place


def _ending(found: Found) -> tuple[str, bool]:
    keys = QKeySequence(found.entry.keys)
    if not keys.isEmpty():
        return keys.toString(QKeySequence.SequenceFormat.NativeText), True
    return kind_word(found.entry.kind), False


def _marked(color: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontWeight(QFont.Weight.DemiBold)
    made.setForeground(color)
    return made


def _range(text: str, place: int, marked: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return the format of one character; Qt counts in UTF-16."""
    before = len(text[:place].encode("utf-16-le")) // 2
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = before, 1 + (ord(text[place]) > 0xFFFF), marked
    return made
