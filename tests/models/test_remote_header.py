"""The header of a remote file, by the hub's real client from a hub of our own."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import DownloadError, DownloadFault, ModelError, ModelFault, NetworkClosed
from assistant.gguf import read_header
from assistant.models.finding.remote_header import remote_header
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Patience, StoppedError, Timeouts
from tests.engine.tiny_models import tiny_hybrid, tiny_llama, write_gguf
from tests.models.hub_server import Busy, Cut, HubServer, IgnoreRange, Redirect, Stall, WrongRange
from tests.models.tiny_gguf import tiny_gguf

REPO = "someone/model-GGUF"
NEVER = threading.Event()
MEBIBYTE = 1024 * 1024


@pytest.fixture
def look(hub: Hub, patience: Patience):
    """Look at a file's header, as the app does."""

    def look(file: RemoteFile, **options):
        return remote_header(hub, file, cancel=NEVER, patience=patience, **options)

    return look


@pytest.fixture
def put(hub_server: HubServer, log: ConnectionLog):
    """Put a file on the hub and ask for its facts, with time for large ones."""
    patient = Hub(hub_server.endpoint, log, timeouts=Timeouts(connect_s=20, stall_s=20))

    def put(name: str, content: bytes) -> RemoteFile:
        hub_server.add(REPO, name, content)
        return patient.file_facts(REPO, name)

    return put


@pytest.fixture
def starter(starter_model: Path, put) -> RemoteFile:
    return put(starter_model.name, starter_model.read_bytes())


@pytest.fixture
def small(put) -> RemoteFile:
    return put("small.gguf", tiny_gguf(3_000_000))


def test_one_request_of_a_mebibyte_tells_enough(
    starter: RemoteFile, starter_model: Path, look, hub_server: HubServer, log: ConnectionLog
) -> None:
    header = look(starter)
    [request] = hub_server.content_requests
    assert request.headers["range"] == "bytes=0-1048575"
    assert request.sent_bytes == MEBIBYTE
    assert [c.reason for c in log.all()] == ["model facts", "model header"]
    real = read_header(starter_model)
    assert header.is_estimated
    for name in ("architecture", "context_length", "block_count", "head_counts", "head_counts_kv"):
        assert getattr(header, name) == getattr(real, name)
    for name in ("quantization", "vocabulary", "key_length", "tokenizer", "license"):
        assert getattr(header, name) == getattr(real, name)
    assert header.file_bytes == real.file_bytes
    assert header.tensor_bytes == pytest.approx(real.tensor_bytes, rel=0.01)
    assert header.parameters == pytest.approx(real.parameters, rel=0.01)
    assert header.active_parameters == pytest.approx(real.active_parameters, rel=0.01)
    assert dict(header.work.prompt) == pytest.approx(dict(real.work.prompt), rel=0.01)


def test_reads_to_the_end_where_that_is_asked_for(
    starter: RemoteFile, starter_model: Path, look, hub_server: HubServer
) -> None:
    header = look(starter, is_exact=True)
    real = read_header(starter_model)
    assert header == replace(real, path=header.path, paths=header.paths)
    assert [r.headers["range"] for r in hub_server.content_requests] == [
        "bytes=0-1048575",
        "bytes=1048576-8388607",
    ]


def test_a_short_file_is_read_whole(put, look, tmp_path: Path) -> None:
    path = tiny_hybrid(tmp_path / "hybrid.gguf")
    header, real = look(put("hybrid.gguf", path.read_bytes())), read_header(path)
    assert not header.is_estimated
    assert (header.recurrent_bytes, header.head_counts_kv) == (128 * 2, (0, 2))
    assert header == replace(real, path=header.path, paths=header.paths)


def test_the_first_part_tells_of_all(put, look, tmp_path: Path) -> None:
    parts = {"split.count": 3, "split.no": 0, "split.tensors.count": 9}
    path = tiny_llama(tmp_path / "part.gguf", **{k.replace(".", "__"): v for k, v in parts.items()})
    file = put("big-Q8_0-00001-of-00003.gguf", path.read_bytes())
    header = look(file, whole_bytes=5_000_000_000)
    assert (header.is_estimated, header.split_count) == (True, 3)
    assert header.file_bytes == 5_000_000_000
    assert header.tensor_bytes == pytest.approx(5_000_000_000, rel=0.01)
    assert look(file, whole_bytes=5_000_000_000, is_exact=True) == header


