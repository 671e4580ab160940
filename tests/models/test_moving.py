"""Moving the folder of models: to another disk, cut at any moment, refused where it must be."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock

import pytest

from assistant.errors import AssistantError, CannotWrite, MoveFault, MoveRefused, NoSpace
from assistant.models.files.copying import part_of
from assistant.models.files.lock import FileLock
from assistant.models.files.record import ModelRecord, write_record
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.installed import ModelFolder
from assistant.models.keeping.moved_files import Move, MoveNote, MoveStage
from assistant.models.keeping.moving import move_models, pending_move
from assistant.settings import Settings, SettingsFile
from tests.models.tiny_gguf import tiny_gguf

ROOT = Path(__file__).resolve().parents[2]
Event = CopyProgress | Path
Mover = Callable[..., list[Event]]


class AfterLooks(threading.Event):
    """A wish to stop that comes at the move's `most`-th look for one."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with what a folder of models may hold."""
    folder = tmp_path / "old"
    folder.mkdir()
    for number, size in enumerate((3_000_000, 100, 9_000_000)):
        path = folder / f"m{number}.gguf"
        path.write_bytes(tiny_gguf(size, seed=number))
        write_record(path, ModelRecord(size_bytes=path.stat().st_size, sha256="", repo="o/n"))
        os.utime(path, ns=(10**18, 10**18 + number * 1_000_000_007))
    (folder / "m0.gguf.blocks").write_bytes(os.urandom(100))
    (folder / "half.gguf.part").write_bytes(os.urandom(5_000))
    (folder / "half.gguf.part.json").write_bytes(b"{}")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "data" / "settings.json")


@pytest.fixture
def note(tmp_path: Path) -> MoveNote:
    return MoveNote(tmp_path / "data" / "moving.json")


@pytest.fixture
def move(models: Path, settings: SettingsFile, note: MoveNote) -> Mover:
    def switch(folder: Path) -> None:
        settings.change(model_folder=str(folder))

    def move(target: Path, source: Path | None = None, **options: object) -> list[Event]:
        here = source or Path(settings.value.model_folder or models)
        options = {"cancel": threading.Event(), "reserve_bytes": 0} | options
        return list(move_models(here, target, note=note, switch=switch, **options))

    return move


@pytest.fixture
def other_disk(small_disk: Callable[[str], Path]) -> Path:
    return small_disk("40m") / "models"


def sums(folder: Path) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".")
    }


def test_on_one_disk_it_takes_no_space(move, models, tmp_path, settings) -> None:
    before, inode = sums(models), (models / "m2.gguf").stat().st_ino
    target = tmp_path / "deep" / "new"
    assert move(target)[-1] == target
    assert sums(target) == before
    assert (target / "m2.gguf").stat().st_ino == inode
    assert settings.value.model_folder == str(target)
    assert not models.exists()
    assert sorted(p.name for p in settings._path.parent.iterdir()) == ["settings.json"]


def test_to_another_disk_with_its_times_and_progress(move, models, other_disk, settings) -> None:
    before, changed = sums(models), (models / "m2.gguf").stat().st_mtime_ns
    *progress, last = move(other_disk)
    assert last == other_disk
    assert sums(other_disk) == before
    assert (other_disk / "m2.gguf").stat().st_mtime_ns == changed
    done = [event.done_bytes for event in progress]
    assert done == sorted(done)
    assert progress[-1].done_bytes == progress[-1].total_bytes > 12_000_000
    assert not models.exists()
    listed = [model.name for model in ModelFolder(Path(settings.value.model_folder)).list()]
    assert listed[:3] == ["m0", "m1", "m2"]


def test_what_else_is_in_the_folder_stays(move, models, tmp_path) -> None:
    (models / "notes.txt").write_text("mine")
    (models / "sub").mkdir()
    (models / ".hidden.gguf").write_bytes(b"x")
    os.mkfifo(models / "pipe.gguf")
    move(tmp_path / "new")
    assert {path.name for path in models.iterdir()} == {
        "notes.txt",
        "sub",
        ".hidden.gguf",
        "pipe.gguf",
    }


