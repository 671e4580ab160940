"""Documents: the same bytes are the same row; removing can be undone until it cannot."""

import random
from pathlib import Path

from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.summaries import SummaryStore


def _save(
    store: DocumentStore, name: str = "a.pdf", content: bytes = b"text", sha: str = "1"
) -> int:
    return store.save(
        path=Path("/home/person") / name,
        title=f"Title of {name}",
        type="pdf",
        sha256=sha,
        pages=3,
        words=100,
        language="en",
        content=content,
    )


def test_a_document_comes_back_as_it_was_saved(database: Database) -> None:
    store = DocumentStore(database)
    document = _save(store, content=b"\x00bytes\xff")
    record = store.get(document)
    assert record is not None
    assert record == store.list()[0] == store.find("1")
    assert record.path == Path("/home/person/a.pdf")
    assert (record.title, record.type, record.sha256) == ("Title of a.pdf", "pdf", "1")
    assert (record.pages, record.words, record.language) == (3, 100, "en")
    assert record.added_at == record.opened_at
    assert record.added_at.utcoffset() is not None
    assert store.content(document) == b"\x00bytes\xff"


def test_what_is_not_there_is_none(database: Database) -> None:
    store = DocumentStore(database)
    assert store.get(7) is None
    assert store.content(7) is None
    assert store.find("7") is None
    store.remove(7)
    store.touch(7)
    assert store.purge() == 0


def test_the_same_bytes_and_path_are_the_same_row(database: Database) -> None:
    store = DocumentStore(database)
    first = _save(store, content=b"old")
    assert _save(store, content=b"new") == first
    assert store.content(first) == b"new"
    other_path = _save(store, "b.pdf")
    other_bytes = _save(store, sha="2")
    assert len({first, other_path, other_bytes}) == 3
    found = store.find("1", Path("/home/person/a.pdf"))
    assert found is not None
    assert found.id == first


def test_the_last_opened_stands_first(database: Database) -> None:
    store = DocumentStore(database)
    a, b = _save(store, "a.pdf"), _save(store, "b.pdf")
    assert [record.id for record in store.list()] == [b, a]
    store.touch(a)
    assert [record.id for record in store.list()] == [a, b]


def test_removing_can_be_undone(database: Database) -> None:
    store = DocumentStore(database)
    summaries = SummaryStore(database)
    document = _save(store)
    summaries.save(document_id=document, mode="quick", words=100, content=b"summary")
    store.remove(document)
    assert store.list() == []
    assert store.get(document) is None
    store.restore(document)
    assert store.list()[0].id == document
    assert len(summaries.for_document(document)) == 1


def test_adding_a_removed_document_again_brings_it_back(database: Database) -> None:
    store = DocumentStore(database)
    document = _save(store)
    store.remove(document)
    assert _save(store) == document
    assert store.purge() == 0
    assert store.get(document) is not None


def test_purged_words_are_in_no_file(database: Database) -> None:
    store = DocumentStore(database)
    summaries = SummaryStore(database)
    kept = _save(store, "kept.pdf", b"the kept words", sha="2")
    gone = _save(store, "zanzibar.pdf", b"the xylophone is in the cellar " * 2000)
    summaries.save(
        document_id=gone, mode="quick", words=9, focus="quagmire", content=b"the walrus sleeps"
    )
    store.remove(gone)
    assert store.purge() == 1
    assert store.content(gone) is None
    assert summaries.for_document(gone) == []
    assert store.content(kept) == b"the kept words"
    stored = _all_bytes(database)
    assert b"the kept words" in stored
    for word in (b"xylophone", b"walrus", b"quagmire", b"zanzibar"):
        assert word not in stored


def test_purged_words_are_gone_whatever_stood_around_them(database: Database) -> None:
    store = DocumentStore(database)
    chance = random.Random(11)
    for round_ in range(8):
        documents = [
            _save(store, f"{n}.pdf", f"<{round_}-{n}>".encode() * chance.randint(1, 900), f"{n}")
            for n in range(25)
        ]
        for n in chance.sample(range(25), 12):
            grown = f"<{round_}-{n}>".encode() * chance.randint(1, 900)
            _save(store, f"{n}.pdf", grown, f"{n}")
        gone = set(chance.sample(range(25), 13))
        for n in gone:
            store.remove(documents[n])
        store.purge()
        stored = _all_bytes(database)
        for n in range(25):
            assert (f"<{round_}-{n}>".encode() in stored) == (n not in gone)


def _all_bytes(database: Database) -> bytes:
    return b"".join(file.read_bytes() for file in database.path.parent.iterdir())
