"""A hub of our own on the loopback interface, for huggingface_hub's real client.

It speaks what the client asks of the real one (search with filters, order and pages; repositories
with their facts, files, discussions and cards; files by commit with ranges, also from a second
host) and misbehaves on request. It counts what it is asked and sends.

    with HubServer() as server:
        commit = server.add("owner/name", "model.gguf", content)
        server.describe("owner/name", downloads=5, gguf={"total": 10**9})
        server.fail(Cut(after_bytes=1000))        # the next file request
        Hub(server.endpoint, log)
"""

import hashlib
import ssl
import threading
from collections import deque
from types import TracebackType
from typing import Any, Self

from tests.models.hub.faults import (
    Busy,
    Cut,
    Fault,
    IgnoreRange,
    NoLength,
    Redirect,
    Refuse,
    Say,
    Stall,
    WrongBytes,
    WrongLength,
    WrongRange,
)
from tests.models.hub.handler import Asked, Handler, Server
from tests.models.hub.repos import RemoteContent, Repo

__all__ = [
    "Asked",
    "Busy",
    "Cut",
    "Fault",
    "HubServer",
    "IgnoreRange",
    "NoLength",
    "Redirect",
    "Refuse",
    "RemoteContent",
    "Repo",
    "Say",
    "Stall",
    "WrongBytes",
    "WrongLength",
    "WrongRange",
]


class HubServer:
    """The hub; a context manager.

    Attributes:
        asked: every request, in order.
        bytes_per_s: slows content down; 0 for no limit.
        delay_s: each answer about facts takes as long.
        store: a second host that has the bytes; None if this one has.

    `tls` makes it speak https, with the certificate in it.
    """

    def __init__(
        self, host: str = "127.0.0.1", name: str = "", tls: ssl.SSLContext | None = None
    ) -> None:
        self.asked: list[Asked] = []
        self.bytes_per_s = 0
        self.delay_s = 0.0
        self.store: HubServer | None = None
        self._moved: dict[str, str] = {}
        self.stopped = threading.Event()
        self._repos: dict[str, Repo] = {}
        self._faults: deque[Fault] = deque()
        self._facts_faults: deque[Fault | None] = deque()
        self._lock = threading.Lock()
        self._server = Server((host, 0), Handler)
        self._server.hub = self
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._name = name or host
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> str:
        return f"{self._scheme}://{self._name}:{self._server.server_port}"

    def add(
        self,
        repo: str,
        file: str,
        content: bytes,
        *,
        is_lfs: bool = True,
        gated: str = "",
        licence: str = "apache-2.0",
    ) -> str:
        """Commit a file (a new one or a change) and return the commit."""
        with self._lock:
            kept = self._repos.setdefault(repo, Repo(repo))
            kept.gated, kept.licence = gated, licence
            before = kept.commits[kept.head] if kept.commits else {}
            added = RemoteContent(content, is_lfs)
            assert added.sha256  # computed now: a client would not wait for it
            files = {**before, file: added}
            seed = f"{repo}{len(kept.commits)}{file}".encode() + content
            commit = hashlib.sha1(seed).hexdigest()
            kept.commits[commit] = files
            return commit

    def announce(self, repo: str, file: str, size_bytes: int) -> str:
        """Commit a file of which there is a size but no content, and return the commit."""
        with self._lock:
            kept = self._repos.setdefault(repo, Repo(repo))
            before = kept.commits[kept.head] if kept.commits else {}
            added = RemoteContent(f"{repo}/{file}".encode(), announced_bytes=size_bytes)
            commit = hashlib.sha1(f"{repo}{len(kept.commits)}{file}".encode()).hexdigest()
            kept.commits[commit] = {**before, file: added}
            return commit

    def describe(self, repo: str, **facts: Any) -> None:
        """Set facts of a repository: the attributes of `Repo`."""
        with self._lock:
            kept = self._repos.setdefault(repo, Repo(repo))
            for name, value in facts.items():
                assert hasattr(kept, name), name
                setattr(kept, name, value)

    def remove(self, repo: str) -> None:
        """Forget a repository."""
        with self._lock:
            self._repos.pop(repo, None)

    def rename(self, before: str, after: str) -> None:
        """Give a repository another name; the old one leads there."""
        with self._lock:
            repo = self._repos.pop(before)
            repo.name = after
            self._repos[after] = repo
            self._moved[before] = after

    def send_content_from(self, store: "HubServer") -> None:
        """Let another host have the bytes of files: requests for them are sent there."""
        store._repos = self._repos
        self.store = store

    def moved_to(self, name: str) -> str | None:
        with self._lock:
            return self._moved.get(name)

    def fail(self, *faults: Fault) -> None:
        """Meet the next requests for content with these faults, one each."""
        self._faults.extend(faults)

    def fail_facts(self, *faults: Fault | None) -> None:
        """Meet the next requests for facts with these faults, one each; None answers well."""
        self._facts_faults.extend(faults)

    @property
    def content_requests(self) -> list[Asked]:
        return [one for one in self.asked if one.is_for_content]

    @property
    def content_bytes(self) -> int:
        """How many bytes of files were sent."""
        return sum(one.sent_bytes for one in self.content_requests)

    def repo(self, name: str) -> Repo | None:
        with self._lock:
            return self._repos.get(name)

    def repos(self) -> list[Repo]:
        with self._lock:
            return list(self._repos.values())

    def next_fault(self, for_content: bool) -> Fault | None:
        faults = self._faults if for_content else self._facts_faults
        with self._lock:
            return faults.popleft() if faults else None
