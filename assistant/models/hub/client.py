"""The hub that models come from. The only importer of huggingface_hub.

The library answers what a repository holds; bytes are fetched on the library's own session with
ranges of our own, because its downloads no longer resume and accept damaged bytes of the right
length. Nothing is sent but the request itself: no token unless one is given, no telemetry.
"""

import functools
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from assistant import paths
from assistant.errors import DownloadError, DownloadFault, NetworkClosed
from assistant.models.hub.addresses import AddressError, as_proxy, is_loopback
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Errand, Timeouts, TransientError, WrongBytesError

if TYPE_CHECKING:
    import httpx2

    from assistant.models.hub.transport import RemoteBytes

_COMMIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FACTS_LIMIT_BYTES = 32 * 1024 * 1024
_setting_up = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """What the hub says of a file.

    Attributes:
        repo: "owner/name".
        file: its path in the repository.
        revision: the commit, which never changes.
        size_bytes: its length.
        sha256: of its bytes; "" where the hub does not say (small files).
        etag: the hub's own id of the content.
        licence: of the repository, or "".
        endpoint: the hub's address.
    """

    repo: str
    file: str
    revision: str
    size_bytes: int
    sha256: str
    etag: str
    licence: str
    endpoint: str


class Hub:
    """A hub, the usual one or a mirror. Making one connects to nothing.

    Args:
        endpoint: its address; empty for the hub itself.
        connections: where each connection is listed.
        token: an access token, if the person gave one.
        timeouts: how long it may take.
        proxy: http(s)://host:port to reach it through; empty for the system's.
        is_closed: "Never connect" is on: whatever is asked of it raises NetworkClosed.

    Attributes:
        timeouts: how long it may take.
        token_source: gives the token when the first request is made, in the place of `token`:
            a keyring may have to be unlocked for it. "" for none.
    """

    def __init__(
        self,
        endpoint: str = "",
        connections: ConnectionLog | None = None,
        token: str | None = None,
        *,
        timeouts: Timeouts | None = None,
        proxy: str = "",
        is_closed: bool = False,
    ) -> None:
        endpoint = endpoint.strip().rstrip("/")
        self._endpoint = endpoint if not endpoint or "://" in endpoint else f"https://{endpoint}"
        self._connections = connections or ConnectionLog(None)
        self.token_source: Callable[[], str] = lambda: token or ""
        self.timeouts = timeouts or Timeouts()
        self._proxy = proxy
        self._is_closed = is_closed

    @property
    def _token(self) -> str:
        return self.token_source()

    def refuse_if_closed(self) -> None:
        """Raise NetworkClosed if "Never connect" is on."""
        if self._is_closed:
            raise NetworkClosed

    def prepare(self) -> None:
        """Import the hub's library, which takes a while; the first question need not wait for it.

        Raises:
            NetworkClosed: nothing will be asked.
        """
        self.refuse_if_closed()
        _library()

    @property
    def endpoint(self) -> str:
        """The hub's address."""
        return self._endpoint or _usual_endpoint()

    @property
    def host(self) -> str:
        """Whom a search or a download talks to first."""
        try:
            return urlsplit(self.endpoint).hostname or self.endpoint
        except ValueError:
            return self.endpoint

    def file_facts(
        self,
        repo: str,
        file: str,
        revision: str | None = None,
        *,
        cancel: threading.Event | None = None,
    ) -> RemoteFile:
        """Ask the hub about one file; see `files_facts`."""
        return self.files_facts(repo, (file,), revision, cancel=cancel)[0]

    def files_facts(
        self,
        repo: str,
        files: Sequence[str],
        revision: str | None = None,
        *,
        cancel: threading.Event | None = None,
    ) -> tuple[RemoteFile, ...]:
        """Ask the hub about files of one commit of a repository.

        Args:
            repo: "owner/name".
            files: their paths in the repository.
            revision: a branch, tag or commit; None for the newest commit.
            cancel: stops it.

        Raises:
            DownloadError: it, or one of them, is not there or not to be had.
            NetworkClosed: nothing was asked.
            TransientError, StoppedError: within `assistant.models`.
        """
        file = files[0]
        errand = self.errand("model facts", repo, file, cancel, limit_bytes=_FACTS_LIMIT_BYTES)
        library = _library()
        errors = library.errors
        from assistant.models.hub.transport import timeout, translated  # noqa: PLC0415

        api = library.HfApi(
            endpoint=self.endpoint,
            token=self._token or False,
            library_name="alcove",
            headers={"accept-encoding": "identity"},  # it unpacks without a bound
        )
        wait = timeout(self.timeouts)
        try:
            with errand, errand.running(), translated(repo, file, errand):
                try:
                    info = api.model_info(
                        repo, revision=revision, files_metadata=True, timeout=wait
                    )
                except errors.HfHubHTTPError as error:
                    raise self._refusal(error, repo, file) from error
            return tuple(self._facts(info, repo, file) for file in files)
        except errors.HFValidationError as error:
            raise DownloadError(repo, DownloadFault.NOT_FOUND, file, detail="name") from error
        except (ValueError, TypeError, KeyError, AttributeError, WrongBytesError) as error:
            # Not what a hub says: a log-in page of the network, say.
            raise DownloadError(repo, DownloadFault.REFUSED, file, detail=repr(error)) from error

    def open(
        self,
        facts: RemoteFile,
        start: int,
        *,
        end: int = 0,
        reason: str = "model download",
        cancel: threading.Event | None = None,
    ) -> "RemoteBytes":
        """Return the bytes of a file from `start`, to be used as a context manager.

        Args:
            facts: which file.
            start: the first byte.
            end: the byte after the last one; 0 for the rest of the file. A server that knows no
                ranges sends more.
            reason: what stands in the connection list.
            cancel: stops it.

        Raises:
            DownloadError, TransientError, StoppedError, WrongBytesError: when it is entered.
        """
        errand = self.errand(reason, facts.repo, facts.file, cancel)
        session: httpx2.Client = _library().get_session()
        from assistant.models.hub.transport import RemoteBytes, timeout  # noqa: PLC0415

        headers = {"accept-encoding": "identity"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        if start or end:
            headers["range"] = f"bytes={start}-{end - 1 if end else ''}"
        request = session.build_request(
            "GET",
            f"{self.endpoint}/{facts.repo}/resolve/{facts.revision}/{quote(facts.file)}",
            headers=headers,
            timeout=timeout(self.timeouts),
        )
        return RemoteBytes(session, request, errand, start=start, repo=facts.repo, file=facts.file)

    def session(self) -> "httpx2.Client":
        """Return the library's session: it refuses what no errand asks for."""
        session: httpx2.Client = _library().get_session()
        return session

    def headers(self) -> dict[str, str]:
        """Return what a request to this hub says of who asks: the token, if there is one."""
        token = self._token
        return {"authorization": f"Bearer {token}"} if token else {}

    def is_name(self, repo: str) -> bool:
        """Return whether a repository can have this name."""
        library = _library()
        try:
            library.utils.validate_repo_id(repo)
        except library.errors.HFValidationError:
            return False
        return True

    def wait_s(self, headers: Mapping[str, str]) -> float:
        """Return how long to wait until the hub's limits allow more, as its answer says."""
        limits = _library().utils.parse_ratelimit_headers(headers)
        return float(limits.reset_in_seconds) if limits is not None else 0.0

    def errand(
        self,
        reason: str,
        repo: str,
        file: str,
        cancel: threading.Event | None,
        limit_bytes: int = 0,
    ) -> Errand:
        """Return what a request is made for; each begins here, before anything is imported."""
        self.refuse_if_closed()
        is_local = is_loopback(self.host)
        if not is_local and not self.endpoint.startswith("https://"):
            raise DownloadError(repo, DownloadFault.INSECURE, file, detail=self.endpoint)
        try:
            proxy = as_proxy(self._proxy)
        except AddressError as error:  # settings are a file: anything may stand there
            raise DownloadError(repo, DownloadFault.PROXY, file) from error
        return Errand(
            self._connections,
            reason,
            cancel,
            limit_bytes=limit_bytes,
            allows_loopback=is_local,
            endpoint=self.endpoint,
            proxy=proxy,
        )

    def _refusal(self, error: Any, repo: str, file: str) -> DownloadError | TransientError:
        """Return what the library's error for a status means."""
        from assistant.models.hub.transport import BAD_TOKEN, meaning  # noqa: PLC0415

        errors = _library().errors
        is_gated = isinstance(error, errors.GatedRepoError)
        if error.response.headers.get("x-error-message", "") == BAD_TOKEN:
            return DownloadError(repo, DownloadFault.WRONG_TOKEN, file)
        if isinstance(error, errors.RepositoryNotFoundError) and not is_gated:
            # Also for a plain 401: the hub does not tell private ones from those not there.
            return DownloadError(repo, DownloadFault.NOT_FOUND, file)
        return meaning(error.response, repo, file) or DownloadError(
            repo, DownloadFault.REFUSED, file
        )

    def _facts(self, info: Any, repo: str, file: str) -> RemoteFile:
        """Pick the facts of one file from those of its repository."""
        if info.gated and not self._token:
            raise DownloadError(repo, DownloadFault.GATED, file)
        found = next((one for one in info.siblings or () if one.rfilename == file), None)
        if found is None:
            raise DownloadError(repo, DownloadFault.FILE_NOT_FOUND, file)
        sha256 = found.lfs.sha256.lower() if found.lfs else ""
        # Not to be trusted: the commit becomes a part of an address, the sum decides what counts.
        is_said = _COMMIT.fullmatch(info.sha) and isinstance(found.size, int)
        if not is_said or (sha256 and not _SHA256.fullmatch(sha256)):
            raise DownloadError(repo, DownloadFault.REFUSED, file, detail="no commit, size or sum")
        return RemoteFile(
            repo=repo,
            file=file,
            revision=info.sha,
            size_bytes=found.size,
            sha256=sha256,
            etag=str(found.blob_id or ""),
            licence=_licence(info),
            endpoint=self.endpoint,
        )


def _licence(info: Any) -> str:
    for tag in info.tags or ():
        if tag.startswith("license:"):
            return str(tag.removeprefix("license:"))
    return str((info.card_data or {}).get("license") or "")


@functools.cache
def _set_environment() -> None:
    """Tell the library what it must not do: it reads this when it is imported."""
    os.environ |= {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",  # tqdm fails where there is no sys.stderr
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_VERBOSITY": "critical",  # a server's words do not belong on our terminal
        "HF_HOME": str(paths.folders().cache / "huggingface"),
    }


def _usual_endpoint() -> str:
    """Return the hub's own address, at the cost of the library's smallest module."""
    _set_environment()
    from huggingface_hub import constants  # noqa: PLC0415

    return constants.ENDPOINT


def _library() -> Any:
    """Return huggingface_hub with a session of our making: each request is checked and listed."""
    # Two threads at once would set it up twice, and the second close the first one's session.
    with _setting_up:
        return _set_up_library()


@functools.cache
def _set_up_library() -> Any:
    _set_environment()
    import huggingface_hub.errors  # noqa: PLC0415

    from assistant.models.hub.transport import new_session  # noqa: PLC0415

    huggingface_hub.set_client_factory(new_session)
    return huggingface_hub
