"""Backups: complete, checked before they replace anything, and refused in words."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import BackupFault, BackupUnusable, CannotWrite, NoSpace
from assistant.storage.backup import BackupContents, CopyProgress, backup, restore
from assistant.storage.chat_search import search
from assistant.storage.connection import connect
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.drafts import DraftStore
from assistant.storage.library import LibraryStore
from assistant.storage.migrations import MIGRATIONS
from assistant.wording import explain


def _fill(database: Database) -> int:
    """Store a bit of everything; return the conversation."""
    store = ConversationStore(database)
    conversation = store.create("About rent")
    question = store.add_message(conversation, "user", "Wie hoch ist die Miete in 東京?")
    store.add_message(conversation, "assistant", "Hoch.", stats={"tokens": 2}, evidence=b"{}")
    store.add_message(conversation, "assistant", "Sehr hoch.", parent_id=question)
    store.add_message(conversation, "assistant", "half", status=MessageStatus.STREAMING)
    document = DocumentStore(database).save(
        path=Path("/a.pdf"),
        title="A",
        type="pdf",
        sha256="1",
        pages=1,
        words=1,
        language="de",
        content=b"\x00\xff" * 50_000,
    )
    LibraryStore(database).index(document, ["Der Mietvertrag"])
    store.attach(conversation, document)
    DraftStore(database).put(None, "a draft")
    return conversation


def _all(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but those that an index is kept in."""
    names = database.query(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        " AND name <> 'sqlite_schema'"
    )
    return {name: database.query(f'SELECT * FROM "{name}"') for (name,) in names}


def _run(events: object) -> list[object]:
    return list(events)  # type: ignore[call-overload, no-any-return]


def test_what_is_restored_is_what_was_there(database: Database, tmp_path: Path) -> None:
    conversation = _fill(database)
    database.write(
        lambda c: c.execute("UPDATE messages SET status = 'stopped' WHERE content = 'half'")
    ).result()
    before = _all(database)
    file = tmp_path / "chats of mine.alcove-backup"
    file.write_text("an older one")
    *progress, made = backup(database, file, threading.Event())
    assert made == BackupContents(
        path=file, size_bytes=file.stat().st_size, conversations=1, documents=1
    )
    assert all(isinstance(event, CopyProgress) for event in progress)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {f.name for f in tmp_path.iterdir()} == {file.name, "data"}

    store = ConversationStore(database)
    store.delete_for_good([conversation])
    store.add_message(store.create("later"), "user", "the quagmire " * 3000)
    kept = file.read_bytes()
    seen: list[int] = []
    reader = threading.Thread(target=lambda: seen.append(len(store.list())))
    reader.start()
    reader.join()
    *progress, restored = restore(file, database, threading.Event())
    assert isinstance(restored, BackupContents)
    assert (restored.conversations, restored.documents) == (1, 1)
    assert _all(database) == before
    assert len(search(database, "miete 東京")) == 1
    assert search(database, "quagmire") == []
    assert len(LibraryStore(database).search("mietv")) == 1
    assert file.read_bytes() == kept
    stored = b"".join(f.read_bytes() for f in database.path.parent.iterdir())
    assert b"quagmire" not in stored
    assert [f.name for f in database.path.parent.iterdir() if "restoring" in f.name] == []
    store.add_message(conversation, "user", "and on")
    database.close()
    again = Database(database.path)
    assert again.set_aside is None
    assert [m.content for m in ConversationStore(again).messages(conversation)][-1] == "and on"
    again.close()


def test_a_reply_under_way_in_a_backup_is_restored_as_stopped(
    database: Database, tmp_path: Path
) -> None:
    conversation = _fill(database)
    list(backup(database, tmp_path / "b", threading.Event()))
    list(restore(tmp_path / "b", database, threading.Event()))
    store = ConversationStore(database)
    assert store.messages(conversation)[-1].status is MessageStatus.STOPPED
    assert len(search(database, "half")) == 1


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    database: Database, tmp_path: Path, version: int
) -> None:
    file = tmp_path / "old.sqlite"
    connection = connect(file)
    for statements in MIGRATIONS[:version]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute(
        "INSERT INTO conversations (id, title, created_at, updated_at) VALUES (1, 'old', 1, 2)"
    )
    column, value = (", evidence", ", x''") if version >= 5 else ("", "")
    connection.execute(
        "INSERT INTO messages (id, conversation_id, role, status, created_at, model_name, error,"
        f" stats, content, thinking{column})"
        f" VALUES (1, 1, 'user', 'complete', 1, '', '', '{{}}', 'Tür', ''{value})"
    )
    connection.execute("PRAGMA journal_mode = WAL")  # as one has who copied the file itself
    connection.close()
    *_, restored = restore(file, database, threading.Event())
    assert isinstance(restored, BackupContents)
    assert len(search(database, "tur")) == 1
    assert ConversationStore(database).messages(1)[0].content == "Tür"


