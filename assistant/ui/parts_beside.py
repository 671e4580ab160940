"""A result with the page behind a place in it beside it, where there is room."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from assistant.documents.document import Document, Span
from assistant.documents.reading import Reader
from assistant.ui.documents.page_view import PageView
from assistant.ui.documents.result.targets import Target
from assistant.ui.parts_view import PartsView

_SIDE_BY_SIDE = 720  # px; below it either the text or a page is shown


class PartsBeside(QWidget):
    """Text on one side, the page that a place leads to on the other.

    Args:
        name: what the text is, for those who hear it.
        reader: what draws pages.
        parent: owner.

    Signals:
        followed (str): the address of a place that was chosen; `show_page` is to follow.
    """

    followed = Signal(str)

    def __init__(self, name: str, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = PartsView(name)
        self.pages = PageView(reader)
        self.pages.hide()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.text)
        splitter.addWidget(self.pages)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        for widget in (self.text, self.pages):
            widget.setMinimumWidth(280)
        splitter.setSizes([500, 500])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.text.followed.connect(self.followed)
        self.pages.closed.connect(self.close_pages)

    def show_page(self, document: Document, span: Span, password: str | None = None) -> None:
        """Open the page of `span`, its words marked."""
        self.pages.show_document(document, password)
        self.pages.show_target(Target(span, document.quote(span)))
        self.pages.show()
        self._arrange()
        if self.text.isHidden():
            self.pages.close_button.setFocus()

    def close_pages(self) -> None:
        """Show the text alone."""
        self.pages.hide()
        self.text.show()
        self.text.mark("")
        self.text.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show page and text beside each other where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.text.setVisible(self.width() >= _SIDE_BY_SIDE or self.pages.isHidden())


def place(address: str) -> tuple[str, list[int]]:
    """Return what an address such as "new:3:120:180" names, and its numbers, if it is one."""
    name, *numbers = address.split(":")
    if not all(number.isdigit() for number in numbers):
        return name, []
    return name, [int(number) for number in numbers]