def test_links_are_links_in_the_new_folder_too(move, models, tmp_path) -> None:
    real = tmp_path / "elsewhere.gguf"
    real.write_bytes(tiny_gguf(77))
    (models / "linked.gguf").symlink_to(Path("..") / "elsewhere.gguf")
    move(tmp_path / "deep" / "new")
    assert (tmp_path / "deep" / "new" / "linked.gguf").readlink() == real
    assert real.exists()


def test_an_empty_or_missing_folder_is_only_switched(move, tmp_path, settings) -> None:
    move(tmp_path / "new", tmp_path / "never-made")
    assert settings.value.model_folder == str(tmp_path / "new")


@pytest.mark.parametrize(
    ("target", "fault"),
    [("old", MoveFault.SAME), ("old/sub/deeper", MoveFault.INSIDE), ("link", MoveFault.SAME)],
)
def test_not_into_itself(move, models, tmp_path, settings, target, fault) -> None:
    (tmp_path / "link").symlink_to(models)
    before = sums(models)
    with pytest.raises(MoveRefused) as refused:
        move(tmp_path / target)
    assert refused.value.fault is fault
    assert sums(models) == before
    assert settings.value.model_folder == ""
    assert not (models / "sub").exists()


def test_to_its_parent_folder(move, models, tmp_path) -> None:
    before = sums(models)
    move(tmp_path)
    assert before.items() <= sums(tmp_path).items()


def test_another_file_of_the_name_is_never_replaced(move, models, tmp_path, settings) -> None:
    target = tmp_path / "new"
    target.mkdir()
    (target / "m1.gguf").write_bytes(b"theirs")
    before = sums(models)
    with pytest.raises(MoveRefused) as refused:
        move(target)
    assert (refused.value.fault, refused.value.path) == (MoveFault.NAME_TAKEN, target / "m1.gguf")
    assert sums(models) == before
    assert sums(target) == {"m1.gguf": sha256(b"theirs").hexdigest()}
    assert settings.value.model_folder == ""
    (target / "m1.gguf").write_bytes((models / "m1.gguf").read_bytes())  # the same is taken
    move(target)
    assert sums(target) == before


def test_links_to_the_old_folder_do_not_count_as_copies(move, models, tmp_path) -> None:
    before, target = sums(models), tmp_path / "shared"
    target.mkdir()
    (target / "m0.gguf").symlink_to(models / "m0.gguf")
    (target / "way.gguf").symlink_to(models / "m1.gguf")
    (target / "m1.gguf").symlink_to("way.gguf")  # over another link
    move(target)
    (target / "way.gguf").unlink()
    assert sums(target) == before
    assert not any(path.is_symlink() for path in target.iterdir())
    assert not models.exists()


def test_what_was_there_before_a_move_outlives_its_undoing(move, models, tmp_path, note) -> None:
    theirs, stopped = tmp_path / "theirs", threading.Event()
    theirs.mkdir()
    (theirs / "m0.gguf").write_bytes((models / "m0.gguf").read_bytes())

    class Stopping(MoveNote):
        def write(self, begun: Move) -> None:
            super().write(begun)
            if "m1.gguf" in begun.copied:
                stopped.set()

    list(
        move_models(
            models,
            theirs,
            note=Stopping(note._path),
            switch=lambda _: None,
            cancel=stopped,
            reserve_bytes=0,
        )
    )
    assert {path.name for path in theirs.iterdir()} > {"m0.gguf", "m1.gguf"}
    before = sums(models)
    move(tmp_path / "better")
    assert [path.name for path in theirs.iterdir()] == ["m0.gguf"]
    assert sums(tmp_path / "better") == before


