"""A text view for text that nobody vouches for."""

from typing import Any

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget


class SafeBrowser(QTextBrowser):
    """Loads nothing and opens nothing by itself.

    Write into its document with a `QTextCursor` and never set HTML that came from elsewhere:
    for an image format Qt's painter loads a local file even where `loadResource` gave nothing.

    Signals:
        link_chosen (str): a person activated an http or https link; its full address.
    """

    link_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.anchorClicked.connect(self._choose)

    def _choose(self, address: QUrl) -> None:
        if address.scheme() in {"http", "https"} and address.host():
            self.link_chosen.emit(address.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Give every picture, style sheet and file that a text names as empty.

        Without a value the document would go on and read local files by itself.
        """
        del kind, name
        return QByteArray()

    def doSetSource(self, name: QUrl | str, kind: Any = None) -> None:
        """Never show another document in place of the text."""
        del name, kind
