"""Where Alcove is seen besides its window: the tray and the quick ask window, and when it ends."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from assistant.settings import SettingsFile
from assistant.ui.application import Application
from assistant.ui.main_window import MainWindow
from assistant.ui.tray import Tray

if TYPE_CHECKING:
    from assistant.ui.quick_ask import QuickAsk


_TRAY_TRIES, _TRAY_WAIT_MS = 10, 500


class Presence(QObject):
    """Shows the tray's sign and the quick ask window, and ends the app when nothing is left of it.

    Args:
        window: the window.
        settings: whether there is a sign, and whether closing the window leaves the rest.
        make_quick: makes the quick ask window when it is first wanted.
        new_chat: shows the window with a new chat.
        show_window: brings the window to the front.
        is_locked: whether the window is locked: then it is what is shown, to be opened.
        parent: owner.
    """

    def __init__(
        self,
        window: MainWindow,
        settings: SettingsFile,
        *,
        make_quick: Callable[[], "QuickAsk"],
        new_chat: Callable[[], object],
        show_window: Callable[[], object],
        is_locked: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._settings = settings
        self._make_quick = make_quick
        self._new_chat = new_chat
        self._show_window = show_window
        self._is_locked = is_locked
        self._is_leaving = False
        window.stays = self.stays

    @cached_property
    def quick(self) -> "QuickAsk":
        """The quick ask window, made when it is first wanted."""
        made = self._make_quick()
        made.hidden.connect(self._note_hidden)
        return made

    @cached_property
    def tray(self) -> Tray:
        """The tray's sign, made when it is first shown."""
        made = Tray(self)
        made.quick_wanted.connect(self.toggle_quick)
        made.window_wanted.connect(self._show_window)
        made.new_chat_wanted.connect(self._new_chat)
        made.end_wanted.connect(self.leave)
        return made

    @property
    def has_tray(self) -> bool:
        """Whether the sign is shown."""
        return "tray" in vars(self) and self.tray.is_shown

    def follow_settings(self) -> None:
        """Show the tray's sign, or not, as Settings say now."""
        if self._settings.value.shows_tray and Tray.is_available():
            self.tray.show()
        elif "tray" in vars(self):
            self.tray.hide()

    def put_away(self, tries: int = _TRAY_TRIES) -> None:
        """Leave only the tray's sign; without a tray the window is put away as others are.

        A desktop that has just begun may still be making its tray.
        """
        self.follow_settings()
        if self.has_tray or self._window.isVisible() or self._is_leaving:
            return
        if tries and self._settings.value.shows_tray:
            QTimer.singleShot(_TRAY_WAIT_MS, self, lambda: self.put_away(tries - 1))
        else:
            self._window.showMinimized()

    def show_quick(self, question: str = "") -> None:
        """Bring the quick ask window to the front; a question is asked at once."""
        if self._is_locked():
            self._window.come_to_front()  # the small window is shown when this one is unlocked
        self.quick.come_to_front()
        if question:
            self.quick.ask(question)

    def toggle_quick(self) -> None:
        """Show the quick ask window, or take it away, as a click on the sign wants."""
        if "quick" in vars(self) and self.quick.isActiveWindow():
            self.quick.close()
        else:
            self.show_quick()

    def stays(self) -> bool:
        """Whether the app goes on when the window is closed: it is only hidden then."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        is_ending = isinstance(app, Application) and app.is_ending
        if self._is_leaving or is_ending or app.isSavingSession():
            return False
        is_in_tray = self.has_tray and self._settings.value.stays_in_tray
        return is_in_tray or ("quick" in vars(self) and self.quick.isVisible())

    def leave(self) -> None:
        """End the app: the window closes, even where it would stay in the tray."""
        self._is_leaving = True
        self._window.close()

    def forget(self) -> None:
        """Forget what was asked in the quick ask window, as everything is erased."""
        if "quick" in vars(self):
            self.quick.begin_anew()

    def close(self) -> None:
        """Take away the sign, and stop what the quick ask window does; `end` follows."""
        self._is_leaving = True
        if "tray" in vars(self):
            self.tray.close()
        if "quick" in vars(self):
            self.quick.close_for_good()

    def end(self) -> None:
        """Let go of what was asked, when nothing works on it any more."""
        if "quick" in vars(self):
            self.quick.end()
            self.quick.deleteLater()

    def _note_hidden(self) -> None:
        """End the app where the quick ask window was all that could be seen of it."""
        if self._window.isVisible() or self._is_leaving:
            return
        if self._is_locked():  # it was hidden by the lock, which is to be seen now
            self._window.come_to_front()
        elif not self.stays():
            self.leave()
