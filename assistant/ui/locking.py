"""The app lock in the window: covers it, keeps keys and drops from it, and opens it again.

It hides what is on the screen. It encrypts nothing: the files, and the terminal, are as before.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from assistant.settings import SettingsFile
from assistant.ui.announcing import LOCKED
from assistant.ui.lock_screen import LockScreen

_MINUTE_MS = 60_000

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
# What reaches a hidden page all the same.
_SHUT_OUT = frozenset(
    {
        QEvent.Type.Shortcut,
        QEvent.Type.DragEnter,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
    }
)
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})


class AppLock(QObject):
    """Locks one window, on demand or when nobody touched it for a while.

    While it is locked its contents are hidden, not only covered, so that neither a screen reader
    nor the Tab key finds them; other windows of the app are hidden, too.

    Args:
        window: the window.
        settings: whether there is a password, and when it is asked for.
        parent: owner.

    Signals:
        locked: the window is covered.
        unlocked: it is open again.
        password_wanted: it should be locked, and there is no password yet.
    """

    locked = Signal()
    unlocked = Signal()
    password_wanted = Signal()

    def __init__(
        self, window: QWidget, settings: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent or window)
        self._window = window
        self._settings = settings
        self._hidden: list[QWidget] = []
        self._focus: QWidget | None = None
        self._title = ""
        self._is_watching = False
        self.screen = LockScreen(settings.path)
        self.screen.setParent(window)
        self.screen.hide()
        self.screen.opened.connect(self.unlock)
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self.follow_settings()

    @property
    def is_locked(self) -> bool:
        """Whether the window is covered."""
        return not self.screen.isHidden()

    def lock(self) -> None:
        """Cover the window; without a password, say that one is wanted."""
        kept = self._settings.value.lock_hash
        if self.is_locked:
            return
        if not kept:
            self.password_wanted.emit()
            return
        self._idle.stop()
        self._focus = self._window.focusWidget()
        self._title = self._window.windowTitle()
        self._window.setProperty(LOCKED, True)
        self.screen.ask(kept)
        self.screen.setGeometry(self._window.rect())
        self.screen.show()  # before the rest is hidden: who hears of that knows why
        self._hide_all()
        self.screen.raise_()
        self.screen.field.setFocus()
        self._window.setWindowTitle(self.tr("Alcove – locked"))
        self._watch(True)
        self.locked.emit()

    def lock_at_start(self) -> None:
        """Cover the window before it is shown, if the person wants that."""
        if self._settings.value.locks_at_start and self._settings.value.lock_hash:
            self.lock()

    def unlock(self) -> None:
        """Show the window as it was."""
        if not self.is_locked:
            return
        self.screen.hide()
        self._window.setProperty(LOCKED, False)
        for widget in self._hidden:
            if isValid(widget):  # it may have gone meanwhile
                widget.show()
        self._hidden = []
        self._window.setWindowTitle(self._title)
        self._window.activateWindow()
        focus, self._focus = self._focus, None
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus()
        self.follow_settings()
        self.unlocked.emit()

    def follow_settings(self) -> None:
        """Lock after the chosen time without a key or a click from now on."""
        value = self._settings.value
        self._idle.stop()
        if self.is_locked:
            return
        is_wanted = bool(value.lock_hash and value.lock_minutes > 0)
        if is_wanted:
            self._idle.setInterval(value.lock_minutes * _MINUTE_MS)
            self._idle.start()
        self._watch(is_wanted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shut out what would reach the hidden pages; note when the person was last here."""
        kind = event.type()
        if not self.is_locked:
            if kind in _INPUT and self._idle.isActive():
                self._idle.start()
            return False
        if watched is self._window and kind is QEvent.Type.Resize:
            self.screen.setGeometry(self._window.rect())
        if kind in _SHUT_OUT:
            return True
        if kind in _KEYS and isinstance(watched, QWidget):
            return not self._is_ours(watched)
        if kind is QEvent.Type.Show and isinstance(watched, QWidget):
            self._hide_again(watched)
        return False

    def _is_ours(self, widget: QWidget) -> bool:
        return widget is self.screen or self.screen.isAncestorOf(widget)

    def _hide_all(self) -> None:
        """Hide what the window holds, and the app's other windows."""
        inside = self._window.findChildren(
            QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
        )
        others = [w for w in QApplication.topLevelWidgets() if w is not self._window]
        for widget in (*inside, *others):
            if widget is not self.screen and not widget.isHidden():
                self._put_away(widget)

    def _put_away(self, widget: QWidget) -> None:
        widget.hide()
        is_passing = widget.windowType() in (
            Qt.WindowType.Popup,
            Qt.WindowType.ToolTip,
            Qt.WindowType.SplashScreen,
        )
        if not is_passing:
            self._hidden.append(widget)

    def _hide_again(self, widget: QWidget) -> None:
        """Hide another window, or a new part of this one, that opens while it is locked.

        The tray's menu says nothing of the person, and ends the app.
        """
        is_part = widget.parentWidget() is self._window and not widget.isWindow()
        is_other = widget.isWindow() and widget is not self._window
        if (is_part or is_other) and not isinstance(widget, QMenu) and not self._is_ours(widget):
            self._put_away(widget)

    def _watch(self, is_wanted: bool) -> None:
        if is_wanted == self._is_watching:
            return
        self._is_watching = is_wanted
        app = QApplication.instance()
        assert app is not None
        if is_wanted:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
