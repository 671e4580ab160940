"""Steps: found again by their key, and gone with their document."""

from pathlib import Path

from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore

KEY, OTHER = b"k" * 32, b"o" * 32


def _document(database: Database, sha256: str) -> int:
    return DocumentStore(database).save(
        path=Path("lease.txt"),
        title="A",
        type="text",
        sha256=sha256,
        pages=1,
        words=5,
        language="en",
        content=b"text",
    )


def test_a_step_is_stored_once_and_found_by_its_key(database: Database) -> None:
    document = _document(database, "1")
    store = StepStore(database)
    assert store.get(document, KEY) is None
    assert store.put(document, KEY, b"\x00first")
    assert store.put(document, KEY, b"second")
    assert store.get(document, KEY) == b"\x00first"
    assert store.keys(document) == {KEY}
    assert not store.put(document + 1, KEY, b"of no document")
    assert database.query("PRAGMA synchronous") != []


def test_a_changed_file_has_the_steps_of_its_unchanged_passages(database: Database) -> None:
    old, new = _document(database, "1"), _document(database, "2")
    store, documents = StepStore(database), DocumentStore(database)
    store.put(old, KEY, b"note")
    store.put(old, OTHER, b"note of what was changed")
    assert store.get(new, KEY) == b"note"
    documents.remove(old)
    assert store.get(new, OTHER) is None  # removed: it may be purged at any moment
    documents.purge()
    assert store.keys(old) == frozenset()
    assert store.get(new, KEY) == b"note"


def test_no_word_of_a_purged_documents_steps_is_left(database: Database) -> None:
    document = _document(database, "1")
    for number in range(300):
        key = number.to_bytes(32, "big")
        StepStore(database).put(document, key, f"elephant {number} ".encode() * 40)
    assert any(b"elephant" in file.read_bytes() for file in database.path.parent.iterdir())
    documents = DocumentStore(database)
    documents.remove(document)
    documents.purge()
    assert not any(b"elephant" in file.read_bytes() for file in database.path.parent.iterdir())
