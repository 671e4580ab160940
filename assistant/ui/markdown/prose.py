"""Running text of a message: paragraphs, lists, headings and quotes, leaf by leaf."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextListFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assistant.ui import theme
from assistant.ui.markdown.browser import SafeBrowser
from assistant.ui.markdown.direction import leaf_direction
from assistant.ui.markdown.leaf import Kind, Leaf, Runs
from assistant.ui.markdown.letters import base_letters, run_letters

INDENT = 6 * theme.SPACE
_QUOTES = QTextFormat.Property.UserProperty + 1
_RULE = QTextFormat.Property.UserProperty + 2
_QUOTE = 4 * theme.SPACE
_PAGE_KEYS = {
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A leaf and where it begins in the document."""

    leaf: Leaf
    position: int


class ProseView(SafeBrowser):
    """As high as its text, so that a page of messages scrolls as one.

    Args:
        direction: of the message it belongs to.
        parent: owner.
    """

    def __init__(self, direction: Qt.LayoutDirection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.direction = direction
        self._places: list[_Place] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(INDENT)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)

    @property
    def count(self) -> int:
        """How many leaves there are."""
        return len(self._places)

    def add(self, leaf: Leaf) -> None:
        """Write one more leaf."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._places.append(_Place(leaf, cursor.position()))
        self.write(cursor, leaf)
        cursor.endEditBlock()

    def keep(self, count: int) -> None:
        """Take away all but the first `count` leaves."""
        if count >= len(self._places):
            return
        last = self._places[count - 1].leaf if count else None
        if last and not last.runs:
            # An empty block would take the format of the removed one behind it.
            self.keep(count - 1)
            self.add(last)
            return
        position = self._places[count].position
        del self._places[count:]
        if not count:
            self.document().clear()
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()

    def rewrite(self) -> None:
        """Write everything again, in the colours and the font of now."""
        leaves = [place.leaf for place in self._places]
        self.keep(0)
        for leaf in leaves:
            self.add(leaf)

    def grow(self, leaf: Leaf) -> bool:
        """Take `leaf` in place of the last one, if what stands there need not be written anew."""
        del leaf
        return False

    def replace_last(self, leaf: Leaf) -> None:
        """Note that `leaf` stands where the last one stood."""
        self._places[-1] = _Place(leaf, self._places[-1].position)

    def write(self, cursor: QTextCursor, leaf: Leaf) -> None:
        """Write `leaf`, which is the last one, at the end of the document."""
        shape = self._shape(leaf)
        base = base_letters(leaf, self.font())
        if len(self._places) > 1:
            cursor.insertBlock(shape, base)
        else:
            cursor.setBlockFormat(shape)
            cursor.setBlockCharFormat(base)
        if leaf.marker:
            cursor.createList(_marker(leaf))
        self.write_runs(cursor, leaf.runs, base)

    def write_runs(self, cursor: QTextCursor, runs: Runs, base: QTextCharFormat) -> None:
        """Write text in its styles, each on top of `base`."""
        for run in runs:
            cursor.insertText(run.text, run_letters(run, base))

    def _shape(self, leaf: Leaf) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        direction = leaf_direction(leaf, self.direction)
        shape.setLayoutDirection(direction)
        shape.setLineHeight(
            theme.LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        if len(self._places) > 1:
            shape.setTopMargin(self._gap(leaf, self._places[-2].leaf))
        if leaf.depth and not leaf.marker:
            shape.setIndent(leaf.depth)
        if leaf.quotes:
            is_right = direction is Qt.LayoutDirection.RightToLeft
            (shape.setRightMargin if is_right else shape.setLeftMargin)(leaf.quotes * _QUOTE)
            shape.setProperty(_QUOTES, leaf.quotes)
        if leaf.kind is Kind.RULE:
            shape.setProperty(_RULE, True)
        if leaf.kind is Kind.FORMULA:
            shape.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if leaf.kind is Kind.HEADING:
            shape.setHeadingLevel(leaf.level)
        return shape

    @staticmethod
    def _gap(leaf: Leaf, before: Leaf) -> int:
        if leaf.kind is Kind.HEADING:
            return 5 * theme.SPACE
        if (leaf.marker and before.depth) or leaf.kind is before.kind is Kind.NOTE:
            return theme.SPACE
        return 2 * theme.SPACE if before.kind is Kind.HEADING else 3 * theme.SPACE

    def _take_height(self) -> None:
        self.setFixedHeight(max(1, round(self.document().size().height() + 0.5)))

    def sizeHint(self) -> QSize:
        """Ask for the column's width and the text's height."""
        return QSize(theme.READING_WIDTH, self.height())

    def minimumSizeHint(self) -> QSize:
        """Let the column be as narrow as it likes."""
        return QSize(0, self.height())

    def changeEvent(self, event: QEvent) -> None:
        """Take new colours and fonts."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self.rewrite()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page's keys to the page."""
        if event.key() in _PAGE_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, then the lines beside and between it."""
        super().paintEvent(event)
        if any(place.leaf.quotes or place.leaf.kind is Kind.RULE for place in self._places):
            self._paint_lines()

    def _paint_lines(self) -> None:
        """Paint the bars beside quotes and the rules, which Qt does not draw in our colours."""
        painter = QPainter(self.viewport())
        bar = theme.colors().border_strong
        layout = self.document().documentLayout()
        block = self.document().begin()
        while block.isValid():
            shape = block.blockFormat()
            area = layout.blockBoundingRect(block)
            if shape.property(_RULE):
                painter.fillRect(0, round(area.center().y()), self.viewport().width(), 1, bar)
            for level in range(shape.property(_QUOTES) or 0):
                offset = level * _QUOTE
                if block.textDirection() is Qt.LayoutDirection.RightToLeft:
                    offset = self.viewport().width() - offset - 3
                painter.fillRect(offset, round(area.top()), 3, round(area.height()), bar)
            block = block.next()
        painter.end()


def _marker(leaf: Leaf) -> QTextListFormat:
    shape = QTextListFormat()
    shape.setIndent(leaf.depth)
    if leaf.marker[0].isdigit():
        shape.setStyle(QTextListFormat.Style.ListDecimal)
        shape.setNumberSuffix(leaf.marker[-1])
        shape.setStart(int(leaf.marker[:-1]))
    else:
        round_style = QTextListFormat.Style.ListDisc
        shape.setStyle(round_style if leaf.depth % 2 else QTextListFormat.Style.ListCircle)
    return shape
