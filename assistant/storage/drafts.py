"""What a person has begun to write in each conversation, and in the one not yet begun."""

from assistant.storage import times
from assistant.storage.database import Connection, Database


class DraftStore:
    """The drafts of one database. They go when their conversation is purged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, conversation_id: int | None) -> str:
        """Return a conversation's draft, "" if there is none; None: the chat not yet begun."""
        rows = self._database.query(
            "SELECT text FROM drafts WHERE coalesce(conversation_id, 0) = ?",
            (conversation_id or 0,),
        )
        return str(rows[0][0]) if rows else ""

    def put(self, conversation_id: int | None, text: str) -> None:
        """Keep a draft in place of the one before; "" deletes it.

        It returns when the draft is committed: a moment's work, best not on the window's thread.

        Raises:
            NoSpace, CannotWrite, DamagedData: the draft before stays.
        """
        key = conversation_id or 0

        def write(connection: Connection) -> None:
            if not text:
                connection.execute(
                    "DELETE FROM drafts WHERE coalesce(conversation_id, 0) = ?", (key,)
                )
                return
            connection.execute(
                "INSERT INTO drafts (conversation_id, text, changed_at) SELECT ?, ?, ?"
                " WHERE ? = 0 OR EXISTS (SELECT 1 FROM conversations WHERE id = ?)"
                " ON CONFLICT (coalesce(conversation_id, 0)) DO UPDATE"
                " SET text = excluded.text, changed_at = excluded.changed_at",
                (conversation_id or None, text, times.now(), key, key),
            )

        self._database.write(write).result()
