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
        """Return what `put` was given for a key; None if there is nothing.

        A key says all that a step depends on, so that of an earlier version of the file, or of a
        copy, is as good: it is given to this document, too, and stays when the other is deleted.
        """
        rows = self._database.query(
            "SELECT steps.content, steps.document_id = ? FROM steps JOIN documents"
            " ON documents.id = steps.document_id WHERE steps.key = ?"
            " AND documents.removed_at IS NULL ORDER BY 2 DESC LIMIT 1",
            (document_id, key),
        )
        if not rows:
            return None
        content = bytes(rows[0][0])
        if not rows[0][1]:
            self.put(document_id, key, content)
        return content

    def put(self, document_id: int, key: bytes, content: bytes) -> bool:
        """Store a step, for good when this returns. A key that is there stays as it is.

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

        return self._database.write(write, is_durable=True).result()

    def keys(self, document_id: int) -> frozenset[bytes]:
        """Return the keys of all steps of a document."""
        rows = self._database.query("SELECT key FROM steps WHERE document_id = ?", (document_id,))
        return frozenset(bytes(row[0]) for row in rows)
