"""Every internet connection the app makes, kept so that the person can look it up.

The list is a file of JSON lines: one when a connection begins (so that a crash cannot hide it)
and one when it ends. It holds hosts, reasons and sizes, never what was sent.
"""

import contextlib
import os
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from assistant.errors import AssistantError
from assistant.paths import ensure_folder, write_atomically

_KEPT = 1000
_TRIM_ABOVE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One connection.

    Attributes:
        started: when it began.
        host: whom it was made to.
        reason: what for, such as "model facts" or "model download".
        sent_bytes: of the request, roughly: encryption is not counted.
        received_bytes: of the answer's content.
        proxy: the host of the proxy from Settings that it went through, or "".
        is_open: it goes on now, in this process.
        id: unique in the list.
    """

    started: datetime
    host: str
    reason: str
    sent_bytes: int = 0
    received_bytes: int = 0
    proxy: str = ""
    is_open: bool = False
    id: str = ""


class ConnectionHandle:
    """A connection that is open; also a context manager that closes it."""

    def __init__(self, log: "ConnectionLog", connection: Connection) -> None:
        self._log = log
        self._connection = connection

    @property
    def connection(self) -> Connection:
        """What is known of it now."""
        return self._connection

    def add(self, *, sent_bytes: int = 0, received_bytes: int = 0) -> None:
        """Count bytes."""
        self._connection = replace(
            self._connection,
            sent_bytes=self._connection.sent_bytes + sent_bytes,
            received_bytes=self._connection.received_bytes + received_bytes,
        )

    def close(self) -> None:
        """Note that the connection ended. Closing twice does no harm."""
        if self._connection.is_open:
            self._connection = replace(self._connection, is_open=False)
            self._log._ended(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class ConnectionLog:
    """The list of connections of this app, shared by its processes.

    Args:
        path: the file; None keeps the list in memory only. Where the file cannot be written
            the list is in memory, too.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: list[ConnectionHandle] = []
        self._own: dict[str, Connection] = {}
        self._count = 0

    @property
    def opened_count(self) -> int:
        """How many connections this process has begun."""
        return self._count

    def open(self, host: str, reason: str, proxy: str = "") -> ConnectionHandle:
        """Note that a connection to `host` begins; call before it does."""
        started = datetime.now(UTC)
        with self._lock:
            self._count += 1
            name = f"{started.timestamp():.6f}-{os.getpid()}-{self._count}"
            connection = Connection(
                started=started, host=host, reason=reason, proxy=proxy, is_open=True, id=name
            )
            handle = ConnectionHandle(self, connection)
            self._open.append(handle)
            self._keep(connection)
        return handle

    def current(self) -> list[Connection]:
        """Return the connections that are open now, in this process."""
        with self._lock:
            return [handle.connection for handle in self._open]

    def all(self) -> list[Connection]:
        """Return all connections, the oldest first."""
        known = self._read()
        with self._lock:
            known |= self._own
            known |= {handle.connection.id: handle.connection for handle in self._open}
        return sorted(known.values(), key=lambda connection: connection.started)

    def clear(self) -> None:
        """Forget the connections that ended, in memory and in the file."""
        with self._lock:
            self._own.clear()
            if self._path:
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)

    def _ended(self, handle: ConnectionHandle) -> None:
        with self._lock:
            self._open.remove(handle)
            self._keep(handle.connection)

    def _keep(self, connection: Connection) -> None:
        if not self._append(connection):
            self._own[connection.id] = connection
            while len(self._own) > _KEPT:
                self._own.pop(next(iter(self._own)))

    def _append(self, connection: Connection) -> bool:
        """Write one line; return whether that worked."""
        if self._path is None:
            return False
        line = msgspec.json.encode(connection) + b"\n"
        try:
            ensure_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # One write of an append-mode file is one line, whatever other processes write.
                os.write(descriptor, line)
                size = os.fstat(descriptor).st_size
            finally:
                os.close(descriptor)
            if size > _TRIM_ABOVE_BYTES:
                kept = sorted(self._read().values(), key=lambda c: c.started)[-_KEPT:]
                write_atomically(self._path, b"".join(msgspec.json.encode(c) + b"\n" for c in kept))
        except (OSError, AssistantError):
            return False
        return True

    def _read(self) -> dict[str, Connection]:
        """Return what the file says; a line that is not ours is passed over."""
        found: dict[str, Connection] = {}
        if self._path is None:
            return found
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return found
        for line in lines:
            with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
                connection = msgspec.json.decode(line, type=Connection)
                found[connection.id] = replace(connection, is_open=False)
        return found
