"""Where a person writes: it grows to six lines, sends, and stops a reply."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.chat.message_field import MessageField

_LINES = 6
_PLAIN_KEYS = {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}


class Composer(QFrame):
    """Enter sends, Shift+Enter breaks the line, Esc stops, Up edits the last message.

    Signals:
        submitted (str): the person sent this text; the field is as it was.
        stop_wanted: the person wants the reply to end.
        last_wanted: Up was pressed in an empty field.
        changed: another text stands in the field.
    """

    submitted = Signal(str)
    stop_wanted = Signal()
    last_wanted = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_busy = False
        self._can_send = True
        self._why_not = ""
        theme.set_role(self, "composer")
        self.setProperty("focused", False)
        self.field = MessageField(_LINES)
        self.field.setPlaceholderText(self.tr("Write a message"))
        self.field.setAccessibleName(self.tr("Message"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._show_state)
        self.field.textChanged.connect(self.changed)
        self.send_button = QToolButton()
        self.send_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.send_button.clicked.connect(self._press)
        theme.set_role(self.send_button, "send")
        self._last_tool: QWidget = self.field
        self._tools = QHBoxLayout()
        self._tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setSpacing(theme.SPACE)
        self._tools.addStretch(1)
        self._tools.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE))
        layout.setSpacing(0)
        layout.addWidget(self.field)
        layout.addLayout(self._tools)
        self.setFocusProxy(self.field)
        self._show_state()

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.toPlainText()

    def add_tool(self, tool: QWidget) -> None:
        """Put a button below the field, behind those that are there."""
        self._tools.insertWidget(self._tools.count() - 2, tool)
        QWidget.setTabOrder(self._last_tool, tool)
        QWidget.setTabOrder(tool, self.send_button)
        self._last_tool = tool

    def set_text(self, text: str) -> None:
        """Put `text` into the field, with the cursor behind it."""
        self.field.show_text(text)
        self.field.setFocus()

    def set_busy(self, is_busy: bool) -> None:
        """Show Stop in place of Send while a reply is written."""
        self._is_busy = is_busy
        self._show_state()

    def set_sendable(self, can_send: bool, why_not: str = "") -> None:
        """Allow sending, or not, and say why: there is no model, or a document is being read."""
        self._can_send, self._why_not = can_send, why_not
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
        is_plain = event.modifiers() in _PLAIN_KEYS
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and is_plain:
            if not self._is_busy:
                self._submit()
            return True
        if event.key() == Qt.Key.Key_Escape and self._is_busy:
            self.stop_wanted.emit()
            return True
        if event.key() == Qt.Key.Key_Up and is_plain and not self.text:
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
        self.send_button.setToolTip(self._why_not or self.tr("Send (Enter)"))
        self.send_button.setEnabled(is_ready)
