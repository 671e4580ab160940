"""The database file itself: opening, writing, faults, two processes, a kill."""

import contextlib
import errno
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import CannotWrite, DamagedData, NewerData, NoSpace
from assistant.storage.chat_search import search
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.migrations import MIGRATIONS


def test_only_this_user_can_read_it(database: Database) -> None:
    ConversationStore(database).create("private")
    folder = database.path.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(files) == {"alcove.sqlite", "alcove.sqlite-wal", "alcove.sqlite-shm"}
    assert set(files.values()) == {0o600}


def test_a_file_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    Database(path).close()
    path.chmod(0o644)
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_wal_foreign_keys_and_secure_delete_are_on(database: Database) -> None:
    def ask(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "foreign_keys", "secure_delete", "temp_store", "user_version")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert ask(database._writer) == ["wal", 1, 1, 2, len(MIGRATIONS)]


def test_a_closed_database_leaves_one_file_and_takes_no_more(tmp_path: Path) -> None:
    database = Database(tmp_path / "alcove.sqlite")
    store = ConversationStore(database)
    store.create("one")
    waiting = database.write(lambda c: c.execute("UPDATE conversations SET title = 'two'").rowcount)
    database.close()
    database.close()
    assert waiting.result() == 1
    assert [file.name for file in tmp_path.iterdir()] == ["alcove.sqlite"]
    with pytest.raises(CannotWrite):
        store.create("three")
    with pytest.raises(CannotWrite):
        store.list()


def test_reads_on_many_threads_leave_no_connections(database: Database) -> None:
    store = ConversationStore(database)
    store.create("seen by all")
    seen: list[str] = []

    def read() -> None:
        seen.extend(record.title for record in store.list())

    for _ in range(20):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    read()
    assert seen == ["seen by all"] * 21
    assert len(database._readers) == 1


