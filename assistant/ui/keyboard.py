"""Keys that work in every page: searching the list, stepping through it, going to the next part."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from assistant.ui.main_window import MainWindow


def search_list(window: MainWindow) -> None:
    """Put the cursor into the search field of the list; a narrow window shows the list first."""
    sidebar = window.workspace.sidebar
    if sidebar is None:
        return
    field = getattr(sidebar, "search", None)
    if window.workspace.is_narrow and not sidebar.isVisible():
        window.workspace.toggle_list()
    if isinstance(field, QWidget):
        field.setVisible(True)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit) or field
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(line, QLineEdit):
            line.selectAll()


def step_in_list(window: MainWindow, by: int) -> None:
    """Open the next or the previous row of the list, past headings."""
    view = window.workspace.list_view
    if view is None:
        return
    model, current = view.model(), view.currentIndex()
    row = current.row() if current.isValid() else (-1 if by > 0 else model.rowCount())
    row += by
    while 0 <= row < model.rowCount():
        index = model.index(row, 0)
        if model.flags(index) & Qt.ItemFlag.ItemIsSelectable:
            view.setCurrentIndex(index)
            view.activated.emit(index)
            return
        row += by


def step_area(window: MainWindow, by: int) -> None:
    """Give the keyboard to the next part: rail, list, page, status bar."""
    workspace = window.workspace
    areas: list[QWidget | None] = [
        workspace.rail,
        workspace.sidebar,
        workspace.pages.currentWidget(),
        window.status_bar,
    ]
    shown = [area for area in areas if area is not None and area.isVisible()]
    focus = window.focusWidget()
    here = next(
        (
            i
            for i, area in enumerate(shown)
            if focus and (area is focus or area.isAncestorOf(focus))
        ),
        -1,
    )
    for distance in range(1, len(shown) + 1):
        if _enter(shown[(here + by * distance) % len(shown)]):
            return


def _enter(area: QWidget) -> bool:
    """Focus the first widget of `area` that takes the keyboard; lists before what is above them."""
    found = [
        widget
        for widget in _preferred(area)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
    ]
    if not found:
        return False
    found[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
    return True


def _preferred(area: QWidget) -> Sequence[QWidget]:
    proxy = area.focusProxy()
    first = [proxy] if proxy is not None else []
    return [*first, *area.findChildren(QAbstractItemView), *area.findChildren(QWidget)]
