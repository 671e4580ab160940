"""The library: every document there is, found by its words, with its summaries and chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.storage import search_words
from assistant.storage.database import Database, Row
from assistant.storage.documents import (
    DOCUMENT_COLUMNS,
    PAGE_END,
    DocumentRecord,
    document_of,
    put_text,
)
from assistant.storage.search_words import Pieces, Wanted

_WITH_COUNTS = f"""
    SELECT {DOCUMENT_COLUMNS},
        (SELECT count(*) FROM summaries WHERE document_id = documents.id),
        (SELECT count(DISTINCT conversation_id) FROM attachments JOIN conversations
            ON conversations.id = conversation_id
            WHERE document_id = documents.id AND conversations.removed_at IS NULL)
    FROM documents WHERE documents.removed_at IS NULL
"""  # noqa: S608 - columns of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A document of the library.

    Attributes:
        document: the document.
        pieces: where the words stand, and which pieces are the words; () without words.
        page: the page they stand on, from 1; 0 if they are in the title or there are none.
        summaries: how many summaries there are of it.
        chats: how many conversations it is or was attached to.
    """

    document: DocumentRecord
    pieces: Pieces
    page: int
    summaries: int
    chats: int


Entries: TypeAlias = list[LibraryEntry]
Ids: TypeAlias = list[int]


class LibraryStore:
    """The library of one database. A document's words go when it is purged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, words: str, *, limit: int = 50) -> Entries:
        """Return the documents with all of `words` in title or text, the last opened first.

        Words are read as `chat_search.search` reads them. Without words: all documents.
        """
        wanted = Wanted.of(words)
        if not wanted:
            rows = self._database.query(f"{_WITH_COUNTS} ORDER BY opened_at DESC, id DESC")
            return [_entry(row, (), 0) for row in rows[:limit]]
        with_words = {
            row[0]
            for row in self._database.query(
                "SELECT rowid FROM document_words WHERE document_words MATCH ?",
                (wanted.expression,),
            )
        }
        entries: Entries = []
        for row in self._database.query(f"{_WITH_COUNTS} ORDER BY opened_at DESC, id DESC"):
            if len(entries) == limit:
                break
            document = document_of(row[:-2])
            if wanted.is_in(document.title):
                entries.append(_entry(row, search_words.marked(document.title, wanted), 0))
            elif document.id in with_words:
                entries.append(_entry(row, *self._place(document.id, wanted)))
        return entries

    def chats(self) -> dict[int, int]:
        """Return in how many conversations each document is or was, for those that are in any."""
        rows = self._database.query(
            "SELECT document_id, count(DISTINCT conversation_id) FROM attachments"
            " JOIN conversations ON conversations.id = conversation_id"
            " WHERE removed_at IS NULL GROUP BY document_id"
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def index(self, document_id: int, pages: Sequence[str]) -> None:
        """Store the text of a document's pages for the search; nothing of one that is purged."""
        self._database.write(lambda c: put_text(c, document_id, pages)).result()

    def unindexed(self) -> Ids:
        """Return the documents whose text was never stored for the search."""
        rows = self._database.query(
            "SELECT id FROM documents WHERE removed_at IS NULL"
            " AND id NOT IN (SELECT document_id FROM document_texts) ORDER BY opened_at DESC"
        )
        return [int(row[0]) for row in rows]

    def _place(self, document_id: int, wanted: Wanted) -> tuple[Pieces, int]:
        rows = self._database.query(
            "SELECT text FROM document_texts WHERE document_id = ?", (document_id,)
        )
        if not rows:  # purged a moment ago
            return (), 0
        pages = rows[0][0].split(PAGE_END)
        return _in_pages(pages, wanted)


def _in_pages(pages: Sequence[str], wanted: Wanted) -> tuple[Pieces, int]:
    """Return the first page that has all of the words, else the first that has one of them."""
    second_best = 0
    for number, page in enumerate(pages, start=1):
        folded = search_words.fold(page)
        found = [pattern.search(folded) is not None for pattern in wanted.patterns]
        if all(found):
            return search_words.excerpt(page, wanted), number
        if any(found) and not second_best:
            second_best = number
    if not second_best:
        return (), 0
    return search_words.excerpt(pages[second_best - 1], wanted), second_best


def _entry(row: Row, pieces: Pieces, page: int) -> LibraryEntry:
    return LibraryEntry(
        document=document_of(row[:-2]),
        pieces=pieces,
        page=page,
        summaries=row[-2],
        chats=row[-1],
    )
