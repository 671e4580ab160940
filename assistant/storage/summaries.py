"""Summaries of stored documents, as bytes of the caller's making."""

from dataclasses import dataclass
from datetime import datetime

from assistant.storage import times
from assistant.storage.database import Connection, Database, Row

_COLUMNS = (
    "id, document_id, mode, words, focus, options, model_name, model_sha256, created_at,"
    " is_complete"
)


@dataclass(frozen=True, slots=True)
class SummaryRecord:
    """A stored summary.

    Attributes:
        id: its row.
        document_id: the document it is of.
        mode: "key-points", "quick" or "thorough".
        words: its budget.
        focus: what it was to be about, or "".
        options: its other choices, as text of the caller's making; "" for none.
        model_name: the model that wrote it, or "".
        model_sha256: of that model's file, or "".
        created_at: when it was last stored.
        is_complete: it was not stopped or cut off.
    """

    id: int
    document_id: int
    mode: str
    words: int
    focus: str
    options: str
    model_name: str
    model_sha256: str
    created_at: datetime
    is_complete: bool


class SummaryStore:
    """The summaries of one database. They go when their document is purged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        *,
        document_id: int,
        mode: str,
        words: int,
        content: bytes,
        focus: str = "",
        options: str = "",
        model_name: str = "",
        model_sha256: str = "",
        is_complete: bool = True,
    ) -> int | None:
        """Store a summary and return its id; None if its document was purged meanwhile.

        One row for each document, mode, budget, focus, choice of options and model: a later
        one replaces an earlier one, except that an incomplete one never replaces a complete one.

        Raises:
            NoSpace, CannotWrite, DamagedData: nothing was stored.
        """
        key = (document_id, mode, words, focus, options, model_name, model_sha256)

        def put(connection: Connection) -> int | None:
            if not _has_document(connection, document_id):
                return None
            found = connection.execute(
                "SELECT id, is_complete FROM summaries WHERE document_id = ? AND mode = ?"
                " AND words = ? AND focus = ? AND options = ? AND model_name = ?"
                " AND model_sha256 = ?",
                key,
            ).fetchone()
            if found and found[1] and not is_complete:
                return int(found[0])
            return _put(connection, key, is_complete, content)

        return self._database.write(put).result()

    def for_document(self, document_id: int) -> list[SummaryRecord]:
        """Return a document's summaries, the newest first."""
        rows = self._database.query(
            f"SELECT {_COLUMNS} FROM summaries WHERE document_id = ?"  # noqa: S608
            " ORDER BY created_at DESC, id DESC",
            (document_id,),
        )
        return [_record(row) for row in rows]

    def content(self, summary_id: int) -> bytes | None:
        """Return what `save` was given as content."""
        rows = self._database.query(
            "SELECT content FROM summary_contents WHERE summary_id = ?", (summary_id,)
        )
        return bytes(rows[0][0]) if rows else None


def _has_document(connection: Connection, document_id: int) -> bool:
    found = connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)).fetchone()
    return found is not None


def _put(
    connection: Connection,
    key: tuple[int, str, int, str, str, str, str],
    is_complete: bool,
    content: bytes,
) -> int:
    row = connection.execute(
        "INSERT INTO summaries (document_id, mode, words, focus, options, model_name,"
        " model_sha256, created_at, is_complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (document_id, mode, words, focus, options, model_name, model_sha256)"
        " DO UPDATE SET created_at = excluded.created_at, is_complete = excluded.is_complete"
        " RETURNING id",
        (*key, times.now(), int(is_complete)),
    ).fetchone()
    summary_id: int = row[0]
    connection.execute(
        "INSERT INTO summary_contents VALUES (?, ?)"
        " ON CONFLICT (summary_id) DO UPDATE SET content = excluded.content",
        (summary_id, content),
    )
    return summary_id


def _record(row: Row) -> SummaryRecord:
    summary_id, document_id, mode, words, focus, options = row[:6]
    model_name, model_sha256, created_at, is_complete = row[6:]
    return SummaryRecord(
        id=summary_id,
        document_id=document_id,
        mode=mode,
        words=words,
        focus=focus,
        options=options,
        model_name=model_name,
        model_sha256=model_sha256,
        created_at=times.to_datetime(created_at),
        is_complete=bool(is_complete),
    )