@pytest.mark.parametrize("way", ["folder", "files"])
def test_an_old_folder_that_became_a_link_to_the_copies_keeps_them(
    move, models, tmp_path, note, way
) -> None:
    before, copies = sums(models), tmp_path / "copies"
    copies.mkdir()
    begun = Move(folder_from=str(models), folder_to=str(copies))
    for source in list(models.iterdir()):
        facts = source.stat()
        source.rename(copies / source.name)
        begun = begun.with_copy(source.name, facts)
        if way == "files":
            source.symlink_to(copies / source.name)
    if way == "folder":
        models.rmdir()
        models.symlink_to(copies)
    note.folder.mkdir()
    note.write(begun)
    move(tmp_path / "better")
    kept = [copies, tmp_path / "better"]
    assert before in [sums(folder) for folder in kept if folder.exists()]
    assert sums(tmp_path / "better") == before


@pytest.mark.parametrize("disk", ["one", "other"])
def test_what_came_before_the_switch_is_taken_along(
    move, models, request, tmp_path, note, settings, disk
) -> None:
    target = tmp_path / "new" if disk == "one" else request.getfixturevalue("other_disk")

    def refuse(_: Path) -> None:
        raise CannotWrite(tmp_path)

    with pytest.raises(CannotWrite):
        list(
            move_models(
                models,
                target,
                note=note,
                switch=refuse,
                cancel=threading.Event(),
                reserve_bytes=0,
            )
        )
    (models / "later.gguf").write_bytes(tiny_gguf(50))
    with (models / "half.gguf.part").open("ab") as part:
        part.write(b"more of it")  # a download went on
    before = sums(models)
    move(target)
    assert sums(target) == before
    assert settings.value.model_folder == str(target)
    assert not models.exists()


def test_no_space_is_seen_before_anything_is_copied(move, models, small_disk, settings) -> None:
    target = small_disk("5m") / "models"
    before = sums(models)
    with pytest.raises(NoSpace) as full:
        move(target)
    assert full.value.needed_bytes > full.value.free_bytes > 0
    assert (sums(models), sums(target)) == (before, {})
    assert settings.value.model_folder == ""


def test_a_disk_that_fills_up_meanwhile(move, models, small_disk, settings, monkeypatch) -> None:
    target = small_disk("5m") / "models"
    before = sums(models)
    monkeypatch.setattr("assistant.models.keeping.moving._Moving._refuse_if_full", lambda *_: None)
    with pytest.raises(NoSpace):
        move(target)
    assert sums(models) == before
    assert settings.value.model_folder == ""


def test_read_only_folders_are_refused_at_once(move, models, tmp_path, read_only, settings) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    before = sums(models)
    with pytest.raises(CannotWrite):
        move(read_only(disk) / "models")
    with pytest.raises(CannotWrite):
        move(tmp_path / "new", read_only(models))
    assert sums(models) == before
    assert settings.value.model_folder == ""


def test_a_file_in_the_folders_place(move, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite):
        move(tmp_path / "file")


def test_while_a_download_writes_nothing_moves(move, models, tmp_path) -> None:
    lock = FileLock(models / "half.gguf.part.lock")
    assert lock.acquire()
    with pytest.raises(MoveRefused) as refused:
        move(tmp_path / "new")
    assert refused.value.fault is MoveFault.BUSY
    lock.release()
    move(tmp_path / "new")


def test_a_download_that_began_meanwhile_is_not_cut_off(move, models, tmp_path, settings) -> None:
    lock = FileLock(models / "new.gguf.part.lock")

    class Beginning(threading.Event):
        def is_set(self) -> bool:
            if not lock._descriptor > 0 and lock.acquire():
                (models / "new.gguf.part").write_bytes(b"GGUF")
            return False

    with pytest.raises(MoveRefused) as refused:
        move(tmp_path / "new", cancel=Beginning())
    assert (refused.value.fault, refused.value.path.name) == (MoveFault.BUSY, "new.gguf.part")
    assert settings.value.model_folder == ""
    lock.release()
    before = sums(models)
    move(tmp_path / "new")
    assert sums(tmp_path / "new") == before


