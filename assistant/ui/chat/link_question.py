"""Asks before an address from a reply is opened, and shows all of it."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.labels import label


class LinkQuestion(QFrame):
    """Stands below the message that the link is in, until it is answered.

    Args:
        address: an http or https address.
        parent: owner.
    """

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = address
        theme.set_role(self, "banner")
        words = label(self.tr("Open this address in your browser? It leaves Alcove."))
        shown = label(_breakable(address), selectable=True)
        shown.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        shown.setAccessibleName(address)
        self.open_button = QPushButton(self.tr("Open"))
        self.open_button.clicked.connect(self._open)
        copy = QPushButton(self.tr("Copy address"))
        copy.clicked.connect(self._copy)
        leave = QPushButton(self.tr("Cancel"))
        leave.clicked.connect(self.deleteLater)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        for button in (self.open_button, copy, leave):
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(words)
        layout.addWidget(shown)
        layout.addLayout(row)

    def _open(self) -> None:
        address = QUrl(self.address)
        if address.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(address)
        self.deleteLater()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address)
        self.deleteLater()


def _breakable(address: str) -> str:
    """Let a long address break anywhere, so that all of it is seen."""
    return "\u200b".join(address[i : i + 8] for i in range(0, len(address), 8))
