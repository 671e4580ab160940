"""Damage is found, located and mended; the file that is loaded never changes under its reader."""

import mmap
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import DownloadError, DownloadFault, ModelError, ModelFault, NoSpace
from assistant.models.downloading.download import DownloadProgress, download, unfinished
from assistant.models.downloading.repairing import recorded_model, repair
from assistant.models.downloading.verifying import VerifyProgress, VerifyResult, verify
from assistant.models.files.blocks import (
    BLOCK_BYTES,
    BlockSummer,
    block_count,
    blocks_path,
    joined,
    read_blocks,
    write_blocks,
)
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Patience
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from tests.models.hub_server import Cut, HubServer, IgnoreRange, Refuse, Say, WrongBytes
from tests.models.tiny_gguf import tiny_gguf

REPO, FILE = "owner/name", "model.gguf"
CONTENT = tiny_gguf(9_500_000, licence="mit")
SIZE = len(CONTENT)
MIB = 1024 * 1024


@pytest.fixture
def model(hub: Hub, hub_server: HubServer, folder: Path) -> InstalledModel:
    hub_server.add(REPO, FILE, CONTENT, licence="mit")
    *_, model = download(hub, REPO, FILE, folder, cancel=threading.Event(), reserve_bytes=0)
    assert isinstance(model, InstalledModel)
    return model


def spoil(path: Path, *places: int) -> None:
    """Change a bit at each place, as a tired disk does."""
    content = bytearray(path.read_bytes())
    for at in places:
        content[at] ^= 0x10
    path.write_bytes(content)


def found(model: InstalledModel, **options) -> VerifyResult:
    *_, result = verify(model.path, cancel=threading.Event(), **options)
    assert isinstance(result, VerifyResult)
    return result


class Mend:
    """A repair with what it says on the way."""

    def __init__(self, hub: Hub, patience: Patience) -> None:
        self.hub, self.patience = hub, patience
        self.cancel = threading.Event()
        self.said: list[DownloadProgress] = []

    def __call__(self, model: InstalledModel, result: VerifyResult) -> InstalledModel | None:
        self.said.clear()
        last = None
        for event in repair(
            self.hub,
            model,
            result.damaged,
            cancel=self.cancel,
            patience=self.patience,
            reserve_bytes=0,
        ):
            if isinstance(event, InstalledModel):
                last = event
            else:
                self.said.append(event)
        return last


@pytest.fixture
def mend(hub: Hub, patience: Patience) -> Mend:
    return Mend(hub, patience)


def test_blocks_are_those_of_the_file() -> None:
    for size in (0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7):
        content = random.Random(size).randbytes(size)
        summer = BlockSummer()
        chance = random.Random(1)
        at = 0
        while at < size:
            step = chance.randint(1, 3 * MIB)
            summer.add(content[at : at + step])
            at += step
        sums = summer.result()
        assert (sums.size_bytes, sums.sha256) == (size, sha256(content).hexdigest())
        assert sums.is_whole
        for block in range(block_count(size)):
            start, end = sums.extent(block)
            assert sums.of(block) == sha256(content[start:end]).digest()


def test_kept_blocks_are_read_again_and_damaged_ones_are_not(tmp_path: Path) -> None:
    summer = BlockSummer()
    summer.add(CONTENT)
    target = tmp_path / "a.gguf"
    assert read_blocks(target) is None
    assert write_blocks(target, summer.result())
    assert read_blocks(target) == summer.result()
    content = blocks_path(target).read_bytes()
    for at in range(0, len(content) - 1, 7):
        changed = bytearray(content)
        changed[at] ^= 0x04
        blocks_path(target).write_bytes(changed)
        read = read_blocks(target)
        assert read is None or read == summer.result()
    blocks_path(target).write_bytes(content[:-9])
    assert read_blocks(target) is None


def test_extents_that_touch_are_one() -> None:
    assert joined([]) == []
    assert joined([(5, 6), (0, 2), (2, 4)]) == [(0, 4), (5, 6)]
    assert joined([(0, 9), (3, 4), (9, 10)]) == [(0, 10)]


