"""A hub of our own on the loopback interface, for huggingface_hub's real client.

It speaks what the client asks of the real one (repositories, their files with sizes and sha256,
files by commit with ranges) and misbehaves on request. It counts what it is asked and sends.

    with HubServer() as server:
        commit = server.add("owner/name", "model.gguf", content)
        server.fail(Cut(after_bytes=1000))        # the next file request
        Hub(server.endpoint, log)
"""

import hashlib
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

_BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True)
class Cut:
    """Close the connection after some bytes of the answer."""

    after_bytes: int = 0


@dataclass(frozen=True)
class Stall:
    """Send some bytes, then nothing for a while (or until the server stops), then close."""

    after_bytes: int = 0
    seconds: float = 60.0


@dataclass(frozen=True)
class Busy:
    """Answer with 429 or 503."""

    status: int = 503
    retry_after: str = ""


@dataclass(frozen=True)
class Refuse:
    """Answer with a status, and an error code as the hub's."""

    status: int
    error_code: str = ""


@dataclass(frozen=True)
class IgnoreRange:
    """Answer a request for a range with 200 and everything."""


@dataclass(frozen=True)
class WrongBytes:
    """Send bytes of the right length, one of them changed."""

    at: int = 100


@dataclass(frozen=True)
class WrongLength:
    """Send, and announce, some bytes more (or fewer) than there are."""

    extra_bytes: int = 10


@dataclass(frozen=True)
class WrongRange:
    """Send a range that begins elsewhere than asked."""

    shift_bytes: int = -1


