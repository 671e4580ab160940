"""Models that are cut into several files: one download, one record, all files or no model."""

import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import DownloadError, DownloadFault, NoSpace
from assistant.models.downloading.download import (
    DownloadProgress,
    download,
    files_in_repo,
    unfinished,
)
from assistant.models.downloading.verifying import VerifyResult, verify
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import Patience
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from tests.models.hub_server import Cut, HubServer, IgnoreRange, WrongBytes
from tests.models.tiny_gguf import tiny_gguf

REPO = "owner/large-GGUF"
NAMES = [f"Large-Q4_K_M-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
FILES = [f"Q4_K_M/{name}" for name in NAMES]
CONTENTS = [
    tiny_gguf(size, seed=number, part=(number, 3), licence="mit")
    for number, size in enumerate((1_500_000, 2_000_000, 700_000))
]
TOTAL = sum(map(len, CONTENTS))
MIB = 1024 * 1024


class Run:
    """A download with what it says on the way."""

    def __init__(self, hub: Hub, folder: Path, patience: Patience) -> None:
        self.hub, self.folder, self.patience = hub, folder, patience
        self.cancel = threading.Event()
        self.said: list[DownloadProgress] = []

    def events(self, file: str = FILES[0], **options) -> Iterator[object]:
        options = {"patience": self.patience, "reserve_bytes": 0, **options}
        for event in download(self.hub, REPO, file, self.folder, cancel=self.cancel, **options):
            if isinstance(event, DownloadProgress):
                self.said.append(event)
            yield event

    def __call__(self, file: str = FILES[0], **options) -> InstalledModel | None:
        self.said.clear()
        *_, last = [None, *self.events(file, **options)]
        return last if isinstance(last, InstalledModel) else None

    def stop_after(self, done_bytes: int) -> None:
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
    commits = [
        hub_server.add(REPO, file, content, licence="mit")
        for file, content in zip(FILES, CONTENTS, strict=True)
    ]
    return commits[-1]


def _is_whole(folder: Path) -> bool:
    return [(folder / name).read_bytes() for name in NAMES] == CONTENTS


@pytest.mark.parametrize("file", FILES)
def test_any_file_of_a_model_stands_for_all(
    run: Run, hub_server: HubServer, commit: str, file: str
) -> None:
    model = run(file)
    assert model is not None
    assert _is_whole(run.folder)
    assert (model.name, model.size_bytes) == ("Large-Q4_K_M", TOTAL)
    assert (model.file, model.revision) == (FILES[0], commit)
    assert model.is_verified
    assert model.name in {one.name for one in ModelFolder(run.folder).list()}
    records = [name for name in run.names if name.endswith(".json")]
    assert records == [f"{NAMES[0]}.json"]
    record = json.loads((run.folder / records[0]).read_text())
    assert [part["name"] for part in record["parts"]] == NAMES[1:]
    assert [part["sha256"] for part in record["parts"]] == [
        sha256(content).hexdigest() for content in CONTENTS[1:]
    ]
    assert not [name for name in run.names if "part" in name.removeprefix("Large")[9:]]
    assert len([one for one in hub_server.asked if not one.is_for_content]) == 1


def test_there_is_one_progress(run: Run, commit: str) -> None:
    run()
    done = [p.done_bytes for p in run.said]
    assert done == sorted(done)
    assert {p.total_bytes for p in run.said[1:]} == {TOTAL}
    assert run.said[-1].done_bytes == run.said[-1].fetched_bytes == TOTAL
    assert run() is not None
    assert run.said[-1].resumed_bytes == TOTAL
    assert run.said[-1].fetched_bytes == 0


@pytest.mark.parametrize("done", [300_000, 1_600_000, 3_000_000, 3_600_000])
def test_it_goes_on_wherever_it_was_stopped(
    run: Run, hub_server: HubServer, commit: str, done: int
) -> None:
    hub_server.bytes_per_s = 3_000_000
    run.stop_after(done)
    assert not [name for name in run.names if name.endswith(".gguf")]
    (left,) = unfinished(run.folder)
    assert (left.repo, left.file, left.total_bytes) == (REPO, FILES[0], TOTAL)
    assert done <= left.done_bytes < TOTAL
    hub_server.bytes_per_s = 0
    assert run() is not None
    assert _is_whole(run.folder)
    assert run.said[-1].resumed_bytes == left.done_bytes
    assert run.said[-1].fetched_bytes == TOTAL - left.done_bytes
    assert unfinished(run.folder) == []


def test_one_that_is_not_wanted_leaves_nothing(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    hub_server.bytes_per_s = 3_000_000
    run.stop_after(3_000_000)
    (left,) = unfinished(run.folder)
    assert left.discard()
    assert run.names == []


def test_a_crash_between_the_last_steps_is_made_good(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    run()
    for suffix in ("", ".blocks"):
        (run.folder / f"{NAMES[0]}{suffix}").unlink()
    (run.folder / f"{NAMES[0]}.json").unlink()
    before = hub_server.content_bytes
    # The first file is fetched, the others are where they belong.
    assert run(target=run.folder / NAMES[0]) is not None
    assert _is_whole(run.folder)
    assert hub_server.content_bytes - before == len(CONTENTS[0])


def test_cuts_and_damage_in_any_file(run: Run, hub_server: HubServer, commit: str) -> None:
    first = (Cut(200_000), WrongBytes(1_400_000), Cut(100_000), IgnoreRange())
    second = (WrongBytes(1_100_000), Cut(1_100_000))
    hub_server.fail(*first, *second)
    assert run() is not None
    assert run.said[-1].restarts == 1
    assert _is_whole(run.folder)
    hub_server.fail(*[WrongBytes(300_000)] * 9)
    (run.folder / f"{NAMES[0]}.json").unlink()
    (run.folder / NAMES[1]).unlink()
    with pytest.raises(DownloadError) as caught:
        run(target=run.folder / NAMES[0])
    assert caught.value.fault is DownloadFault.DAMAGED


def test_a_missing_file_is_named_before_anything_is_fetched(
    run: Run, hub_server: HubServer
) -> None:
    for file, content in zip(FILES[:2], CONTENTS[:2], strict=True):
        hub_server.add(REPO, file, content)
    with pytest.raises(DownloadError) as caught:
        run()
    assert caught.value.fault is DownloadFault.FILE_NOT_FOUND
    assert caught.value.file == FILES[2]
    assert hub_server.content_requests == []
    assert run.names == []


def test_room_for_all_is_looked_for_before(
    run: Run, hub_server: HubServer, commit: str, small_disk
) -> None:
    run.folder = small_disk("3m")
    with pytest.raises(NoSpace) as caught:
        run()
    assert caught.value.needed_bytes == TOTAL
    assert hub_server.content_requests == []


def test_a_set_of_another_origin_is_not_replaced(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    run.folder.mkdir()
    (run.folder / NAMES[1]).write_bytes(b"the person's own")
    model = run()
    assert model is not None
    assert model.path.name == "Large-Q4_K_M-owner-00001-of-00003.gguf"
    assert (run.folder / NAMES[1]).read_bytes() == b"the person's own"


def test_one_that_is_damaged_later_is_found_and_mended(
    run: Run, hub_server: HubServer, commit: str
) -> None:
    from assistant.models.downloading.repairing import repair

    model = run()
    assert model is not None
    begin = len(CONTENTS[0])
    for number, at in ((1, 1_100_000), (2, 5)):
        path = run.folder / NAMES[number]
        content = bytearray(path.read_bytes())
        content[at] ^= 1
        path.write_bytes(content)
    *_, found = verify(model.path, cancel=run.cancel)
    assert isinstance(found, VerifyResult)
    assert found.damaged == (
        (begin + MIB, begin + len(CONTENTS[1]) + len(CONTENTS[2])),
    )  # the last block of the second and the only one of the third touch
    before = hub_server.content_bytes
    *_, mended = repair(run.hub, model, found.damaged, cancel=run.cancel, reserve_bytes=0)
    assert mended == model
    assert _is_whole(run.folder)
    fetched = hub_server.content_bytes - before
    assert fetched == len(CONTENTS[1]) - MIB + len(CONTENTS[2])


def test_names_of_the_files() -> None:
    assert files_in_repo("a.gguf") == ("a.gguf",)
    assert files_in_repo("x/y/a.gguf") == ("x/y/a.gguf",)
    assert files_in_repo(FILES[2]) == tuple(FILES)
    assert files_in_repo("a-00001-of-00001.gguf") == ("a-00001-of-00001.gguf",)