def test_a_model_as_it_came_is_sound(model: InstalledModel) -> None:
    *said, result = verify(model.path, cancel=threading.Event())
    assert isinstance(result, VerifyResult)
    assert (result.is_sound, result.is_known, result.damaged) == (True, True, ())
    assert (result.sha256, result.size_bytes) == (model.sha256, SIZE)
    for progress in said:
        assert isinstance(progress, VerifyProgress)
        assert 0 < progress.done_bytes <= progress.total_bytes == SIZE


@pytest.mark.parametrize(
    ("places", "damaged"),
    [
        ((0,), ((0, MIB),)),
        ((SIZE - 1,), ((9 * MIB, SIZE),)),
        ((3 * MIB - 1, 3 * MIB), ((2 * MIB, 4 * MIB),)),
        ((5, 6 * MIB + 1), ((0, MIB), (6 * MIB, 7 * MIB))),
    ],
)
def test_damage_is_located_and_only_that_is_fetched_again(
    model: InstalledModel,
    mend: Mend,
    hub_server: HubServer,
    log: ConnectionLog,
    places: tuple[int, ...],
    damaged: tuple[tuple[int, int], ...],
) -> None:
    spoil(model.path, *places)
    result = found(model)
    assert not result.is_sound
    assert result.is_located
    assert result.damaged == damaged
    before = hub_server.content_bytes
    assert mend(model, result) == model
    assert model.path.read_bytes() == CONTENT
    assert hub_server.content_bytes - before == sum(end - start for start, end in damaged)
    assert mend.said[-1].fetched_bytes == sum(end - start for start, end in damaged)
    assert found(model).is_sound
    assert sorted(f.name for f in model.path.parent.iterdir()) == [
        *("model.gguf", "model.gguf.blocks", "model.gguf.json")
    ]
    assert log.all()[-1].reason == "model repair"


