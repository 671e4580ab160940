"""Words in all conversations, the newest message first.

Nothing is ranked: the index, which is in the order of the messages' times, is read from its newest
entry backwards and left as soon as there is enough, so that common words are found as fast as rare
ones.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from assistant.storage import search_words, times
from assistant.storage.conversation_records import (
    CONVERSATION_COLUMNS,
    ConversationRecord,
    conversation_of,
)
from assistant.storage.database import Database
from assistant.storage.search_words import Pieces, Wanted

_NEWEST = 2**62
_SQL = """
    SELECT conversations.id, conversations.title, messages.id, messages.role,
        messages.created_at, messages.content, conversations.is_archived
    FROM message_words
    CROSS JOIN message_places ON message_places.place = message_words.rowid
    CROSS JOIN messages ON messages.id = message_places.message_id
    CROSS JOIN conversations ON conversations.id = messages.conversation_id
    WHERE message_words MATCH ? AND message_words.rowid < ?
        AND conversations.removed_at IS NULL AND conversations.is_archived <= ?
    ORDER BY message_words.rowid DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message that has all the words.

    Attributes:
        conversation_id: its conversation.
        title: that one's title.
        message_id: the message, on whichever branch.
        role: who wrote it.
        created_at: when.
        pieces: what stands around the words, and which pieces are the words.
        is_archived: the conversation is.
    """

    conversation_id: int
    title: str
    message_id: int
    role: str
    created_at: datetime
    pieces: Pieces
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleHit:
    """A conversation whose title has all the words; `pieces` is the title."""

    conversation: ConversationRecord
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftHit:
    """A conversation whose draft has all the words; `pieces` is what stands around them."""

    conversation: ConversationRecord
    pieces: Pieces


Hits: TypeAlias = list[Hit]


def search(
    database: Database,
    words: str,
    *,
    limit: int = 50,
    before: int | None = None,
    archived: bool = True,
) -> Hits:
    """Return the messages that have all of `words`, the newest first, to the second.

    The last word may be the beginning of one, unless a space follows it; words between "…" stand
    one after the other. Case and accents make no difference. A part of a word is found in
    scripts that write no spaces.

    Args:
        database: where.
        words: as the person typed them.
        limit: how many at most.
        before: the `message_id` of the last hit there is, for those that come after it; none
            come after one that was deleted meanwhile.
        archived: look into archived conversations, too.
    """
    wanted = Wanted.of(words)
    if not wanted:
        return []
    place = _NEWEST
    if before is not None:
        found = database.query("SELECT place FROM message_places WHERE message_id = ?", (before,))
        if not found:
            return []
        place = found[0][0]
    rows = database.query(_SQL, (wanted.expression, place, int(archived), limit))
    return [
        Hit(
            conversation_id=row[0],
            title=row[1],
            message_id=row[2],
            role=row[3],
            created_at=times.to_datetime(row[4]),
            pieces=search_words.excerpt(row[5], wanted),
            is_archived=bool(row[6]),
        )
        for row in rows
    ]


def search_titles(database: Database, words: str, *, archived: bool = True) -> list[TitleHit]:
    """Return the conversations whose title has all of `words`, the last changed first."""
    wanted = Wanted.of(words)
    if not wanted:
        return []
    rows = database.query(
        f"SELECT {CONVERSATION_COLUMNS} FROM conversations"  # noqa: S608
        " WHERE removed_at IS NULL AND is_archived <= ? ORDER BY updated_at DESC, id DESC",
        (int(archived),),
    )
    return [
        TitleHit(conversation=conversation_of(row), pieces=search_words.marked(row[1], wanted))
        for row in rows
        if wanted.is_in(row[1])
    ]


def search_drafts(database: Database, words: str) -> list[DraftHit]:
    """Return the conversations whose draft has all of `words`, the last changed first."""
    wanted = Wanted.of(words)
    if not wanted:
        return []
    rows = database.query(
        "SELECT (SELECT text FROM drafts WHERE conversation_id = conversations.id),"  # noqa: S608
        f" {CONVERSATION_COLUMNS} FROM conversations WHERE removed_at IS NULL"
        " AND id IN (SELECT conversation_id FROM drafts) ORDER BY updated_at DESC, id DESC"
    )
    return [
        DraftHit(conversation=conversation_of(row[1:]), pieces=search_words.excerpt(row[0], wanted))
        for row in rows
        if wanted.is_in(row[0])
    ]
