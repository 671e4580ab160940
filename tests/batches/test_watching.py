"""A watched folder: what is new or changed joins the queue once it is whole."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.batches import watching
from assistant.batches.watching import Crowded, FolderGone, FolderWatch, Joined, watch
from assistant.storage.database import Database
from assistant.storage.queue import QueueStore
from assistant.storage.watched_folders import WatchedFolderStore, sign_of


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "alcove.sqlite")
    yield opened
    opened.close()


def test_a_file_that_is_being_written_waits_and_a_changed_one_comes_again(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    letter = folder / "letter.txt"
    letter.write_text("The rent")
    watched = FolderWatch(folder, {}, is_recursive=True, settle_s=2)
    assert watched.look(0) == {}  # it may still grow
    letter.write_text("The rent is due.")
    assert watched.look(3) == {}  # it did
    (folder / "deep" / "more.txt").write_text("More.")
    (folder / ".hidden").write_text("hidden")
    (folder / "empty.txt").touch()
    # A download that stalls looks whole; it gets its name when it is.
    (folder / "lease.pdf.part").write_text("The first half")
    (folder / "Unconfirmed 42.crdownload").write_text("The first half")
    assert list(watched.look(5)) == [letter]
    assert list(watched.look(7)) == [folder / "deep" / "more.txt"]
    assert watched.look(9) == {}
    os.utime(letter, ns=(1, 1))
    assert watched.look(11) == {}
    seen = watched.look(13)
    assert list(seen) == [letter]
    # After a restart nothing comes again that was seen.
    known = {sign_of(path): facts for path, facts in seen.items()}
    again = FolderWatch(folder, known, is_recursive=False, settle_s=0)
    assert (again.look(0), again.look(1)) == ({}, {})


def test_what_a_crowded_folder_leaves_out_is_told(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_MOST_FILES", 3)
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text("The rent is due.")
    folders = WatchedFolderStore(database)
    batch = QueueStore(database).add_batch([], options=b"")
    folders.add(folder, batch, is_recursive=False)
    cancel = threading.Event()
    told = []
    for event in watch(folders, QueueStore(database), cancel=cancel, look_s=0.01, settle_s=0):
        told.append(event)
        if isinstance(event, Crowded) and not event.left_out:
            break
        if isinstance(event, Crowded):
            for number in range(2):
                (folder / f"{number}.txt").unlink()
    assert [event.left_out for event in told if isinstance(event, Crowded)] == [2, 0]


def test_files_join_the_folder_s_batch_and_are_not_taken_twice(
    tmp_path: Path, database: Database
) -> None:
    folder, gone = tmp_path / "in", tmp_path / "gone"
    folder.mkdir()
    (folder / "a.txt").write_text("The rent is due.")
    (folder / "program").write_bytes(b"\x7fELF\x00\x00")
    queue, folders = QueueStore(database), WatchedFolderStore(database)
    batch = queue.add_batch([], options=b"")
    folders.add(folder, batch, is_recursive=False)
    folders.add(gone, queue.add_batch([], options=b""), is_recursive=False)
    cancel = threading.Event()

    def look(times: int) -> list[Joined | FolderGone | Crowded]:
        found = []
        for event in watch(folders, queue, cancel=cancel, look_s=0.01, settle_s=0):
            found.append(event)
            if len(found) == times:
                break
        return found

    first, second = look(2)
    assert isinstance(first, FolderGone)
    assert isinstance(second, Joined)
    assert second.files == (folder / "a.txt",)
    assert [item.path for item in queue.items(batch)] == [folder / "a.txt"]
    (folder / "b.txt").write_text("More.")
    (event,) = [event for event in look(2) if isinstance(event, Joined)]
    assert event.files == (folder / "b.txt",)
    cancel.set()
    assert look(1) == []
