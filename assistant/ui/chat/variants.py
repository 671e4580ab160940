"""‹ 2/3 ›: which of several replies, or of several wordings of a message, is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label

_ICON = 16  # px


class VariantSwitch(QWidget):
    """Hidden where there is only one.

    Signals:
        chosen (int): the id of the message to show in place of this one.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: Sequence[int] = ()
        self._at = 0
        is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        back, forth = ("right", "left") if is_mirrored else ("left", "right")
        self.earlier = self._button(f"chevron-{back}", self.tr("Show the variant before"), -1)
        self.later = self._button(f"chevron-{forth}", self.tr("Show the next variant"), 1)
        self.place = label("", "small", wraps=False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.earlier, self.place, self.later):
            layout.addWidget(part)
        self.hide()

    def show_variants(self, ids: Sequence[int], current: int | None) -> None:
        """Show at which of `ids` the message `current` stands."""
        is_shown = len(ids) > 1 and current in ids
        self._ids = ids if is_shown else ()
        self._at = ids.index(current) if is_shown and current is not None else 0
        self.setVisible(is_shown)
        count = len(self._ids)
        self.place.setText(f"{self._at + 1}/{count}")
        self.place.setAccessibleName(
            self.tr("Variant {number} of {count}").format(number=self._at + 1, count=count)
        )
        self.earlier.setEnabled(self._at > 0)
        self.later.setEnabled(self._at < count - 1)

    def _button(self, icon: str, name: str, step: int) -> QToolButton:
        button = QToolButton()
        icons.put(button, icon, "text_muted", _ICON)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setFixedWidth(_ICON + 2 * theme.SPACE)
        button.clicked.connect(lambda: self._step(step))
        return button

    def _step(self, step: int) -> None:
        place = self._at + step
        if 0 <= place < len(self._ids):
            self.chosen.emit(self._ids[place])