def _unusable(file: Path, database: Database) -> BackupFault:
    before = _all(database)
    with pytest.raises(BackupUnusable) as caught:
        list(restore(file, database, threading.Event()))
    assert caught.value.path == file
    told = str(explain(caught.value))
    assert file.name in told
    assert not set("{}") & set(told)
    assert _all(database) == before
    names = {f.name for f in database.path.parent.iterdir()}
    assert names == {"alcove.sqlite", "alcove.sqlite-wal", "alcove.sqlite-shm"}
    return caught.value.fault


def test_what_is_no_backup_is_refused(database: Database, tmp_path: Path) -> None:
    _fill(database)
    folder = tmp_path / "folder"
    folder.mkdir()
    for content in (b"", b"hello", b"SQLite format 3\x00", b"SQLite format 3\x00" * 400):
        (tmp_path / "file").write_bytes(content)
        assert _unusable(tmp_path / "file", database) in {
            BackupFault.NOT_A_BACKUP,
            BackupFault.DAMAGED,
        }
    assert _unusable(tmp_path / "nowhere", database) is BackupFault.MISSING
    assert _unusable(folder, database) is BackupFault.UNREADABLE
    assert _unusable(database.path, database) is BackupFault.IN_USE
    with pytest.raises(BackupUnusable):
        list(backup(database, database.path, threading.Event()))


_CHANGES = {
    "DELETE FROM drafts": None,
    "DELETE FROM conversations": BackupFault.DAMAGED,
    "CREATE TABLE other (x)": BackupFault.NOT_A_BACKUP,
    "DROP TABLE drafts": BackupFault.NOT_A_BACKUP,
    "DROP TRIGGER words_go_with_messages": BackupFault.NOT_A_BACKUP,
    "CREATE TRIGGER t AFTER INSERT ON messages BEGIN DELETE FROM messages; END": (
        BackupFault.NOT_A_BACKUP
    ),
    "CREATE VIEW v AS SELECT load_extension('x')": BackupFault.NOT_A_BACKUP,
    "PRAGMA user_version = 0": BackupFault.NOT_A_BACKUP,
    "PRAGMA user_version = 2": BackupFault.NOT_A_BACKUP,
    "PRAGMA user_version = 99": BackupFault.NEWER,
    "UPDATE messages SET stats = '{'": BackupFault.DAMAGED,
    "UPDATE messages SET status = 'eaten'": BackupFault.DAMAGED,
    "UPDATE conversations SET title_by = 'nobody'": BackupFault.DAMAGED,
    "INSERT INTO recaps VALUES (1, 77, 77, '', 1, 0, 0)": BackupFault.DAMAGED,
    "DELETE FROM message_words_data": BackupFault.DAMAGED,
    "INSERT INTO message_words (message_words) VALUES ('delete-all')": None,  # it is made anew
}


def test_a_changed_backup_is_refused_unless_it_is_whole(database: Database, tmp_path: Path) -> None:
    _fill(database)
    list(backup(database, tmp_path / "good", threading.Event()))
    file = tmp_path / "changed"
    for statement, fault in _CHANGES.items():
        shutil.copy(tmp_path / "good", file)
        connection = sqlite3.connect(file)
        connection.create_function("searchable", 1, lambda text: text, deterministic=True)
        connection.execute(statement)
        connection.commit()
        connection.close()
        if fault is None:
            list(restore(file, database, threading.Event()))
            assert len(search(database, "miete")) == 1
            list(restore(tmp_path / "good", database, threading.Event()))
        else:
            assert _unusable(file, database) is fault, statement
    assert len(search(database, "miete")) == 1


