"""Recaps: what stands in place of the older turns where a history no longer fits."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from assistant.storage import times
from assistant.storage.database import Connection, Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """A recap of a conversation's older turns.

    Attributes:
        id: its row.
        conversation_id: the conversation.
        upto_message_id: the last message it tells of; it holds on every path through that one.
        text: what it tells.
        created_at: when it was made.
        is_edited: the person changed its text.
        is_off: the person does not want it used.
    """

    id: int
    conversation_id: int
    upto_message_id: int
    text: str
    created_at: datetime
    is_edited: bool = False
    is_off: bool = False


Recaps: TypeAlias = list[Recap]


class RecapStore:
    """The recaps of one database. They go with their conversation and their last message.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, conversation_id: int) -> Recaps:
        """Return a conversation's recaps, the one that reaches furthest last."""
        rows = self._database.query(
            "SELECT id, conversation_id, upto_message_id, text, created_at, is_edited, is_off"
            " FROM recaps WHERE conversation_id = ? ORDER BY upto_message_id, id",
            (conversation_id,),
        )
        return [
            Recap(
                id=row[0],
                conversation_id=row[1],
                upto_message_id=row[2],
                text=row[3],
                created_at=times.to_datetime(row[4]),
                is_edited=bool(row[5]),
                is_off=bool(row[6]),
            )
            for row in rows
        ]

    def put(
        self, conversation_id: int, upto_message_id: int, text: str, *, is_edited: bool = False
    ) -> int | None:
        """Store a recap and return its id; None if its last message is gone.

        Args:
            conversation_id: the conversation.
            upto_message_id: the last message it tells of.
            text: what it tells.
            is_edited: words of the person are in it.
        """

        def write(connection: Connection) -> int | None:
            row = connection.execute(
                "INSERT INTO recaps (conversation_id, upto_message_id, text, created_at, is_edited)"
                " SELECT conversation_id, id, ?, ?, ? FROM messages"
                " WHERE id = ? AND conversation_id = ? RETURNING id",
                (text, times.now(), int(is_edited), upto_message_id, conversation_id),
            ).fetchone()
            return int(row[0]) if row else None

        return self._database.write(write).result()

    def edit(self, recap_id: int, text: str) -> None:
        """Put the person's text in place of the model's."""
        self._execute("UPDATE recaps SET text = ?, is_edited = 1 WHERE id = ?", text, recap_id)

    def switch(self, recap_id: int, is_off: bool) -> None:
        """Say whether a recap is used."""
        self._execute("UPDATE recaps SET is_off = ? WHERE id = ?", int(is_off), recap_id)

    def remove(self, recap_id: int) -> None:
        """Delete a recap; another may be made."""
        self._execute("DELETE FROM recaps WHERE id = ?", recap_id)

    def _execute(self, sql: str, *parameters: object) -> None:
        self._database.write(lambda c: c.execute(sql, parameters)).result()
