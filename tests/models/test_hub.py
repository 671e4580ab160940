"""What the hub is asked and what its answers mean, with the library's real client."""

import gzip
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from assistant.errors import DownloadError, DownloadFault
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import StoppedError, Timeouts, TransientError
from tests.models.hub_server import Busy, HubServer, Redirect, Refuse, Say, Stall
from tests.models.tiny_gguf import tiny_gguf

CONTENT = tiny_gguf(2000)


def _fault(hub: Hub, repo: str = "owner/name", file: str = "a.gguf", **options) -> DownloadFault:
    with pytest.raises(DownloadError) as caught:
        hub.file_facts(repo, file, **options)
    assert caught.value.repo == repo
    return caught.value.fault


def test_the_facts_of_a_file(hub: Hub, hub_server: HubServer) -> None:
    first = hub_server.add("owner/name", "a.gguf", CONTENT, licence="mit")
    small = hub_server.add("owner/name", "small.gguf", b"GGUF", is_lfs=False, licence="mit")
    facts = hub.file_facts("owner/name", "a.gguf")
    assert (facts.repo, facts.file, facts.revision) == ("owner/name", "a.gguf", small)
    assert (facts.size_bytes, facts.licence) == (len(CONTENT), "mit")
    assert len(facts.sha256) == 64
    assert facts.endpoint == hub_server.endpoint
    assert hub.file_facts("owner/name", "small.gguf").sha256 == ""
    assert hub.file_facts("owner/name", "a.gguf", first).revision == first
    assert _fault(hub, file="small.gguf", revision=first) is DownloadFault.FILE_NOT_FOUND


def test_nothing_is_told_but_the_name(
    hub: Hub, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub_server.add("owner/name", "a.gguf", CONTENT)
    facts = hub.file_facts("owner/name", "a.gguf")
    with hub.open(facts, 10) as body:
        list(body.chunks())
    assert [(one.method, one.path.partition("?")[0]) for one in hub_server.asked] == [
        ("GET", "/api/models/owner/name"),
        ("GET", f"/owner/name/resolve/{facts.revision}/a.gguf"),
    ]
    for one in hub_server.asked:
        assert one.headers["user-agent"] == "alcove"
        assert set(one.headers) <= {
            *("host", "accept", "accept-encoding", "connection", "user-agent", "range")
        }


def test_a_token_that_was_given_is_sent_to_its_hub_alone(log: ConnectionLog) -> None:
    with HubServer() as server, HubServer(name="localhost") as store:
        server.add("owner/name", "a.gguf", CONTENT, gated="manual")
        store.add("owner/name", "a.gguf", CONTENT)
        server.fail(Redirect(store.endpoint + "{path}"))
        hub = Hub(server.endpoint, log, token="hf_given")
        facts = hub.file_facts("owner/name", "a.gguf")
        with hub.open(facts, 0) as body:
            assert b"".join(body.chunks()) == CONTENT
        assert [one.headers["authorization"] for one in server.asked] == ["Bearer hf_given"] * 2
        assert "authorization" not in store.asked[0].headers


def test_bytes_come_from_a_second_host_that_learns_no_token(log: ConnectionLog) -> None:
    with HubServer() as server, HubServer(name="localhost") as store:
        server.add("owner/name", "a.gguf", CONTENT, gated="auto")
        server.send_content_from(store)
        hub = Hub(server.endpoint, log, token="hf_given")
        facts = hub.file_facts("owner/name", "a.gguf")
        with hub.open(facts, 100) as body:
            assert b"".join(body.chunks()) == CONTENT[100:]
        (asked,) = store.asked
        assert asked.path.startswith(f"/store/{facts.sha256}?")
        assert "authorization" not in asked.headers
        assert asked.status == 206


def test_what_is_not_to_be_had(hub: Hub, hub_server: HubServer) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub_server.add("owner/gated", "a.gguf", CONTENT, gated="auto")
    assert _fault(hub, "owner/none") is DownloadFault.NOT_FOUND
    assert _fault(hub, "not a name!") is DownloadFault.NOT_FOUND
    assert _fault(hub, "owner/name/more") is DownloadFault.NOT_FOUND
    assert _fault(hub, revision="0" * 40) is DownloadFault.NOT_FOUND
    assert _fault(hub, file="b.gguf") is DownloadFault.FILE_NOT_FOUND
    assert _fault(hub, "owner/gated") is DownloadFault.GATED
    hub_server.fail_facts(Refuse(403, "GatedRepo"), Refuse(403), Refuse(400), Refuse(410))
    assert _fault(hub) is DownloadFault.GATED
    assert _fault(hub) is DownloadFault.REFUSED
    assert _fault(hub) is DownloadFault.REFUSED
    assert _fault(hub) is DownloadFault.REFUSED


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>Log in to this network",
        b"[]",
        b"null",
        b"{}",
        b'{"id": "owner/name", "siblings": 3}',
    ],
)
def test_an_answer_that_is_no_hubs(hub: Hub, hub_server: HubServer, answer: bytes) -> None:
    hub_server.fail_facts(Say(answer))
    assert _fault(hub) is DownloadFault.REFUSED


