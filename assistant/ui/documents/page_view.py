"""The document itself beside its summary: page for page, with the cited sentence marked."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from assistant.documents.document import Document, Page, PageStatus
from assistant.documents.highlights import PageCharacters
from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.ui import icons, theme
from assistant.ui.documents import places
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.documents.evidence_bar import EvidenceBar
from assistant.ui.documents.page_pictures import FileChangedError, PagePictures, Picture, Wanted
from assistant.ui.documents.page_text import PageText
from assistant.ui.documents.password_field import PasswordField
from assistant.ui.documents.picture_view import PictureView
from assistant.ui.documents.result.targets import Target
from assistant.ui.errors_view import explanation
from assistant.ui.labels import label, plain_tip

_ZOOMS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
_RESIZE_PAUSE_MS = 120
_DRAWN = frozenset({"pdf", "png", "jpeg", "tiff"})  # the others are shown as their text
_LOCKED = {FileFault.PASSWORD_NEEDED, FileFault.PASSWORD_WRONG}


class PageView(QWidget):
    """PDF pages as pictures; other documents, and PDFs that are gone, as their text.

    Args:
        reader: what draws the pages.
        parent: owner.

    Signals:
        closed: the person wants to see the summary alone.
        file_changed: the file is another than the one that was read.
    """

    closed = Signal()
    file_changed = Signal()

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._password: str | None = None
        self._target: Target | None = None
        self._number = 1
        self._zoom = 0
        self._shows_text = False
        self._pictures = PagePictures(reader, self)
        self._pictures.drawn.connect(self._show_picture)
        self._pictures.failed.connect(self._show_text_instead)
        self.picture = PictureView()
        self.picture.resized.connect(self._draw_soon)
        self.picture.zoom_wanted.connect(self.zoom)
        self.text = PageText()
        self.text.setAccessibleName(self.tr("Text of the page"))
        self._pause = QTimer(self, singleShot=True, interval=_RESIZE_PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self.notice = label("", "muted", selectable=True)
        self.notice.hide()
        self.password_field = PasswordField()
        self.password_field.entered.connect(self._try_password)
        self.password_field.hide()
        self.evidence = EvidenceBar()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.picture)
        self._stack.addWidget(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * theme.SPACE, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(self._make_bar())
        layout.addWidget(self.notice)
        layout.addWidget(self.password_field)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.evidence)
        self._make_keys()

    @property
    def number(self) -> int:
        """The page that is shown."""
        return self._number

    def show_document(self, document: Document, password: str | None) -> None:
        """Show the first page with text of a document."""
        if document is self._document:
            return
        self._document, self._password, self._target = document, password, None
        self._pictures.forget()
        self.picture.clear()
        self._shows_text = document.type not in _DRAWN
        self.notice.hide()
        self.password_field.hide()
        self.go_to(1)

    def clear(self) -> None:
        """Show nothing."""
        self._document = None
        self._pictures.forget()
        self.picture.clear()
        self.text.clear()

    def close_page(self) -> None:
        """Draw no more, because the window closes."""
        self._pause.stop()
        self._pictures.close()

    def show_target(self, target: Target) -> None:
        """Open the page of a citation with its sentence marked."""
        self._target = target
        self.go_to(target.span.page, keeps_target=True)

    def go_to(self, number: int, *, keeps_target: bool = False) -> None:
        """Open a page by its number."""
        if self._document is None:
            return
        self._number = min(max(1, number), len(self._document.pages))
        if not keeps_target and self._target and self._target.span.page != self._number:
            self._target = None
        self._show_place()
        self._draw()

    def next_page(self) -> None:
        """Turn the page."""
        self.go_to(self._number + 1)

    def previous_page(self) -> None:
        """Turn back."""
        self.go_to(self._number - 1)

    def zoom(self, step: int) -> None:
        """Zoom in (1), out (-1) or to the width of the view (0)."""
        self._zoom = 0 if step == 0 else min(max(0, self._zoom + step), len(_ZOOMS) - 1)
        self._show_place()
        self._draw()

    # What is shown

    def _draw(self) -> None:
        document = self._document
        if document is None:
            return
        page = document.pages[self._number - 1]
        if self._shows_text or self.text_button.isChecked():
            self._stack.setCurrentWidget(self.text)
            self.text.show_page(page, self._target.span if self._target else None)
            return
        self._stack.setCurrentWidget(self.picture)
        width = self.picture.sheet_width(_ZOOMS[self._zoom])
        self._pictures.want(
            Wanted(
                document.path,
                document.sha256,
                self._number,
                round(width * self.devicePixelRatioF()),
                (self._target.quote,) if self._target else (),
                (self._count_before(page, self._target),) if self._target else (),
                self._password,
            )
        )

    def _count_before(self, page: Page, target: Target) -> int:
        """Return how often a quote's words stand on its page before it."""
        if target.span.page != page.number or not target.span.start:
            return 0
        return PageCharacters(page.text[: target.span.start]).count(target.quote)

    def _draw_soon(self) -> None:
        if not self._shows_text:
            self._pause.start()

    def _show_picture(self, wanted: Wanted, picture: Picture) -> None:
        if self._document is None or wanted.page != self._number:
            return
        page = self._document.pages[wanted.page - 1]
        if page.confidence is not None and self._target and not picture.highlights:
            # The recognised words were not found again on the picture: the text has them marked.
            self._stack.setCurrentWidget(self.text)
            self.text.show_page(page, self._target.span)
            return
        name = places.place(self._document, wanted.page)
        description = self.tr("Picture of {place}").format(place=name)
        if self._target:
            description = self.tr("{picture}, marked: {quote}").format(
                picture=description, quote=self._target.quote
            )
        self.picture.show_picture(picture, _ZOOMS[self._zoom], description)

    def _show_text_instead(self, wanted: Wanted, error: Exception) -> None:
        if self._document is None or wanted.path != self._document.path:
            return
        self._shows_text = True
        if isinstance(error, DocumentError) and error.fault is FileFault.MISSING:
            text = self.tr("{name} was moved or deleted. This is its text as it was read.").format(
                name=wanted.path.name
            )
        elif isinstance(error, DocumentError) and error.fault in _LOCKED:
            what, _ = explanation(error)
            text = self.tr("{what} This is its text as it was read.").format(what=what)
            self.password_field.show()
        elif isinstance(error, FileChangedError):
            text = self.tr("{name} has changed since. This is its text as it was read.").format(
                name=wanted.path.name
            )
            self.file_changed.emit()
        else:
            what, _ = explanation(error)
            text = self.tr("{what} This is the text as it was read.").format(what=what)
        self.notice.setText(text)
        self.notice.show()
        self._show_place()
        self._draw()

    def _try_password(self, password: str) -> None:
        self._password = password
        self._shows_text = False
        self.notice.hide()
        self.password_field.hide()
        self._show_place()
        self._draw()

    def _show_place(self) -> None:
        assert self._document is not None
        page = self._document.pages[self._number - 1]
        total = len(self._document.pages)
        text, tip = places.place_of(self._document, self._number), ""
        if page.status is not PageStatus.READ:
            text = self.tr("{place}, without text").format(place=text)
        elif page.confidence is not None:
            percent = round(100 * page.confidence)
            text = self.tr("{place} · OCR {percent} %").format(place=text, percent=percent)
            tip = self.tr(
                "The letters of this page were recognised in a picture, {percent} % sure."
            )
            tip = tip.format(percent=percent)
        self.place.setText(text)
        self.place.setToolTip(plain_tip(tip or text))
        self._back.setEnabled(self._number > 1)
        self._next.setEnabled(self._number < total)
        for button in (self._back, self._next):
            button.setVisible(total > 1)
        for button in (self._out, self._in, self.text_button):
            button.setVisible(not self._shows_text)
        self._out.setEnabled(self._zoom > 0)
        self._in.setEnabled(self._zoom < len(_ZOOMS) - 1)

    # Parts

    def _make_bar(self) -> QHBoxLayout:
        is_mirrored = QGuiApplication.isRightToLeft()
        back, forth = ("chevron-right", "chevron-left")[:: 1 if is_mirrored else -1]
        self._back = self._button(back, self.tr("Previous page"), self.previous_page)
        self._next = self._button(forth, self.tr("Next page"), self.next_page)
        self._out = self._button("zoom-out", self.tr("Zoom out"), lambda: self.zoom(-1))
        self._in = self._button("zoom-in", self.tr("Zoom in"), lambda: self.zoom(1))
        self.text_button = self._button(
            "scan-text", self.tr("Show the page as its text"), self._draw
        )
        self.text_button.setCheckable(True)
        self.close_button = self._button("x", self.tr("Close the page view"), self.closed)
        self.place = ElidedLabel("muted")
        bar = QHBoxLayout()
        bar.setSpacing(theme.SPACE)
        for widget in (self._back, self.place, self._next):
            bar.addWidget(widget)
        bar.addStretch(1)
        for widget in (self.text_button, self._out, self._in, self.close_button):
            bar.addWidget(widget)
        return bar

    def _button(
        self, icon: str, text: str, pressed: Callable[[], object] | SignalInstance
    ) -> QToolButton:
        button = QToolButton()
        icons.put(button, icon, size=18)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(pressed)
        return button

    def _make_keys(self) -> None:
        for keys, act in (
            ("Ctrl+PgDown", self.next_page),
            ("Ctrl+PgUp", self.previous_page),
            (QKeySequence.StandardKey.ZoomIn, lambda: self.zoom(1)),
            (QKeySequence.StandardKey.ZoomOut, lambda: self.zoom(-1)),
            ("Ctrl+0", lambda: self.zoom(0)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)
