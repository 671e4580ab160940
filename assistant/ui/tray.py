"""The sign in the system's tray, where there is one: a quick question, the window, the end."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from assistant.ui import icons


class Tray(QObject):
    """A click asks a quick question; the menu has all there is.

    Args:
        parent: owner.

    Signals:
        quick_wanted: the quick ask window.
        window_wanted: the window itself.
        new_chat_wanted: the window with a new chat.
        end_wanted: the end of the app.
    """

    quick_wanted = Signal()
    window_wanted = Signal()
    new_chat_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._add(self.tr("Quick ask"), self.quick_wanted)
        self._add(self.tr("New chat"), self.new_chat_wanted)
        self._add(self.tr("Open Alcove"), self.window_wanted)
        self.menu.addSeparator()
        self._add(self.tr("Quit Alcove"), self.end_wanted)
        self.sign = QSystemTrayIcon(icons.app_icon(), self)
        self.sign.setToolTip(self.tr("Alcove: click for a quick question"))
        self.sign.setContextMenu(self.menu)
        self.sign.activated.connect(self._take)

    @staticmethod
    def is_available() -> bool:
        """Whether this desktop shows such signs."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_shown(self) -> bool:
        """Whether the sign is there."""
        return self.sign.isVisible()

    def show(self) -> None:
        """Show the sign."""
        self.sign.show()

    def hide(self) -> None:
        """Take the sign away."""
        self.sign.hide()

    def close(self) -> None:
        """Take the sign away for good; its menu is nobody's child."""
        self.sign.hide()
        self.menu.deleteLater()

    def _take(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        wanted: dict[QSystemTrayIcon.ActivationReason, Callable[[], object]] = {
            QSystemTrayIcon.ActivationReason.Trigger: self.quick_wanted.emit,
            QSystemTrayIcon.ActivationReason.DoubleClick: self.window_wanted.emit,
            QSystemTrayIcon.ActivationReason.MiddleClick: self.window_wanted.emit,
        }
        if reason in wanted:
            wanted[reason]()

    def _add(self, text: str, wanted: SignalInstance) -> None:
        action = QAction(text, self.menu)
        action.triggered.connect(wanted)
        self.menu.addAction(action)