def test_an_endless_answer_is_not_read(hub: Hub, hub_server: HubServer) -> None:
    hub_server.fail_facts(Say(b" " * 40_000_000))
    assert _fault(hub) is DownloadFault.REFUSED


def test_an_answer_that_unpacks_to_much_is_not_unpacked(hub: Hub, hub_server: HubServer) -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    for packing in ("gzip", "deflate", "gzip, gzip", "br"):
        hub_server.fail_facts(Say(bomb, "application/json", packing))
        assert _fault(hub) is DownloadFault.REFUSED
    assert hub_server.asked[0].headers["accept-encoding"] == "identity"


def test_busy_servers_say_when_to_come_back(hub: Hub, hub_server: HubServer) -> None:
    hub_server.fail_facts(
        Busy(429, "7"), Busy(503), Busy(503, "Wed, 21 Oct 2099 07:28:00 GMT"), Busy(503, "soon")
    )
    waits = []
    for _ in range(4):
        with pytest.raises(TransientError) as caught:
            hub.file_facts("owner/name", "a.gguf")
        waits.append(caught.value.retry_after_s)
        assert caught.value.error.fault is DownloadFault.REFUSED
    assert waits[:2] == [7.0, 0.0]
    assert waits[2] > 1e9
    assert waits[3] == 0.0


def test_nobody_there(log: ConnectionLog) -> None:
    with HubServer() as server:
        dead = server.endpoint
    with pytest.raises(TransientError) as caught:
        Hub(dead, log).file_facts("owner/name", "a.gguf")
    assert caught.value.error.fault is DownloadFault.OFFLINE


@pytest.mark.parametrize("endpoint", ["http://hub.example", "ftp://hub.example", "http://[::2]"])
def test_without_encryption_nothing_is_asked(endpoint: str, log: ConnectionLog) -> None:
    assert _fault(Hub(endpoint, log)) is DownloadFault.INSECURE
    assert log.all() == []


def test_an_address_without_a_scheme_is_encrypted(log: ConnectionLog) -> None:
    hub = Hub("mirror.example/hub/", log)
    assert (hub.endpoint, hub.host) == ("https://mirror.example/hub", "mirror.example")


@pytest.mark.parametrize("to", ["http://store.example{path}", "file:///etc/passwd"])
def test_a_redirect_to_an_unencrypted_place_is_not_followed(
    hub: Hub, hub_server: HubServer, log: ConnectionLog, to: str
) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub_server.fail_facts(Redirect(to))
    assert _fault(hub) in {DownloadFault.INSECURE, DownloadFault.REFUSED}
    facts = hub.file_facts("owner/name", "a.gguf")
    hub_server.fail(Redirect(to))
    with pytest.raises(DownloadError) as caught:
        hub.open(facts, 0).__enter__()
    assert caught.value.fault in {DownloadFault.INSECURE, DownloadFault.REFUSED}
    assert {c.host for c in log.all()} == {"127.0.0.1"}


def test_redirects_in_a_circle_end(hub: Hub, hub_server: HubServer) -> None:
    hub_server.fail_facts(*[Redirect("{path}")] * 20)
    assert _fault(hub) is DownloadFault.REFUSED
    assert len(hub_server.asked) == 6


