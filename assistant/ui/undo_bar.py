"""What was removed, and ten seconds to take it back."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from assistant.ui import theme
from assistant.ui.labels import label

UNDO_MS = 10_000


class UndoBar(QFrame):
    """A line at the foot of a page; hidden while there is nothing to undo.

    Several removals within the ten seconds are taken back together. They become final when the
    time is over, or when `settle` is called as the window closes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undos: list[Callable[[], object]] = []
        self._finals: list[Callable[[], object]] = []
        self._timer = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._timer.timeout.connect(self.settle)
        self._words = label()
        self.button = QPushButton(self.tr("Undo"))
        theme.set_role(self.button, "link")
        self.button.clicked.connect(self.undo)
        theme.set_role(self, "card")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.button)
        self.hide()

    def offer(
        self, text: str, undo: Callable[[], object], finish: Callable[[], object] | None = None
    ) -> None:
        """Show what was removed.

        Args:
            text: "Removed Lease.pdf".
            undo: brings it back.
            finish: deletes it for good, when the time is over.
        """
        self._undos.append(undo)
        if finish and finish not in self._finals:
            self._finals.append(finish)
        count = len(self._undos)
        self._words.setText(text if count == 1 else self.tr("%n removed", "", count))
        self.setAccessibleName(self._words.text())
        self.show()
        self._timer.start()

    def undo(self) -> None:
        """Bring back what was removed since the bar appeared."""
        undos, self._undos = self._undos, []
        self._finals.clear()
        self._timer.stop()
        self.hide()
        for undo in reversed(undos):
            undo()

    def settle(self) -> None:
        """Make the removals final."""
        finals, self._finals = self._finals, []
        self._undos.clear()
        self._timer.stop()
        self.hide()
        for finish in finals:
            finish()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the focus on, so that the keyboard is not left on a hidden button."""
        if self.button.hasFocus():
            self.focusNextChild()
        super().hideEvent(event)
