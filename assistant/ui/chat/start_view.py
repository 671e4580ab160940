"""The chat page before the first message."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.message_list import column_margins
from assistant.ui.labels import label


class StartView(QWidget):
    """Says what this is, and offers questions to begin with.

    Signals:
        example_chosen (str): a question to put into the composer.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title = label("", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.privacy = privacy = label("", "muted")
        privacy.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        examples = (
            self.tr("Help me write a short, friendly letter to my landlord about a broken heater."),
            self.tr("Explain in plain words what a power of attorney is."),
            self.tr("Give me five questions to ask my doctor about a new medicine."),
        )
        layout = QVBoxLayout(self)
        left, right = column_margins()
        layout.setContentsMargins(left, 6 * theme.SPACE, right, 6 * theme.SPACE)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch(2)
        layout.addWidget(title)
        layout.addWidget(privacy)
        layout.addSpacing(4 * theme.SPACE)
        self.buttons = [self._example(text) for text in examples]
        examples_column = QVBoxLayout()
        examples_column.setSpacing(2 * theme.SPACE)
        for button in self.buttons:
            examples_column.addWidget(button)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(examples_column)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(3)

        self.show_temporary(False)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say what becomes of the chat that begins here."""
        if is_temporary:
            self.title.setText(self.tr("Temporary chat"))
            text = self.tr(
                "Nothing of this chat is written to the disk. It goes when you close it or Alcove."
            )
        else:
            self.title.setText(self.tr("What is on your mind?"))
            text = self.tr(
                "The model runs on this computer. What you write is never sent anywhere."
            )
        self.privacy.setText(text)

    def _example(self, text: str) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "example")
        button.clicked.connect(lambda: self.example_chosen.emit(text))
        return button
