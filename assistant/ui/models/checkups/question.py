"""What a check-up takes, said before it begins."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.checkups.section_of_page import checkup_in_words
from assistant.ui.models.section import button_row


class CheckupQuestion(QFrame):
    """Hidden until it is asked.

    Args:
        name: of the model.
        parent: owner.

    Signals:
        agreed: the person wants the check-up now.
    """

    agreed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker: QWidget | None = None
        theme.set_role(self, "banner")
        sign = label()
        icons.put(sign, "gauge", "warning", 16)
        self.words = label(checkup_in_words())
        self.start_button = QPushButton(self.tr("Start the check-up"))
        self.start_button.setAccessibleName(
            self.tr("Start the check-up of {name}").format(name=name)
        )
        self.start_button.setAccessibleDescription(self.words.text())
        theme.set_role(self.start_button, "primary")
        self.start_button.clicked.connect(self._agree)
        self.cancel_button = QPushButton(self.tr("Not now"))
        self.cancel_button.clicked.connect(self._close)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign)
        head.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addLayout(button_row(self.start_button, self.cancel_button))
        self.hide()

    def ask(self) -> None:
        """Show it."""
        self._asker = QApplication.focusWidget()
        self.show()
        self.start_button.setFocus()

    def _agree(self) -> None:
        self.hide()
        self.agreed.emit()

    def _close(self) -> None:
        self.hide()
        if self._asker is not None and isValid(self._asker):
            self._asker.setFocus()
