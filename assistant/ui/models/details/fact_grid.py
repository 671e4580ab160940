"""Facts below each other: a name and what is known, which can be copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QLineEdit, QWidget

from assistant.ui import theme
from assistant.ui.labels import label

_NAMES_WIDTH = 150  # px; as on the cards of Settings
_LONGEST_WORD = 36  # characters that fit beside a name in the narrowest window

Fact = tuple[str, str]


class FactGrid(QWidget):
    """Shows names and values; those without a value are left out.

    Values are selected with the mouse: a stop of Tab on each would keep the keyboard busy. Give
    it a button that copies `text` beside it.
    """

    def __init__(self, facts: Sequence[Fact] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4 * theme.SPACE)
        self._grid.setVerticalSpacing(theme.SPACE)
        self._grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[Fact, ...] = ()
        self.values: dict[str, QLabel | QLineEdit] = {}
        self.show_facts(facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        wanted = tuple((name, value) for name, value in facts if value)
        if wanted == self._shown:
            return  # what is selected stays selected
        self._shown = wanted
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.values = {}
        for row, (name, value) in enumerate(wanted):
            names = label(name, "muted")
            values = _value(value)
            values.setAccessibleName(f"{name}: {value}")
            if QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                # A file's name is Latin in every language, and stands beside what it is.
                values.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
            names.setBuddy(values)
            self._grid.addWidget(names, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(values, row, 1)
            self.values[name] = values

    def text(self) -> str:
        """Return everything that is shown, a line for each fact."""
        return "\n".join(f"{name}: {value}" for name, value in self._shown)


def _value(value: str) -> QLabel | QLineEdit:
    """Return what shows a value: long ones without a space scroll, and are copied as they are."""
    if max(map(len, value.split()), default=0) <= _LONGEST_WORD:
        made = label(value)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made
    field = QLineEdit(value)
    field.setReadOnly(True)
    field.setCursorPosition(0)
    field.setFrame(False)
    theme.set_role(field, "plain")
    return field
