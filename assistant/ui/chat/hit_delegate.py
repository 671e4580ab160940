"""Draws what a search found: the title with its day, and below it the words in their place."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from assistant.storage.search_words import Pieces
from assistant.ui import theme
from assistant.ui.chat.hits_model import FOUND, Found, snippet, who
from assistant.ui.chat.row_delegate import PAD, draw_end, draw_ground, draw_icon
from assistant.ui.markdown.direction import direction_of

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
        _draw_pieces(painter, option.font, title, found.title, lines=1)
        painter.setPen(theme.colors().text_muted)
        pieces = (
            ((who(found), False), *found.pieces) if found.pieces else ((snippet(found), False),)
        )
        _draw_pieces(painter, _smaller(option.font), below, pieces, lines=_SNIPPET_LINES)
        painter.restore()


def _smaller(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(smaller.pointSizeF() * _SMALL)
    return smaller


def _draw_pieces(painter: QPainter, font: QFont, place: QRect, pieces: Pieces, lines: int) -> None:
    """Draw `pieces` in at most so many lines, those that match marked, cut at the end."""
    text, ranges = _plain(pieces)
    direction = direction_of(text)
    is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    option = QTextOption(Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft)
    option.setAlignment(option.alignment() | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    laid, shown = _laid_out(text, ranges, font, option, QSize(place.width(), lines))
    for dropped in (0, 1, 2, 4, 8, 16):
        if shown >= len(text):
            break
        text = f"{text[: max(shown - dropped, 1)].rstrip()}…"
        laid, shown = _laid_out(text, ranges, font, option, QSize(place.width(), lines))
    laid.draw(painter, QPointF(place.topLeft()))


def _laid_out(
    text: str, ranges: Sequence[tuple[int, int]], font: QFont, option: QTextOption, room: QSize
) -> tuple[QTextLayout, int]:
    """Return the lines of `text`, as wide and as many as `room`, and how much of it they hold."""
    laid = QTextLayout(text, font)
    laid.setTextOption(option)
    laid.setFormats(_formats(ranges, len(text)))
    laid.beginLayout()
    shown = 0
    for number in range(room.height()):
        line = laid.createLine()
        if not line.isValid():
            break
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, number * QFontMetrics(font).lineSpacing()))
        shown = line.textStart() + line.textLength()
    laid.endLayout()
    return laid, shown


def _plain(pieces: Pieces) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return one line of text, and the places of what matches: starts and lengths."""
    text = ""
    ranges = []
    for piece, is_match in pieces:
        plain = "".join(" " if c.isspace() else c for c in piece if _is_shown(c))
        plain = plain.replace("**", "").replace("`", "")  # Markdown's, which says nothing here
        if is_match and plain:
            ranges.append((len(text), len(plain)))
        text += plain
    return text, ranges


def _formats(ranges: Sequence[tuple[int, int]], length: int) -> list[QTextLayout.FormatRange]:
    formats = []
    for start, count in ranges:
        if start >= length:
            break
        made = QTextLayout.FormatRange()
        made.start = start
        made.length = min(count, length - start)
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        look.setForeground(theme.colors().text)
        look.setBackground(theme.colors().highlight)
        made.format = look
        formats.append(made)
    return formats


def _is_shown(character: str) -> bool:
    """Return whether it may be drawn: marks that turn the direction of what follows may not."""
    return character.isprintable() or character.isspace() or character in "\u200c\u200d"
