"""One window for each data folder: a second start hands over its files, or its quick question."""

import getpass
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from assistant.errors import AssistantError
from assistant.paths import ensure_folder

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

    Signals:
        raised (list[Path]): another start wants this window in front, with these files opened.
        asked (str): another start wants the quick ask window, with this question or "".
    """

    raised = Signal(list)
    asked = Signal(str)

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._data = data
        self._is_writable = _is_made(data)
        self._name = _server_name(data)
        self._lock = QLockFile(str(data / "window.lock"))
        self._lock.setStaleLockTime(0)  # by process, not by age: windows stay open for days
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def hand_over(self, files: Sequence[Path], quick: str | None = None) -> bool:
        """Give `files` to a window that is there already, or become the first.

        Args:
            files: to be opened.
            quick: a question for the quick ask window, or ""; None for the window itself.

        Returns:
            whether another window took them: then this process has nothing to do.
        """
        message = _message(files, quick)
        if self._send(message, 100):
            return True
        if not self._is_writable:
            return False  # every window stands for itself
        if self._lock.tryLock(0):
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
            files, quick = _understood(bytes(socket.readLine().data()))
        except (ValueError, TypeError):
            socket.abort()
            return
        socket.write(_ANSWER)
        socket.flush()
        if quick is None:
            self.raised.emit(files)
        else:
            self.asked.emit(quick)


def _message(files: Sequence[Path], quick: str | None) -> bytes:
    """Return one line: a list of files, or an object with a question."""
    names = [str(file.absolute()) for file in files]
    return json.dumps(names if quick is None else {"quick": quick}).encode() + b"\n"


def _understood(line: bytes) -> tuple[list[Path], str | None]:
    """Return the files and the question that another start sent.

    Raises:
        ValueError, TypeError: it is neither.
    """
    sent = json.loads(line)
    if isinstance(sent, dict):
        return [], str(sent["quick"]) if "quick" in sent else ""
    return [Path(name) for name in sent if isinstance(name, str)], None


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
