"""One piece of work on the network that the person asked for.

Only while an errand runs may a connection be made; each one is listed in the connection log, and
all of them end with it. An errand is stopped from outside by shutting its sockets down: a read
that waits for a server would else go on until its timeout.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from assistant.errors import DownloadError
from assistant.models.hub.addresses import is_loopback
from assistant.models.hub.connections import ConnectionHandle, ConnectionLog

_POLL_S = 0.05

_running: ContextVar["Errand | None"] = ContextVar("errand", default=None)


class StoppedError(Exception):
    """The errand was cancelled; never leaves `assistant.models`."""


class WrongBytesError(Exception):
    """The answer is not the file that was asked for; never leaves `assistant.models`."""


class TransientError(Exception):
    """Something that may be better in a moment; never leaves `assistant.models`.

    Attributes:
        error: what it means if it does not get better.
        retry_after_s: how long the server asks to wait; 0 if it does not say.
    """

    def __init__(self, error: DownloadError, retry_after_s: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a server may take, in seconds: to connect, and between two reads."""

    connect_s: float = 15.0
    stall_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How failures that may pass are met.

    Attributes:
        tries: how many in a row, none of which brings anything, end the download.
        first_wait_s: before the second try; each further wait is twice as long.
        longest_wait_s: bound on it.
        longest_asked_wait_s: bound on what a server may ask for with Retry-After.
        counts_as_progress_bytes: a try that brought less is one that brought nothing.
    """

    tries: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    longest_asked_wait_s: float = 300.0
    counts_as_progress_bytes: int = 1024 * 1024

    def wait_s(self, failures: int, asked_s: float) -> float:
        """Return how long to wait after so many failures in a row."""
        own = min(self.first_wait_s * 2.0 ** (failures - 1), self.longest_wait_s)
        return max(own, min(asked_s, self.longest_asked_wait_s))


class Errand:
    """Work on the network with a reason; a context manager.

    Args:
        log: where its connections are listed.
        reason: what they are for.
        cancel: stops it.
        limit_bytes: more than this is not taken from one connection; 0 for no limit.
        allows_loopback: whether it may talk to this computer itself.
        endpoint: the hub's address: what proves who the person is goes nowhere else.
        proxy: what it goes through; empty for the system's.
    """

    def __init__(
        self,
        log: ConnectionLog,
        reason: str,
        cancel: threading.Event | None = None,
        *,
        limit_bytes: int = 0,
        allows_loopback: bool = False,
        endpoint: str = "",
        proxy: str = "",
    ) -> None:
        self.limit_bytes = limit_bytes
        self.allows_loopback = allows_loopback
        self.endpoint = endpoint
        self.proxy = proxy
        self._log = log
        self._reason = reason
        self._cancel = cancel or threading.Event()
        self._sockets: list[socket.socket] = []
        self._handles: list[ConnectionHandle] = []
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._stop_when_cancelled, name="errand")

    @property
    def is_cancelled(self) -> bool:
        """Whether it was stopped from outside."""
        return self._cancel.is_set()

    def connect(self, host: str) -> ConnectionHandle:
        """List a connection to `host` that is about to be made."""
        self.stop_if_cancelled()
        proxy = "" if is_loopback(host) else urlsplit(self.proxy).hostname or ""
        handle = self._log.open(host, self._reason, proxy)
        self._handles.append(handle)
        return handle

    def trace(self, event: str, facts: dict[str, Any]) -> None:
        """Note the sockets that the HTTP library opens (its `trace` extension calls this)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened = facts["return_value"].get_extra_info("socket")
            if isinstance(opened, socket.socket):
                self._sockets.append(opened)
                if self.is_cancelled:
                    opened.close()  # the library has not taken it over yet, and would leave it open
            self.stop_if_cancelled()

    def stop_if_cancelled(self) -> None:
        """Raise StoppedError if it was cancelled."""
        if self.is_cancelled:
            raise StoppedError

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._watch.join()
        for handle in self._handles:
            handle.close()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let the HTTP library connect on this thread, for this errand."""
        token = _running.set(self)
        try:
            yield
        finally:
            _running.reset(token)

    def _stop_when_cancelled(self) -> None:
        while not self._done.wait(_POLL_S):
            if self._cancel.is_set():
                self._shut_down()

    def _shut_down(self) -> None:
        for opened in list(self._sockets):
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown, which drops its TLS state under the reading thread.
                socket.socket.shutdown(opened, socket.SHUT_RDWR)


def running_errand() -> Errand | None:
    """Return the errand that this thread is on."""
    return _running.get()
