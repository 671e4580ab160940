"""Downloads that are cut, stopped, killed, damaged, refused, or of something else."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock

import pytest

from assistant.errors import (
    CannotWrite,
    DownloadError,
    DownloadFault,
    ModelError,
    ModelFault,
    NoSpace,
)
from assistant.models.downloading import file_download
from assistant.models.downloading.download import (
    DownloadProgress,
    DownloadStage,
    Patience,
    download,
    unfinished,
)
from assistant.models.files.blocks import read_blocks
from assistant.models.files.part import Part
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Timeouts
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from tests.models.hub_server import (
    Busy,
    Cut,
    Fault,
    HubServer,
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
from tests.models.tiny_gguf import tiny_gguf
from tests.models.wrong_contents import WrongContents

REPO, FILE = "owner/name", "model.gguf"
CONTENT = tiny_gguf(3_000_000, licence="mit")
SIZE = len(CONTENT)
MIB = 1024 * 1024
HERE = ["model.gguf", "model.gguf.blocks", "model.gguf.json"]
BEGUN = ["model.gguf.part", "model.gguf.part.blocks", "model.gguf.part.json"]


class Run:
    """A download with what it says on the way."""

    def __init__(self, hub: Hub, folder: Path, patience: Patience) -> None:
        self.hub = hub
        self.folder = folder
        self.patience = patience
        self.cancel = threading.Event()
        self.said: list[DownloadProgress] = []

    def events(self, file: str = FILE, **options) -> Iterator[DownloadProgress | InstalledModel]:
        options = {"patience": self.patience, "reserve_bytes": 0, **options}
        for event in download(self.hub, REPO, file, self.folder, cancel=self.cancel, **options):
            if isinstance(event, DownloadProgress):
                self.said.append(event)
            yield event

    def __call__(self, file: str = FILE, **options) -> InstalledModel | None:
        self.said.clear()
        events = [None, *self.events(file, **options)]
        last = events[-1]
        return last if isinstance(last, InstalledModel) else None

    def fault(self, file: str = FILE, **options) -> DownloadError:
        with pytest.raises(DownloadError) as caught:
            self(file, **options)
        assert (caught.value.repo, caught.value.file) == (REPO, file)
        return caught.value

    def stop_after(self, done_bytes: int) -> None:
        self.cancel.clear()
        for event in self.events():
            if isinstance(event, DownloadProgress) and event.done_bytes >= done_bytes:
                self.cancel.set()
        self.cancel.clear()

    @property
    def names(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir())


@pytest.fixture
def run(hub: Hub, folder: Path, patience: Patience) -> Run:
    return Run(hub, folder, patience)


@pytest.fixture
def commit(hub_server: HubServer) -> str:
    return hub_server.add(REPO, FILE, CONTENT, licence="mit")


def test_a_model_arrives_whole(run: Run, hub_server: HubServer, commit: str) -> None:
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert (model.name, model.size_bytes) == ("model", SIZE)
    assert model.sha256 == sha256(CONTENT).hexdigest()
    assert (model.repo, model.revision, model.licence) == (REPO, commit, "mit")
    assert model.is_verified
    assert run.names == HERE
    record = json.loads((run.folder / "model.gguf.json").read_text())
    assert record["endpoint"] == hub_server.endpoint
    assert record["downloaded_at"]
    assert model.path.stat().st_mode & 0o777 == 0o600
    assert ModelFolder(run.folder).find("model") == model


def test_progress_is_whole_too(run: Run, commit: str) -> None:
    run()
    assert run.said[0].stage is DownloadStage.ASKING
    done = [p.done_bytes for p in run.said]
    assert done == sorted(done)
    assert run.said[-1].done_bytes == run.said[-1].total_bytes == SIZE
    assert not any(p.has_changed or p.restarts or p.resumed_bytes for p in run.said)


def test_speed_and_time_left(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 4_000_000
    run()
    middle = [p for p in run.said if p.bytes_per_s]
    assert len(middle) > 3
    for progress in middle[2:]:
        assert 1_000_000 < progress.bytes_per_s < 6_000_000
        assert progress.seconds_left is not None
        assert progress.seconds_left < 3
    assert run.said[0].seconds_left is None


def test_what_is_here_is_not_fetched_again(run: Run, hub_server: HubServer, commit: str) -> None:
    first = run()
    assert run() == first
    assert len(hub_server.content_requests) == 1
    assert run.said[-1].resumed_bytes == SIZE


@pytest.mark.parametrize(
    "fault", [Cut(1_000_000), Stall(1_000_000), NoLength(1_000_000), WrongRange(), Busy(503)]
)
def test_what_passes_is_waited_out(
    run: Run, hub_server: HubServer, commit: str, fault: Fault
) -> None:
    hub_server.fail(fault)
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    if not isinstance(fault, WrongRange):  # the first request asks for no range
        assert any(p.stage is DownloadStage.WAITING and p.wait_s for p in run.said)
    assert hub_server.content_bytes <= SIZE + 100
    assert not any(p.restarts for p in run.said)


def test_many_cuts_cost_nothing_but_waits(run: Run, hub_server: HubServer, commit: str) -> None:
    run.patience = Patience(tries=2, first_wait_s=0.01, counts_as_progress_bytes=100_000)
    hub_server.fail(*[Cut(300_000)] * 9)
    assert run() is not None
    assert len(hub_server.content_requests) == 10
    assert hub_server.content_bytes == SIZE


def test_cuts_without_end_are_given_up(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.fail(Cut(500_000), *[Cut(10)] * 20)
    error = run.fault()
    assert error.fault is DownloadFault.CUT
    assert error.kept_bytes == (run.folder / "model.gguf.part").stat().st_size == 500_030
    assert len(hub_server.content_requests) == run.patience.tries
    hub_server._faults.clear()
    assert run() is not None
    assert hub_server.content_bytes == SIZE


def test_a_server_that_asks_for_time_gets_it(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.fail_facts(Busy(429, "1"))
    hub_server.fail(Busy(429, "1"), Busy(503, "9999"), Busy(503, "\N{SUPERSCRIPT TWO}"))
    assert run() is not None
    waits = [p.wait_s for p in run.said if p.stage is DownloadStage.WAITING]
    *asked, own = waits  # "²" is a digit, and no number
    assert asked == [run.patience.longest_asked_wait_s] * 3
    assert own < asked[0]
    assert Patience().wait_s(1, 7.0) == 7.0
    assert [Patience().wait_s(n, 0.0) for n in (1, 2, 3, 9)] == [1.0, 2.0, 4.0, 30.0]


def test_a_stop_while_waiting(run: Run, hub_server: HubServer, commit: str) -> None:
    run.patience = Patience(first_wait_s=60.0)
    hub_server.fail(Cut(1_000_000))
    began = time.monotonic()
    for event in run.events():
        if isinstance(event, DownloadProgress) and event.stage is DownloadStage.WAITING:
            run.cancel.set()
    assert time.monotonic() - began < 5
    assert (run.folder / "model.gguf.part").stat().st_size == 1_000_000


def test_a_stop_keeps_what_came_and_the_next_run_goes_on(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    assert run.names == BEGUN
    here = (run.folder / "model.gguf.part").stat().st_size
    assert 1_000_000 <= here < SIZE
    [waiting] = unfinished(run.folder)
    assert (waiting.repo, waiting.file, waiting.revision) == (REPO, FILE, commit)
    assert (waiting.done_bytes, waiting.total_bytes) == (here, SIZE)
    assert waiting.endpoint == hub_server.endpoint

    hub_server.bytes_per_s = 0
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert hub_server.content_requests[-1].headers["range"] == f"bytes={here}-"
    assert run.said[-1].resumed_bytes == here
    assert any(p.stage is DownloadStage.CHECKING for p in run.said)
    assert unfinished(run.folder) == []


def test_a_generator_that_is_dropped_lets_go(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 8_000_000
    events = run.events()
    for event in events:
        if isinstance(event, DownloadProgress) and event.done_bytes:
            break
    events.close()  # type: ignore[attr-defined]
    assert run.names == BEGUN
    hub_server.bytes_per_s = 0
    assert run() is not None


def test_a_download_that_is_not_wanted_any_more(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(100_000)
    [waiting] = unfinished(run.folder)
    assert waiting.discard()
    assert run.names == []


_DOWNLOAD = """
import sys, threading
from pathlib import Path
from assistant.models.hub.connections import ConnectionLog
from assistant.models.downloading.download import DownloadProgress, download
from assistant.models.hub.client import Hub
hub = Hub(sys.argv[1], ConnectionLog(None))
for event in download(hub, "owner/name", "model.gguf", Path(sys.argv[2]),
                      cancel=threading.Event(), reserve_bytes=0):
    if isinstance(event, DownloadProgress):
        print(event.done_bytes, event.resumed_bytes, flush=True)