def test_only_one_move_at_a_time(move, note, tmp_path) -> None:
    note.folder.mkdir()
    assert note.lock.acquire()
    with pytest.raises(MoveRefused) as refused:
        move(tmp_path / "new")
    assert refused.value.fault is MoveFault.BUSY
    note.lock.release()


def test_stopped_it_goes_on_with_the_same_command(move, models, other_disk, note, settings) -> None:
    before = sums(models)

    events = move(other_disk, cancel=AfterLooks(8))
    assert all(isinstance(event, CopyProgress) for event in events)
    assert sums(models) == before
    assert settings.value.model_folder == ""
    assert pending_move(note) == other_disk
    assert move(other_disk)[-1] == other_disk
    assert sums(other_disk) == before
    assert [path.name for path in other_disk.iterdir() if path.name.startswith(".")] == []
    assert pending_move(note) is None


def test_a_part_of_a_copy_is_gone_on_from_and_corrected(move, models, other_disk) -> None:
    before = sums(models)
    content = bytearray((models / "m2.gguf").read_bytes()[:5_000_000])
    content[4_500_000] ^= 1
    other_disk.mkdir()
    part_of(other_disk / "m2.gguf").write_bytes(content)
    part_of(other_disk / "m0.gguf").write_bytes(os.urandom(9_000_000))  # longer than the file
    move(other_disk)
    assert sums(other_disk) == before


def test_a_disk_that_gives_back_other_bytes(move, models, other_disk, monkeypatch) -> None:
    before = sums(models)
    monkeypatch.setattr("assistant.models.files.copying._reads_back", lambda *_: False)
    with pytest.raises(MoveRefused) as refused:
        move(other_disk)
    assert refused.value.fault is MoveFault.DAMAGED_COPY
    assert sums(models) == before
    assert list(other_disk.iterdir()) == []


def test_another_folder_undoes_what_was_begun(move, models, other_disk, tmp_path, note) -> None:
    before = sums(models)

    move(other_disk, cancel=AfterLooks(12))
    assert list(other_disk.iterdir())
    (other_disk / "theirs.txt").write_text("x")
    target = tmp_path / "better"
    move(target)
    assert sums(target) == before
    assert [path.name for path in other_disk.iterdir()] == ["theirs.txt"]


def test_copies_that_were_taken_into_use_are_not_undone(
    move, models, other_disk, tmp_path, note
) -> None:
    move(other_disk, cancel=AfterLooks(12))
    before, taken = sums(models), sums(other_disk)
    assert taken
    move(tmp_path / "better", other_disk)
    assert sums(tmp_path / "better") == taken
    assert sums(models) == before
    assert not other_disk.exists()  # nothing hidden was left in it


def test_a_model_that_changes_while_it_is_copied_is_copied_again(move, models, other_disk) -> None:
    changed = tiny_gguf(9_000_000, seed=99)

    class Changing(threading.Event):
        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            if self.looks == 3:
                (models / "m0.gguf").write_bytes(changed)
            return False

    move(other_disk, cancel=Changing())
    assert (other_disk / "m0.gguf").read_bytes() == changed
    assert not models.exists()


def test_a_model_that_is_deleted_meanwhile_does_not_come_back(move, models, tmp_path) -> None:
    class Deleting(threading.Event):
        def is_set(self) -> bool:
            for number in (1, 2):
                (models / f"m{number}.gguf").unlink(missing_ok=True)
            return False

    move(tmp_path / "new", cancel=Deleting())
    assert sorted(path.name for path in (tmp_path / "new").glob("*.gguf")) == ["m0.gguf"]


