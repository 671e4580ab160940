"""Summaries: one row for each document, mode, budget, focus and model."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.migrations import MIGRATIONS
from assistant.storage.summaries import SummaryStore


@pytest.fixture
def document(database: Database) -> int:
    return DocumentStore(database).save(
        path=Path("a.txt"),
        title="A",
        type="text",
        sha256="1",
        pages=1,
        words=5,
        language="en",
        content=b"text",
    )


def test_a_summary_comes_back_as_it_was_saved(database: Database, document: int) -> None:
    store = SummaryStore(database)
    summary = store.save(
        document_id=document,
        mode="quick",
        words=130,
        focus="rent",
        options='{"style": "bullets"}',
        model_name="Small",
        model_sha256="abc",
        is_complete=False,
        content=b"\x01\x02",
    )
    assert summary is not None
    [record] = store.for_document(document)
    assert (record.id, record.document_id, record.mode) == (summary, document, "quick")
    assert (record.words, record.focus, record.is_complete) == (130, "rent", False)
    assert (record.model_name, record.model_sha256) == ("Small", "abc")
    assert record.options == '{"style": "bullets"}'
    assert record.created_at.utcoffset() is not None
    assert store.content(summary) == b"\x01\x02"
    assert store.content(summary + 1) is None


def test_a_later_one_replaces_its_like_alone(database: Database, document: int) -> None:
    store = SummaryStore(database)
    first = store.save(document_id=document, mode="quick", words=130, content=b"1")
    longer = store.save(document_id=document, mode="quick", words=260, content=b"2")
    other = store.save(document_id=document, mode="quick", words=130, options="x", content=b"4")
    again = store.save(document_id=document, mode="quick", words=130, content=b"3")
    assert first == again
    assert first is not None
    assert store.content(first) == b"3"
    assert [record.id for record in store.for_document(document)] == [first, other, longer]


def test_an_incomplete_one_never_replaces_a_complete_one(database: Database, document: int) -> None:
    store = SummaryStore(database)
    first = store.save(
        document_id=document, mode="quick", words=1, content=b"part", is_complete=False
    )
    store.save(document_id=document, mode="quick", words=1, content=b"whole")
    store.save(document_id=document, mode="quick", words=1, content=b"part", is_complete=False)
    assert first is not None
    assert store.content(first) == b"whole"
    assert store.for_document(document)[0].is_complete


def test_a_document_that_is_gone_has_no_summaries(database: Database, document: int) -> None:
    store, documents = SummaryStore(database), DocumentStore(database)
    documents.remove(document)
    assert store.save(document_id=document, mode="quick", words=1, content=b"late") is not None
    documents.purge()
    assert store.save(document_id=document, mode="quick", words=1, content=b"too late") is None
    assert store.for_document(document) == []


def test_summaries_of_an_older_version_are_still_there(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute(
            "INSERT INTO documents VALUES (7, 'a', 'A', 'text', '1', 1, 5, 'en', 1, 1, NULL)"
        )
        old.execute("INSERT INTO summaries VALUES (3, 7, 'quick', 80, 'rent', 'm', 's', 9, 1)")
        old.execute("INSERT INTO summary_contents VALUES (3, x'0102')")
        old.execute("PRAGMA user_version = 1")
    with contextlib.closing(Database(path)) as database:
        store = SummaryStore(database)
        [record] = store.for_document(7)
        assert (record.id, record.words, record.focus, record.options) == (3, 80, "rent", "")
        assert store.content(3) == b"\x01\x02"
        assert store.save(document_id=7, mode="quick", words=80, content=b"new") != 3
        DocumentStore(database).remove(7)
        DocumentStore(database).purge()
        assert database.query("SELECT * FROM summary_contents") == []
