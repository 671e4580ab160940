"""Draws text with the words that were looked for marked, in a few lines; never reads markup."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from assistant.storage.search_words import Pieces
from assistant.ui import theme
from assistant.ui.markdown.direction import direction_of


def draw_pieces(painter: QPainter, font: QFont, place: QRect, pieces: Pieces, lines: int) -> None:
    """Draw `pieces` in at most so many lines, those that match marked, cut at the end."""
    text, ranges = _plain(pieces)
    direction = direction_of(text)
    is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    option = QTextOption(Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft)
    option.setAlignment(option.alignment() | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    room = QSize(place.width(), lines)
    laid, shown = _laid_out(text, ranges, font, option, room)
    for dropped in (0, 1, 2, 4, 8, 16):  # until the dots have room, too
        if shown >= len(text):
            break
        text = f"{text[: max(shown - dropped, 1)].rstrip()}…"
        laid, shown = _laid_out(text, ranges, font, option, room)
    laid.draw(painter, QPointF(place.topLeft()))


def _laid_out(
    text: str, ranges: Sequence[tuple[int, int]], font: QFont, option: QTextOption, room: QSize
) -> tuple[QTextLayout, int]:
    """Return the lines of `text`, as wide and as many as `room`, and how much of it they hold."""
    laid = QTextLayout(text, font)
    laid.setTextOption(option)
    laid.setFormats(_formats(ranges, len(text)))  # before the lines: bold words are wider
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