def test_asks_for_more_where_the_beginning_tells_too_little(
    put, look, tmp_path: Path, hub_server: HubServer
) -> None:
    """The architecture's numbers may stand behind something long."""
    pairs = {"general.architecture": "llama", "odd.notes": "x" * 3_000_000}
    numbers = {"block_count": 2, "embedding_length": 32, "vocab_size": 9, "context_length": 99}
    pairs |= {f"llama.{key}": value for key, value in numbers.items()}
    path = write_gguf(tmp_path / "odd.gguf", pairs, {"t": (64, 64)})
    header = look(put("odd.gguf", path.read_bytes()))
    assert (header.context_length, header.parameters) == (99, 4096)
    assert len(hub_server.content_requests) == 2


@pytest.mark.parametrize(
    "faults",
    [
        [Busy(503)],
        [Busy(429, retry_after="0")],
        [Cut(after_bytes=100_000)],
        [Cut(after_bytes=100_000), Busy(503), Cut(after_bytes=5)],
        [Stall(after_bytes=1000)],
        [IgnoreRange()],
        [Cut(after_bytes=200_000), IgnoreRange()],
    ],
    ids=str,
)
def test_goes_on_where_the_connection_failed(
    small: RemoteFile, look, hub_server: HubServer, faults: list
) -> None:
    hub_server.fail(*faults)
    assert look(small).parameters == 3_000_000


def test_takes_no_more_than_it_needs_of_a_server_without_ranges(
    starter: RemoteFile, look, hub_server: HubServer
) -> None:
    hub_server.bytes_per_s = 20_000_000
    hub_server.fail(IgnoreRange())
    look(starter)
    assert hub_server.content_bytes < 8 * MEBIBYTE


def test_says_why_it_cannot(small: RemoteFile, look, hub_server: HubServer) -> None:
    hub_server.fail(*[Busy(503)] * 4)
    with pytest.raises(DownloadError) as caught:
        look(small)
    assert caught.value.fault in {DownloadFault.REFUSED, DownloadFault.BUSY}
    hub_server.fail(WrongRange())
    with pytest.raises(DownloadError) as caught:
        look(small)
    assert caught.value.fault is DownloadFault.CHANGED
    with pytest.raises(DownloadError) as caught:
        look(replace(small, size_bytes=small.size_bytes + 5))
    assert caught.value.fault is DownloadFault.CHANGED
    with pytest.raises(DownloadError) as caught:
        look(replace(small, file="other.gguf"))
    assert caught.value.fault is DownloadFault.FILE_NOT_FOUND
    hub_server.fail(Redirect("http://example.org{path}"))
    with pytest.raises(DownloadError) as caught:
        look(small)
    assert caught.value.fault is DownloadFault.INSECURE


def test_refuses_what_is_no_model(put, look, starter_model: Path) -> None:
    for content, fault in [
        (b"<html>" * 1000, ModelFault.NOT_GGUF),
        (starter_model.read_bytes()[:1_500_000], ModelFault.TRUNCATED),
        (b"GGUF" + b"\xff" * 3 * MEBIBYTE, ModelFault.DAMAGED),
    ]:
        with pytest.raises(ModelError) as caught:
            look(put("other.gguf", content), is_exact=True)
        assert caught.value.fault is fault


def test_is_stopped_at_once(
    small: RemoteFile, hub: Hub, hub_server: HubServer, patience: Patience
) -> None:
    cancel = threading.Event()
    hub_server.fail(Stall(after_bytes=1000))
    threading.Timer(0.1, cancel.set).start()
    with pytest.raises(StoppedError):
        remote_header(hub, small, cancel=cancel, patience=patience)


def test_asks_nobody_when_the_network_is_closed(small: RemoteFile, hub_server: HubServer) -> None:
    closed = Hub(hub_server.endpoint, timeouts=Timeouts(), is_closed=True)
    before = len(hub_server.asked)
    with pytest.raises(NetworkClosed):
        remote_header(closed, small, cancel=NEVER)
    assert len(hub_server.asked) == before
