"""Conversations and their messages.

A reply is a row from its start: `streaming` while it is written, then complete, stopped or
failed. Removing a conversation can be undone until `purge`.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from assistant.storage import times
from assistant.storage.database import Connection, Database, Row

_COLUMNS = (
    "id, conversation_id, role, content, thinking, status, error, model_name, created_at, stats"
)


class MessageStatus(StrEnum):
    """How far a message got."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation in the list."""

    id: int
    title: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message.

    Attributes:
        id: its row; messages of a conversation stand in the order of their ids.
        conversation_id: the conversation it belongs to.
        role: "system", "user" or "assistant".
        content: its text.
        thinking: what the model thought before, or "".
        status: how far it got.
        error: for `FAILED`, what happened, for the person.
        model_name: the model that wrote it, or "".
        created_at: when it was begun.
        stats: figures such as tokens and seconds.
    """

    id: int
    conversation_id: int
    role: str
    content: str
    thinking: str
    status: MessageStatus
    error: str
    model_name: str
    created_at: datetime
    stats: dict[str, Any] = field(default_factory=dict)


# The store has a method `list`, which hides the type in its annotations.
Messages: TypeAlias = list[MessageRecord]
Ids: TypeAlias = list[int]


class ConversationStore:
    """The conversations of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not. Rows that are gone are not an error: a late reply
    to a deleted conversation has nowhere to go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, title: str = "") -> int:
        """Begin a conversation and return its id."""
        now = times.now()

        def put(connection: Connection) -> int:
            row = connection.execute(
                "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, ?, ?)"
                " RETURNING id",
                (title, now, now),
            ).fetchone()
            return int(row[0])

        return self._database.write(put).result()

    def list(self) -> list[ConversationRecord]:
        """Return the conversations, the last changed first."""
        rows = self._database.query(
            "SELECT id, title, created_at, updated_at FROM conversations"
            " WHERE removed_at IS NULL ORDER BY updated_at DESC, id DESC"
        )
        return [_conversation(row) for row in rows]

    def get(self, conversation_id: int) -> ConversationRecord | None:
        """Return one conversation; None if it is not there or removed."""
        rows = self._database.query(
            "SELECT id, title, created_at, updated_at FROM conversations"
            " WHERE id = ? AND removed_at IS NULL",
            (conversation_id,),
        )
        return _conversation(rows[0]) if rows else None

    def rename(self, conversation_id: int, title: str) -> None:
        """Give the conversation another title."""
        self._execute("UPDATE conversations SET title = ? WHERE id = ?", title, conversation_id)

    def remove(self, conversation_id: int) -> None:
        """Take the conversation out of the list; `restore` brings it back until `purge`."""
        self._execute(
            "UPDATE conversations SET removed_at = ? WHERE id = ?", times.now(), conversation_id
        )

    def restore(self, conversation_id: int) -> None:
        """Undo `remove`."""
        self._execute("UPDATE conversations SET removed_at = NULL WHERE id = ?", conversation_id)

    def removed(self) -> Ids:
        """Return the conversations that `purge` would delete."""
        rows = self._database.query("SELECT id FROM conversations WHERE removed_at IS NOT NULL")
        return [int(row[0]) for row in rows]

    def purge(self) -> int:
        """Delete the removed conversations for good and return how many.

        No file of the database holds their words afterwards. It rewrites the file, which takes
        a moment: not for the window's thread.
        """
        count = self._execute("DELETE FROM conversations WHERE removed_at IS NOT NULL")
        if count:
            self._database.scrub()
        return count

    def add_message(
        self,
        conversation_id: int,
        role: str,
        content: str,
        *,
        thinking: str = "",
        status: MessageStatus = MessageStatus.COMPLETE,
        error: str = "",
        model_name: str = "",
        stats: dict[str, Any] | None = None,
    ) -> int | None:
        """Append a message; return its id, or None if the conversation was purged."""
        now = times.now()
        values = (role, content, thinking, status, error, model_name, now, _encode(stats))

        def put(connection: Connection) -> int | None:
            row = connection.execute(
                "INSERT INTO messages (conversation_id, role, content, thinking, status, error,"
                " model_name, created_at, stats) SELECT id, ?, ?, ?, ?, ?, ?, ?, ?"
                " FROM conversations WHERE id = ? RETURNING id",
                (*values, conversation_id),
            ).fetchone()
            _touch(connection, conversation_id, now)
            return int(row[0]) if row else None

        return self._database.write(put).result()

    def update_message(
        self,
        message_id: int,
        *,
        content: str | None = None,
        thinking: str | None = None,
        status: MessageStatus | None = None,
        error: str | None = None,
        model_name: str | None = None,
        stats: dict[str, Any] | None = None,
    ) -> None:
        """Change what is given of a message; the rest stays."""
        values = (
            content,
            thinking,
            status,
            error,
            model_name,
            None if stats is None else _encode(stats),
        )

        def put(connection: Connection) -> None:
            row = connection.execute(
                "UPDATE messages SET content = coalesce(?, content),"
                " thinking = coalesce(?, thinking), status = coalesce(?, status),"
                " error = coalesce(?, error), model_name = coalesce(?, model_name),"
                " stats = coalesce(?, stats) WHERE id = ? RETURNING conversation_id",
                (*values, message_id),
            ).fetchone()
            if row:
                _touch(connection, row[0], times.now())

        self._database.write(put).result()

    def remove_message(self, message_id: int) -> None:
        """Delete one message for good, such as a reply that is written again."""
        self._execute("DELETE FROM messages WHERE id = ?", message_id)

    def messages(self, conversation_id: int) -> Messages:
        """Return a conversation's messages, the oldest first."""
        rows = self._database.query(
            f"SELECT {_COLUMNS} FROM messages WHERE conversation_id = ? ORDER BY id",  # noqa: S608
            (conversation_id,),
        )
        return [_message(row) for row in rows]

    def settle(self) -> int:
        """Call the replies that a crash left half-written stopped; return how many.

        To be called once, at the start of the window, before any reply is begun.
        """
        return self._execute(
            "UPDATE messages SET status = ? WHERE status = ?",
            MessageStatus.STOPPED,
            MessageStatus.STREAMING,
        )

    def _execute(self, sql: str, *parameters: object) -> int:
        return self._database.write(lambda c: c.execute(sql, parameters).rowcount).result()


def _touch(connection: Connection, conversation_id: int, now: int) -> None:
    connection.execute(
        "UPDATE conversations SET updated_at = ? WHERE id = ?", (now, conversation_id)
    )


def _encode(stats: dict[str, Any] | None) -> str:
    return json.dumps(stats or {}, ensure_ascii=False)


def _conversation(row: Row) -> ConversationRecord:
    conversation_id, title, created_at, updated_at = row
    return ConversationRecord(
        conversation_id, title, times.to_datetime(created_at), times.to_datetime(updated_at)
    )


def _message(row: Row) -> MessageRecord:
    message_id, conversation_id, role, content, thinking = row[:5]
    status, error, model_name, created_at, stats = row[5:]
    return MessageRecord(
        id=message_id,
        conversation_id=conversation_id,
        role=role,
        content=content,
        thinking=thinking,
        status=MessageStatus(status),
        error=error,
        model_name=model_name,
        created_at=times.to_datetime(created_at),
        stats=json.loads(stats),
    )
