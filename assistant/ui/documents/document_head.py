"""The head of a document: its title, an honest line on what was read, chats, and the menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.storage.conversations import ConversationRecord
from assistant.summaries.summary import Summary
from assistant.ui import icons, theme
from assistant.ui.documents.receipt import details, receipt
from assistant.ui.exporting import add_to
from assistant.ui.labels import counted, label, plain_tip


class DocumentHead(QWidget):
    """Title, receipt, the way to chats about it, and the ⋯ menu.

    Signals:
        ask_wanted: the document is to be asked in a new chat.
        chat_wanted (int): a chat about it is to be opened.
        export_wanted (str): an `ExportKind`'s value.
        read_again_wanted: the file is to be read anew.
        folder_wanted: the file's folder is to be shown.
        compare_wanted: it is to be compared with another document.
        remove_wanted: the document is to leave the list.
    """

    ask_wanted = Signal()
    chat_wanted = Signal(int)
    export_wanted = Signal(str)
    read_again_wanted = Signal()
    folder_wanted = Signal()
    compare_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "title", selectable=True)
        self.receipt = label("", "muted", selectable=True)
        self.ask_button = QPushButton(_beside_icon(self.tr("Ask about it")))
        icons.put(self.ask_button, "message-square", size=18)
        self.ask_button.setToolTip(self.tr("Ask this document in a chat"))
        self.ask_button.clicked.connect(self.ask_wanted)
        self.chats_button = QPushButton()
        theme.set_role(self.chats_button, "quiet")
        icons.put(self.chats_button, "messages-square", size=18)
        self.chats_menu = QMenu(self.chats_button)
        self.chats_button.setMenu(self.chats_menu)
        self.menu_button = QToolButton()
        icons.put(self.menu_button, "ellipsis")
        self.menu_button.setAccessibleName(self.tr("More: copy, export, remove"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.exports = add_to(self.menu, self.export_wanted)
        self.menu.addSeparator()
        self.compare_action = self._action(
            self.tr("Compare with another version…"), self.compare_wanted
        )
        self._action(self.tr("Read the file again"), self.read_again_wanted)
        self._action(self.tr("Show its folder"), self.folder_wanted)
        self._action(self.tr("Remove from the list"), self.remove_wanted)
        self.menu_button.setMenu(self.menu)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.title, 1)
        for button in (self.chats_button, self.ask_button, self.menu_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.receipt)
        self.show_chats(())

    def show_document(
        self, title: str, path: str, document: Document | None, summary: Summary | None
    ) -> None:
        """Show what is known of a document."""
        self.title.setText(" ".join(title.split()))
        self.title.setToolTip(plain_tip(path))
        self.receipt.setVisible(document is not None)
        self.compare_action.setEnabled(document is not None)
        self.ask_button.setVisible(document is not None)
        for action in self.exports:
            action.setEnabled(summary is not None)
        if document is not None:
            self.receipt.setText(" · ".join(receipt(document, summary)))
            self.receipt.setToolTip(plain_tip(details(document, summary)))

    def show_chats(self, chats: Sequence[ConversationRecord]) -> None:
        """Lead to the chats in which the document is attached."""
        self.chats_menu.clear()
        for chat in chats:
            title = " ".join(chat.title.split()).replace("&", "&&")
            action = QAction(title or self.tr("New chat"), self.chats_menu)
            action.triggered.connect(lambda _, key=chat.id: self.chat_wanted.emit(key))
            self.chats_menu.addAction(action)
        count = len(chats)
        self.chats_button.setText(_beside_icon(counted(self.tr("%n chat(s)", "", count), count)))
        self.chats_button.setToolTip(self.tr("Chats about this document"))
        self.chats_button.setVisible(bool(count))

    def _action(self, text: str, act: Callable[[], object] | SignalInstance) -> QAction:
        action = QAction(text, self.menu)
        action.triggered.connect(act)
        self.menu.addAction(action)
        return action


def _beside_icon(text: str) -> str:
    """Return `text` a little away from the button's icon."""
    return f"\N{NO-BREAK SPACE}{text}"
