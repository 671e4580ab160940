"""The views of the models page: each scrolls on its own, and one opened from another leads back."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import icons, theme
from assistant.ui.models.rows import rows

WIDTH = 820  # px, of what is read


class Views(QStackedWidget):
    """Shows one view at a time, and keeps where the others were scrolled to.

    `show_root` brings a view that stays. `open_above` puts one before it, with a Back button;
    Esc, Alt+Left and a mouse's back button do the same. A view that was left by going back is
    deleted, unless it was opened with `is_kept`.

    Signals:
        changed: another view is in front.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roots: dict[QWidget, QScrollArea] = {}
        self._above: list[_Opened] = []
        self._root: QScrollArea | None = None
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence("Alt+Left")):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.back)

    @property
    def is_at_root(self) -> bool:
        """Whether nothing was opened above the view that stays."""
        return not self._above

    @property
    def top(self) -> QWidget | None:
        """The view that was opened last, if any."""
        return self._above[-1].view if self._above else None

    def add_root(self, view: QWidget) -> None:
        """Give a view that stays its place; it is not shown yet.

        A widget without a place would be Python's, and freed whenever it collects garbage.
        """
        if view not in self._roots:
            self._roots[view] = area = scrolled(view)
            self.addWidget(area)

    def show_root(self, view: QWidget) -> None:
        """Bring `view` to the front; what was opened above another is left."""
        while self._above:
            self._drop(self._above.pop())
        self.add_root(view)
        self._root = self._roots[view]
        self.setCurrentWidget(self._root)
        self.changed.emit()

    def open_above(self, view: QWidget) -> None:
        """Put `view` in front, with a button that leads back."""
        before = self.window().focusWidget()
        back = BackButton()
        back.clicked.connect(self.back)
        column = rows()
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(view)
        column.addStretch(1)
        page = QWidget()
        page.setLayout(column)
        area = scrolled(page)
        area.viewport().installEventFilter(self)
        page.installEventFilter(self)
        opened = _Opened(view, area, before)
        if before is not None:
            before.destroyed.connect(opened.forget_focus)
        self._above.append(opened)
        self.addWidget(area)
        self.setCurrentWidget(area)
        back.setFocus()
        self.changed.emit()

    def back(self) -> None:
        """Leave the view in front for the one it was opened from."""
        if not self._above:
            return
        left = self._above.pop()
        shown = self._above[-1].area if self._above else self._root
        assert shown is not None
        self.setCurrentWidget(shown)
        if left.focus is not None:
            left.focus.setFocus()
        self._drop(left)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go back with the mouse's own button."""
        if (
            event.type() is QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and event.button() is Qt.MouseButton.BackButton
        ):
            self.back()
            return True
        return super().eventFilter(watched, event)

    def _drop(self, opened: "_Opened") -> None:
        self.removeWidget(opened.area)
        opened.area.hide()
        opened.area.deleteLater()


class _Opened:
    """A view above another, and what had the focus before."""

    def __init__(self, view: QWidget, area: QScrollArea, focus: QWidget | None) -> None:
        self.view = view
        self.area = area
        self.focus = focus

    def forget_focus(self) -> None:
        self.focus = None


class BackButton(QPushButton):
    """Leads back, with an arrow that points where one came from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Back"))
        self.setToolTip(self.tr("Back (Esc)"))
        theme.set_role(self, "quiet")
        is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icons.put(self, "chevron-right" if is_mirrored else "chevron-left", "", 16)


def scrolled(view: QWidget) -> QScrollArea:
    """Return an area that scrolls `view`, in the middle and no wider than reads well."""
    view.setMaximumWidth(WIDTH)
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(6 * theme.SPACE, 2 * theme.SPACE, 6 * theme.SPACE, 6 * theme.SPACE)
    row.addStretch(1)
    row.addWidget(view, 1000)
    row.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
    area.viewport().setAutoFillBackground(False)
    area.setWidget(page)
    return area


def column_of(*parts: QWidget) -> QVBoxLayout:
    """Return a column of cards that begins at the top."""
    column = rows()
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return column