def test_a_random_hundred_of_damages(
    model: InstalledModel, mend: Mend, hub_server: HubServer
) -> None:
    chance = random.Random(4)
    for _ in range(20):
        places = [chance.randrange(SIZE) for _ in range(chance.randint(1, 5))]
        spoil(model.path, *set(places))
        result = found(model)
        blocks = {at // MIB for at in places}
        assert sum(end - start for start, end in result.damaged) == sum(
            min(MIB, SIZE - block * MIB) for block in blocks
        )
        assert mend(model, result) is not None
        assert model.path.read_bytes() == CONTENT


def test_what_was_cut_off_or_added_is_damage(model: InstalledModel, mend: Mend) -> None:
    for content in (CONTENT[:-1], CONTENT[: 4 * MIB], CONTENT + b"more"):
        model.path.write_bytes(content)
        result = found(model)
        assert not result.is_sound
        assert mend(model, result) is not None
        assert model.path.read_bytes() == CONTENT


def test_where_no_blocks_were_kept_all_is_suspect_and_fetching_ends_when_it_is_right(
    model: InstalledModel, mend: Mend, hub_server: HubServer
) -> None:
    blocks_path(model.path).unlink()
    spoil(model.path, 2 * MIB + 5)
    result = found(model)
    assert not result.is_located
    assert result.damaged == ((0, SIZE),)
    assert mend(model, result) is not None
    assert model.path.read_bytes() == CONTENT
    assert mend.said[-1].fetched_bytes < 6 * MIB  # the third block was all that was wrong
    assert found(model).is_located
    assert read_blocks(model.path) is not None


def test_blocks_are_recorded_when_they_are_missing(model: InstalledModel) -> None:
    blocks_path(model.path).unlink()
    assert found(model, keeps_blocks=False).is_sound
    assert read_blocks(model.path) is None
    assert found(model).is_sound
    assert read_blocks(model.path) is not None
    spoil(model.path, 100)
    assert found(model).damaged == ((0, MIB),)


def test_blocks_of_another_file_of_this_name_are_not_believed(model: InstalledModel) -> None:
    summer = BlockSummer()
    summer.add(tiny_gguf(9_500_000, seed=8, licence="mit"))
    write_blocks(model.path, summer.result())
    assert found(model).is_sound


def test_a_file_without_a_record_is_compared_with_its_last_verification(folder: Path) -> None:
    folder.mkdir()
    path = folder / "own.gguf"
    path.write_bytes(CONTENT)
    *_, result = verify(path, cancel=threading.Event())
    assert isinstance(result, VerifyResult)
    assert (result.is_sound, result.is_known) == (True, False)
    spoil(path, MIB)
    *_, result = verify(path, cancel=threading.Event())
    assert isinstance(result, VerifyResult)
    assert (result.is_sound, result.is_known, result.damaged) == (False, True, ((MIB, 2 * MIB),))


def test_the_starter_is_verified_by_the_sum_that_came_with_it(starter_model: Path) -> None:
    starter = ModelFolder(Path("/nowhere")).find("SmolLM2-135M-Instruct.Q4_1")
    *_, result = verify(starter.path, starter.sha256, keeps_blocks=False, cancel=threading.Event())
    assert isinstance(result, VerifyResult)
    assert (result.is_sound, result.is_known) == (True, True)
    *_, result = verify(starter.path, "0" * 64, keeps_blocks=False, cancel=threading.Event())
    assert isinstance(result, VerifyResult)
    assert not result.is_sound


def test_a_stop_ends_it(model: InstalledModel) -> None:
    cancel = threading.Event()
    cancel.set()
    assert list(verify(model.path, cancel=cancel)) == []


def test_a_model_whose_header_is_damaged_is_mended_by_its_record(
    model: InstalledModel, mend: Mend
) -> None:
    spoil(model.path, 0, 30)
    with pytest.raises(ModelError):
        ModelFolder(model.path.parent).find("model")
    broken = recorded_model(model.path)
    assert broken is not None
    assert (broken.name, broken.repo, broken.size_bytes) == ("model", REPO, SIZE)
    assert mend(broken, found(broken)) is not None
    assert ModelFolder(model.path.parent).find("model") == model


def test_who_has_the_file_open_keeps_what_they_have(model: InstalledModel, mend: Mend) -> None:
    spoil(model.path, 5 * MIB)
    damaged = model.path.read_bytes()
    with (
        model.path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as loaded,
    ):
        assert mend(model, found(model)) is not None
        assert loaded[:] == damaged
    assert model.path.read_bytes() == CONTENT


def test_a_repair_that_fails_leaves_the_file_as_it_was(
    model: InstalledModel, mend: Mend, hub_server: HubServer
) -> None:
    spoil(model.path, 100, 7 * MIB)
    damaged = model.path.read_bytes()
    result = found(model)
    for fault, meaning in (
        (Refuse(404, "RepoNotFound"), DownloadFault.NOT_FOUND),
        (Refuse(403, "GatedRepo"), DownloadFault.GATED),
    ):
        hub_server.fail(fault)
        with pytest.raises(DownloadError) as caught:
            mend(model, result)
        assert caught.value.fault is meaning
        assert model.path.read_bytes() == damaged
    hub_server.fail(*[Say(b"x" * MIB)] * 9)
    with pytest.raises(DownloadError):
        mend(model, result)
    assert model.path.read_bytes() == damaged
    hub_server._faults.clear()
    assert mend(model, result) is not None
    assert model.path.read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [Cut(300_000), IgnoreRange(), WrongBytes(7 * MIB)])
def test_a_repair_over_a_bad_connection(
    model: InstalledModel, mend: Mend, hub_server: HubServer, fault
) -> None:
    spoil(model.path, 7 * MIB)
    hub_server.fail(fault)
    assert mend(model, found(model)) is not None
    assert model.path.read_bytes() == CONTENT


def test_a_repair_from_a_server_without_ranges_takes_one_go(
    model: InstalledModel, mend: Mend, hub_server: HubServer
) -> None:
    spoil(model.path, 2 * MIB, 5 * MIB, 7 * MIB)
    before = hub_server.content_bytes
    hub_server.fail(*[IgnoreRange()] * 9)
    assert mend(model, found(model)) is not None
    assert model.path.read_bytes() == CONTENT
    assert len(hub_server.content_requests) <= 3 + 1
    assert hub_server.content_bytes - before < 2 * SIZE


