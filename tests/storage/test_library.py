"""The library: documents by the words in them, with what was made of them."""

from pathlib import Path

from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.library import LibraryEntry, LibraryStore
from assistant.storage.summaries import SummaryStore
from assistant.storage.vectors import VectorStore


def _save(database: Database, title: str, *pages: str) -> int:
    return DocumentStore(database).save(
        path=Path("/home/person") / title,
        title=title,
        type="pdf",
        sha256=title,
        pages=len(pages),
        words=1,
        language="en",
        content=b"content",
        page_texts=pages or None,
    )


def _shown(entry: LibraryEntry) -> str:
    return "".join(f"[{text}]" if is_match else text for text, is_match in entry.pieces)


def test_documents_are_found_by_title_and_text(database: Database) -> None:
    library, store = LibraryStore(database), ConversationStore(database)
    lease = _save(database, "Lease.pdf", "The rent is high.", "", "Notice\fperiod: three months")
    trip = _save(database, "Trip to Köln", "東京都は遠い", "the lease of a car, months")
    [by_title, by_text] = library.search("lease")
    assert (by_title.document.id, by_title.page, _shown(by_title)) == (
        trip,
        2,
        "the [lease] of a car, months",
    )
    assert (by_text.document.id, by_text.page, _shown(by_text)) == (lease, 0, "[Lease].pdf")
    [entry] = library.search("notice mon")
    assert (entry.page, _shown(entry)) == (3, "[Notice] period: three [mon]ths")
    [entry] = library.search("rent months")  # on different pages
    assert (entry.page, _shown(entry)) == (1, "The [rent] is high.")
    assert [_shown(e) for e in library.search("koln")] == ["Trip to [Köln]"]
    assert [_shown(e) for e in library.search("京都")] == ["東[京都]は遠い"]
    assert library.search("nowhere") == []

    SummaryStore(database).save(document_id=lease, mode="quick", words=9, content=b"s")
    chat = store.create()
    store.attach(chat, lease)
    store.attach(chat, trip)
    store.detach(chat, trip)
    counts = {e.document.id: (e.summaries, e.chats) for e in library.search("")}
    assert counts == {lease: (1, 1), trip: (0, 1)}
    store.remove(chat)
    assert [e.chats for e in library.search(" ")] == [0, 0]
    assert [e.document.id for e in library.search("", limit=1)] == [trip]


def test_documents_stored_without_their_text_can_be_indexed_later(database: Database) -> None:
    library = LibraryStore(database)
    first, second = _save(database, "first"), _save(database, "second", "text")
    assert library.unindexed() == [first]
    library.index(first, ["A page", "another"])
    library.index(99, ["of nothing"])
    assert library.unindexed() == []
    assert [e.page for e in library.search("another")] == [2]
    library.index(first, ["changed"])
    assert [e.document.id for e in library.search("changed")] == [first]
    assert library.search("another") == []
    assert [e.document.id for e in library.search("text")] == [second]


def test_a_removed_document_is_not_found_and_a_purged_one_leaves_no_word(
    database: Database,
) -> None:
    documents, library, vectors = (
        DocumentStore(database),
        LibraryStore(database),
        VectorStore(database),
    )
    kept = _save(database, "kept", "the kept words")
    gone = _save(database, "zanzibar", *(f"uquagmire{n} xylophone 猫々" for n in range(300)))
    vectors.put(gone, "minilm", b"walrus" * 300)
    vectors.put(gone, "minilm", b"walrus")
    vectors.put(kept, "minilm", b"kept vectors")
    vectors.put(99, "minilm", b"of nothing")
    assert vectors.get(gone, "minilm") == b"walrus"
    assert vectors.get(gone, "other") is None
    documents.remove(gone)
    assert library.search("xylophone") == []
    documents.restore(gone)
    assert len(library.search("xylophone")) == 1
    documents.remove(gone)
    assert documents.purge() == 1
    assert library.search("xylophone") == []
    assert (vectors.get(gone, "minilm"), vectors.get(kept, "minilm")) == (None, b"kept vectors")
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"the kept words" in stored
    for word in ("quagmire", "xylophone", "zanzibar", "猫々", "walrus"):
        assert word.encode() not in stored
