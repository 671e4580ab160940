"""Ctrl+C and a polite end from outside close the window as its button does."""

import contextlib
import signal
import socket
import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


def quit_on_signals(app: QApplication) -> None:
    """Let SIGINT and SIGTERM end the event loop.

    Python's handlers run only when Python does: a socket that signals write to wakes Qt.
    """
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        return
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.fileno())
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app)

    def quit_app() -> None:
        with contextlib.suppress(OSError):
            reading.recv(64)
        app.quit()

    notifier.activated.connect(quit_app)
    app._signal_sockets = (reading, writing)  # type: ignore[attr-defined]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
