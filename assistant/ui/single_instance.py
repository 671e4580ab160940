"""One window for each data folder: a second start hands over what it is for."""

import getpass
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, QSysInfo, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from assistant.errors import AssistantError
from assistant.paths import ensure_folder
from assistant.ui.wish import StartWish, of_line

_MAX_MESSAGE_BYTES = 2_000_000  # the longest question with each character escaped
_MAX_SOCKET_PATH = 100  # sockaddr_un holds 104 (macOS) or 108 bytes
_ANSWER = b"raised\n"
_PATIENCE_S = 8.0  # a first window that is only starting needs less


class SingleInstance(QObject):
    """The socket on which the first window hears of later starts.

    A lock file decides who is first when two start at once; a socket that a crash left behind is
    cleared away by whoever gets the lock.

    Args:
        data: the folder whose window this is.
        is_portable: it goes from one computer to the next, and is in one at a time.

    Signals:
        raised (StartWish): another start wants this window in front, for what it says.
        asked (str): another start wants the quick ask window, with this question or "".
    """

    raised = Signal(object)
    asked = Signal(str)

    def __init__(self, data: Path, *, is_portable: bool = False) -> None:
        super().__init__()
        self._data = data
        self._is_portable = is_portable
        self._is_writable = _is_made(data)
        self._name = _server_name(data)
        self._lock = QLockFile(str(data / "window.lock"))
        self._lock.setStaleLockTime(0)  # by process, not by age: windows stay open for days
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def hand_over(self, wanted: StartWish) -> bool:
        """Give `wanted` to a window that is there already, or become the first.

        Returns:
            whether another window took it: then this process has nothing to do.
        """
        message = wanted.to_line()
        if self._send(message, 100):
            return True
        if not self._is_writable:
            return False  # every window stands for itself
        if self._lock.tryLock(0) or self._take_from_another_computer():
            return False
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            return False
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if self._send(message, 500):
                return True
            time.sleep(0.05)
        return False

    def renew(self) -> None:
        """Take the place again, after "Erase everything" deleted its files."""
        self.close()
        if self._lock.tryLock(0):
            self.listen()

    def _take_from_another_computer(self) -> bool:
        """Take the place of a window that a stick was pulled out from under."""
        if not self._is_portable:
            return False
        # Its number, the computer's name and the program's.
        computer = str(self._lock.getLockInfo()[1])
        if computer in {"", QSysInfo.machineHostName()}:
            return False
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def listen(self) -> None:
        """Hear of later starts from now on; needs the application to be there."""
        if self._lock.isLocked():
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)

    def close(self) -> None:
        """Let the next start be the first."""
        self._server.close()
        self._lock.unlock()

    def _send(self, message: bytes, timeout_ms: int) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(timeout_ms):
            return False
        socket.write(message)
        socket.flush()
        answered = socket.waitForReadyRead(round(_PATIENCE_S * 1000))
        is_taken = answered and bytes(socket.readAll().data()) == _ANSWER
        socket.disconnectFromServer()
        return is_taken

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > _MAX_MESSAGE_BYTES:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        try:
            wanted = of_line(bytes(socket.readLine().data()))
        except ValueError:
            socket.abort()
            return
        socket.write(_ANSWER)
        socket.flush()
        if wanted.quick is not None:
            self.asked.emit(wanted.quick)
        elif not wanted.is_minimized:
            self.raised.emit(wanted)


def _is_made(data: Path) -> bool:
    try:
        ensure_folder(data)
    except AssistantError:
        return False
    return True


def _server_name(data: Path) -> str:
    """Return a socket where only this user may put one, named after the data folder."""
    key = hashlib.sha256(f"{getpass.getuser()} {data.absolute()}".encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return f"alcove-{key}"
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), str(data), tempfile.gettempdir()):
        name = f"{folder}/alcove-{key}.socket"
        if folder and len(os.fsencode(name)) < _MAX_SOCKET_PATH and QDir(folder).exists():
            return name
    return f"alcove-{key}"
