"""The application object: it knows when it is asked to end, or to open a file."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Qt closes every window when the app is to end, and stays if one of them refuses.

    A window that is only hidden when a person closes it must tell the two apart.

    Attributes:
        is_ending: the end was asked for, by a signal, the system or the person.

    Signals:
        file_opened (Path): the system wants a file to be opened; macOS says so by an event.
    """

    file_opened = Signal(object)

    is_ending = False

    def event(self, event: QEvent) -> bool:
        """Note that the end is asked for, before the windows are closed; tell of files."""
        if event.type() is QEvent.Type.Quit:
            self.is_ending = True
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)
