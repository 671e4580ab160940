"""What an embedding model made of a document's passages, as bytes of the caller's making."""

from assistant.storage.database import Database


class VectorStore:
    """The vectors of one database. They go when their document is purged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, document_id: int, model_key: str) -> bytes | None:
        """Return what `put` was given for a model; None if there is nothing."""
        rows = self._database.query(
            "SELECT content FROM vectors WHERE document_id = ? AND model_key = ?",
            (document_id, model_key),
        )
        return bytes(rows[0][0]) if rows else None

    def put(self, document_id: int, model_key: str, vectors: bytes) -> None:
        """Store a document's vectors; nothing is stored of a document that was purged.

        Args:
            document_id: the document.
            model_key: says all that they depend on: the model, how passages are cut.
            vectors: replace those before.

        Raises:
            NoSpace, CannotWrite, DamagedData: nothing was stored.
        """
        self._database.write(
            lambda c: c.execute(
                "INSERT INTO vectors (document_id, model_key, content)"
                " SELECT id, ?, ? FROM documents WHERE id = ?"
                " ON CONFLICT (document_id, model_key) DO UPDATE SET content = excluded.content",
                (model_key, vectors, document_id),
            )
        ).result()