def test_what_changed_after_it_was_copied_is_not_deleted(
    move, models, other_disk, note, settings
) -> None:
    """Killed after the last check; then the person works on in the old folder."""
    before = sums(models)
    move(other_disk)
    begun = {
        "folder_from": str(models),
        "folder_to": str(other_disk),
        "stage": "deleting",
        "copied": {},
    }
    models.mkdir()
    for name in before:
        copy = other_disk / name
        (models / name).write_bytes(copy.read_bytes())
        facts = (models / name).stat()
        begun["copied"][name] = {
            "size_bytes": facts.st_size,
            "source_ns": facts.st_mtime_ns,
            "copy_ns": copy.stat().st_mtime_ns,
        }
    (note.folder / "moving.json").write_text(json.dumps(begun))
    (models / "m1.gguf").write_bytes(b"changed since")
    (models / "new.gguf").write_bytes(tiny_gguf(5))
    (other_disk / "m0.gguf").unlink()  # the copy is gone
    assert pending_move(note) == other_disk
    assert move(other_disk) == [other_disk]
    assert {path.name for path in models.iterdir()} == {"m1.gguf", "new.gguf", "m0.gguf"}
    assert settings.value.model_folder == str(other_disk)


def test_with_its_new_disk_away_nothing_is_switched_or_deleted(
    move, models, tmp_path, note, settings
) -> None:
    before = sums(models)
    note.folder.mkdir()
    begun = {"folder_from": str(models), "folder_to": str(tmp_path / "away"), "stage": "deleting"}
    (note.folder / "moving.json").write_text(json.dumps(begun))
    settings.change(model_folder=str(tmp_path / "away"))
    with pytest.raises(CannotWrite):
        move(tmp_path / "away")
    assert sums(models) == before


_CHILD = """
import sys, threading
from pathlib import Path
from assistant.models.keeping.moved_files import MoveNote
from assistant.models.keeping.moving import move_models
from assistant.settings import Settings, SettingsFile

old, new, data = map(Path, sys.argv[1:])
settings = SettingsFile(data / "settings.json")
here = Path(settings.value.model_folder or old)
switch = lambda folder: settings.change(model_folder=str(folder))
print("begun", flush=True)
for _ in move_models(here, new, note=MoveNote(data / "moving.json"), switch=switch,
                     cancel=threading.Event(), reserve_bytes=0):
    pass
"""


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_nothing_is_lost(models, other_disk, settings, note, seed) -> None:
    """Killed again and again, at random moments: the folder in use is whole after each."""
    before = sums(models)
    chance = random.Random(seed)
    kills = 0
    while not (settings_of(settings).model_folder and pending_move(note) is None):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(models), str(other_disk), str(note.folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        if kills < 20:
            time.sleep(chance.uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
        child.stdout.close()
        code = child.wait()
        assert code in {0, -signal.SIGKILL}
        kills += code != 0
        in_use = Path(settings_of(settings).model_folder or models)
        assert before.items() <= sums(in_use).items()
    assert kills
    assert sums(other_disk) == before
    assert not models.exists()


def settings_of(file: SettingsFile) -> Settings:
    """Return what another process stored."""
    return SettingsFile(file._path).value


def test_names_that_are_no_text_are_moved_too(models, move, note, tmp_path, latin_1) -> None:
    (models / "m2.gguf").rename(models / f"{latin_1}.gguf")
    before = sums(models)
    with pytest.raises(CannotWrite):
        list(
            move_models(
                models,
                tmp_path / latin_1,
                note=note,
                switch=Mock(side_effect=CannotWrite(tmp_path)),
                cancel=threading.Event(),
                reserve_bytes=0,
            )
        )
    assert pending_move(note) == tmp_path / latin_1
    move(tmp_path / "new")
    assert sums(tmp_path / "new") == before
    assert not (tmp_path / latin_1).exists()


def test_a_note_that_is_damaged_costs_only_time(move, models, other_disk, note) -> None:
    before = sums(models)
    note.folder.mkdir()
    (note.folder / "moving.json").write_bytes(b"rubbish")
    move(other_disk)
    assert sums(other_disk) == before


def test_faults_have_words() -> None:
    from assistant.wording import explain

    for fault in MoveFault:
        error: AssistantError = MoveRefused(Path("/x/y"), fault, "/z")
        assert "/x/y" in str(explain(error)) or "/z" in str(explain(error))
    assert MoveStage.COPYING != MoveStage.DELETING
