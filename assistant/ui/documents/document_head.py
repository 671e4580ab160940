"""The head of a document: its title, an honest line on what was read, and the menu."""

from collections.abc import Callable

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.summaries.summary import Summary
from assistant.ui import icons, theme
from assistant.ui.documents.receipt import details, receipt
from assistant.ui.exporting import add_to
from assistant.ui.labels import label, plain_tip


class DocumentHead(QWidget):
    """Title, receipt and the ⋯ menu.

    Signals:
        export_wanted (str): an `ExportKind`'s value.
        read_again_wanted: the file is to be read anew.
        folder_wanted: the file's folder is to be shown.
        compare_wanted: it is to be compared with another document.
        remove_wanted: the document is to leave the list.
    """

    export_wanted = Signal(str)
    read_again_wanted = Signal()
    folder_wanted = Signal()
    compare_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "title", selectable=True)
        self.receipt = label("", "muted", selectable=True)
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
        row.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.receipt)

    def show_document(
        self, title: str, path: str, document: Document | None, summary: Summary | None
    ) -> None:
        """Show what is known of a document."""
        self.title.setText(" ".join(title.split()))
        self.title.setToolTip(plain_tip(path))
        self.receipt.setVisible(document is not None)
        self.compare_action.setEnabled(document is not None)
        for action in self.exports:
            action.setEnabled(summary is not None)
        if document is not None:
            self.receipt.setText(" · ".join(receipt(document, summary)))
            self.receipt.setToolTip(plain_tip(details(document, summary)))

    def _action(self, text: str, act: Callable[[], object] | SignalInstance) -> QAction:
        action = QAction(text, self.menu)
        action.triggered.connect(act)
        self.menu.addAction(action)
        return action
