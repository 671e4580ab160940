"""No request without the person, none at all with "Never connect", and only checked addresses."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.errors import (
    DownloadError,
    DownloadFault,
    ModelInUse,
    NetworkClosed,
    NoKeyring,
)
from assistant.models.downloading.download import download
from assistant.models.downloading.repairing import repair
from assistant.models.downloading.verifying import VerifyResult, verify
from assistant.models.finding.repository import look_up
from assistant.models.finding.search import SearchQuery, search
from assistant.models.hub.access import hub_of
from assistant.models.hub.addresses import AddressError, AddressFault, as_endpoint, as_proxy
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.connections import ConnectionLog
from assistant.models.keeping.installed import InstalledModel
from assistant.settings import Settings
from assistant.wording import explain
from tests.models.hub_server import HubServer, Refuse, Say
from tests.models.tiny_gguf import tiny_gguf

CONTENT = tiny_gguf(3_000_000)
NEVER = threading.Event()


def _closed(server: HubServer, log: ConnectionLog) -> Hub:
    return hub_of(Settings(never_connects=True, hub_endpoint=server.endpoint), log)


def test_with_never_connect_nothing_is_asked(
    hub: Hub, hub_server: HubServer, log: ConnectionLog, folder: Path
) -> None:
    commit = hub_server.add("owner/name", "a.gguf", CONTENT)
    *_, model = download(hub, "owner/name", "a.gguf", folder, cancel=NEVER, reserve_bytes=0)
    assert isinstance(model, InstalledModel)
    facts = RemoteFile(
        repo="owner/name",
        file="a.gguf",
        revision=commit,
        size_bytes=len(CONTENT),
        sha256="",
        etag="",
        licence="",
        endpoint=hub_server.endpoint,
    )
    asked, listed = len(hub_server.asked), len(log.all())
    closed = _closed(hub_server, log)
    for act in (
        lambda: closed.file_facts("owner/name", "a.gguf"),
        lambda: closed.open(facts, 0),
        lambda: list(download(closed, "owner/name", "b.gguf", folder, cancel=NEVER)),
        lambda: list(repair(closed, model, ((0, 100),), cancel=NEVER)),
        lambda: search(closed, SearchQuery(words="x"), cancel=NEVER),
        lambda: look_up(closed, "owner/name", cancel=NEVER),
    ):
        with pytest.raises(NetworkClosed):
            act()
    assert (len(hub_server.asked), len(log.all())) == (asked, listed)
    # What needs no network goes on.
    *_, result = verify(model.path, cancel=NEVER)
    assert isinstance(result, VerifyResult)
    assert result.is_sound


def test_a_closed_hub_is_never_looked_up() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*it): raise SystemExit(f'looked up {it}')\n"
        "socket.getaddrinfo = refuse\n"
        "from assistant.models.hub.access import hub_of\n"
        "from assistant.models.hub.connections import ConnectionLog\n"
        "from assistant.errors import NetworkClosed\n"
        "from assistant.settings import Settings\n"
        "log = ConnectionLog(None)\n"
        "hub = hub_of(Settings(never_connects=True), log)\n"
        "try:\n"
        "    hub.file_facts('owner/name', 'a.gguf')\n"
        "except NetworkClosed:\n"
        "    print(log.opened_count, 'httpx2' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "0 False\n", done.stderr


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  https://mirror.example/  ", "https://mirror.example"),
        ("mirror.example/hub", "https://mirror.example/hub"),
        ("https://mirror.example:8443", "https://mirror.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_addresses_of_mirrors(typed: str, kept: str) -> None:
    assert as_endpoint(typed) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("http://mirror.example", AddressFault.INSECURE),
        ("http://127.0.0.1.example", AddressFault.INSECURE),
        ("ftp://mirror.example", AddressFault.NO_ADDRESS),
        ("not an address", AddressFault.NO_ADDRESS),
        ("https://", AddressFault.NO_ADDRESS),
        ("https://host:port", AddressFault.NO_ADDRESS),
        ("https://host:99999", AddressFault.NO_ADDRESS),
        ("https://a.example?x=1", AddressFault.NO_ADDRESS),
        ("https://a.example/\u202e", AddressFault.NO_ADDRESS),
        ("https://me:word@mirror.example", AddressFault.HAS_PASSWORD),
    ],
)
def test_addresses_that_are_not_taken(typed: str, fault: AddressFault) -> None:
    with pytest.raises(AddressError) as caught:
        as_endpoint(typed)
    assert caught.value.fault is fault


def test_addresses_of_proxies() -> None:
    assert as_proxy("") == ""
    assert as_proxy("proxy.example:8080") == "http://proxy.example:8080"
    assert as_proxy("https://proxy.example/") == "https://proxy.example"
    for wrong in ("socks5://proxy.example", "http://proxy.example/path", "http://"):
        with pytest.raises(AddressError):
            as_proxy(wrong)
    with pytest.raises(AddressError) as caught:
        as_proxy("http://me:word@proxy.example")
    assert caught.value.fault is AddressFault.HAS_PASSWORD


def test_a_token_that_the_hub_does_not_know_is_named(
    hub_server: HubServer, log: ConnectionLog
) -> None:
    commit = hub_server.add("owner/name", "a.gguf", CONTENT)
    hub = Hub(hub_server.endpoint, log, token="hf_wrongword")
    refused = Refuse(401, message="Invalid credentials in Authorization header")
    hub_server.fail_facts(refused)
    with pytest.raises(DownloadError) as caught:
        hub.file_facts("owner/name", "a.gguf")
    assert caught.value.fault is DownloadFault.WRONG_TOKEN
    assert "wrongword" not in f"{caught.value} {explain(caught.value)}"
    facts = hub.file_facts("owner/name", "a.gguf", commit)
    hub_server.fail(refused)
    with pytest.raises(DownloadError) as caught:
        hub.open(facts, 0).__enter__()
    assert caught.value.fault is DownloadFault.WRONG_TOKEN


def test_every_fault_has_its_words() -> None:
    for fault in DownloadFault:
        told = explain(DownloadError("owner/name", fault, "a.gguf"))
        assert str(told)
        assert told.next_step
    for error in (NetworkClosed(), NoKeyring(), ModelInUse(Path("a.gguf"))):
        assert explain(error).next_step


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"sha": "../../etc"}, DownloadFault.REFUSED),
        ({"sha": 5}, DownloadFault.REFUSED),
        ({"sha": None}, DownloadFault.REFUSED),
        ({"siblings": [{"rfilename": "a.gguf", "size": "9"}]}, DownloadFault.REFUSED),
        ({"siblings": [{"rfilename": "a.gguf", "size": -5}]}, DownloadFault.NOT_A_MODEL),
        ({"siblings": [{"rfilename": 7}, None]}, DownloadFault.REFUSED),
        ({"lfs": {"sha256": 7, "size": 9, "pointerSize": 1}}, DownloadFault.REFUSED),
        ({"lfs": {"sha256": "zz", "size": 9, "pointerSize": 1}}, DownloadFault.REFUSED),
        ({"lfs": "no"}, DownloadFault.REFUSED),
        ({"tags": [5], "cardData": 3}, DownloadFault.REFUSED),
    ],
)
def test_facts_that_cannot_be_are_not_believed(
    hub: Hub, hub_server: HubServer, folder: Path, said: dict[str, object], fault: DownloadFault
) -> None:
    lfs = {"sha256": "0" * 64, "size": 9, "pointerSize": 1}
    sibling = {"rfilename": "a.gguf", "size": 9, "blobId": "b", "lfs": said.pop("lfs", lfs)}
    facts = {"id": "owner/name", "sha": "0" * 40, "siblings": [sibling], "tags": []} | said
    hub_server.fail_facts(Say(json.dumps(facts).encode(), "application/json"))
    with pytest.raises(DownloadError) as caught:
        list(download(hub, "owner/name", "a.gguf", folder, cancel=NEVER, reserve_bytes=0))
    assert caught.value.fault is fault
    assert hub_server.content_requests == []


def test_no_cookie_is_sent_back(hub: Hub, hub_server: HubServer) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub.file_facts("owner/name", "a.gguf")
    session = hub.session()
    session.cookies.set("known", "person", domain="127.0.0.1")
    try:
        facts = hub.file_facts("owner/name", "a.gguf")
        with hub.open(facts, 0) as body:
            list(body.chunks())
    finally:
        session.cookies.clear()
    assert not any("cookie" in one.headers for one in hub_server.asked)


def test_a_proxy_that_is_none_is_an_error_and_no_bug(log: ConnectionLog) -> None:
    for proxy in ("nonsense:x", "socks5://a"):
        with pytest.raises(DownloadError) as caught:
            Hub("https://hub.example", log, proxy=proxy).file_facts("owner/name", "a.gguf")
        assert caught.value.fault is DownloadFault.PROXY
    assert log.all() == []
