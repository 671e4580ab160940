"""HTTP: the session every request goes through, and the bytes of one answer.

A request without an errand is refused, one to an address without encryption too, and each is
listed before it is made. Connections are not kept for later: the network is closed when an
errand ends. Imported only when something is to be fetched.
"""

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx2

from assistant.errors import DownloadError, DownloadFault
from assistant.models.hub.addresses import is_loopback
from assistant.models.hub.connections import ConnectionHandle
from assistant.models.hub.errand import (
    Errand,
    StoppedError,
    Timeouts,
    TransientError,
    WrongBytesError,
    running_errand,
)

_MOST_REDIRECTS = 5
_PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 - the hub's own words
_FAULTS = {
    "RepoNotFound": DownloadFault.NOT_FOUND,
    "RevisionNotFound": DownloadFault.NOT_FOUND,
    "EntryNotFound": DownloadFault.FILE_NOT_FOUND,
    "GatedRepo": DownloadFault.GATED,
}


def new_session() -> httpx2.Client:
    """Return a session whose requests all belong to an errand, and go through its proxy.

    Certificates are checked against the system's, always: nothing here or in the environment of
    the hub's library turns that off.
    """
    return httpx2.Client(
        event_hooks={"request": [_before_request], "response": [_before_content]},
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        transport=_ProxyTransport(),
    )


class _ProxyTransport(httpx2.BaseTransport):
    """Sends each request through the proxy of its errand; the system's where it names none.

    The library has one session for all requests, and a session has its proxy for life.
    """

    def __init__(self) -> None:
        self._sessions: dict[str, httpx2.Client] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        errand: Errand = request.extensions["errand"]
        # What stays on this computer needs nobody in between.
        proxy = "" if is_loopback(request.url.host) else errand.proxy
        return self._through(proxy).send(request, stream=True)

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()

    def _through(self, proxy: str) -> httpx2.Client:
        with self._lock:
            if proxy not in self._sessions:
                self._sessions[proxy] = httpx2.Client(
                    proxy=proxy or None,
                    limits=httpx2.Limits(max_keepalive_connections=0),
                    timeout=None,  # each request brings its own
                )
            return self._sessions[proxy]


def timeout(timeouts: Timeouts) -> httpx2.Timeout:
    """Return `timeouts` as the HTTP library takes them."""
    return httpx2.Timeout(timeouts.stall_s, connect=timeouts.connect_s)


def meaning(response: Any, repo: str, file: str) -> DownloadError | TransientError | None:
    """Return what an answer's status and headers mean; None for a success."""
    status = response.status_code
    if status in {200, 206}:
        return None
    fault = _FAULTS.get(response.headers.get("x-error-code", ""))
    if status == 401 and response.headers.get("x-error-message", "") == BAD_TOKEN:
        fault = DownloadFault.WRONG_TOKEN
    if fault is None:
        fault = DownloadFault.FILE_NOT_FOUND if status == 404 else DownloadFault.REFUSED
    error = DownloadError(repo, fault, file, detail=str(status))
    if status in _PASSING_STATUS:
        return TransientError(error, _retry_after_s(response.headers.get("retry-after", "")))
    return error


@contextlib.contextmanager
def translated(repo: str, file: str, errand: Errand) -> Iterator[None]:
    """Turn the HTTP library's errors into ours; after a stop, whatever happened is the stop."""
    try:
        yield
    except DownloadError as error:
        error.repo, error.file = error.repo or repo, error.file or file
        raise
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        if errand.is_cancelled:
            raise StoppedError from error
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            fault = DownloadFault.CERTIFICATE
            raise DownloadError(repo, fault, file, detail=str(error)) from error
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
            has_proxy = errand.proxy or isinstance(error, httpx2.ProxyError)
            fault = DownloadFault.PROXY if has_proxy else DownloadFault.OFFLINE
        elif isinstance(error, httpx2.TransportError | OSError) and not isinstance(
            error, httpx2.UnsupportedProtocol
        ):
            fault = DownloadFault.CUT
        else:  # too many redirects, an address that is none
            raise DownloadError(repo, DownloadFault.REFUSED, file, detail=str(error)) from error
        raise TransientError(DownloadError(repo, fault, file, detail=str(error))) from error


