"""The cards of the Settings page: a title, and rows of a name, a choice and a word on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.labels import label

_NAMES_WIDTH = 150  # px


@dataclass(frozen=True, slots=True)
class Choice:
    """A row: `hint` says what it means, `below` stands under it when it is shown.

    The name of one that `is_tall` stands at its head, not at its middle.
    """

    name: str
    widget: QWidget
    hint: str = ""
    below: QWidget | None = None
    is_tall: bool = False


def card(title: str, choices: Sequence[Choice]) -> QFrame:
    """Return a card whose widgets are named for screen readers as they are on it."""
    made = QFrame()
    theme.set_role(made, "card")
    grid = QGridLayout(made)
    grid.setContentsMargins(*(4 * theme.SPACE,) * 4)
    grid.setHorizontalSpacing(4 * theme.SPACE)
    grid.setVerticalSpacing(theme.SPACE)
    grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(title, "heading"), 0, 0, 1, 2)
    for choice in choices:
        place = grid.rowCount()
        name = label(choice.name)
        name.setBuddy(choice.widget)
        if not choice.widget.accessibleName():
            choice.widget.setAccessibleName(choice.name)
        grid.setRowMinimumHeight(place, 40)
        if choice.is_tall:
            name.setContentsMargins(0, 2 * theme.SPACE, 0, 0)  # level with the first line
            grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
        else:
            grid.addWidget(name, place, 0)
        grid.addWidget(choice.widget, place, 1)
        if choice.hint:
            choice.widget.setAccessibleDescription(choice.hint)
            grid.addWidget(label(choice.hint, "muted"), place + 1, 1)
        if choice.below:
            grid.addWidget(choice.below, place + 2, 1)
    return made


def row(*widgets: QWidget) -> QWidget:
    """Put the first widget before the others, which keep their size."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * theme.SPACE)
    for i, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if i == 0 else 0)
    return made
