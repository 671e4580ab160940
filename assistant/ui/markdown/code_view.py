"""A block of code in a message: its language, a Copy button, and colours that come a bit later."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import icons, theme
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.markdown.highlighting import Line, Shade, highlight
from assistant.ui.markdown.leaf import Leaf
from assistant.ui.markdown.letters import fixed_font

# Colours of light and dark, each at least 4.5 : 1 on `Colors.code`.
_LIGHT = {
    Shade.KEYWORD: QColor("#8b2a6b"),
    Shade.STRING: QColor("#2c6a35"),
    Shade.NUMBER: QColor("#8a4a00"),
    Shade.COMMENT: QColor("#65625b"),
    Shade.NAME: QColor("#1f5d9c"),
    Shade.BUILTIN: QColor("#5a46a8"),
}
_DARK = {
    Shade.KEYWORD: QColor("#e59ac8"),
    Shade.STRING: QColor("#9fd0a0"),
    Shade.NUMBER: QColor("#e5b878"),
    Shade.COMMENT: QColor("#9c9a94"),
    Shade.NAME: QColor("#8fc0f0"),
    Shade.BUILTIN: QColor("#bcaef5"),
}
# While code streams in it is coloured this often; each time costs a few milliseconds.
_COLOR_EVERY_MS = 300
_COLOR_FIRST_MS = 20  # after it was painted: a chat is opened sooner
_COPIED_MS = 1500
_MARGIN = 10  # px


def shade_colors(colors: theme.Colors) -> dict[Shade, QColor]:
    """Return the colours of code that go with a palette's."""
    return _DARK if colors.is_dark else _LIGHT


class CodeView(QFrame):
    """Code with a head; it scrolls sideways, never up and down.

    Args:
        code: the code.
        language: as the fence names it, or "".
        parent: owner.
    """

    def __init__(self, code: str, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self._lines: list[Line] = []
        self._job: Job | None = None
        self._is_stale = False
        self._timer = QTimer(self, singleShot=True, interval=_COLOR_EVERY_MS)
        self._timer.timeout.connect(self._highlight)
        self.text = _CodeText()
        self.copy_button = QToolButton()
        self._restore_copy()
        self.copy_button.clicked.connect(self._copy)
        theme.set_role(self, "code")
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as code is in any language
        head = QHBoxLayout()
        head.setContentsMargins(_MARGIN, theme.SPACE // 2, theme.SPACE // 2, 0)
        head.addWidget(label(language, "small", wraps=False), 1)
        head.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.text)
        self.set_code(code)
        self._timer.stop()
        QTimer.singleShot(_COLOR_FIRST_MS, self, self._highlight)

    @property
    def code(self) -> str:
        """The code as it stands."""
        return self.text.toPlainText()

    def grow(self, leaf: Leaf) -> bool:
        """Take `leaf`'s code, if it is in the same language."""
        if leaf.language != self.language:
            return False
        self.set_code(leaf.code)
        return True

    def set_code(self, code: str) -> None:
        """Show `code`; only what was added is written if it begins as before."""
        before = self.code
        if code == before:
            return
        cursor = QTextCursor(self.text.document())
        if before and code.startswith(before):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(code[len(before) :])
        else:
            self.text.setPlainText(code)
        self.text.take_height()
        if not self._timer.isActive():
            self._timer.start()

    def _highlight(self) -> None:
        if self._job is not None:
            self._is_stale = True
            return
        code, language = self.code, self.language
        self._is_stale = False
        self._job = Job(lambda cancel: highlight(code, language, cancel), self)
        self._job.succeeded.connect(self._take_lines)
        self._job.finished.connect(self._end_highlight)
        self._job.start()

    def _end_highlight(self) -> None:
        self._job = None
        if self._is_stale:
            self._timer.start()

    def _take_lines(self, lines: list[Line] | None) -> None:
        self._lines = lines or []
        self._color()

    def _color(self) -> None:
        formats = {}
        for shade, color in shade_colors(theme.colors()).items():
            formats[shade] = QTextCharFormat()
            formats[shade].setForeground(color)
        document = self.text.document()
        block = document.begin()
        for line in self._lines:
            if not block.isValid():
                return
            ranges = []
            for piece in line:
                one = QTextLayout.FormatRange()
                one.start, one.length = piece.start, piece.length
                one.format = formats[piece.shade]
                ranges.append(one)
            if block.layout().formats() != ranges:
                block.layout().setFormats(ranges)
                document.markContentsDirty(block.position(), block.length())
            block = block.next()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code)
        icons.put(self.copy_button, "check", "success", 16)
        self.copy_button.setAccessibleName(self.tr("Copied"))
        QTimer.singleShot(_COPIED_MS, self, self._restore_copy)

    def _restore_copy(self) -> None:
        icons.put(self.copy_button, "copy", "text_muted", 16)
        self.copy_button.setAccessibleName(self.tr("Copy code"))
        self.copy_button.setToolTip(self.tr("Copy code"))

    def changeEvent(self, event: QEvent) -> None:
        """Take new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._lines:
            self._color()


class _CodeText(QPlainTextEdit):
    """Read-only text as high as its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(fixed_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(self.tr("Code"))
        self.document().setDocumentMargin(_MARGIN)
        self.setTabStopDistance(4 * QFontMetricsF(self.font()).horizontalAdvance(" "))
        self.viewport().setAutoFillBackground(False)
        self.horizontalScrollBar().rangeChanged.connect(self.take_height)

    def take_height(self) -> None:
        """Be as high as the lines and the bar below them."""
        line = self.blockBoundingRect(self.document().begin()).height()
        line = line or QFontMetricsF(self.font()).lineSpacing()
        height = line * self.blockCount() + 2 * self.document().documentMargin()
        bar = self.horizontalScrollBar()
        if bar.maximum() > 0:
            height += bar.sizeHint().height()
        self.setFixedHeight(round(height + 0.5))
        self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        """Ask for the column's width and the lines' height."""
        return QSize(theme.READING_WIDTH, self.height())

    def minimumSizeHint(self) -> QSize:
        """Let the column be as narrow as it likes."""
        return QSize(0, self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways; leave up and down to the page."""
        if event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()
