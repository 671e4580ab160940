"""One number of the sampling: its name, a field for it, and what it does."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.conversations.sampling import Range
from assistant.ui import theme
from assistant.ui.chat.options.sampling_words import Words
from assistant.ui.labels import label, plain_tip

_FIELD_WIDTH = 84  # px


class SamplingRow(QWidget):
    """Shows a value; the usual one is a click away.

    Args:
        words: what it is called and does.
        bounds: what it may be.
        parent: owner.

    Signals:
        chosen (object): another value, or None for the usual one.
    """

    chosen = Signal(object)

    def __init__(self, words: Words, bounds: Range, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self.field = _NumberField()
        self.field.setKeyboardTracking(False)
        self.field.setDecimals(0 if bounds.is_whole else 2)
        self.field.setRange(bounds.low, bounds.high)
        self.field.setSingleStep(_step(bounds))
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.setAccessibleName(words.name)
        self.field.setAccessibleDescription(words.hint)
        self.field.setToolTip(plain_tip(words.technical))
        self.field.valueChanged.connect(self._choose)
        name = label(words.name)
        name.setBuddy(self.field)
        self.usual_button = QPushButton(self.tr("Usual"))
        theme.set_role(self.usual_button, "link")
        self.usual_button.setAccessibleName(self.tr("{name}: usual").format(name=words.name))
        self.usual_button.clicked.connect(self._choose_usual)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(name, 1)
        row.addWidget(self.usual_button)
        row.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, theme.SPACE)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(label(words.hint, "small"))

    def show_value(self, value: float | None) -> None:
        """Show what is chosen; None for the usual value."""
        self.field.blockSignals(True)
        self.field.setValue(self._bounds.default if value is None else value)
        self.field.blockSignals(False)
        self.usual_button.setVisible(value is not None and value != self._bounds.default)

    def _choose(self, value: float) -> None:
        chosen = round(value) if self._bounds.is_whole else round(value, 2)
        self.usual_button.setVisible(chosen != self._bounds.default)
        self.chosen.emit(None if chosen == self._bounds.default else chosen)

    def _choose_usual(self) -> None:
        self.field.setFocus()
        self.show_value(None)
        self.chosen.emit(None)


class _NumberField(QDoubleSpinBox):
    """A number that scrolling the page past it does not change."""

    def __init__(self) -> None:
        super().__init__()
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text all of the field."""
        super().resizeEvent(event)
        self._place_text()

    def changeEvent(self, event: QEvent) -> None:
        """Place the text anew with another style."""
        super().changeEvent(event)
        self._place_text()

    def _place_text(self) -> None:
        # WORKAROUND: under a style sheet Qt leaves one pixel to the text of a spin box that has
        # no buttons (QStyleSheetStyle::subControlRect, 6.11).
        self.lineEdit().setGeometry(self.rect().adjusted(2 * theme.SPACE, 2, -2 * theme.SPACE, -2))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


def _step(bounds: Range) -> float:
    if bounds.is_whole:
        return 1 if bounds.high <= 50 else 16 if bounds.high <= 100_000 else 1
    return 0.05
