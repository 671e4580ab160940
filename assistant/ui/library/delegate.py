"""Draws the documents of the list; where a search found words in a text, with that place."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from assistant.ui import theme
from assistant.ui.documents.list_model import ROW, SUBTITLE
from assistant.ui.marked_text import draw_pieces
from assistant.ui.two_lines import TwoLines

_PAD = 3 * theme.SPACE  # as in `TwoLines`, with the room around a row
_LINES = 2
_SMALL = 0.9


class LibraryDelegate(TwoLines):
    """Two lines for a document, and two more for the words found in it."""

    def __init__(self) -> None:
        super().__init__(SUBTITLE)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of the row's lines."""
        size = super().sizeHint(option, index)
        if index.data(ROW).pieces:
            size.setHeight(size.height() + self._excerpt_height(option.font) + theme.SPACE)
        return size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        pieces = index.data(ROW).pieces
        if not pieces:
            super().paint(painter, option, index)
            return
        height = self._excerpt_height(option.font)
        whole: QRect = option.rect
        self.draw_ground(painter, option, whole)
        upper = QRect(whole.left(), whole.top(), whole.width(), whole.height() - height)
        self.draw_words(painter, option, index, upper)
        place = QRect(
            whole.left() + _PAD,
            upper.bottom() + 1 - theme.SPACE,
            whole.width() - 2 * _PAD,
            height,
        )
        painter.save()
        painter.setLayoutDirection(option.direction)
        painter.setPen(theme.colors().text_muted)
        draw_pieces(painter, _smaller(option.font), place, pieces, _LINES)
        painter.restore()

    @staticmethod
    def _excerpt_height(font: QFont) -> int:
        return _LINES * QFontMetrics(_smaller(font)).lineSpacing()


def _smaller(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(smaller.pointSizeF() * _SMALL)
    return smaller
