"""The page behind a citation beside the chat, where there is room; else in its place."""

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.ui import icons, theme
from assistant.ui.asking.place import Place
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.documents.page_view import PageView
from assistant.ui.documents.result.targets import Target
from assistant.ui.job import Job
from assistant.ui.labels import label, plain_tip

_SIDE_BY_SIDE = 720  # px; below it either the chat or a page is shown

Fetch = Callable[[int], Document | None]


class PagesBeside(QWidget):
    """Puts a page view beside what it is given.

    Args:
        content: the chat.
        reader: what draws pages.
        parent: owner.

    Signals:
        closed: the page was put away; the focus is for the caller to set.
        document_wanted (int): the person wants to see the whole document, in Documents.
    """

    closed = Signal()
    document_wanted = Signal(int)

    def __init__(self, content: QWidget, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._job: Job | None = None
        self._place: Place | None = None
        self._document_id: int | None = None
        self.pages = PageView(reader)
        self.pages.closed.connect(self.close_pages)
        self.title = ElidedLabel("heading")
        self.notice = label("", "muted")
        self.notice.hide()
        self.open_button = QToolButton()
        icons.put(self.open_button, "external-link", size=18)
        self.open_button.setAccessibleName(self.tr("Open in Documents"))
        self.open_button.setToolTip(self.open_button.accessibleName())
        self.open_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.open_button.clicked.connect(self._want_document)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 3 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE)
        side.setSpacing(theme.SPACE)
        head = QHBoxLayout()
        head.setContentsMargins(3 * theme.SPACE, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.open_button)
        side.addLayout(head)
        side.addWidget(self.notice)
        side.addWidget(self.pages, 1)
        self._side.hide()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(content)
        splitter.addWidget(self._side)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        self._side.setMinimumWidth(280)
        splitter.setSizes([560, 440])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    @property
    def is_open(self) -> bool:
        """Whether a page is shown."""
        return not self._side.isHidden()

    def show_document(self, document: Document, password: str | None = None) -> None:
        """Open a document at its first page."""
        self._cancel()
        self._show(document, password)

    def show_place(
        self, place: Place, document: Document | None, fetch: Fetch, password: str | None = None
    ) -> None:
        """Open a page with the words of `place` marked.

        Args:
            place: where to.
            document: if it is in memory.
            fetch: reads it from the store otherwise, on a thread; None if it is gone.
            password: of its file, if it was opened with one.
        """
        self._cancel()
        self._place = place
        if document is not None:
            self._take(place, document, password)
            return

        def find(cancel: threading.Event) -> Iterator[Document | None]:
            del cancel
            yield fetch(place.document_id)

        job = self._job = Job(find, self)
        job.succeeded.connect(lambda found: self._take(place, found, password))
        job.failed.connect(lambda _: self._take(place, None, password))
        job.start()

    def offer_document(self, document_id: int | None) -> None:
        """Offer to open what is shown in Documents; None if it does not stand there."""
        self._document_id = document_id
        self.open_button.setVisible(document_id is not None)

    def close_pages(self) -> None:
        """Show the chat alone."""
        self._cancel()
        self._side.hide()
        self._arrange()
        self.closed.emit()

    def close_page(self) -> None:
        """Draw no more, because the window closes."""
        self._cancel()
        self.pages.close_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show page and chat beside each other where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _want_document(self) -> None:
        if self._document_id is not None:
            self.document_wanted.emit(self._document_id)

    def _take(self, place: Place, document: Document | None, password: str | None) -> None:
        if place is not self._place:
            return  # another one was asked for meanwhile
        # An imported chat may name a row that is another document here.
        if document is not None and document.path == place.path:
            self._show_at(place, document, password)
            return
        self.pages.clear()
        self.pages.hide()
        self.offer_document(None)
        self._name(place.title, str(place.path))
        text = self.tr("{name} is no longer among the documents. It said: “{quote}”")
        self.notice.setText(text.format(name=place.path.name, quote=place.quote))
        self.notice.show()
        self._side.show()
        self._arrange()

    def _show_at(self, place: Place, document: Document, password: str | None) -> None:
        self._show(document, password)
        span = place.span
        if not 1 <= span.page <= len(document.pages) or span.start < 0:
            return  # it was read again and is another now
        self.pages.show_target(Target(span, document.quote(span) or place.quote))

    def _show(self, document: Document, password: str | None) -> None:
        self.notice.hide()
        self._name(document.title, str(document.path))
        self._side.show()
        self.pages.show()
        self._arrange()
        self.pages.show_document(document, password)
        if self._content.isHidden():
            self.pages.close_button.setFocus()

    def _name(self, title: str, path: str) -> None:
        self.title.setText(" ".join(title.split()))
        self.title.setToolTip(plain_tip(path))

    def _cancel(self) -> None:
        self._place = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _arrange(self) -> None:
        self._content.setVisible(self.width() >= _SIDE_BY_SIDE or self._side.isHidden())
