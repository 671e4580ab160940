"""A message that is being changed, in its own place."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.message_field import MessageField
from assistant.ui.labels import label

_LINES = 12


class MessageEditor(QFrame):
    """Enter sends the changed message, Esc leaves it as it was.

    Args:
        text: the message.
        parent: owner.

    Signals:
        submitted (str): to be sent in place of the message.
        left: nothing is to be changed.
    """

    submitted = Signal(str)
    left = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "composer")
        self.field = MessageField(_LINES)
        self.field.setAccessibleName(self.tr("Change the message"))
        self.field.show_text(text)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._show_state)
        self.send_button = QPushButton(self.tr("Send"))
        theme.set_role(self.send_button, "primary")
        self.send_button.clicked.connect(self._submit)
        self.leave_button = QPushButton(self.tr("Cancel"))
        theme.set_role(self.leave_button, "quiet")
        self.leave_button.clicked.connect(self.left)
        hint = label(self.tr("The message before stays as a variant."), "small")
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(hint, 1)
        row.addWidget(self.leave_button)
        row.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.SPACE,) * 4)
        layout.addWidget(self.field)
        layout.addLayout(row)
        self.setFocusProxy(self.field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that send and leave."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            is_plain = event.modifiers() in {
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            }
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and is_plain:
                self._submit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _submit(self) -> None:
        text = self.field.toPlainText().strip()
        if text:
            self.submitted.emit(text)

    def _show_state(self) -> None:
        self.send_button.setEnabled(bool(self.field.toPlainText().strip()))
