"""Where a person writes: it grows to six lines, sends, and stops a reply."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QToolButton, QWidget

from assistant.ui import icons, theme

_LINES = 6


class Composer(QFrame):
    """Enter sends, Shift+Enter breaks the line, Esc stops, Up fetches the last message.

    Signals:
        submitted (str): the person sent this text; the field is as it was.
        stop_wanted: the person wants the reply to end.
        last_wanted: Up was pressed in an empty field.
    """

    submitted = Signal(str)
    stop_wanted = Signal()
    last_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_busy = False
        self._can_send = True
        theme.set_role(self, "composer")
        self.setProperty("focused", False)
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("Write a message"))
        self.field.setAccessibleName(self.tr("Message"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._show_state)
        self.send_button = QToolButton()
        self.send_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.send_button.clicked.connect(self._press)
        theme.set_role(self.send_button, "send")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.field)
        self._show_state()

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.toPlainText()

    def set_text(self, text: str) -> None:
        """Put `text` into the field, with the cursor behind it."""
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.setFocus()

    def set_busy(self, is_busy: bool) -> None:
        """Show Stop in place of Send while a reply is written."""
        self._is_busy = is_busy
        self._show_state()

    def set_sendable(self, can_send: bool) -> None:
        """Allow sending, or not where there is no model that can converse."""
        self._can_send = can_send
        self._show_state()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that send, stop and fetch."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._take_key(event) or super().eventFilter(watched, event)
        if isinstance(event, QFocusEvent):
            self.setProperty("focused", event.gotFocus())
            self.style().unpolish(self)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        no_keys = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and no_keys:
            if not self._is_busy:
                self._submit()
            return True
        if event.key() == Qt.Key.Key_Escape and self._is_busy:
            self.stop_wanted.emit()
            return True
        if event.key() == Qt.Key.Key_Up and no_keys and not self.text:
            self.last_wanted.emit()
            return True
        return False

    def _press(self) -> None:
        if self._is_busy:
            self.stop_wanted.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        text = self.text.strip()
        if text and self._can_send:
            self.submitted.emit(text)

    def _show_state(self) -> None:
        if self._is_busy:
            icons.put(self.send_button, "square-filled", "accent_text")
            self.send_button.setAccessibleName(self.tr("Stop"))
            self.send_button.setToolTip(self.tr("Stop (Esc)"))
            self.send_button.setEnabled(True)
            return
        is_ready = self._can_send and bool(self.text.strip())
        icons.put(self.send_button, "arrow-up", "accent_text" if is_ready else "text_muted")
        self.send_button.setAccessibleName(self.tr("Send"))
        self.send_button.setToolTip(self.tr("Send (Enter)"))
        self.send_button.setEnabled(is_ready)


class _Field(QPlainTextEdit):
    """Plain text, as high as its lines up to six."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(theme.SPACE)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)
        self._take_height()

    def _take_height(self) -> None:
        # The size of a plain text's layout counts lines, not pixels.
        lines = max(1, min(_LINES, round(self.document().size().height())))
        line = QFontMetricsF(self.font()).lineSpacing()
        self.setFixedHeight(round(lines * line + 2 * self.document().documentMargin() + 1.5))
        needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        is_full = round(self.document().size().height()) > _LINES
        self.setVerticalScrollBarPolicy(needed if is_full else off)

    def sizeHint(self) -> QSize:
        """Ask for the column's width and the lines' height."""
        return QSize(theme.READING_WIDTH, self.height())

    def minimumSizeHint(self) -> QSize:
        """Let the column be as narrow as it likes."""
        return QSize(0, self.height())
