"""Keeps the computer awake while there is work, where the person wishes it, and tells of the end.

Only sleep for idleness is held off: closing the lid or the system's own menu still work.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from assistant.ui import icons

_WORTH_TELLING_S = 20.0  # what took less was waited for
_SHOWN_MS = 8_000
# Windows: the state lasts until it is taken back (ES_CONTINUOUS), and holds off sleep
# (ES_SYSTEM_REQUIRED); learn.microsoft.com, SetThreadExecutionState.
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x00000001


class Wakefulness:
    """Holds off the computer's sleep between `hold` and `release`.

    Where the system has no way to ask for it, nothing happens.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._is_held = False

    @property
    def is_held(self) -> bool:
        """Whether the system was asked not to sleep."""
        return self._is_held

    def hold(self) -> None:
        """Ask the system not to sleep."""
        if self._is_held:
            return
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - only there

            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED)
            self._is_held = True
            return
        command = _command()
        if command:
            with contextlib.suppress(OSError):
                # It ends with its input: also when this process is killed.
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                self._is_held = True

    def release(self) -> None:
        """Let it sleep again."""
        if self._is_held and sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - only there

            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS)
        self._is_held = False
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin:
            child.stdin.close()
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2)


def _command() -> list[str]:
    """Return what holds off sleep while it runs; [] where there is nothing."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if shutil.which("systemd-inhibit"):
        why = "--why=A document is being summarised"
        return ["systemd-inhibit", "--what=idle:sleep", "--who=Alcove", why, "--mode=block", "cat"]
    return []


class Vigil(QObject):
    """Watches whether there is work: stays awake meanwhile, and says when it is over.

    Args:
        page: a part of the window that is brought to the person's mind.
        stays_awake: whether the person wishes the computer to stay awake.
        tells: whether the person wishes to be told.
    """

    def __init__(
        self, page: QWidget, stays_awake: Callable[[], bool], tells: Callable[[], bool]
    ) -> None:
        super().__init__(page)
        self.wakefulness = Wakefulness()
        self.told: list[str] = []  # what was said, the last at the end
        self._page = page
        self._stays_awake = stays_awake
        self._tells = tells
        self._begun_s = 0.0
        self._tray: QSystemTrayIcon | None = None

    def note(self, *, is_working: bool) -> None:
        """Take in whether there is work."""
        if is_working and not self._begun_s:
            self._begun_s = time.monotonic()
        if is_working:
            (self.wakefulness.hold if self._stays_awake() else self.wakefulness.release)()
            return
        self.wakefulness.release()
        begun_s, self._begun_s = self._begun_s, 0.0
        is_long = begun_s and time.monotonic() - begun_s >= _WORTH_TELLING_S
        if is_long and self._tells() and not self._page.isActiveWindow():
            self.tell(self.tr("The work on your documents is done."))

    def tell(self, words: str) -> None:
        """Show a notification, without any word of a document, and mark the window."""
        self.told.append(words)
        QApplication.alert(self._page.window())
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.app_icon(), self)
        self._tray.show()
        self._tray.showMessage("Alcove", words, icons.app_icon(), _SHOWN_MS)
        QTimer.singleShot(_SHOWN_MS + 2_000, self._tray, self._tray.hide)

    def close(self) -> None:
        """Let the computer sleep, because the window closes."""
        self.wakefulness.release()
