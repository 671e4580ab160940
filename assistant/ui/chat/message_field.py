"""Where a message is written: plain text that grows with its lines."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from assistant.ui import theme

FRAME = 6  # px, of a field in theme.qss


class MessageField(QPlainTextEdit):
    """As high as its lines, up to `lines`; above that it scrolls.

    Args:
        lines: the most lines that are seen at once.
        around: what a frame of the style sheet takes above and below, in px.
        parent: owner.
    """

    def __init__(self, lines: int, around: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = lines
        self._around = around
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(theme.SPACE)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)
        self._take_height()

    def show_text(self, text: str) -> None:
        """Write `text`, with the cursor behind it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _take_height(self) -> None:
        # The size of a plain text's layout counts lines, not pixels.
        count = round(self.document().size().height())
        lines = max(1, min(self._most, count))
        line = QFontMetricsF(self.font()).lineSpacing()
        height = lines * line + 2 * self.document().documentMargin()
        self.setFixedHeight(round(height + 2 * self._around + 1.5))
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(needed if count > self._most else off)

    def sizeHint(self) -> QSize:
        """Ask for the column's width and the lines' height."""
        return QSize(theme.READING_WIDTH, self.height())

    def minimumSizeHint(self) -> QSize:
        """Let the column be as narrow as it likes."""
        return QSize(0, self.height())
