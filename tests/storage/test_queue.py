"""The queue: order, priority, claims that two never share, and what a crash leaves."""

from pathlib import Path

import pytest

from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.queue import ItemState, Priority, QueueStore
from assistant.storage.watched_folders import SeenFile, WatchedFolderStore, sign_of

A, B, C = Path("a.pdf"), Path("b.pdf"), Path("c.pdf")


@pytest.fixture
def queue(database: Database) -> QueueStore:
    return QueueStore(database)


def names(queue: QueueStore) -> list[str]:
    return [item.path.name for item in queue.items()]


def document(database: Database) -> int:
    return DocumentStore(database).save(
        path=A, title="A", type="pdf", sha256="1", pages=1, words=5, language="", content=b"x"
    )


def test_turns_come_by_priority_then_in_order(queue: QueueStore) -> None:
    first = queue.add_batch([A, B], options=b"o", name="Folder", wants_digest=True)
    queue.add_batch([C], options=b"p", priority=Priority.HIGH)
    assert names(queue) == ["c.pdf", "a.pdf", "b.pdf"]
    a, b = queue.items(first)
    queue.arrange([b.id, a.id])
    assert names(queue) == ["c.pdf", "b.pdf", "a.pdf"]
    queue.prioritize(a.id, Priority.HIGH)
    queue.prioritize(b.id, Priority.LOW)
    assert names(queue)[-1] == "b.pdf"
    batch = queue.batch(first)
    assert batch is not None
    assert (batch.name, batch.options, batch.wants_digest) == ("Folder", b"o", True)
    assert batch.counts == {ItemState.WAITING: 2}


def test_a_claim_is_one_process_s_and_ends_with_it(queue: QueueStore) -> None:
    batch = queue.add_batch([A, B], options=b"")
    mine, other = queue.claim("me"), queue.claim("other")
    assert mine is not None
    assert other is not None
    assert (mine.path, mine.state, mine.claimed_by) == (A, ItemState.RUNNING, "me")
    assert other.path == B
    assert queue.claim("me") is None
    assert queue.recover(lambda owner: owner == "me") == 1  # the other was killed
    queue.fail(mine.id, "why")
    again = queue.claim("me")
    assert again is not None
    assert again.path == B
    queue.release(again.id)
    assert [item.state for item in queue.items(batch)] == [ItemState.FAILED, ItemState.WAITING]
    assert queue.items(batch)[0].error == "why"
    queue.retry(mine.id)
    assert queue.claim("me") is not None


def test_held_and_paused_files_are_passed_over(queue: QueueStore) -> None:
    batch = queue.add_batch([A, B], options=b"")
    a, _ = queue.items(batch)
    queue.hold(a.id)
    found = queue.claim("me")
    assert found is not None
    assert found.path == B
    queue.hold(a.id, is_held=False)
    queue.pause(batch)
    assert queue.claim("me") is None
    queue.pause(batch, is_paused=False)
    assert queue.claim("me") is not None
    queue.remove(a.id)
    queue.remove_batch(batch)
    assert queue.batches() == queue.items() == []


def test_a_file_that_changes_under_way_waits_once_more(
    queue: QueueStore, database: Database
) -> None:
    batch = queue.add_batch([A], options=b"")
    item = queue.claim("me")
    assert item is not None
    queue.add(batch, [A])  # the folder's watch saw it change
    queue.finish(item.id, document(database))
    assert [one.state for one in queue.items(batch)] == [ItemState.WAITING]
    item = queue.claim("me")
    assert item is not None
    queue.finish(item.id, item.document_id)
    found = queue.batch(batch)
    assert found is not None
    assert found.is_over


def test_a_digest_goes_with_its_documents_and_when_a_file_is_done_again(
    queue: QueueStore, database: Database
) -> None:
    batch = queue.add_batch([A, B], options=b"", wants_digest=True)
    record = document(database)
    for path in (A, B):
        item = queue.claim("me")
        assert item is not None
        assert item.path == path
        queue.finish(item.id, record if path == A else None)
        queue.save_digest(batch, b"digest")
        assert queue.digest(batch) == b"digest"
    queue.retry(queue.items(batch)[1].id)
    item = queue.claim("me")
    assert item is not None
    queue.finish(item.id, None)
    assert queue.digest(batch) is None
    queue.save_digest(batch, b"again")
    documents = DocumentStore(database)
    documents.remove(record)
    documents.purge()
    assert queue.digest(batch) is None
    assert names(queue) == ["b.pdf"]


def test_of_a_removed_document_a_watched_folder_keeps_no_word(
    queue: QueueStore, database: Database, tmp_path: Path
) -> None:
    folders = WatchedFolderStore(database)
    batch = queue.add_batch([], options=b"")
    folder = folders.add(Path("/in"), batch, is_recursive=True)
    path = Path("/in/divorce-zebra.pdf")
    queue.add(batch, [path])
    item = queue.claim("me")
    assert item is not None
    documents = DocumentStore(database)
    record = documents.save(
        path=path,
        title="Zebra",
        type="pdf",
        sha256="5e",
        pages=1,
        words=1,
        language="en",
        content=b"zebra",
    )
    queue.finish(item.id, record)
    folders.note(folder, {path: SeenFile(1, 2)})
    documents.remove(record)
    documents.purge()
    assert folders.seen(folder) == {sign_of(path): SeenFile(1, 2)}  # it is not read again
    database.close()
    left = b"".join(file.read_bytes() for file in database.path.parent.iterdir() if file.is_file())
    assert b"zebra" not in left.lower()


def test_watched_folders_remember_what_they_saw(queue: QueueStore, database: Database) -> None:
    folders = WatchedFolderStore(database)
    batch = queue.add_batch([], options=b"")
    folder = folders.add(Path("/in"), batch, is_recursive=True)
    folders.note(folder, {A: SeenFile(1, 2), B: SeenFile(3, 4)})
    folders.note(folder, {A: SeenFile(5, 6)})
    assert folders.seen(folder) == {sign_of(A): SeenFile(5, 6), sign_of(B): SeenFile(3, 4)}
    assert folders.add(Path("/in"), batch, is_recursive=False) == folder
    folders.pause(folder)
    (found,) = folders.list()
    assert (found.path, found.is_recursive, found.is_paused) == (Path("/in"), False, True)
    folders.remove(folder)
    assert (folders.list(), folders.seen(folder)) == ([], {})
