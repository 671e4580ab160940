"""One of the three ways to summarise, with what it would cost here."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.labels import plain_tip

_LEAST_WIDTH = 80


class ModeCard(QPushButton):
    """A button of two lines: the name, and how long it takes and how much is read.

    Args:
        action: what a click does; the button is checked and enabled with it.
        parent: owner.
    """

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "mode")
        self.setCheckable(True)
        self._action = action
        self._title = ElidedLabel()
        self._cost = ElidedLabel("small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            3 * theme.SPACE, theme.SPACE * 3 // 2, 3 * theme.SPACE, theme.SPACE * 3 // 2
        )
        layout.setSpacing(0)
        for words in (self._title, self._cost):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(words)
        self.clicked.connect(self._click)
        action.changed.connect(self._follow)
        self._follow()

    def show_words(self, name: str, cost: str, details: str) -> None:
        """Show its name, its cost in a few words, and all of it as a hint."""
        self._title.setText(name)
        self._cost.setText(cost)
        self.setAccessibleName(f"{name}: {cost}" if cost else name)
        self.setAccessibleDescription(details)
        self.setToolTip(plain_tip(details))
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Return what both lines need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return a width at which both lines are cut at their ends."""
        return QSize(_LEAST_WIDTH, self.sizeHint().height())

    def _click(self) -> None:
        self.setChecked(self._action.isChecked())  # the action decides, not the click
        self._action.trigger()

    def _follow(self) -> None:
        self.setChecked(self._action.isChecked())
        self.setEnabled(self._action.isEnabled())
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold if self._action.isChecked() else font.Weight.Normal)
        self._title.setFont(font)
        for words in (self._title, self._cost):
            words.setEnabled(self._action.isEnabled())
