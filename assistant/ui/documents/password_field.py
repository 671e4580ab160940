"""Asks for a document's password where the error stands; the password is never stored."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from assistant.ui import theme


class PasswordField(QWidget):
    """A field and a button.

    Signals:
        entered (str): the person gave a password.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Password"))
        self.field.setAccessibleName(self.tr("The document's password"))
        self.field.setAccessibleDescription(self.tr("It is used once and never stored."))
        self.field.setMaximumWidth(280)
        self.field.returnPressed.connect(self._enter)
        self.button = QPushButton(self.tr("Open"))
        self.button.clicked.connect(self._enter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.SPACE, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.setFocusProxy(self.field)

    def _enter(self) -> None:
        if self.field.text():
            password = self.field.text()
            self.field.clear()
            self.entered.emit(password)