class RemoteBytes:
    """The bytes of a file as a server sends them; a context manager.

    Args:
        session: the session to ask on.
        request: what to ask.
        errand: why.
        start: the first byte that `request` asks for.
        repo: the repository, for errors.
        file: the file in it, for errors.

    Attributes:
        start: the first byte that comes: the one asked for, or 0 where the server knows no ranges.
        total_bytes: the whole file's length as the answer gives it; 0 if it does not.
    """

    def __init__(
        self,
        session: httpx2.Client,
        request: httpx2.Request,
        errand: Errand,
        *,
        start: int,
        repo: str,
        file: str,
    ) -> None:
        self.start = start
        self.total_bytes = 0
        self._session = session
        self._request = request
        self._errand = errand
        self._repo = repo
        self._file = file
        self._response: httpx2.Response | None = None

    def __enter__(self) -> Self:
        self._errand.__enter__()
        try:
            with translated(self._repo, self._file, self._errand), self._errand.running():
                self._response = self._session.send(self._request, stream=True)
            self._read_head(self._response)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._response is not None:
                self._response.close()
        finally:
            self._errand.__exit__(None, None, None)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes as they come.

        Raises:
            TransientError: they stopped coming.
            StoppedError: the errand was cancelled.
        """
        assert self._response is not None
        with translated(self._repo, self._file, self._errand):
            for chunk in self._response.iter_raw():
                self._errand.stop_if_cancelled()
                yield chunk
        self._errand.stop_if_cancelled()

    def _read_head(self, response: httpx2.Response) -> None:
        """Note which bytes these are, from the answer's own words."""
        if response.status_code == 416:
            raise WrongBytesError
        error = meaning(response, self._repo, self._file)
        if error is not None:
            raise error
        try:
            if response.status_code == 206:
                extent, _, total = response.headers["content-range"].rpartition("/")
                self.total_bytes = int(total)
                if int(extent.removeprefix("bytes ").partition("-")[0]) != self.start:
                    raise WrongBytesError
            else:
                self.start = 0
                self.total_bytes = int(response.headers.get("content-length", 0))
        except (KeyError, ValueError) as wrong:
            raise WrongBytesError from wrong


class _CountedStream(httpx2.SyncByteStream):
    """An answer's bytes, counted for the connection log."""

    def __init__(
        self, stream: httpx2.SyncByteStream, handle: ConnectionHandle, limit_bytes: int
    ) -> None:
        self._stream = stream
        self._handle = handle
        self._limit_bytes = limit_bytes

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._handle.add(received_bytes=len(chunk))
            if self._limit_bytes and self._handle.connection.received_bytes > self._limit_bytes:
                raise WrongBytesError
            yield chunk

    def close(self) -> None:
        self._stream.close()
        self._handle.close()


def _before_request(request: httpx2.Request) -> None:
    """List the connection that is about to be made, or refuse it."""
    errand = running_errand()
    if errand is None:
        message = "a request that nobody asked for"
        raise RuntimeError(message)
    host = request.url.host
    # A hub elsewhere has no business with servers on this computer: not even as a redirect.
    is_allowed = errand.allows_loopback if is_loopback(host) else request.url.scheme == "https"
    if not is_allowed:
        raise DownloadError("", DownloadFault.INSECURE, detail=f"{request.url.scheme}://{host}")
    request.headers.pop("cookie", None)  # nobody is to know who came back
    if not _is_of(request.url, errand.endpoint):
        # Another host or port, be it by a redirect or as a next page's address.
        request.headers.pop("authorization", None)
    # Without the versions that the library adds: the hub learns no more than it must.
    request.headers["user-agent"] = "alcove"
    handle = errand.connect(host)
    handle.add(sent_bytes=sum(len(name) + len(value) + 4 for name, value in request.headers.raw))
    request.extensions |= {"trace": errand.trace, "errand": errand, "handle": handle}


def _is_of(url: httpx2.URL, endpoint: str) -> bool:
    """Return whether an address is of the hub itself: its scheme, host and port."""
    hub = httpx2.URL(endpoint)
    return (url.scheme, url.host, url.port) == (hub.scheme, hub.host, hub.port)


def _before_content(response: httpx2.Response) -> None:
    """Count what comes; refuse it where it is packed in a way that was not asked for.

    Unpacked, an answer of a few MB may fill the memory: who asks for packing has a bound on it.
    """
    extensions = response.request.extensions
    errand: Errand = extensions["errand"]
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing not in {"", "identity", response.request.headers.get("accept-encoding", "")}:
        raise WrongBytesError
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _CountedStream(response.stream, extensions["handle"], errand.limit_bytes)


def _retry_after_s(header: str) -> float:
    """Return the seconds that a Retry-After header asks for (RFC 9110: a number or a date)."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        wait = parsedate_to_datetime(header) - datetime.now(UTC)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, wait.total_seconds())
