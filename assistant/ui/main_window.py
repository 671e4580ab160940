"""The window: rail, list, page and status bar; files dropped anywhere; places remembered."""

import base64
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QLineEdit, QVBoxLayout, QWidget

from assistant.errors import AssistantError
from assistant.settings import SettingsFile
from assistant.ui import icons, theme
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.labels import label
from assistant.ui.status_bar import StatusBar
from assistant.ui.workspace import Workspace

_SMALLEST = (720, 480)
_FIRST_SIZE = (1180, 760)


@dataclass(frozen=True)
class PageEntry:
    """A page of the rail, built when it is first shown."""

    key: str
    title: str
    icon: str
    build: Callable[[], QWidget]
    at_bottom: bool = False


class MainWindow(QWidget):
    """Shows one page at a time and keeps the others as they are.

    Args:
        pages: in the order of the rail; the window opens with none of them.
        status_bar: the line at the foot.
        settings: where the window's place is kept.

    Signals:
        files_dropped (list[Path]): onto any place of the window.
        closed: the window is closing; its pages have been told.
    """

    files_dropped = Signal(list)
    closed = Signal()

    # Whether the app goes on when the window is closed: it is only hidden then.
    stays: Callable[[], bool] = staticmethod(lambda: False)

    def __init__(
        self, pages: Iterable[PageEntry], status_bar: StatusBar, settings: SettingsFile
    ) -> None:
        super().__init__()
        self._entries = {entry.key: entry for entry in pages}
        self._built: dict[str, QWidget] = {}
        self._settings = settings
        self.workspace = Workspace()
        self.status_bar = status_bar
        for entry in self._entries.values():
            self.workspace.rail.add(entry.key, entry.title, entry.icon, at_bottom=entry.at_bottom)
        self.workspace.rail.chosen.connect(self.show_page)
        self._notices = QVBoxLayout()
        self._notices.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._notices)
        layout.addWidget(self.workspace, 1)
        layout.addWidget(status_bar)
        self._drop_sign = self._make_drop_sign()
        self.setWindowTitle("Alcove")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self._restore_place()

    @property
    def entries(self) -> list[PageEntry]:
        """The pages in the order of the rail."""
        return list(self._entries.values())

    @property
    def current(self) -> str:
        """The key of the page that is shown; "" before the first."""
        shown = self.workspace.pages.currentWidget()
        return next((key for key, page in self._built.items() if page is shown), "")

    def page(self, key: str) -> QWidget:
        """Return a page, built now if it was not shown before."""
        if key not in self._built:
            page = self._entries[key].build()
            self._built[key] = page
            _leave_drops_to_the_window(page)
        return self._built[key]

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        page = self.page(key)
        sidebar = getattr(page, "sidebar", None)
        if sidebar is not None:
            _leave_drops_to_the_window(sidebar)
        self.workspace.show_page(page, sidebar)
        self.workspace.rail.select(key)
        title = getattr(page, "title", "") or self._entries[key].title
        self.setWindowTitle(self.tr("{page} – Alcove").format(page=title))

    def come_to_front(self) -> None:
        """Show the window above others, as a second start wants it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_notice(self, error: AssistantError, actions: Sequence[Action] = ()) -> None:
        """Say above all pages what concerns the whole app, until it is put away."""
        notice = ErrorView(error, actions, is_dismissible=True)
        frame = QVBoxLayout()
        frame.setContentsMargins(*(2 * theme.SPACE,) * 4)
        frame.addWidget(notice)
        self._notices.addLayout(frame)

    def close_pages(self) -> None:
        """Let every page store what it has."""
        for page in self._built.values():
            close_page = getattr(page, "close_page", None)
            if close_page is not None:
                close_page()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place, and let the pages end their work."""
        place = base64.b64encode(self.saveGeometry().data()).decode()
        with contextlib.suppress(AssistantError):  # a full disk is told where work is lost
            self._settings.change(window_geometry=place)
        if self.stays():
            event.ignore()
            self.hide()
            return
        self.close_pages()
        self.closed.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that files may be let go here."""
        if _local_files(event.mimeData()):
            event.acceptProposedAction()
            self._drop_sign.setText(self._drop_words())
            self._drop_sign.setGeometry(self.rect())
            self._drop_sign.show()
            self._drop_sign.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the sign away."""
        self._drop_sign.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files over."""
        self._drop_sign.hide()
        files = _local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _drop_words(self) -> str:
        """Say what becomes of files: a page may take them, else they open in Documents."""
        page = self.workspace.pages.currentWidget()
        return getattr(page, "drop_words", "") or self.tr("Let go to open in Documents")

    def _make_drop_sign(self) -> QLabel:
        sign = label()
        sign.setParent(self)
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.set_role(sign, "drop")
        sign.hide()
        return sign

    def _restore_place(self) -> None:
        self.resize(*_FIRST_SIZE)
        saved = self._settings.value.window_geometry
        if saved:
            with contextlib.suppress(ValueError):  # edited by hand
                self.restoreGeometry(QByteArray(base64.b64decode(saved)))


def _local_files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _leave_drops_to_the_window(page: QWidget) -> None:
    """A field would take a dropped file's address as text; the window opens the file."""
    for field in page.findChildren(QLineEdit):
        field.setAcceptDrops(False)
    for area in page.findChildren(QAbstractScrollArea):
        area.setAcceptDrops(False)
        area.viewport().setAcceptDrops(False)
