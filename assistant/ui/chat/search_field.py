"""The field that searches the conversations."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from assistant.ui import icons

_PAUSE_MS = 80  # between two keys of somebody who is still writing


class SearchField(QLineEdit):
    """Waits for a pause in typing; Esc clears it, Down goes to what was found.

    Signals:
        wanted (str): search for these words; "" when the field is empty again.
        entered: the keyboard is to go to what was found.
        submitted: Enter: the first place is to be opened.
    """

    wanted = Signal(str)
    entered = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Search"))
        self.setAccessibleName(self.tr("Search titles and messages"))
        self.setToolTip(self.tr("Search titles and messages (Ctrl+F)"))
        self.setClearButtonEnabled(True)
        self.setMaxLength(400)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._wait)

    @property
    def words(self) -> str:
        """What is searched for; a space at the end says that the last word is whole."""
        return self.text() if self.text().strip() else ""

    def _wait(self) -> None:
        if self.words:
            self._pause.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._pause.stop()
        self.wanted.emit(self.words)

    def event(self, event: QEvent) -> bool:
        """Take Esc for itself while there are words, before it closes the whole list."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear, go down, or open."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.entered.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._pause.isActive():
                self._tell()
            self.submitted.emit()
        else:
            super().keyPressEvent(event)
