"""The application object: it knows when it is asked to end."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Qt closes every window when the app is to end, and stays if one of them refuses.

    A window that is only hidden when a person closes it must tell the two apart.

    Attributes:
        is_ending: the end was asked for, by a signal, the system or the person.
    """

    is_ending = False

    def event(self, event: QEvent) -> bool:
        """Note that the end is asked for, before the windows are closed."""
        if event.type() is QEvent.Type.Quit:
            self.is_ending = True
        return super().event(event)
