"""How much the engine keeps of what it has read, and a button that deletes it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assistant import wording
from assistant.engine import states
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import label


class SavedReading(QWidget):
    """A size and Clear; the size is read anew whenever it is shown.

    Args:
        folder: where the states are.
        forget: deletes them all, in the engine's memory, too.
        parent: owner.
    """

    def __init__(
        self, folder: Path, forget: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._forget = forget
        self.size_label = label("", wraps=False)
        self.clear_button = QPushButton(self.tr("Clear"))
        self.clear_button.setAccessibleName(self.tr("Clear the saved reading"))
        self.clear_button.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.size_label, 1)
        layout.addWidget(self.clear_button)
        self.refresh()

    def refresh(self) -> None:
        """Read the size anew."""
        size_bytes = states.size_bytes(self._folder)
        self.size_label.setText(wording.size(size_bytes) if size_bytes else self.tr("Nothing"))
        self.clear_button.setEnabled(size_bytes > 0)

    def clear(self) -> None:
        """Delete it; many large files take a moment."""
        self.clear_button.setEnabled(False)

        def forget(cancel: threading.Event) -> Iterator[None]:
            del cancel
            self._forget()
            yield

        job = Job(forget, self)
        job.finished.connect(self.refresh)
        job.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is now."""
        super().showEvent(event)
        self.refresh()