def test_every_connection_is_listed(log: ConnectionLog) -> None:
    with HubServer() as server, HubServer(name="localhost") as store:
        server.add("owner/name", "a.gguf", CONTENT)
        store.add("owner/name", "a.gguf", CONTENT)
        server.fail(Redirect(store.endpoint + "{path}"))
        hub = Hub(server.endpoint, log)
        facts = hub.file_facts("owner/name", "a.gguf")
        with hub.open(facts, 0) as body:
            assert [(c.host, c.reason) for c in log.current()] == [("localhost", "model download")]
            list(body.chunks())
        listed = [(c.host, c.reason) for c in log.all()]
        assert listed == [
            ("127.0.0.1", "model facts"),
            ("127.0.0.1", "model download"),
            ("localhost", "model download"),
        ]
        assert log.current() == []
        assert log.all()[0].received_bytes == server.asked[0].sent_bytes
        assert log.all()[2].received_bytes == len(CONTENT)
        assert all(c.sent_bytes > 50 for c in log.all())


def test_no_connection_outlives_its_errand(hub: Hub, hub_server: HubServer) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub.file_facts("owner/name", "a.gguf")
    port = int(hub_server.endpoint.rpartition(":")[2])
    ours = [
        c
        for c in psutil.Process().net_connections("tcp")
        if c.raddr and c.raddr.port == port and c.status == "ESTABLISHED"
    ]
    assert ours == []


def test_a_request_that_nobody_asked_for_is_refused(hub: Hub, hub_server: HubServer) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub.file_facts("owner/name", "a.gguf")
    import huggingface_hub

    before = len(hub_server.asked)
    with pytest.raises(RuntimeError, match="nobody asked for"):
        huggingface_hub.HfApi(endpoint=hub_server.endpoint).model_info("owner/name")
    assert len(hub_server.asked) == before


@pytest.mark.parametrize("for_content", [False, True])
def test_a_stop_interrupts_a_server_that_says_nothing(
    hub_server: HubServer, log: ConnectionLog, for_content: bool
) -> None:
    hub = Hub(hub_server.endpoint, log, timeouts=Timeouts(stall_s=30.0))
    hub_server.add("owner/name", "a.gguf", CONTENT)
    facts = hub.file_facts("owner/name", "a.gguf")
    hub_server.fail(Stall(after_bytes=1000))
    hub_server.fail_facts(Stall())
    cancel = threading.Event()
    timer = threading.Timer(0.2, cancel.set)
    timer.start()
    began = time.monotonic()

    def ask() -> None:
        if for_content:
            with hub.open(facts, 0, cancel=cancel) as body:
                list(body.chunks())
        else:
            hub.file_facts("owner/name", "a.gguf", cancel=cancel)

    with pytest.raises(StoppedError):
        ask()
    assert time.monotonic() - began < 5
    assert log.current() == []


def test_a_silent_server_is_given_up(hub: Hub, hub_server: HubServer) -> None:
    hub_server.add("owner/name", "a.gguf", CONTENT)
    hub_server.fail_facts(Stall())
    with pytest.raises(TransientError) as caught:
        hub.file_facts("owner/name", "a.gguf")
    assert caught.value.error.fault is DownloadFault.CUT


def test_the_library_is_loaded_for_a_request_only(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from assistant.models.downloading import download\n"
        "from assistant.models.finding import catalog, repository, search\n"
        "from assistant.models.hub import client, connections\n"
        "from assistant.models.keeping import installed\n"
        "made = client.Hub('https://mirror.example', connections.ConnectionLog(None))\n"
        "assert made.host == 'mirror.example'\n"
        "catalog.catalog()\n"
        "heavy = {'huggingface_hub', 'httpx2', 'numpy', 'tqdm'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "import os\n"
        "assert 'hugging' in client.Hub().host\n"
        "assert os.environ['HF_HUB_DISABLE_TELEMETRY'] == '1'\n"
        "from huggingface_hub import constants\n"
        "assert constants.HF_HUB_DISABLE_TELEMETRY and constants.HF_HUB_DISABLE_XET\n"
        "assert constants.HF_HUB_DISABLE_IMPLICIT_TOKEN\n"
        "assert constants.HF_HOME == os.environ['ALCOVE_HOME'] + '/cache/huggingface'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
