"""Conversations and messages as they are read from the database."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from assistant.storage import times
from assistant.storage.database import Row

CONVERSATION_COLUMNS = (
    "id, title, created_at, updated_at, folder_id, is_pinned, is_archived, title_by"
)
MESSAGE_COLUMNS = (
    "id, conversation_id, role, content, thinking, status, error, model_name, created_at, stats,"
    " parent_id, evidence"
)


class MessageStatus(StrEnum):
    """How far a message got."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


class TitleBy(StrEnum):
    """Where a conversation's title comes from; a person's is never replaced by another."""

    TEXT = "text"
    MODEL = "model"
    PERSON = "person"


_TITLES_BY = {str(by): by for by in TitleBy}  # a list of thousands shows


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A conversation in the list.

    Attributes:
        id: its row.
        title: its title, or "".
        created_at: when it was begun.
        updated_at: when a message was last added or changed.
        folder_id: the folder it is in; None for none.
        is_pinned: it stands above the others.
        is_archived: it is kept out of the list.
        title_by: where the title comes from.
    """

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    folder_id: int | None = None
    is_pinned: bool = False
    is_archived: bool = False
    title_by: TitleBy = TitleBy.TEXT


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message.

    Attributes:
        id: its row; a message's id is greater than that of the one it follows.
        conversation_id: the conversation it belongs to.
        role: "system", "user" or "assistant".
        content: its text.
        thinking: what the model thought before, or "".
        status: how far it got.
        error: for `FAILED`, what happened, for the person.
        model_name: the model that wrote it, or "".
        created_at: when it was begun.
        stats: figures such as tokens and seconds.
        parent_id: the message it follows; None at the beginning. Messages that follow the same
            one are variants of each other.
        evidence: for an answer about documents, its passages and citations, as bytes of the
            caller's making; b"" for none.
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
    parent_id: int | None = None
    evidence: bytes = b""


def conversation_of(row: Row) -> ConversationRecord:
    """Return the conversation of a row with `CONVERSATION_COLUMNS`."""
    conversation_id, title, created_at, updated_at, folder_id, is_pinned, is_archived, by = row
    return ConversationRecord(
        conversation_id,
        title,
        times.to_datetime(created_at),
        times.to_datetime(updated_at),
        folder_id,
        bool(is_pinned),
        bool(is_archived),
        _TITLES_BY[by],
    )


def message_of(row: Row) -> MessageRecord:
    """Return the message of a row with `MESSAGE_COLUMNS`."""
    message_id, conversation_id, role, content, thinking = row[:5]
    status, error, model_name, created_at, stats, parent_id, evidence = row[5:]
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
        parent_id=parent_id,
        evidence=bytes(evidence),
    )