print("done", flush=True)
"""


def _start_download(hub_server: HubServer, folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _DOWNLOAD, hub_server.endpoint, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_kill_costs_next_to_nothing(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 5_000_000
    for _ in range(3):
        process = _start_download(hub_server, run.folder)
        assert process.stdout is not None
        new = 0
        while new < 300_000:
            done, resumed = map(int, process.stdout.readline().split())
            new = done - resumed
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()
    here = unfinished(run.folder)[0].done_bytes
    assert 900_000 <= here < SIZE
    hub_server.bytes_per_s = 0
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.names == HERE
    # What was in the pipe when the process died was sent for nothing: buffers of the loopback.
    taken_up = [one for one in hub_server.content_requests if "range" in one.headers]
    assert len(taken_up) == 3
    assert taken_up[-1].sent_bytes == SIZE - here


def test_two_at_once(run: Run, hub_server: HubServer, commit: str, patience: Patience) -> None:
    hub_server.bytes_per_s = 5_000_000
    process = _start_download(hub_server, run.folder)
    assert process.stdout is not None
    while int(process.stdout.readline().split()[0]) == 0:
        pass
    assert run.fault().fault is DownloadFault.BUSY
    assert unfinished(run.folder) == []
    assert len(hub_server.content_requests) == 1
    hub_server.bytes_per_s = 0
    process.communicate()
    assert process.returncode == 0
    events = run.events()
    next(events)
    other = Run(run.hub, run.folder, patience)
    assert other.fault().fault is DownloadFault.BUSY
    events.close()  # type: ignore[attr-defined]


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    changed = tiny_gguf(2_000_000, seed=2)
    second = hub_server.add(REPO, FILE, changed)
    model = run()
    assert model is not None
    assert model.path.read_bytes() == changed
    assert model.revision == second
    assert run.said[-1].has_changed
    assert run.said[-1].resumed_bytes == 0
    assert "range" not in hub_server.content_requests[-1].headers


def test_another_commit_with_the_same_file_goes_on(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    second = hub_server.add(REPO, "other.gguf", CONTENT)
    model = run()
    assert model is not None
    assert model.revision == second
    assert not run.said[-1].has_changed
    assert run.said[-1].resumed_bytes >= 1_000_000


def test_a_commit_of_ones_own_choice(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(1000, seed=9))
    model = run(revision=commit)
    assert model is not None
    assert model.path.read_bytes() == CONTENT


def test_a_change_in_the_middle_does_not_mix(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.fail(Cut(1_000_000))
    for event in run.events():
        if isinstance(event, DownloadProgress) and event.stage is DownloadStage.WAITING:
            hub_server.add(REPO, FILE, tiny_gguf(3_000_000, seed=5))
    assert (run.folder / FILE).read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [WrongBytes(1_500_000), WrongLength(10), WrongLength(-10)])
def test_wrong_bytes_once_are_fetched_again(
    run: Run, hub_server: HubServer, commit: str, fault: Fault
) -> None:
    hub_server.fail(fault)
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.said[-1].restarts == 1


@pytest.mark.parametrize("fault", [WrongBytes(1_500_000), WrongLength(10), WrongLength(-10)])
def test_wrong_bytes_twice_are_thrown_away(
    run: Run, hub_server: HubServer, commit: str, fault: Fault
) -> None:
    hub_server.fail(fault, fault, fault)
    error = run.fault()
    assert (error.fault, error.kept_bytes) == (DownloadFault.DAMAGED, 0)
    assert run.names == []
    assert len(hub_server.content_requests) == 2


def test_a_part_that_was_damaged_on_the_disk(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    part = run.folder / "model.gguf.part"
    here = part.stat().st_size
    damaged = bytearray(part.read_bytes())
    damaged[500_000] ^= 1
    part.write_bytes(damaged)
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.said[-1].restarts == 0
    assert run.said[-1].resumed_bytes == here - MIB
    # The block that was spoilt, and the rest.
    ranges = [one.headers["range"] for one in hub_server.content_requests[-2:]]
    assert ranges == [f"bytes=0-{MIB - 1}", f"bytes={here}-"]
    assert run.said[-1].fetched_bytes == SIZE - here + MIB


def test_a_part_that_is_too_long_or_without_notes(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    part = run.folder / "model.gguf.part"
    part.write_bytes(CONTENT + b"more")
    assert run() is not None
    assert run.said[-1].resumed_bytes == 0

    (run.folder / FILE).unlink()
    part.write_bytes(CONTENT[:2_000_000])
    (run.folder / "model.gguf.part.json").write_bytes(b"{")
    model = run()
    assert model is not None
    assert run.said[-1].resumed_bytes == 0
    assert model.path.read_bytes() == CONTENT


def test_a_part_that_is_whole_needs_no_bytes(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    (run.folder / "model.gguf.part").write_bytes(CONTENT)
    before = len(hub_server.content_requests)
    model = run()
    assert model is not None
    assert len(hub_server.content_requests) == before
    assert run.said[-1].resumed_bytes == SIZE


def test_a_server_without_ranges(run: Run, hub_server: HubServer, commit: str) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    hub_server.fail(IgnoreRange())
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.said[-1].resumed_bytes == 0
    assert run.said[-1].restarts == 0


@pytest.mark.parametrize("fault", [WrongRange(), Refuse(416)])
def test_a_range_that_is_not_the_one_asked_for(
    run: Run, hub_server: HubServer, commit: str, fault: Fault
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(1_000_000)
    hub_server.bytes_per_s = 0
    hub_server.fail(fault)
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.said[-1].restarts == 1


def test_what_is_no_model_is_not_fetched(run: Run, hub_server: HubServer) -> None:
    hub_server.add(REPO, FILE, b"PK\x03\x04" + b"\0" * 30_000_000)
    assert run.fault().fault is DownloadFault.NOT_A_MODEL
    assert run.names == []
    assert hub_server.content_bytes < 20_000_000


@pytest.mark.parametrize("content", [b"", b"GG", b"<html>no</html>"])
def test_what_is_too_short_to_be_a_model(run: Run, hub_server: HubServer, content: bytes) -> None:
    hub_server.add(REPO, FILE, content)
    assert run.fault().fault is DownloadFault.NOT_A_MODEL
    assert run.names == []


def test_a_login_page_in_place_of_the_file(run: Run, hub_server: HubServer, commit: str) -> None:
    page = Say(b"<html>Log in to this network</html>")
    hub_server.fail(page, page)
    assert run.fault().fault in {DownloadFault.NOT_A_MODEL, DownloadFault.DAMAGED}
    assert run.names == []


def test_a_model_that_is_damaged_on_the_hub_is_told_of(run: Run, hub_server: HubServer) -> None:
    hub_server.add(REPO, FILE, CONTENT[:2_000_000])
    with pytest.raises(ModelError) as caught:
        run()
    assert caught.value.fault is ModelFault.TRUNCATED
    assert [error.path.name for error in ModelFolder(run.folder).broken()] == [FILE]
    with pytest.raises(ModelError):  # again it would be the same: nothing is fetched
        run()
    assert len(hub_server.content_requests) == 1


def test_a_model_whose_header_was_damaged_here_is_fetched_again(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    model = run()
    assert model is not None
    model.path.write_bytes(b"GGUX" + CONTENT[4:])
    assert run() == model
    assert model.path.read_bytes() == CONTENT
    assert run.names == HERE


@pytest.mark.parametrize(
    "file",
    ["../model.gguf", "model.bin", "a//b.gguf", "a/../b.gguf", "a/.gguf", ".gguf", "nul.gguf"],
)
def test_unsafe_names_are_not_asked_for(run: Run, hub_server: HubServer, file: str) -> None:
    assert run.fault(file).fault is DownloadFault.UNSAFE_NAME
    assert hub_server.asked == []


def test_what_the_hub_refuses(run: Run, hub_server: HubServer, commit: str) -> None:
    assert run.fault("other.gguf").fault is DownloadFault.FILE_NOT_FOUND
    hub_server.fail(Refuse(403, "GatedRepo"), Refuse(404, "EntryNotFound"), Refuse(403))
    assert run.fault().fault is DownloadFault.GATED
    assert run.fault().fault is DownloadFault.FILE_NOT_FOUND
    assert run.fault().fault is DownloadFault.REFUSED
    assert run.names == []
    hub_server.fail_facts(*[Busy()] * 9)
    assert run.fault().fault is DownloadFault.REFUSED
    assert len(hub_server._facts_faults) == 9 - run.patience.tries


def test_being_offline_is_said_at_once(folder: Path, log: ConnectionLog) -> None:
    with HubServer() as server:
        dead = server.endpoint
    run = Run(Hub(dead, log), folder, Patience(first_wait_s=60.0))
    assert run.fault().fault is DownloadFault.OFFLINE
    assert run.names == []


def test_small_files_have_no_sum_and_are_said_to_be_unverified(
    run: Run, hub_server: HubServer
) -> None:
    small = tiny_gguf(5000)
    hub_server.add(REPO, FILE, small, is_lfs=False)
    model = run()
    assert model is not None
    assert not model.is_verified
    assert model.sha256 == sha256(small).hexdigest()
    (run.folder / FILE).unlink()
    model = run(sha256=sha256(small).hexdigest().upper())
    assert model is not None
    assert model.is_verified
    (run.folder / FILE).unlink()
    assert run.fault(sha256="0" * 64).fault is DownloadFault.DAMAGED


def test_a_second_host_may_send_the_bytes(folder: Path, log: ConnectionLog) -> None:
    with HubServer() as server, HubServer(name="localhost") as store:
        server.add(REPO, FILE, CONTENT)
        store.add(REPO, FILE, CONTENT)
        elsewhere = Redirect(store.endpoint + "{path}")
        server.fail(elsewhere, elsewhere)
        store.fail(Cut(1_000_000))
        hub = Hub(server.endpoint, log, timeouts=Timeouts(stall_s=1.0))
        run = Run(hub, folder, Patience(first_wait_s=0.01))
        model = run()
        assert model is not None
        assert model.path.read_bytes() == CONTENT
        assert store.content_bytes == SIZE
        assert {c.host for c in log.all()} == {"127.0.0.1", "localhost"}
        assert sum(c.received_bytes for c in log.all() if c.host == "localhost") == SIZE


def test_a_model_of_another_origin_is_not_replaced(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    run.folder.mkdir()
    own = tiny_gguf(100, seed=3)
    (run.folder / FILE).write_bytes(own)
    model = run()
    assert model is not None
    assert model.path.name == "model-owner.gguf"
    assert (run.folder / FILE).read_bytes() == own
    assert run() == model
    assert len(hub_server.content_requests) == 1


def test_a_model_that_nobody_may_read_is_not_replaced(
    run: Run, hub_server: HubServer, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = run()
    assert model is not None
    opened = Path.open

    def refuse(path: Path, *mode: str, **options: str) -> object:
        if path == model.path:
            raise PermissionError
        return opened(path, *mode, **options)

    monkeypatch.setattr(Path, "open", refuse)
    refused = Mock(side_effect=ModelError(model.path, ModelFault.NOT_ALLOWED))
    monkeypatch.setattr("assistant.models.downloading.download.read_header", refused)
    with pytest.raises(ModelError) as caught:
        run()
    assert caught.value.fault is ModelFault.NOT_ALLOWED
    assert len(hub_server.content_requests) == 1


def test_another_file_of_this_name_in_the_repository_is_kept_beside(
    run: Run, hub_server: HubServer
) -> None:
    other = tiny_gguf(2000, seed=8)
    hub_server.add(REPO, f"Q8_0/{FILE}", other)
    hub_server.add(REPO, f"Q4_0/{FILE}", CONTENT)
    for _ in range(2):
        first, second = run(f"Q4_0/{FILE}"), run(f"Q8_0/{FILE}")
        assert first is not None
        assert second is not None
        assert (first.path.name, second.path.name) == (FILE, "model-Q8_0.gguf")
        assert (first.path.read_bytes(), second.path.read_bytes()) == (CONTENT, other)
    assert len(hub_server.content_requests) == 2


def test_a_part_of_another_origin_is_not_thrown_away(
    run: Run, hub_server: HubServer, commit: str, patience: Patience
) -> None:
    hub_server.bytes_per_s = 8_000_000
    run.stop_after(100_000)
    hub_server.bytes_per_s = 0
    hub_server.add("another/name", FILE, tiny_gguf(1000, seed=7))
    *_, model = download(
        run.hub,
        "another/name",
        FILE,
        run.folder,
        cancel=threading.Event(),
        patience=patience,
        reserve_bytes=0,
    )
    assert isinstance(model, InstalledModel)
    assert model.path.name == "model-another.gguf"
    assert [waiting.repo for waiting in unfinished(run.folder)] == [REPO]


def test_a_new_version_replaces_the_old_one(run: Run, hub_server: HubServer, commit: str) -> None:
    run()
    changed = tiny_gguf(1_000_000, seed=2)
    hub_server.add(REPO, FILE, changed)
    with (run.folder / FILE).open("rb") as loaded:
        model = run()
        assert model is not None
        assert model.path.read_bytes() == changed
        assert loaded.read() == CONTENT  # who has the old one open keeps it
    assert run.names == HERE


def test_too_little_room_is_seen_before(
    run: Run, hub_server: HubServer, commit: str, small_disk: Callable[[str], Path]
) -> None:
    run.folder = small_disk("2m")
    with pytest.raises(NoSpace) as caught:
        run()
    assert caught.value.needed_bytes == SIZE
    assert caught.value.free_bytes <= 2 * 1024 * 1024
    assert hub_server.content_requests == []
    assert run.names == []
    run.folder = small_disk("4m")
    with pytest.raises(NoSpace) as caught:
        run(reserve_bytes=2_000_000)
    assert caught.value.needed_bytes == SIZE + 2_000_000


def test_a_disk_that_fills_up_keeps_the_part(
    run: Run, hub_server: HubServer, commit: str, small_disk: Callable[[str], Path]
) -> None:
    run.folder = small_disk("4m")
    ballast = run.folder / "ballast"
    events = run.events()
    for event in events:
        if isinstance(event, DownloadProgress) and event.stage is DownloadStage.FETCHING:
            ballast.write_bytes(b"x" * 2_000_000)
            break
    with pytest.raises(NoSpace):
        list(events)
    here = unfinished(run.folder)[0].done_bytes
    assert 1_000_000 < here < SIZE
    ballast.unlink()
    model = run()
    assert model is not None
    assert model.path.read_bytes() == CONTENT
    assert run.said[-1].resumed_bytes == here


def test_a_read_only_folder(
    run: Run, hub_server: HubServer, commit: str, read_only: Callable[[Path], Path]
) -> None:
    run.folder.mkdir()
    run.folder = read_only(run.folder)
    with pytest.raises(CannotWrite):
        run()
    run.folder = run.folder / "new"
    with pytest.raises(CannotWrite):
        run()
    assert hub_server.asked == []


def test_room_is_looked_for_while_bytes_come(
    run: Run,
    hub_server: HubServer,
    commit: str,
    small_disk: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_download, "_LOOK_EVERY_BYTES", 500_000)
    run.folder = small_disk("5m")
    events = run.events(reserve_bytes=500_000)
    for event in events:
        if isinstance(event, DownloadProgress) and event.stage is DownloadStage.FETCHING:
            (run.folder / "ballast").write_bytes(b"x" * 2_000_000)
            break
    with pytest.raises(NoSpace) as caught:
        list(events)
    # It ends before the disk is full: other programs need some of it.
    assert caught.value.free_bytes > 500_000
    here = unfinished(run.folder)[0].done_bytes
    assert 500_000 <= here < 700_000
    (run.folder / "ballast").unlink()
    assert run(reserve_bytes=500_000) is not None
    assert run.said[-1].resumed_bytes == here


def _spoil(path: Path, *places: int) -> None:
    content = bytearray(path.read_bytes())
    for at in places:
        content[at] ^= 1
    path.write_bytes(content)


def test_a_power_cut_that_lost_pages_costs_their_blocks(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.fail(Cut(2_900_000), *[Cut(0)] * 9)
    assert run.fault().fault is DownloadFault.CUT
    hub_server._faults.clear()
    part = run.folder / "model.gguf.part"
    part.write_bytes(part.read_bytes()[:1_000_000] + b"\0" * 300_000 + CONTENT[1_300_000:2_850_000])
    before = hub_server.content_bytes
    assert run() is not None
    assert (run.folder / FILE).read_bytes() == CONTENT
    # Two blocks had zeros, and the end was lost.
    assert hub_server.content_bytes - before == 2 * MIB + SIZE - 2_850_000
    assert run.said[-1].restarts == 0


def test_a_lost_log_of_blocks_costs_nothing_while_the_bytes_are_right(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.fail(Cut(2_500_000), *[Cut(0)] * 9)
    run.fault()
    hub_server._faults.clear()
    log = run.folder / "model.gguf.part.blocks"
    log.write_bytes(log.read_bytes()[:30])
    assert run() is not None
    assert run.said[-1].resumed_bytes == 2_500_000
    assert run.said[-1].restarts == 0
    assert hub_server.content_bytes == SIZE


@pytest.mark.parametrize("more", [b"", b"nonsense" * 20])
def test_bytes_that_nobody_summed_are_the_first_to_be_fetched_again(
    run: Run, hub_server: HubServer, commit: str, more: bytes
) -> None:
    hub_server.fail(Cut(2_500_000), *[Cut(0)] * 9)
    run.fault()
    hub_server._faults.clear()
    part = run.folder / "model.gguf.part"
    kept = part.with_name("model.gguf.part.blocks")
    entry = len(kept.read_bytes()) // 3
    # As a kill leaves it: the last block's bytes are there, and its sum is not.
    kept.write_bytes(kept.read_bytes()[: 2 * entry] + more)
    _spoil(part, 2_200_000)
    before = hub_server.content_bytes
    assert run() is not None
    assert (run.folder / FILE).read_bytes() == CONTENT
    assert run.said[-1].restarts == 1
    again = hub_server.content_bytes - before - (SIZE - 2_500_000)
    assert again == SIZE - 2 * MIB  # the last block alone


def test_fetching_again_ends_with_the_block_that_was_wrong(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.fail(WrongBytes(300_000))
    hub_server.bytes_per_s = 20_000_000
    assert run() is not None
    assert (run.folder / FILE).read_bytes() == CONTENT
    assert run.said[-1].fetched_bytes < SIZE + 1.5 * MIB


def test_only_what_is_wrong_is_written_again(
    run: Run, hub_server: HubServer, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    replace = Part.replace
    monkeypatch.setattr(
        Part, "replace", lambda self, at, block: (written.append(at), replace(self, at, block))
    )
    hub_server.fail(WrongBytes(2_200_000))
    assert run() is not None
    assert written == [2 * MIB]


def test_the_speed_of_the_sums_does_not_change_them(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    model = run()
    assert model is not None
    blocks = read_blocks(model.path)
    assert blocks is not None
    assert blocks.sha256 == model.sha256
    for number in range(3):
        start, end = blocks.extent(number)
        assert blocks.of(number) == sha256(CONTENT[start:end]).digest()


def test_kills_cost_at_most_a_block_each(run: Run, hub_server: HubServer) -> None:
    content = tiny_gguf(12_000_000, seed=3)
    hub_server.add(REPO, FILE, content)
    hub_server.bytes_per_s = 12_000_000
    before = 0
    for kill in range(6):
        process = _start_download(hub_server, run.folder)
        assert process.stdout is not None
        new = 0
        while new < 200_000 + 350_000 * (kill % 3):
            done, resumed = map(int, process.stdout.readline().split())
            new = done - resumed
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()
        here = unfinished(run.folder)[0].done_bytes
        assert here >= before + new
        before = here
    hub_server.bytes_per_s = 0
    assert run() is not None
    assert (run.folder / FILE).read_bytes() == content
    assert run.said[-1].resumed_bytes == before
    assert run.said[-1].fetched_bytes == len(content) - before


def test_wrong_content_is_never_accepted(hub: Hub, hub_server: HubServer, folder: Path) -> None:
    tally = WrongContents(hub_server, hub, folder, seed=7).run(80)
    assert (tally.tries, tally.accepted, tally.lost) == (80, 0, 0)
    assert tally.refused > 10
    assert tally.mended > 10
