"""A button that shows what is chosen and opens a menu of what else can be."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

T = TypeVar("T", bound=str)


class _Choice(QObject):
    """Carries the signal: a generic class cannot be a QObject."""

    made = Signal(object)


class Chooser(Generic[T]):
    """One value of several, in a menu.

    Args:
        name: what is chosen, for those who hear it.
        values: what there is; strings or members of a `StrEnum`.
        parent: owner of the button.

    Attributes:
        button: what stands in the page.
        actions: an entry of the menu for each value.
        chosen: signal (value); a person chose another.
    """

    def __init__(self, name: str, values: Sequence[T], parent: QWidget | None = None) -> None:
        self._choice = _Choice()
        self.chosen = self._choice.made
        self._name = name
        self.button = QPushButton(parent)
        self.button.setProperty("menu", True)
        self.button.setAccessibleName(name)
        self.actions: dict[T, QAction] = {}
        menu = QMenu(self.button)
        group = QActionGroup(menu)
        for value in values:
            action = QAction(menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, value=value: self.chosen.emit(value))
            group.addAction(action)
            menu.addAction(action)
            self.actions[value] = action
        self.button.setMenu(menu)

    def show_choice(self, value: T, words: str) -> None:
        """Show what is chosen, and in which words."""
        if value in self.actions:
            self.actions[value].setChecked(True)
        self.button.setText(words.replace("&", "&&"))
        self.button.setAccessibleName(f"{self._name}: {words}")
        self.button.setToolTip(self._name)

    def name(self, value: T, words: str) -> None:
        """Name an entry of the menu."""
        self.actions[value].setText(words.replace("&", "&&"))