def test_damage_anywhere_is_found_or_does_no_harm(database: Database, tmp_path: Path) -> None:
    """A page torn out, bytes overwritten, the end missing: refused, or all can be read."""
    _fill(database)
    list(backup(database, tmp_path / "good", threading.Event()))
    good = (tmp_path / "good").read_bytes()
    file = tmp_path / "damaged"
    faults: list[BackupFault] = []
    for place in range(4096, len(good), len(good) // 12):
        for damaged in (good[:place], good[:place] + os.urandom(600) + good[place + 600 :]):
            file.write_bytes(damaged)
            try:
                list(restore(file, database, threading.Event()))
            except BackupUnusable as error:
                faults.append(error.fault)
            else:
                _all(database)
                assert database.check()
    assert set(faults) <= {BackupFault.DAMAGED, BackupFault.NOT_A_BACKUP}
    assert len(faults) > 12


def test_a_cancelled_one_leaves_everything_as_it_was(database: Database, tmp_path: Path) -> None:
    _fill(database)
    cancelled = threading.Event()
    cancelled.set()
    file = tmp_path / "b"
    file.write_text("an older one")
    events = _run(backup(database, file, cancelled))
    assert not any(isinstance(event, BackupContents) for event in events)
    assert file.read_text() == "an older one"
    list(backup(database, file, threading.Event()))
    ConversationStore(database).create("later")
    before = _all(database)
    cancel = threading.Event()
    for event in restore(file, database, cancel):
        assert isinstance(event, CopyProgress)
        cancel.set()
    for _ in restore(file, database, threading.Event()):
        break  # whoever goes away in the middle leaves nothing behind, either
    assert _all(database) == before
    assert {f.name for f in tmp_path.iterdir()} == {"b", "data"}
    assert [f.name for f in database.path.parent.iterdir() if "restoring" in f.name] == []


def test_a_full_disk(database: Database, tmp_path: Path, small_disk: Callable[[str], Path]) -> None:
    _fill(database)
    disk = small_disk("300k")
    (disk / "ballast").write_bytes(b"x" * 200_000)
    with pytest.raises(NoSpace):
        list(backup(database, disk / "b", threading.Event()))
    assert [f.name for f in disk.iterdir()] == ["ballast"]
    list(backup(database, tmp_path / "b", threading.Event()))
    (disk / "ballast").unlink()
    small = Database(disk / "alcove.sqlite")
    kept = ConversationStore(small).create("kept")
    with pytest.raises(NoSpace):
        list(restore(tmp_path / "b", small, threading.Event()))
    assert [c.id for c in ConversationStore(small).list()] == [kept]
    small.close()


def test_a_folder_that_cannot_be_written(
    database: Database, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(CannotWrite):
        list(backup(database, read_only(place) / "b", threading.Event()))
    with pytest.raises(CannotWrite):
        list(backup(database, tmp_path / "nowhere" / "b", threading.Event()))


_RESTORER = """
import sys, threading
from pathlib import Path
from assistant.storage.backup import restore
from assistant.storage.database import Database
database = Database(Path(sys.argv[1]))
replace = database.replace_all
def replacing(source):
    print("replacing", flush=True)
    replace(source)
database.replace_all = replacing
for event in restore(Path(sys.argv[2]), database, threading.Event()):
    print("checking" if getattr(event, "is_checking", False) else "copying", flush=True)
print("done", flush=True)
"""


@pytest.mark.parametrize("moment", ["copying", "replacing"])
def test_a_kill_while_restoring_leaves_all_of_one_or_all_of_the_other(
    tmp_path: Path, moment: str
) -> None:
    path, file = tmp_path / "data" / "alcove.sqlite", tmp_path / "b"
    database = Database(path)
    store = ConversationStore(database)
    conversation = store.create("in the backup")
    for turn in range(30):
        store.add_message(conversation, "user", f"restored {turn} " * 3000)
    list(backup(database, file, threading.Event()))
    store.delete_for_good([conversation])
    store.add_message(store.create("before"), "user", "as it was")
    database.close()

    command = [sys.executable, "-c", _RESTORER, str(path), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == moment:
                process.kill()
                break
        process.stdout.read()
    (file.parent / f".{file.name}.{process.pid}.part").write_bytes(b"left behind")
    database = Database(path)
    assert database.set_aside is None
    assert database.check()
    [record] = ConversationStore(database).list()
    if record.title == "before":
        assert len(search(database, "was")) == 1
        assert search(database, "restored") == []
    else:
        assert moment == "replacing"
        assert len(search(database, "restored")) == 30
    assert not any("restoring" in f.name for f in path.parent.iterdir())
    list(backup(database, file, threading.Event()))
    assert {f.name for f in tmp_path.iterdir()} == {"data", "b"}
    database.close()
