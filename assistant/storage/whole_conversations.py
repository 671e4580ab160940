"""Puts a conversation that comes from elsewhere into the database: whole, or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.storage import chat_settings, times
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversation_records import ConversationRecord, MessageRecord
from assistant.storage.database import Connection, Database
from assistant.storage.recaps import Recap


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeConversation:
    """A conversation with all that belongs to it.

    Attributes:
        record: its title, times, folder and marks; the id does not count.
        messages: each after the one it follows. Ids count among these only.
        leaf: the last message of the active branch; None for the last of all.
        settings: what was chosen for it.
        draft: what was typed and not sent.
        recaps: they name messages by the ids of `messages`.
        documents: the ids of stored documents that are attached.
    """

    record: ConversationRecord
    messages: Sequence[MessageRecord]
    leaf: int | None = None
    settings: ChatSettings = ChatSettings()  # noqa: RUF009 - frozen
    draft: str = ""
    recaps: Sequence[Recap] = ()
    documents: Sequence[int] = ()


def put_whole(database: Database, whole: WholeConversation) -> int:
    """Store a conversation in one transaction and return its id.

    Raises:
        NoSpace, CannotWrite, DamagedData: nothing of it was stored.
    """

    def put(connection: Connection) -> int:
        conversation_id = _put_conversation(connection, whole)
        ids = _put_messages(connection, conversation_id, whole.messages)
        leaf = ids.get(whole.leaf) if whole.leaf is not None else None
        connection.execute(
            "UPDATE conversations SET leaf_id = ? WHERE id = ?",
            (max(ids.values(), default=None) if leaf is None else leaf, conversation_id),
        )
        _put_rest(connection, conversation_id, whole, ids)
        return conversation_id

    return database.write(put).result()


def begun_at(database: Database) -> dict[int, list[int]]:
    """Return the conversations by when they were begun, in microseconds since 1970."""
    begun: dict[int, list[int]] = {}
    for conversation_id, created_at in database.query(
        "SELECT id, created_at FROM conversations WHERE removed_at IS NULL"
    ):
        begun.setdefault(created_at, []).append(conversation_id)
    return begun


def _put_conversation(connection: Connection, whole: WholeConversation) -> int:
    record = whole.record
    row = connection.execute(
        "INSERT INTO conversations (title, created_at, updated_at, folder_id, is_pinned,"
        " is_archived, title_by, settings)"
        " VALUES (?, ?, ?, (SELECT id FROM folders WHERE id = ?), ?, ?, ?, ?) RETURNING id",
        (
            record.title,
            times.to_stored(record.created_at),
            times.to_stored(record.updated_at),
            record.folder_id,
            int(record.is_pinned),
            int(record.is_archived),
            record.title_by,
            chat_settings.encode(whole.settings),
        ),
    ).fetchone()
    return int(row[0])


def _put_messages(
    connection: Connection, conversation_id: int, messages: Sequence[MessageRecord]
) -> dict[int, int]:
    """Return the new id of each message."""
    ids: dict[int, int] = {}
    for message in messages:
        row = connection.execute(
            "INSERT INTO messages (conversation_id, parent_id, role, content, thinking, status,"
            " error, model_name, created_at, stats, evidence)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                conversation_id,
                None if message.parent_id is None else ids[message.parent_id],
                message.role,
                message.content,
                message.thinking,
                message.status,
                message.error,
                message.model_name,
                times.to_stored(message.created_at),
                json.dumps(message.stats, ensure_ascii=False),
                message.evidence,
            ),
        ).fetchone()
        ids[message.id] = int(row[0])
    return ids


def _put_rest(
    connection: Connection, conversation_id: int, whole: WholeConversation, ids: dict[int, int]
) -> None:
    connection.executemany(
        "INSERT INTO attachments (conversation_id, document_id)"
        " SELECT ?, id FROM documents WHERE id = ?",
        [(conversation_id, document) for document in whole.documents],
    )
    connection.executemany(
        "INSERT INTO recaps (conversation_id, upto_message_id, text, created_at, is_edited,"
        " is_off) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                conversation_id,
                ids[recap.upto_message_id],
                recap.text,
                times.to_stored(recap.created_at),
                int(recap.is_edited),
                int(recap.is_off),
            )
            for recap in whole.recaps
        ],
    )
    if whole.draft:
        connection.execute(
            "INSERT INTO drafts (conversation_id, text, changed_at) VALUES (?, ?, ?)",
            (conversation_id, whole.draft, times.now()),
        )
