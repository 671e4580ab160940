"""Finished steps of long work on a document, as bytes of the caller's making.

A step is found by its document and a key that says all it depends on; what depends on something
else has another key. So nothing here is ever out of date, and what was finished before a stop, a
crash or a power cut is there afterwards, byte for byte.
"""

from assistant.storage import times
from assistant.storage.database import Connection, Database


class StepStore:
    """The steps of one database. They go when their document is purged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, document_id: int, key: bytes) -> bytes | None:
        """Return what `put` was given for a key; None if there is nothing."""
        rows = self._database.query(
            "SELECT content FROM steps WHERE document_id = ? AND key = ?", (document_id, key)
        )
        return bytes(rows[0][0]) if rows else None

    def put(self, document_id: int, key: bytes, content: bytes) -> bool:
        """Store a step; it is committed when this returns. A key that is there stays as it is.

        Returns:
            False if the document was purged meanwhile: then nothing was stored.

        Raises:
            NoSpace, CannotWrite, DamagedData: nothing was stored.
        """

        def write(connection: Connection) -> bool:
            done = connection.execute(
                "INSERT OR IGNORE INTO steps (document_id, key, content, created_at)"
                " SELECT id, ?, ?, ? FROM documents WHERE id = ?",
                (key, content, times.now(), document_id),
            )
            if done.rowcount:
                return True
            found = connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,))
            return found.fetchone() is not None

        return self._database.write(write).result()

    def keys(self, document_id: int) -> frozenset[bytes]:
        """Return the keys of all steps of a document."""
        rows = self._database.query("SELECT key FROM steps WHERE document_id = ?", (document_id,))
        return frozenset(bytes(row[0]) for row in rows)

    def inherit(self, document_id: int, path: str) -> None:
        """Give a document the steps of earlier versions of the file at `path`.

        Their keys hold wherever the text is the same: only changed passages are read again.

        Raises:
            NoSpace, CannotWrite, DamagedData: nothing was stored.
        """

        def write(connection: Connection) -> None:
            connection.execute(
                "INSERT OR IGNORE INTO steps (document_id, key, content, created_at)"
                " SELECT ?, steps.key, steps.content, steps.created_at FROM steps"
                " JOIN documents ON documents.id = steps.document_id"
                " WHERE documents.path = ? AND documents.id <> ? AND documents.removed_at IS NULL"
                " AND EXISTS (SELECT 1 FROM documents WHERE id = ?)",
                (document_id, path, document_id, document_id),
            )

        self._database.write(write).result()
