"""Certificates are always checked, also through a proxy, and names are looked up by the proxy."""

import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.models.hub.connections import ConnectionLog
from tests.models.connect_proxy import ConnectProxy
from tests.models.hub_server import HubServer, Redirect
from tests.models.tiny_gguf import tiny_gguf

CONTENT = tiny_gguf(2_000_000)
ROOT = Path(__file__).resolve().parents[2]

_FETCH = """
import socket, sys, threading
from pathlib import Path
looked_up = []
ask = socket.getaddrinfo
def watch(host, *rest, **more):
    looked_up.append(host)
    return ask(host, *rest, **more)
socket.getaddrinfo = watch
from assistant.errors import DownloadError
from assistant.models.hub.access import hub_of
from assistant.models.hub.connections import ConnectionLog
from assistant.models.downloading.download import download
from assistant.settings import Settings
endpoint, proxy, home = sys.argv[1:]
log = ConnectionLog(Path(home) / "log")
hub = hub_of(Settings(hub_endpoint=endpoint, proxy=proxy), log)
try:
    *_, model = download(hub, "owner/name", "a.gguf", Path(home), cancel=threading.Event(),
                         reserve_bytes=0)
    print("here", model.size_bytes)
except DownloadError as error:
    print("fault", error.fault)
print(sorted({str(host) for host in looked_up}))
"""


class Authority:
    """An authority of our own, and certificates from it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / "ca.pem"
        self._run(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Test-Authority "
            "-keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign,cRLSign"
        )

    def context(self, *names: str, days: int = 2) -> ssl.SSLContext:
        """Return what a server of these names shows."""
        (self._folder / "names").write_text(
            "subjectAltName=" + ",".join(names) + "\nkeyUsage=digitalSignature\n"
        )
        self._run("req -newkey rsa:2048 -nodes -subj /CN=server -keyout s.key -out s.csr")
        self._run(
            f"x509 -req -in s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days {days} "
            "-extfile names -out s.pem"
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "s.pem", self._folder / "s.key")
        return context

    def _run(self, command: str) -> None:
        subprocess.run(
            ["openssl", *command.split()], cwd=self._folder, check=True, capture_output=True
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def fetch(authority: Authority, tmp_path: Path) -> Callable[..., list[str]]:
    """Download in a process of its own, which trusts the authority if it is to."""

    def run(endpoint: str, proxy: str = "", *, trusts: bool = True) -> list[str]:
        environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        if trusts:
            environment["SSL_CERT_FILE"] = str(authority.path)
        done = subprocess.run(
            [sys.executable, "-c", _FETCH, endpoint, proxy, str(tmp_path / "models")],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def _add(server: HubServer) -> None:
    server.add("owner/name", "a.gguf", CONTENT)


def test_a_hub_with_a_good_certificate(authority: Authority, fetch, tmp_path: Path) -> None:
    with HubServer(tls=authority.context("IP:127.0.0.1")) as server:
        _add(server)
        assert fetch(server.endpoint)[0] == f"here {len(CONTENT)}"
        assert (tmp_path / "models" / "a.gguf").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("names", "days", "trusts"),
    [("IP:127.0.0.1", 2, False), ("DNS:other.example", 2, True), ("IP:127.0.0.1", -1, True)],
    ids=["unknown authority", "another name", "expired"],
)
def test_a_certificate_that_proves_nothing(
    authority: Authority, fetch, tmp_path: Path, names: str, days: int, trusts: bool
) -> None:
    with HubServer(tls=authority.context(names, days=days)) as server:
        _add(server)
        assert fetch(server.endpoint, trusts=trusts)[0] == "fault certificate"
        assert server.asked == []
    assert not list((tmp_path / "models").glob("*.gguf*"))


def test_a_second_host_with_a_bad_certificate(authority: Authority, fetch) -> None:
    good, bad = authority.context("IP:127.0.0.1"), authority.context("DNS:other.example")
    with (
        HubServer(tls=good) as server,
        HubServer(name="localhost", tls=bad) as store,
    ):
        _add(server)
        _add(store)
        server.fail(Redirect(store.endpoint + "{path}"))
        assert fetch(server.endpoint)[0] == "fault certificate"
        assert store.asked == []


def test_from_https_nothing_leads_to_http_elsewhere(authority: Authority, fetch) -> None:
    with HubServer(tls=authority.context("IP:127.0.0.1")) as server:
        _add(server)
        server.fail(Redirect("http://store.example{path}"))
        assert fetch(server.endpoint)[0] == "fault insecure"


def test_through_a_proxy_nobody_here_looks_the_hub_up(
    authority: Authority, fetch, tmp_path: Path
) -> None:
    with (
        HubServer(tls=authority.context("DNS:hub.test")) as server,
        ConnectProxy(server.endpoint) as proxy,
    ):
        _add(server)
        said, looked_up = fetch("https://hub.test", proxy.address)
        assert said == f"here {len(CONTENT)}"
        assert "hub.test" not in looked_up
        assert set(proxy.asked) == {"CONNECT hub.test:443 HTTP/1.1"}
    listed = ConnectionLog(tmp_path / "models" / "log").all()
    assert {one.host for one in listed} == {"hub.test"}
    assert {one.proxy for one in listed} == {"127.0.0.1"}


def test_a_proxy_does_not_stand_in_for_the_hub(authority: Authority, fetch) -> None:
    with (
        HubServer(tls=authority.context("DNS:other.test")) as server,
        ConnectProxy(server.endpoint) as proxy,
    ):
        _add(server)
        assert fetch("https://hub.test", proxy.address)[0] == "fault certificate"


def test_a_proxy_that_refuses_or_is_not_there(authority: Authority, fetch) -> None:
    with (
        HubServer(tls=authority.context("DNS:hub.test")) as server,
        ConnectProxy(server.endpoint) as proxy,
    ):
        proxy.refuses = True
        assert fetch("https://hub.test", proxy.address)[0] == "fault proxy"
        address = proxy.address
    assert fetch("https://hub.test", address)[0] == "fault proxy"


def test_a_mirror_on_this_computer_needs_no_proxy(fetch) -> None:
    with HubServer() as server, ConnectProxy(server.endpoint) as proxy:
        _add(server)
        assert fetch(server.endpoint, proxy.address)[0] == f"here {len(CONTENT)}"
        assert proxy.asked == []
