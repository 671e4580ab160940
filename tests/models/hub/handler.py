"""Answers the requests to a hub of ours, and misbehaves on request."""

import gzip
import hashlib
import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.models.hub import api
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
from tests.models.hub.repos import Repo

if TYPE_CHECKING:
    from tests.models.hub_server import HubServer

_BLOCK_BYTES = 64 * 1024


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
        """Whether it is for a model's bytes, not for a card or a template."""
        path = self.path.partition("?")[0]
        is_file = "/resolve/" in path and not path.endswith((".md", ".jinja"))
        return is_file or path.startswith("/store/")


class Server(ThreadingHTTPServer):
    daemon_threads = False  # joined by server_close: a test leaves no thread behind
    hub: "HubServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are what we are here for."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    asked: Asked

    def log_message(self, *_arguments: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    @property
    def hub(self) -> "HubServer":
        return self.server.hub

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(self.command, self.path, headers)
        self.hub.asked.append(self.asked)
        if self.hub.delay_s and not self.asked.is_for_content:
            time.sleep(self.hub.delay_s)
        fault = self.hub.next_fault(self.asked.is_for_content)
        match fault:
            case Busy():
                extra = {"Retry-After": fault.retry_after, "RateLimit": fault.rate_limit}
                self._send(fault.status, b"busy", {k: v for k, v in extra.items() if v})
            case Refuse():
                self._send_error(fault.status, fault.error_code, fault.message)
            case Redirect():
                self._send(302, b"", {"Location": fault.to.format(path=self.path)})
            case Say():
                extra = {"Content-Encoding": fault.encoding, "Link": fault.link}
                extra = {name: value for name, value in extra.items() if value}
                self._send(200, fault.content, {"Content-Type": fault.content_type, **extra})
            case _:
                try:
                    self._route(fault)
                except api.BadRequestError:
                    self._send_error(400)

    def _route(self, fault: Fault | None) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path).strip("/")
        query = parse_qs(address.query)
        parts = path.split("/")
        if path == "api/models":
            self._search(query, fault)
        elif parts[:2] == ["api", "models"]:
            self._facts(parts[2:], query, fault)
        elif parts[0] == "store" and len(parts) == 2:
            self._stored(parts[1], fault)
        elif len(parts) > 4 and parts[2] == "resolve":
            self._content("/".join(parts[:2]), parts[3], "/".join(parts[4:]), fault)
        else:
            self._send_error(404)

    def _search(self, query: dict[str, list[str]], fault: Fault | None) -> None:
        rows, following = api.search(self.hub.repos(), query, self.hub.endpoint)
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        self._send_json(rows, headers, fault)

    def _facts(self, parts: list[str], query: dict[str, list[str]], fault: Fault | None) -> None:
        name = "/".join(parts[:2])
        if (moved := self.hub.moved_to(name)) is not None:
            self._send(307, b"", {"Location": "/".join(["/api/models", moved, *parts[2:]])})
            return
        repo = self.hub.repo(name)
        if repo is None:
            # The real hub does not tell those that are private from those that are not there.
            self._send_error(401, "RepoNotFound")
            return
        kind = parts[2] if len(parts) > 2 else "revision"
        if kind == "discussions":
            self._discussions(repo, query, fault)
            return
        revision = parts[3] if len(parts) > 3 else "main"
        files = repo.files(revision)
        if files is None:
            self._send_error(404, "RevisionNotFound")
            return
        if kind == "revision":
            commit = repo.head if revision == "main" else revision
            self._send_json(api.page(repo, commit, query), fault=fault)
        elif kind == "tree":
            self._send_json([api.tree_entry(name, one) for name, one in files.items()])
        elif kind == "paths-info":
            length = int(self.headers.get("Content-Length", 0))
            wanted = json.loads(self.rfile.read(length))["paths"]
            told = [api.tree_entry(name, files[name]) for name in wanted if name in files]
            self._send_json(told)
        else:
            self._send_error(404)

    def _discussions(self, repo: Repo, query: dict[str, list[str]], fault: Fault | None) -> None:
        if repo.discussions is None:
            self._send_error(403)
        else:
            self._send_json(api.discussions(repo, query), fault=fault)

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
            "X-Linked-Size": str(one.size_bytes),
            "Accept-Ranges": "bytes",
            "Content-Type": "application/octet-stream",
        }
        if one.is_lfs:
            headers["X-Linked-Etag"] = headers["ETag"]
        if one.is_lfs and self.hub.store is not None:
            # As the real one: what is known of the file stands here, and its bytes are elsewhere.
            signed = f"/store/{one.sha256}?Expires=1800000000&Signature=x"
            self._send(302, b"", {**headers, "Location": self.hub.store.endpoint + signed})
            return
        self._send_range(one.content, headers, fault)

    def _stored(self, sha256: str, fault: Fault | None) -> None:
        """The bytes of a file, by a host that knows nothing of repositories."""
        for repo in self.hub.repos():
            for files in repo.commits.values():
                for one in files.values():
                    if one.is_lfs and one.sha256 == sha256:
                        own = f'"{hashlib.sha256(sha256.encode()).hexdigest()}"'
                        kind = {"ETag": own, "Content-Type": "application/octet-stream"}
                        self._send_range(one.content, kind, fault)
                        return
        self._send_error(403)

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
        headers = {"Content-Type": "application/json", **(headers or {})}
        headers["RateLimit"] = '"api";r=499;t=300'
        if "gzip" in self.asked.headers.get("accept-encoding", ""):
            content = gzip.compress(content, 1)
            headers["Content-Encoding"] = "gzip"
        self._send(200, content, headers, fault)

    def _send_error(self, status: int, error_code: str = "", message: str = "") -> None:
        headers = {"X-Error-Code": error_code} if error_code else {}
        headers["X-Error-Message"] = message or HTTPStatus(status).phrase
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
