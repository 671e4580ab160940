"""The documents that were read: what a list shows, and their text as bytes of the caller's making.

Removing can be undone until `purge`, which takes a document's summaries with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from assistant.paths import as_text, from_text
from assistant.storage import times
from assistant.storage.database import Connection, Database, Row

PAGE_END = "\f"
DOCUMENT_COLUMNS = "id, path, title, type, sha256, pages, words, language, added_at, opened_at"


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document in the list.

    Attributes:
        id: its row.
        path: the file as it was when it was read; it may be gone.
        title: its title.
        type: "pdf", "docx", "html", "markdown", "text" …
        sha256: of the file's bytes.
        pages: how many pages it has.
        words: how many words were read.
        language: ISO 639-1, or "".
        added_at: when it was first added.
        opened_at: when it was last opened.
    """

    id: int
    path: Path
    title: str
    type: str
    sha256: str
    pages: int
    words: int
    language: str
    added_at: datetime
    opened_at: datetime


Ids: TypeAlias = list[int]  # the store has a method `list`, which hides the type


class DocumentStore:
    """The documents of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        *,
        path: Path,
        title: str,
        type: str,  # noqa: A002 - the field's name
        sha256: str,
        pages: int,
        words: int,
        language: str,
        content: bytes,
        page_texts: Sequence[str] | None = None,
    ) -> int:
        """Store a document that was read, and return its id.

        The same bytes from the same path are the same row (a removed one comes back); its
        summaries stay. With the text of its pages its words are found in the library.
        """
        now = times.now()
        values = (as_text(path), title, type, sha256, pages, words, language, now, now)

        def put(connection: Connection) -> int:
            row = connection.execute(
                "INSERT INTO documents (path, title, type, sha256, pages, words, language,"
                " added_at, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (sha256, path) DO UPDATE SET title = excluded.title,"
                " type = excluded.type, pages = excluded.pages, words = excluded.words,"
                " language = excluded.language, opened_at = excluded.opened_at, removed_at = NULL"
                " RETURNING id",
                values,
            ).fetchone()
            document_id: int = row[0]
            connection.execute(
                "INSERT INTO document_contents VALUES (?, ?)"
                " ON CONFLICT (document_id) DO UPDATE SET content = excluded.content",
                (document_id, content),
            )
            if page_texts is not None:
                put_text(connection, document_id, page_texts)
            return document_id

        return self._database.write(put).result()

    def list(self) -> list[DocumentRecord]:
        """Return the documents, the last opened first."""
        rows = self._database.query(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE removed_at IS NULL"  # noqa: S608
            " ORDER BY opened_at DESC, id DESC"
        )
        return [document_of(row) for row in rows]

    def get(self, document_id: int) -> DocumentRecord | None:
        """Return one document; None if it is not there or removed."""
        rows = self._database.query(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents"  # noqa: S608
            " WHERE id = ? AND removed_at IS NULL",
            (document_id,),
        )
        return document_of(rows[0]) if rows else None

    def find(self, sha256: str, path: Path | None = None) -> DocumentRecord | None:
        """Return the document with these bytes, that of `path` first; None if there is none."""
        rows = self._database.query(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents"  # noqa: S608
            " WHERE sha256 = ? AND removed_at IS NULL ORDER BY path = ? DESC, opened_at DESC",
            (sha256, as_text(path) if path else ""),
        )
        return document_of(rows[0]) if rows else None

    def content(self, document_id: int) -> bytes | None:
        """Return what `save` was given as content."""
        rows = self._database.query(
            "SELECT content FROM document_contents WHERE document_id = ?", (document_id,)
        )
        return bytes(rows[0][0]) if rows else None

    def touch(self, document_id: int) -> None:
        """Note that the document was opened now."""
        self._execute("UPDATE documents SET opened_at = ? WHERE id = ?", times.now(), document_id)

    def remove(self, document_id: int) -> None:
        """Take the document out of the list; `restore` brings it back until `purge`."""
        self._execute("UPDATE documents SET removed_at = ? WHERE id = ?", times.now(), document_id)

    def restore(self, document_id: int) -> None:
        """Undo `remove`."""
        self._execute("UPDATE documents SET removed_at = NULL WHERE id = ?", document_id)

    def removed(self) -> Ids:
        """Return the documents that `purge` would delete."""
        rows = self._database.query("SELECT id FROM documents WHERE removed_at IS NOT NULL")
        return [int(row[0]) for row in rows]

    def purge(self) -> int:
        """Delete the removed documents and their summaries for good; return how many.

        No file of the database holds their words afterwards. It rewrites the file, which takes
        a moment: not for the window's thread.
        """
        count = self._execute("DELETE FROM documents WHERE removed_at IS NOT NULL")
        self._database.scrub_if_due()
        return count

    def _execute(self, sql: str, *parameters: object) -> int:
        return self._database.write(lambda c: c.execute(sql, parameters).rowcount).result()


def put_text(connection: Connection, document_id: int, page_texts: Sequence[str]) -> None:
    """Store the text of a document's pages for the search; nothing of one that is purged."""
    text = PAGE_END.join(page.replace(PAGE_END, " ") for page in page_texts)
    connection.execute(
        "INSERT INTO document_texts SELECT id, ? FROM documents WHERE id = ?"
        " ON CONFLICT (document_id) DO UPDATE SET text = excluded.text",
        (text, document_id),
    )


def document_of(row: Row) -> DocumentRecord:
    """Return the document of a row with `DOCUMENT_COLUMNS`."""
    document_id, path, title, kind, sha256, pages, words, language, added_at, opened_at = row
    return DocumentRecord(
        id=document_id,
        path=from_text(path),
        title=title,
        type=kind,
        sha256=sha256,
        pages=pages,
        words=words,
        language=language,
        added_at=times.to_datetime(added_at),
        opened_at=times.to_datetime(opened_at),
    )
