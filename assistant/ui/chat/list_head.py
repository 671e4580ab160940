"""The head of the list of conversations: where one is, and what can be begun."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label


class ListHead(QWidget):
    """A heading and three buttons; in the archive, the way back.

    Signals:
        new_wanted: begin a chat.
        temporary_wanted: begin one that is never stored.
        folder_wanted: make a folder.
        back_wanted: leave the archive.
    """

    new_wanted = Signal()
    temporary_wanted = Signal()
    folder_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_button = _button("arrow-left", self.tr("Back to the chats"))
        self.back_button.clicked.connect(self.back_wanted)
        self.words = label(role="heading", wraps=False)
        self.folder_button = _button("folder-plus", self.tr("New folder"))
        self.folder_button.clicked.connect(self.folder_wanted)
        self.temporary_button = _button(
            "message-square-dashed", self.tr("Temporary chat"), "Ctrl+Shift+N"
        )
        self.temporary_button.clicked.connect(self.temporary_wanted)
        self.new_button = _button("message-square-plus", self.tr("New chat"), "Ctrl+N")
        self.new_button.clicked.connect(self.new_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.back_button)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.folder_button)
        layout.addWidget(self.temporary_button)
        layout.addWidget(self.new_button)
        self.show_archive(False)

    def show_archive(self, is_archive: bool) -> None:
        """Say that the archive is shown, or the chats."""
        self.words.setText(self.tr("Archive") if is_archive else self.tr("Chats"))
        self.back_button.setVisible(is_archive)
        for button in (self.folder_button, self.temporary_button, self.new_button):
            button.setVisible(not is_archive)


def _button(icon: str, name: str, key: str = "") -> QToolButton:
    button = QToolButton()
    icons.put(button, icon)
    button.setAccessibleName(name)
    button.setToolTip(f"{name} ({key})" if key else name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