def test_writes_from_many_threads_all_arrive(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()

    def write(number: int) -> None:
        for turn in range(10):
            store.add_message(conversation, "user", f"{number}.{turn}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({m.content for m in store.messages(conversation)}) == 80


def test_reads_go_on_while_everything_is_erased(small_disk: Callable[[str], Path]) -> None:
    database = Database(small_disk("1m") / "alcove.sqlite")
    store = ConversationStore(database)
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                store.list()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            conversation = store.create("full")
            with contextlib.suppress(NoSpace):
                while True:
                    store.add_message(conversation, "user", "x" * 50_000)
            database.erase()
    finally:
        done.set()
        for thread in threads:
            thread.join()
        database.close()
    assert errors == []


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO conversations (title, created_at, updated_at) VALUES ('x', 0, 0)"
        )
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(fail).result()
    assert ConversationStore(database).list() == []


def test_a_mistake_of_ours_is_not_called_the_environments(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.query("SELECT * FROM nowhere")


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(CannotWrite):
        database.query("DELETE FROM conversations")


def test_newer_data_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE from_the_future (x)")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 3}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerData) as caught:
        Database(path)
    assert (caught.value.found, caught.value.known) == (len(MIGRATIONS) + 3, len(MIGRATIONS))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["alcove.sqlite"]


def test_newer_data_in_a_log_that_a_crash_left_is_refused_and_left_as_it_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "alcove.sqlite"
    Database(path).close()
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute("PRAGMA wal_autocheckpoint = 0")
    newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.execute("CREATE TABLE from_the_future (x)")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in tmp_path.glob("alcove.sqlite*"):  # as they lie there when the power goes
        if not file.name.endswith("-shm"):
            shutil.copy(file, crashed)
    newer.close()
    before = {file.name: file.read_bytes() for file in crashed.iterdir()}
    assert before.keys() == {"alcove.sqlite", "alcove.sqlite-wal"}
    with pytest.raises(NewerData):
        Database(crashed / "alcove.sqlite")
    assert {file.name: file.read_bytes() for file in crashed.iterdir()} == before


def test_a_disk_without_modes_can_hold_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT, as sticks have it, refuses modes that it cannot express."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    database = Database(tmp_path / "alcove.sqlite")
    assert ConversationStore(database).create("works")
    database.close()


@pytest.mark.parametrize("rubbish", [b"not a database at all " * 500, b"SQLite format 3\x00" * 99])
def test_a_damaged_file_is_kept_aside_and_a_fresh_one_made(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "alcove.sqlite"
    path.write_bytes(rubbish)
    database = Database(path)
    try:
        assert database.set_aside is not None
        assert database.set_aside.kept_as is not None
        assert database.set_aside.kept_as.read_bytes() == rubbish
        ConversationStore(database).create("works")
    finally:
        database.close()
    second = Database(path)
    assert second.set_aside is None
    second.close()


def test_damage_met_while_running_is_set_aside_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    database = Database(path)
    store = ConversationStore(database)
    conversation = store.create("lost")
    for _ in range(200):
        store.add_message(conversation, "user", "words " * 200)
    database.close()
    pages = path.stat().st_size // 4096
    with path.open("r+b") as file:  # the schema's pages, the first, stay whole
        file.seek(pages // 2 * 4096)
        file.write(os.urandom((pages - pages // 2 - 1) * 4096))

    database = Database(path)
    assert database.set_aside is None
    with pytest.raises(DamagedData):
        ConversationStore(database).messages(conversation)
    assert not database.check()
    database.close()

    database = Database(path)
    assert database.set_aside is not None
    assert ConversationStore(database).list() == []
    database.close()


def test_a_false_alarm_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    Database(path).close()
    (tmp_path / "alcove.sqlite-suspect").touch()
    database = Database(path)
    assert database.set_aside is None
    assert database.check()
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == ["alcove.sqlite"]


def test_a_full_disk_while_saving(small_disk: Callable[[str], Path]) -> None:
    database = Database(small_disk("1m") / "alcove.sqlite")
    store = ConversationStore(database)
    conversation = store.create("kept")
    with pytest.raises(NoSpace):
        store.add_message(conversation, "user", "x" * 2_000_000)
    store.add_message(conversation, "user", "small enough")
    assert [m.content for m in store.messages(conversation)] == ["small enough"]
    database.close()


def test_a_full_disk_while_opening(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("100k")
    (disk / "ballast").write_bytes(b"x" * 98_304)
    with pytest.raises(NoSpace):
        Database(disk / "alcove.sqlite")
    (disk / "ballast").unlink()


def test_everything_can_be_erased_from_a_full_disk(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("1m")
    database = Database(disk / "alcove.sqlite")
    store = ConversationStore(database)
    conversation = store.create("kept")
    with contextlib.suppress(NoSpace):
        while True:
            store.add_message(conversation, "user", "secret " * 1000)
    database.erase()
    assert store.list() == []
    store.create("goes on")
    assert all(b"secret" not in file.read_bytes() for file in disk.iterdir())
    database.close()


def test_a_read_only_home(tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    Database(home / "alcove.sqlite").close()
    place = read_only(home)
    with pytest.raises(CannotWrite):
        Database(place / "alcove.sqlite")
    with pytest.raises(CannotWrite):
        Database(place / "new" / "alcove.sqlite")


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    (tmp_path / "alcove.sqlite").mkdir()
    with pytest.raises(CannotWrite):
        Database(tmp_path / "alcove.sqlite")


_WRITER = """
import sys
from pathlib import Path
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
database = Database(Path(sys.argv[1]))
store = ConversationStore(database)
conversation = store.create("of " + sys.argv[2])
for turn in range(int(sys.argv[3])):
    message = store.add_message(conversation, "user", f"word {turn} " * 50)
    print(message, flush=True)
    store.add_message(conversation, "assistant", "", status=MessageStatus.STREAMING)
database.close()
"""


def _start_writer(path: Path, name: str, turns: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(path), name, str(turns)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_nothing_committed_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    for round_ in range(3):
        process = _start_writer(path, "a killed one", 1_000_000)
        assert process.stdout is not None
        committed = [int(process.stdout.readline()) for _ in range(40 + 30 * round_)]
        process.send_signal(signal.SIGKILL)
        committed += [int(line) for line in process.stdout.read().splitlines()]
        process.stdout.close()
        process.wait()

        database = Database(path)
        store = ConversationStore(database)
        assert database.set_aside is None
        assert database.check()
        stored = {m.id: m for m in store.messages(store.list()[0].id)}
        assert set(committed) <= set(stored)
        assert store.settle() >= len(committed) - 1
        assert store.settle() == 0
        assert "streaming" not in {m.status for m in store.messages(store.list()[0].id)}
        database.close()


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    # None of them finds the file made: creating it, too, is a race that must end well.
    processes = [_start_writer(path, str(number), 30) for number in range(3)]
    database = Database(path)
    store = ConversationStore(database)
    own = store.create("of the window")
    for turn in range(30):
        store.add_message(own, "user", str(turn))
        store.list()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    counts = sorted(len(store.messages(record.id)) for record in store.list())
    assert counts == [30, 60, 60, 60]
    database.close()


def test_one_in_memory_does_all_that_one_on_the_disk_does_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    seen: set[str] = set()
    database, other = Database.in_memory(), Database.in_memory()
    store = ConversationStore(database)
    assert (database.is_in_memory, database.set_aside) == (True, None)

    def write(number: int) -> None:
        conversation = store.create(f"chat {number}")
        for turn in range(30):
            store.add_message(conversation, "user", f"secret {turn} " * 500)
            assert len(store.messages(conversation)) == turn + 1
            seen.update(file.name for file in tmp_path.rglob("*"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.list()) == 4
    assert len(search(database, "secret", limit=500)) == 120
    assert ConversationStore(other).list() == []
    store.remove(store.list()[0].id)
    assert store.purge() == 1
    assert database.check()
    with pytest.raises(ZeroDivisionError):
        database.write(lambda c: c.execute("DELETE FROM messages").rowcount / 0).result()
    assert len(search(database, "secret", limit=500)) == 90
    database.erase()
    assert store.list() == []
    store.create("goes on")
    database.close()
    database.close()
    with pytest.raises(CannotWrite):
        store.list()
    with pytest.raises(CannotWrite):
        store.create()
    assert ConversationStore(other).create("of its own") == 1
    other.close()
    assert seen == set()
    assert list(tmp_path.iterdir()) == []


def test_an_erased_database_finds_nothing_and_then_what_is_new(database: Database) -> None:
    store = ConversationStore(database)
    for turn in range(50):
        store.add_message(store.create("zquagmire"), "user", f"uquagmire {turn}")
    schema = database.query("SELECT type, name, sql FROM sqlite_master ORDER BY name")
    database.erase()
    assert search(database, "uq") == []
    assert all(b"quagmire" not in file.read_bytes() for file in database.path.parent.iterdir())
    assert database.query("SELECT type, name, sql FROM sqlite_master ORDER BY name") == schema
    message = store.add_message(store.create(), "user", "new words")
    assert [hit.message_id for hit in search(database, "new")] == [message]
    assert message is not None
    store.remove_message(message)
    assert search(database, "new") == []
