"""The messages of conversations, which form a tree: a variant follows the same message."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from assistant.storage import message_tree, times
from assistant.storage.conversation_records import (
    MESSAGE_COLUMNS,
    MessageRecord,
    MessageStatus,
    message_of,
)
from assistant.storage.database import Connection, Database

# Stands for the end of the active branch, where a message is added unless said otherwise.
AT_LEAF: Final = -1

Messages: TypeAlias = list[MessageRecord]


class MessageStore:
    """The messages of one database's conversations.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not. Rows that are gone are not an error: a late reply
    to a deleted conversation has nowhere to go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_message(
        self,
        conversation_id: int,
        role: str,
        content: str,
        *,
        parent_id: int | None = AT_LEAF,
        thinking: str = "",
        status: MessageStatus = MessageStatus.COMPLETE,
        error: str = "",
        model_name: str = "",
        stats: dict[str, Any] | None = None,
        evidence: bytes = b"",
        created_at: datetime | None = None,
    ) -> int | None:
        """Add a message, which becomes the leaf, and return its id.

        Args:
            conversation_id: the conversation.
            role: "system", "user" or "assistant".
            content: its text.
            parent_id: the message it follows; None for a beginning of its own.
            thinking: as in `MessageRecord`, like all that follow.
            status: how far it got.
            error: what happened, for the person.
            model_name: the model that wrote it.
            stats: figures.
            evidence: passages and citations.
            created_at: for one that was written elsewhere; now otherwise.

        Returns:
            None if the conversation or the parent is gone: then nothing was added.
        """
        now = times.now()
        at = now if created_at is None else times.to_stored(created_at)
        values = (role, content, thinking, status, error, model_name, at, _encode(stats), evidence)

        def put(connection: Connection) -> int | None:
            leaf = _leaf(connection, conversation_id) if parent_id == AT_LEAF else parent_id
            row = connection.execute(
                "INSERT INTO messages (conversation_id, parent_id, role, content, thinking,"
                " status, error, model_name, created_at, stats, evidence)"
                " SELECT id, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM conversations"
                " WHERE id = ?11 AND (?1 IS NULL OR EXISTS (SELECT 1 FROM messages"
                " WHERE messages.id = ?1 AND conversation_id = ?11)) RETURNING id",
                (leaf, *values, conversation_id),
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE conversations SET updated_at = ?, leaf_id = ? WHERE id = ?",
                (now if created_at is None else at, row[0], conversation_id),
            )
            return int(row[0])

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
        evidence: bytes | None = None,
    ) -> None:
        """Change what is given of a message; the rest stays."""
        encoded = None if stats is None else _encode(stats)
        values = (content, thinking, status, error, model_name, encoded, evidence)

        def put(connection: Connection) -> None:
            row = connection.execute(
                "UPDATE messages SET content = coalesce(?, content),"
                " thinking = coalesce(?, thinking), status = coalesce(?, status),"
                " error = coalesce(?, error), model_name = coalesce(?, model_name),"
                " stats = coalesce(?, stats), evidence = coalesce(?, evidence)"
                " WHERE id = ? RETURNING conversation_id",
                (*values, message_id),
            ).fetchone()
            if row:
                connection.execute(
                    "UPDATE conversations SET updated_at = ? WHERE id = ?", (times.now(), row[0])
                )

        self._database.write(put).result()

    def message(self, message_id: int) -> MessageRecord | None:
        """Return one message; None if it is not there."""
        rows = self._database.query(
            f"SELECT {MESSAGE_COLUMNS} FROM messages WHERE id = ?",  # noqa: S608
            (message_id,),
        )
        return message_of(rows[0]) if rows else None

    def messages(
        self, conversation_id: int, leaf: int | None = None, *, last: int | None = None
    ) -> Messages:
        """Return a branch from its beginning to `leaf`, the active one by default.

        With `last`, no more than that many messages from its end.
        """
        parents, active = self._shape(conversation_id)
        path = message_tree.path_to(parents, active if leaf is None else leaf)
        shown = path if last is None else path[max(0, len(path) - last) :]
        return self._read(conversation_id, shown, len(parents))

    def all_messages(self, conversation_id: int) -> Messages:
        """Return the whole tree, the oldest message first."""
        rows = self._database.query(
            f"SELECT {MESSAGE_COLUMNS} FROM messages"  # noqa: S608
            " WHERE conversation_id = ? ORDER BY id",
            (conversation_id,),
        )
        return [message_of(row) for row in rows]

    def count_messages(self, conversation_ids: Iterable[int]) -> int:
        """Return how many messages these conversations have, on all branches."""
        rows = self._database.query(
            "SELECT count(*) FROM messages"
            " WHERE conversation_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(conversation_ids)),),
        )
        return int(rows[0][0])

    def leaf(self, conversation_id: int) -> int | None:
        """Return the last message of the active branch; None if there is no message."""
        return self._shape(conversation_id)[1]

    def siblings(self, conversation_id: int, leaf: int | None = None) -> dict[int, tuple[int, ...]]:
        """Return, for each message of a branch that has variants, all of them in order.

        A message is among its own variants. The branch is the active one by default.
        """
        parents, active = self._shape(conversation_id)
        path = message_tree.path_to(parents, active if leaf is None else leaf)
        return message_tree.variants_on(parents, path)

    def choose(self, message_id: int) -> None:
        """Make the branch through a message the active one, down to its newest leaf."""

        def put(connection: Connection) -> None:
            conversation_id = _conversation_of(connection, message_id)
            if conversation_id is not None:
                parents = _parents(connection, conversation_id)
                leaf = message_tree.newest_leaf(parents, message_id)
                _set_leaf(connection, conversation_id, leaf)

        self._database.write(put).result()

    def remove_message(self, message_id: int) -> None:
        """Delete one message for good; what follows it follows the one before it."""

        def put(connection: Connection) -> None:
            conversation_id = _conversation_of(connection, message_id)
            if conversation_id is None:
                return
            parents = _parents(connection, conversation_id)
            leaf = _leaf(connection, conversation_id)
            if leaf == message_id:
                leaf = message_tree.leaf_without(parents, leaf, frozenset({message_id}))
            connection.execute(
                "UPDATE messages SET parent_id = ? WHERE conversation_id = ? AND parent_id = ?",
                (parents[message_id], conversation_id, message_id),
            )
            connection.execute("DELETE FROM messages WHERE id = ?", (message_id,))
            _set_leaf(connection, conversation_id, leaf)

        self._database.write(put).result()

    def remove_branch(self, message_id: int) -> None:
        """Delete a message and all that follow it for good; a variant of it becomes active."""

        def put(connection: Connection) -> None:
            conversation_id = _conversation_of(connection, message_id)
            if conversation_id is None:
                return
            parents = _parents(connection, conversation_id)
            gone = message_tree.below(parents, message_id)
            leaf = message_tree.leaf_without(parents, _leaf(connection, conversation_id), gone)
            connection.executemany("DELETE FROM messages WHERE id = ?", [(m,) for m in gone])
            _set_leaf(connection, conversation_id, leaf)

        self._database.write(put).result()

    def settle(self) -> int:
        """Call the replies that a crash left half-written stopped; return how many.

        To be called once, at the start of the window, before any reply is begun.
        """
        return self._execute("UPDATE messages SET status = 'stopped' WHERE status = 'streaming'")

    def _shape(self, conversation_id: int) -> tuple[dict[int, int | None], int | None]:
        """Return the tree and its leaf: of two queries, so one of them may know more."""
        rows = self._database.query(
            "SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,)
        )
        parents: dict[int, int | None] = dict(
            self._database.query(
                "SELECT id, parent_id FROM messages WHERE conversation_id = ?", (conversation_id,)
            )
        )
        leaf = rows[0][0] if rows else None
        return parents, leaf if leaf in parents else max(parents, default=None)

    def _read(self, conversation_id: int, path: Sequence[int], all_count: int) -> Messages:
        """Return the messages of `path`; their ids ascend."""
        if not path:
            return []
        if len(path) == all_count:
            on_path = frozenset(path)  # one more may have come meanwhile
            return [m for m in self.all_messages(conversation_id) if m.id in on_path]
        rows = self._database.query(
            f"SELECT {MESSAGE_COLUMNS} FROM messages"  # noqa: S608
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(path),),
        )
        return [message_of(row) for row in rows]

    def _execute(self, sql: str, *parameters: object) -> int:
        return self._database.write(lambda c: c.execute(sql, parameters).rowcount).result()


def _leaf(connection: Connection, conversation_id: int) -> int | None:
    row = connection.execute(
        "SELECT coalesce((SELECT id FROM messages WHERE id = leaf_id),"
        " (SELECT max(id) FROM messages WHERE conversation_id = conversations.id))"
        " FROM conversations WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    return row[0] if row else None


def _set_leaf(connection: Connection, conversation_id: int, leaf: int | None) -> None:
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))


def _conversation_of(connection: Connection, message_id: int) -> int | None:
    row = connection.execute(
        "SELECT conversation_id FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    return int(row[0]) if row else None


def _parents(connection: Connection, conversation_id: int) -> dict[int, int | None]:
    return dict(
        connection.execute(
            "SELECT id, parent_id FROM messages WHERE conversation_id = ?", (conversation_id,)
        ).fetchall()
    )


def _encode(stats: dict[str, Any] | None) -> str:
    return json.dumps(stats or {}, ensure_ascii=False)
