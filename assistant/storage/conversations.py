"""Conversations: the list of them, what belongs to each, and the tree of their messages.

A reply is a row from its start: `streaming` while it is written, then complete, stopped or
failed. Removing a conversation can be undone until `purge`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeAlias

from assistant.storage import branching, chat_settings, times
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversation_records import (
    CONVERSATION_COLUMNS,
    ConversationRecord,
    MessageRecord,
    MessageStatus,
    TitleBy,
    conversation_of,
)
from assistant.storage.database import Connection
from assistant.storage.messages import AT_LEAF, MessageStore

__all__ = [
    "AT_LEAF",
    "ChatSettings",
    "ConversationRecord",
    "ConversationStore",
    "MessageRecord",
    "MessageStatus",
    "TitleBy",
]

# The store has a method `list`, which hides the type in its annotations.
Ids: TypeAlias = list[int]
# Stands in `removed_at` while a conversation is deleted for good: a crash does not bring it back.
_GOING: Final = -1
_AT_ONCE: Final = 25

Conversations: TypeAlias = list[ConversationRecord]


class ConversationStore(MessageStore):
    """The conversations of one database, with their messages.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not. Rows that are gone are not an error.
    """

    def create(self, title: str = "", *, created_at: datetime | None = None) -> int:
        """Begin a conversation and return its id; `created_at` is for one from elsewhere."""
        at = times.now() if created_at is None else times.to_stored(created_at)

        def put(connection: Connection) -> int:
            row = connection.execute(
                "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, ?, ?)"
                " RETURNING id",
                (title, at, at),
            ).fetchone()
            return int(row[0])

        return self._database.write(put).result()

    def list(self, *, archived: bool = False) -> Conversations:
        """Return the conversations, or those archived: the pinned first, then the last changed."""
        rows = self._database.query(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608
            " WHERE removed_at IS NULL AND is_archived = ?"
            " ORDER BY is_pinned DESC, updated_at DESC, id DESC",
            (int(archived),),
        )
        return [conversation_of(row) for row in rows]

    def get(self, conversation_id: int) -> ConversationRecord | None:
        """Return one conversation; None if it is not there or removed."""
        rows = self._database.query(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608
            " WHERE id = ? AND removed_at IS NULL",
            (conversation_id,),
        )
        return conversation_of(rows[0]) if rows else None

    def unchanged_since(self, moment: datetime) -> Conversations:
        """Return the conversations, archived ones too, that last changed before `moment`."""
        rows = self._database.query(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608
            " WHERE removed_at IS NULL AND updated_at < ? ORDER BY updated_at",
            (times.to_stored(moment),),
        )
        return [conversation_of(row) for row in rows]

    # What the person does with one

    def rename(self, conversation_id: int, title: str) -> None:
        """Give the conversation the person's title."""
        self.set_title(conversation_id, title, TitleBy.PERSON)

    def set_title(self, conversation_id: int, title: str, by: TitleBy) -> None:
        """Give the conversation a title; one by its person is only replaced by another such."""
        self._execute(
            "UPDATE conversations SET title = ?1, title_by = ?2"
            " WHERE id = ?3 AND (?2 = 'person' OR title_by <> 'person')",
            title,
            by,
            conversation_id,
        )

    def pin(self, conversation_id: int, is_pinned: bool) -> None:
        """Keep the conversation above the others, or no longer."""
        self._set("is_pinned", conversation_id, int(is_pinned))

    def archive(self, conversation_id: int, is_archived: bool) -> None:
        """Keep the conversation out of the list, or put it back."""
        self._set("is_archived", conversation_id, int(is_archived))

    def move(self, conversation_id: int, folder_id: int | None) -> None:
        """Put the conversation into a folder, or into none; one that is gone is none."""
        self._execute(
            "UPDATE conversations SET folder_id = (SELECT id FROM folders WHERE id = ?)"
            " WHERE id = ?",
            folder_id,
            conversation_id,
        )

    def settings(self, conversation_id: int) -> ChatSettings:
        """Return what was chosen for the conversation."""
        rows = self._database.query(
            "SELECT settings FROM conversations WHERE id = ?", (conversation_id,)
        )
        return chat_settings.decode(rows[0][0]) if rows else ChatSettings()

    def set_settings(self, conversation_id: int, settings: ChatSettings) -> None:
        """Keep what is chosen for the conversation."""
        self._set("settings", conversation_id, chat_settings.encode(settings))

    def branch(self, message_id: int, title: str) -> int | None:
        """Begin a conversation with a copy of the branch up to a message; return its id.

        It has the settings, the folder, the documents and the recaps of the first one.
        None if the message is gone.
        """
        return self._database.write(lambda c: branching.copy(c, message_id, title)).result()

    # Its documents

    def attach(self, conversation_id: int, document_id: int) -> None:
        """Attach a stored document; the last attached stands last."""

        def put(connection: Connection) -> None:
            keys = (conversation_id, document_id)
            attached = connection.execute(
                "SELECT 1 FROM attachments WHERE conversation_id = ? AND document_id = ?"
                " AND NOT is_detached",
                keys,
            )
            if attached.fetchone():
                return
            connection.execute(
                "DELETE FROM attachments WHERE conversation_id = ? AND document_id = ?", keys
            )
            connection.execute(
                "INSERT INTO attachments (conversation_id, document_id)"
                " SELECT conversations.id, documents.id FROM conversations, documents"
                " WHERE conversations.id = ? AND documents.id = ?",
                keys,
            )

        self._database.write(put).result()

    def detach(self, conversation_id: int, document_id: int) -> None:
        """Detach a document; that it may be quoted in the conversation is remembered."""
        self._execute(
            "UPDATE attachments SET is_detached = 1 WHERE conversation_id = ? AND document_id = ?",
            conversation_id,
            document_id,
        )

    def attached(self, conversation_id: int) -> Ids:
        """Return the attached documents in their order, without removed ones."""
        rows = self._database.query(
            "SELECT document_id FROM attachments JOIN documents"
            " ON documents.id = document_id WHERE conversation_id = ? AND NOT is_detached"
            " AND removed_at IS NULL ORDER BY attachments.id",
            (conversation_id,),
        )
        return [int(row[0]) for row in rows]

    def of_document(self, document_id: int) -> Conversations:
        """Return the conversations a document is or was attached to, the last changed first."""
        rows = self._database.query(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608
            " WHERE removed_at IS NULL AND id IN"
            " (SELECT conversation_id FROM attachments WHERE document_id = ?)"
            " ORDER BY updated_at DESC, id DESC",
            (document_id,),
        )
        return [conversation_of(row) for row in rows]

    def about_removed(self) -> Ids:
        """Return the conversations, without removed ones, that a removed document was given to."""
        rows = self._database.query(
            "SELECT DISTINCT conversation_id FROM attachments"
            " JOIN documents ON documents.id = document_id"
            " JOIN conversations ON conversations.id = conversation_id"
            " WHERE documents.removed_at IS NOT NULL AND conversations.removed_at IS NULL"
        )
        return [int(row[0]) for row in rows]

    # Its end

    def remove(self, conversation_id: int) -> None:
        """Take the conversation out of the list; `restore` brings it back until `purge`."""
        self._set("removed_at", conversation_id, times.now())

    def restore(self, conversation_id: int) -> None:
        """Undo `remove`; one that is being deleted for good stays removed."""
        self._execute(
            "UPDATE conversations SET removed_at = NULL WHERE id = ? AND removed_at <> ?",
            conversation_id,
            _GOING,
        )

    def removed(self) -> Ids:
        """Return the conversations that `purge` would delete."""
        rows = self._database.query("SELECT id FROM conversations WHERE removed_at IS NOT NULL")
        return [int(row[0]) for row in rows]

    def purge(self) -> int:
        """Delete the removed conversations for good and return how many.

        Their messages, search entries, drafts and recaps go with them: no file of the database
        holds their words afterwards. It rewrites the file, which takes a moment: not for the
        window's thread.
        """
        return self._delete(self.removed(), "removed_at IS NOT NULL")

    def delete_for_good(self, conversation_ids: Iterable[int]) -> int:
        """Delete these conversations as `purge` does, removed or not; return how many."""
        return self._delete(conversation_ids, "TRUE")

    def _delete(self, conversation_ids: Iterable[int], condition: str) -> int:
        """Delete bit by bit, so that nobody who writes meanwhile waits for long."""
        count = 0
        for conversation_id in conversation_ids:
            if not self._execute(
                f"UPDATE conversations SET removed_at = ? WHERE id = ? AND {condition}",  # noqa: S608
                _GOING,
                conversation_id,
            ):
                continue
            while self._execute(
                "DELETE FROM messages WHERE id IN"
                " (SELECT id FROM messages WHERE conversation_id = ? LIMIT ?)",
                conversation_id,
                _AT_ONCE,
            ):
                pass
            count += self._execute("DELETE FROM conversations WHERE id = ?", conversation_id)
        self._database.scrub_if_due()
        return count

    def _set(self, column: str, conversation_id: int, value: object) -> None:
        self._execute(
            f"UPDATE conversations SET {column} = ? WHERE id = ?",  # noqa: S608 - ours
            value,
            conversation_id,
        )
