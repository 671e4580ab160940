"""Widgets below each other in a layout that is emptied and filled again."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.labels import label


def rows() -> QVBoxLayout:
    """Return an empty column of cards."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(3 * theme.SPACE)
    return made


def widgets(column: QVBoxLayout) -> list[QWidget]:
    """Return what stands in `column`, from top to bottom."""
    items = (column.itemAt(i) for i in range(column.count()))
    found = (item.widget() for item in items if item is not None)
    return [widget for widget in found if widget is not None]


def drop(column: QVBoxLayout, widget: QWidget) -> None:
    """Take `widget` away for good."""
    column.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def heading(text: str) -> QLabel:
    """Return a heading that keeps away from what is above it."""
    made = label(text, "heading")
    made.setContentsMargins(0, 4 * theme.SPACE, 0, 0)
    return made