@dataclass(frozen=True)
class NoLength:
    """Do not say how long the answer is, and end it after some bytes."""

    after_bytes: int


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere: `{path}` stands for the path it asked for."""

    to: str


@dataclass(frozen=True)
class Say:
    """Answer with these bytes, whatever was asked."""

    content: bytes
    content_type: str = "text/html"


Fault = (
    Cut
    | Stall
    | Busy
    | Refuse
    | IgnoreRange
    | WrongBytes
    | WrongLength
    | WrongRange
    | NoLength
    | Redirect
    | Say
)


@dataclass(frozen=True)
class RemoteContent:
    """A file in a repository. Small files are not in LFS: the hub names no sha256 of them."""

    content: bytes
    is_lfs: bool = True

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def blob_id(self) -> str:
        header = f"blob {len(self.content)}\0".encode()
        return hashlib.sha1(header + self.content).hexdigest()


@dataclass
class Repo:
    """A repository: its commits, the newest last, each with all its files."""

    name: str
    commits: dict[str, dict[str, RemoteContent]] = field(default_factory=dict)
    licence: str = "apache-2.0"
    gated: str = ""

    @property
    def head(self) -> str:
        return list(self.commits)[-1]

    def files(self, revision: str) -> dict[str, RemoteContent] | None:
        return self.commits.get(self.head if revision == "main" else revision)


@dataclass
class Asked:
    """A request that was answered."""

    method: str
    path: str
    headers: dict[str, str]
    status: int = 0
    sent_bytes: int = 0

    @property
    def is_for_content(self) -> bool:
        return "/resolve/" in self.path


class HubServer:
    """The hub; a context manager.

    Attributes:
        asked: every request, in order.
        bytes_per_s: slows content down; 0 for no limit.
    """

    def __init__(self, host: str = "127.0.0.1", name: str = "") -> None:
        self.asked: list[Asked] = []
        self.bytes_per_s = 0
        self.stopped = threading.Event()
        self._repos: dict[str, Repo] = {}
        self._faults: deque[Fault] = deque()
        self._facts_faults: deque[Fault] = deque()
        self._lock = threading.Lock()
        self._server = _Server((host, 0), _Handler)
        self._server.hub = self
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
        return f"http://{self._name}:{self._server.server_port}"

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

    def fail(self, *faults: Fault) -> None:
        """Meet the next requests for content with these faults, one each."""
        self._faults.extend(faults)

    def fail_facts(self, *faults: Fault) -> None:
        """Meet the next requests for facts with these faults, one each."""
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


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined by server_close: a test leaves no thread behind
    hub: HubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are what we are here for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    asked: Asked

    def log_message(self, *_arguments: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    @property
    def hub(self) -> HubServer:
        return self.server.hub

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(self.command, self.path, headers)
        self.hub.asked.append(self.asked)
        fault = self.hub.next_fault(self.asked.is_for_content)
        match fault:
            case Busy():
                extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                self._send(fault.status, b"busy", extra)
            case Refuse():
                self._send_error(fault.status, fault.error_code)
            case Redirect():
                self._send(302, b"", {"Location": fault.to.format(path=self.path)})
            case Say():
                self._send(200, fault.content, {"Content-Type": fault.content_type})
            case _:
                self._route(fault)

    def _route(self, fault: Fault | None) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        parts = path.split("/")
        if path == "api/models":
            self._search()
        elif parts[:2] == ["api", "models"]:
            self._facts(parts[2:], fault)
        elif len(parts) > 4 and parts[2] == "resolve":
            self._content("/".join(parts[:2]), parts[3], "/".join(parts[4:]), fault)
        else:
            self._send_error(404)

    def _search(self) -> None:
        """The models whose name holds the words, a page at a time."""
        query = parse_qs(urlsplit(self.path).query)
        words = query.get("search", [""])[0].casefold()
        limit, start = int(query.get("limit", ["1000"])[0]), int(query.get("cursor", ["0"])[0])
        found = [repo for repo in self.hub.repos() if words in repo.name.casefold()]
        headers = {}
        if len(found) > start + limit:
            address = f"{self.hub.endpoint}/api/models?search={words}&limit={limit}"
            headers["Link"] = f'<{address}&cursor={start + limit}>; rel="next"'
        page = [self._repo_facts(repo, repo.head) for repo in found[start : start + limit]]
        self._send_json(page, headers)

    def _facts(self, parts: list[str], fault: Fault | None) -> None:
        repo = self.hub.repo("/".join(parts[:2]))
        if repo is None:
            # The real hub does not tell those that are private from those that are not there.
            self._send_error(401, "RepoNotFound")
            return
        kind = parts[2] if len(parts) > 2 else "revision"
        revision = parts[3] if len(parts) > 3 else "main"
        files = repo.files(revision)
        if files is None:
            self._send_error(404, "RevisionNotFound")
            return
        if kind == "revision":
            commit = repo.head if revision == "main" else revision
            self._send_json(self._repo_facts(repo, commit), fault=fault)
        elif kind == "tree":
            self._send_json([_tree_entry(name, one) for name, one in files.items()])
        elif kind == "paths-info":
            length = int(self.headers.get("Content-Length", 0))
            wanted = json.loads(self.rfile.read(length))["paths"]
            self._send_json([_tree_entry(name, files[name]) for name in wanted if name in files])
        else:
            self._send_error(404)

    def _repo_facts(self, repo: Repo, commit: str) -> dict[str, Any]:
        siblings = [
            {"rfilename": name, **_sizes(one)} for name, one in repo.commits[commit].items()
        ]
        return {
            "_id": hashlib.md5(repo.name.encode()).hexdigest()[:24],
            "id": repo.name,
            "modelId": repo.name,
            "author": repo.name.partition("/")[0],
            "sha": commit,
            "lastModified": "2026-01-01T00:00:00.000Z",
            "createdAt": "2026-01-01T00:00:00.000Z",
            "private": False,
            "gated": repo.gated or False,
            "disabled": False,
            "downloads": 1000,
            "likes": 10,
            "tags": ["gguf", f"license:{repo.licence}"],
            "cardData": {"license": repo.licence},
            "siblings": siblings,
        }

    def _content(self, name: str, revision: str, file: str, fault: Fault | None) -> None:
        repo = self.hub.repo(name)
        if repo is None:
            self._send_error(401, "RepoNotFound")
            return
        if repo.gated and "authorization" not in self.asked.headers:
            self._send_error(403, "GatedRepo")
            return
        files = repo.files(revision)
        if files is None or file not in files:
            self._send_error(404, "RevisionNotFound" if files is None else "EntryNotFound")
            return
        commit = repo.head if revision == "main" else revision
        one = files[file]
        headers = {
            "X-Repo-Commit": commit,
            "ETag": f'"{one.sha256 if one.is_lfs else one.blob_id}"',
            "X-Linked-Size": str(len(one.content)),
            "Accept-Ranges": "bytes",
            "Content-Type": "application/octet-stream",
        }
        if one.is_lfs:
            headers["X-Linked-Etag"] = headers["ETag"]
        self._send_range(one.content, headers, fault)

    def _send_range(self, content: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        match fault:
            case WrongBytes():
                at = min(fault.at, len(content) - 1)
                content = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
            case WrongLength(extra_bytes) if extra_bytes > 0:
                content += b"x" * extra_bytes
            case WrongLength(extra_bytes):
                content = content[:extra_bytes]
        asked = self.asked.headers.get("range", "")
        if not asked or isinstance(fault, IgnoreRange):
            self._send(200, content, headers, fault)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first)
        end = min(int(last) + 1, len(content)) if last else len(content)
        if start >= len(content):
            self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            return
        if isinstance(fault, WrongRange):
            start += fault.shift_bytes
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        self._send(206, content[start:end], headers, fault)

    def _send_json(
        self, value: object, headers: dict[str, str] | None = None, fault: Fault | None = None
    ) -> None:
        content = json.dumps(value).encode()
        self._send(200, content, {"Content-Type": "application/json", **(headers or {})}, fault)

    def _send_error(self, status: int, error_code: str = "") -> None:
        headers = {"X-Error-Code": error_code} if error_code else {}
        headers["X-Error-Message"] = HTTPStatus(status).phrase
        self._send(status, b'{"error": "refused"}', headers)

    def _send(
        self, status: int, content: bytes, headers: dict[str, str], fault: Fault | None = None
    ) -> None:
        self.asked.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if isinstance(fault, NoLength):
            self.close_connection = True
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        match fault:
            case Cut(after_bytes) | NoLength(after_bytes):
                self._send_content(content[:after_bytes])
                self.close_connection = True
            case Stall(after_bytes, seconds):
                self._send_content(content[:after_bytes])
                self.hub.stopped.wait(seconds)
                self.close_connection = True
            case _:
                self._send_content(content)

    def _send_content(self, content: bytes) -> None:
        view = memoryview(content)
        pace = self.hub.bytes_per_s
        block = min(_BLOCK_BYTES, max(1024, pace // 50)) if pace else _BLOCK_BYTES
        for start in range(0, len(view), block):
            chunk = view[start : start + block]
            try:
                self.wfile.write(chunk)
            except OSError:
                self.close_connection = True
                return
            self.asked.sent_bytes += len(chunk)
            if pace:
                time.sleep(len(chunk) / pace)
                if self.hub.stopped.is_set():
                    return


def _sizes(one: RemoteContent) -> dict[str, Any]:
    facts: dict[str, Any] = {"size": len(one.content), "blobId": one.blob_id}
    if one.is_lfs:
        facts["lfs"] = {"sha256": one.sha256, "size": len(one.content), "pointerSize": 135}
    return facts


def _tree_entry(name: str, one: RemoteContent) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "file",
        "path": name,
        "size": len(one.content),
        "oid": one.blob_id,
    }
    if one.is_lfs:
        entry["lfs"] = {"oid": one.sha256, "size": len(one.content), "pointerSize": 135}
    return entry