def test_a_repair_needs_an_origin_and_room(
    model: InstalledModel, mend: Mend, hub: Hub, folder: Path, small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("16m")
    for file in folder.iterdir():
        (disk / file.name).write_bytes(file.read_bytes())
    moved = ModelFolder(disk).find("model")
    spoil(moved.path, 5)
    with pytest.raises(NoSpace):
        mend(moved, found(moved))
    assert not list(disk.glob("*.part"))
    (folder / "model.gguf.json").unlink()
    spoil(model.path, 5)
    with pytest.raises(ModelError) as caught:
        mend(model, found(model))
    assert caught.value.fault is ModelFault.DAMAGED


_REPAIR = """
import sys, threading
from pathlib import Path
from assistant.models.hub.connections import ConnectionLog
from assistant.models.downloading.download import DownloadProgress
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import ModelFolder
from assistant.models.downloading.repairing import repair
hub = Hub(sys.argv[1], ConnectionLog(None))
model = ModelFolder(Path(sys.argv[2])).find("model")
never = threading.Event()
for event in repair(hub, model, ((0, model.size_bytes),), cancel=never, reserve_bytes=0):
    if isinstance(event, DownloadProgress):
        print(event.stage, event.done_bytes, flush=True)
"""


def test_a_repair_that_is_killed_goes_on_as_a_repair_or_a_download(
    model: InstalledModel, mend: Mend, hub_server: HubServer
) -> None:
    damaged_blocks = (0, 2, 4, 6, 8)
    spoil(model.path, *(block * MIB + 90_000 for block in damaged_blocks))
    damaged = model.path.read_bytes()
    result = found(model)
    hub_server.bytes_per_s = 4_000_000
    before = hub_server.content_bytes
    for lines in (2, 9, 14):
        command = [sys.executable, "-c", _REPAIR, hub_server.endpoint, str(model.path.parent)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()
        assert model.path.read_bytes() == damaged
    (left,) = unfinished(model.path.parent)
    assert left.file == FILE
    hub_server.bytes_per_s = 0
    assert mend(model, result) is not None
    assert model.path.read_bytes() == CONTENT
    # What was repaired before a kill is not fetched again: a block for each kill at most.
    assert hub_server.content_bytes - before <= (len(damaged_blocks) + 3) * MIB
    assert unfinished(model.path.parent) == []


def test_a_repair_that_was_stopped_can_be_ended_by_a_download(
    model: InstalledModel, mend: Mend, hub: Hub, hub_server: HubServer, folder: Path
) -> None:
    spoil(model.path, 100, 7 * MIB)
    hub_server.fail(Cut(0), Refuse(404, "EntryNotFound"))
    with pytest.raises(DownloadError):
        mend(model, found(model))
    *_, again = download(hub, REPO, FILE, folder, cancel=threading.Event(), reserve_bytes=0)
    assert isinstance(again, InstalledModel)
    assert model.path.read_bytes() == CONTENT


def test_a_model_that_is_deleted_takes_its_stopped_repair_along(
    model: InstalledModel, mend: Mend, hub_server: HubServer, folder: Path
) -> None:
    spoil(model.path, 100, 7 * MIB)
    hub_server.fail(Cut(0), Refuse(404, "EntryNotFound"))
    with pytest.raises(DownloadError):
        mend(model, found(model))
    models = ModelFolder(folder)
    sizes = [path.stat().st_size for path in folder.iterdir() if ".part." not in path.name]
    assert models.remove(model) == sum(sizes) > 2 * SIZE
    assert list(folder.iterdir()) == []


def test_a_block_that_the_disk_cannot_read_is_a_damaged_one(
    model: InstalledModel, mend: Mend, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.models.downloading import verifying

    read = verifying._read

    def fail_at_3(opened, start: int, count: int) -> bytes:
        return b"" if start == 3 * MIB else read(opened, start, count)

    monkeypatch.setattr(verifying, "_read", fail_at_3)
    assert found(model).damaged == ((3 * MIB, 4 * MIB),)


def test_a_file_that_nobody_may_read(model: InstalledModel) -> None:
    model.path.chmod(0)
    if os.access(model.path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ModelError) as caught:
        found(model)
    assert caught.value.fault is ModelFault.NOT_ALLOWED


assert BLOCK_BYTES == MIB
