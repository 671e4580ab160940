"""Rail, list and page side by side; in a narrow window the list lies over the page when wanted."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFrame,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import theme
from assistant.ui.rail import Rail

NARROW = 900  # px; below it the list collapses (ui.md)
_LIST_WIDTH = 264


class Workspace(QWidget):
    """Places its three parts by hand, so that nothing is built twice when the width changes.

    Signals:
        narrowed (bool): the list does not fit beside the page any more, or it does again.
    """

    narrowed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rail = Rail(self)
        self.pages = QStackedWidget(self)
        theme.set_role(self.pages, "page")
        self._lists = QStackedWidget()
        self._drawer = QFrame(self)
        theme.set_role(self._drawer, "list")
        self._drawer.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(self._drawer)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._lists)
        self._sidebar: QWidget | None = None
        self._is_open = False
        self._is_narrow = False
        self.rail.list_wanted.connect(self.toggle_list)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._drawer)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(self.close_list)
        self.setTabOrder(self.rail, self._drawer)
        self.setTabOrder(self._drawer, self.pages)

    @property
    def is_narrow(self) -> bool:
        """Whether the list lies over the page."""
        return self._is_narrow

    @property
    def sidebar(self) -> QWidget | None:
        """The list of the page that is shown, if it has one."""
        return self._sidebar

    @property
    def list_view(self) -> QAbstractItemView | None:
        """The rows of the list that are in front; a list may have others for what it found."""
        sidebar = self._sidebar
        if sidebar is None:
            return None
        views = sidebar.findChildren(QAbstractItemView)
        return next((view for view in views if view.isVisibleTo(sidebar)), None)

    def show_page(self, page: QWidget, sidebar: QWidget | None) -> None:
        """Bring `page` to the front with its list, if it has one."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        if sidebar is not None and self._lists.indexOf(sidebar) < 0:
            self._lists.addWidget(sidebar)
            self._close_after_a_choice(sidebar)
        if sidebar is not None:
            self._lists.setCurrentWidget(sidebar)
        self.close_list()
        self._sidebar = sidebar
        self._place()

    def toggle_list(self) -> None:
        """Show the list over the page, or take it away."""
        if self._is_open:
            self.close_list()
        elif self._sidebar is not None:
            self._is_open = True
            self._place()
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
            (self.list_view or self._sidebar).setFocus()

    def close_list(self) -> None:
        """Take the list away where it lies over the page."""
        if self._is_open:
            self._is_open = False
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            self._place()
            self.rail.list_button.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the parts anew."""
        super().resizeEvent(event)
        is_narrow = self.width() < NARROW
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.close_list()
            self.narrowed.emit(is_narrow)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the open list when the person presses something of the page below it."""
        if (
            event.type() is QEvent.Type.MouseButtonPress
            and isinstance(watched, QWidget)
            and self.pages.isAncestorOf(watched)
        ):
            self.close_list()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        rail = self.rail.width()
        has_list = self._sidebar is not None
        beside = _LIST_WIDTH if has_list and not self._is_narrow else 0
        width, height = self.width(), self.height()
        self.rail.list_button.setVisible(has_list and self._is_narrow)
        self._drawer.setVisible(has_list and (not self._is_narrow or self._is_open))
        self._set(self.rail, 0, rail, height)
        self._set(self.pages, rail + beside, width - rail - beside, height)
        self._set(self._drawer, rail, min(_LIST_WIDTH, width - rail), height)
        if self._is_open:
            self._drawer.raise_()

    def _set(self, part: QWidget, start: int, width: int, height: int) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - start - width if is_mirrored else start
        part.setGeometry(left, 0, width, height)

    def _close_after_a_choice(self, sidebar: QWidget) -> None:
        choice_made = getattr(sidebar, "choice_made", None)
        if choice_made is not None:  # it knows better which clicks are for the page
            choice_made.connect(self.close_list)
            return
        for view in sidebar.findChildren(QAbstractItemView):
            view.clicked.connect(self.close_list)
            view.activated.connect(self.close_list)
        for button in sidebar.findChildren(QAbstractButton):
            button.clicked.connect(self.close_list)
