"""Draws what a search found: the title with its day, and below it the words in their place."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from assistant.storage.search_words import Pieces
from assistant.ui import theme
from assistant.ui.chat.hits_model import FOUND, Found, snippet, who
from assistant.ui.chat.row_delegate import PAD, draw_end, draw_ground, draw_icon
from assistant.ui.marked_text import draw_pieces

_SNIPPET_LINES = 2
_SMALL = 0.92


class HitDelegate(QStyledItemDelegate):
    """Draws the words of the search bold on a ground of their own; never reads markup."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """A title, and two lines of a message."""
        del index
        small = QFontMetrics(_smaller(option.font)).lineSpacing()
        return QSize(80, QFontMetrics(option.font).height() + _SNIPPET_LINES * small + 2 * PAD + 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        found: Found = index.data(FOUND)
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)
        inner = rect.adjusted(PAD, PAD - 1, -PAD, -PAD + 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        draw_ground(painter, rect, option.state)
        title = QRect(inner.topLeft(), QSize(inner.width(), QFontMetrics(option.font).height()))
        below = inner.adjusted(0, title.height() + 2, 0, 0)
        title = draw_end(painter, option.font, title, found.when)
        if found.is_archived:
            title = draw_icon(painter, title, "archive", at_end=True)
        painter.setPen(theme.colors().text)
        draw_pieces(painter, option.font, title, found.title, lines=1)
        painter.setPen(theme.colors().text_muted)
        words = _without_marks(found.pieces) or ((snippet(found), False),)
        pieces = ((who(found), False), *words)
        draw_pieces(painter, _smaller(option.font), below, pieces, lines=_SNIPPET_LINES)
        painter.restore()


def _smaller(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(smaller.pointSizeF() * _SMALL)
    return smaller


def _without_marks(pieces: Pieces) -> Pieces:
    """Take the marks of Markdown off, which say nothing in a line or two."""
    plain = ((text.replace("**", "").replace("`", ""), is_match) for text, is_match in pieces)
    return tuple((text, is_match) for text, is_match in plain if text)
