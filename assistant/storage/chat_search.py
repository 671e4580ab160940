"""Words in all conversations, the newest message first.

Nothing is ranked: the indexes of what was said and of what models thought, which are in the order
of the messages' times, are read from their newest entries backwards and left as soon as there is
enough, so that common words are found as fast as rare ones.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from assistant.storage import search_words, times
from assistant.storage.conversation_records import (
    CONVERSATION_COLUMNS,
    ConversationRecord,
    conversation_of,
)
from assistant.storage.database import Database, Row
from assistant.storage.search_words import Pieces, Wanted

_NEWEST: Final = 2**62


class Part(StrEnum):
    """What has the words: a message, what its model thought before, or a recap that ends there."""

    TEXT = "text"
    THINKING = "thinking"
    RECAP = "recap"


def _in_messages(index: str, column: str) -> str:
    return f"""
        SELECT {index}.rowid, conversations.id, conversations.title, messages.id, messages.role,
            messages.created_at, conversations.is_archived, messages.{column}
        FROM {index}
        CROSS JOIN message_places ON message_places.place = {index}.rowid
        CROSS JOIN messages ON messages.id = message_places.message_id
        CROSS JOIN conversations ON conversations.id = messages.conversation_id
        WHERE {index} MATCH ? AND {index}.rowid < ?
            AND conversations.removed_at IS NULL AND conversations.is_archived <= ?
        ORDER BY {index}.rowid DESC LIMIT ?
    """  # noqa: S608 - names of ours


_SQL: Final = {
    Part.TEXT: _in_messages("message_words", "content"),
    Part.THINKING: _in_messages("thought_words", "thinking"),
}
_RECAPS_SQL: Final = """
    SELECT 0, conversations.id, conversations.title, recaps.upto_message_id, 'assistant',
        recaps.created_at, conversations.is_archived, recaps.text
    FROM recap_words
    CROSS JOIN recaps ON recaps.id = recap_words.rowid
    CROSS JOIN conversations ON conversations.id = recaps.conversation_id
    WHERE recap_words MATCH ? AND recaps.created_at >= ? AND recaps.created_at < ?
        AND conversations.removed_at IS NULL AND conversations.is_archived <= ?
    ORDER BY recaps.created_at DESC, recaps.id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message that has all the words, or a recap.

    Attributes:
        conversation_id: its conversation.
        title: that one's title.
        message_id: the message, on whichever branch; of a recap the last that it tells of.
        role: who wrote it.
        created_at: when.
        pieces: what stands around the words, and which pieces are the words.
        is_archived: the conversation is.
        part: what has the words.
    """

    conversation_id: int
    title: str
    message_id: int
    role: str
    created_at: datetime
    pieces: Pieces
    is_archived: bool = False
    part: Part = Part.TEXT


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
    scripts that write no spaces. A message is found by its text or else by what its model thought.
    The recaps of the same time stand between the messages.

    Args:
        database: where.
        words: as the person typed them.
        limit: how many messages at most.
        before: the `message_id` of the last hit there is, for those that come after it; none
            come after one that was deleted meanwhile.
        archived: look into archived conversations, too.
    """
    wanted = Wanted.of(words)
    if not wanted:
        return []
    place, end = _NEWEST, _NEWEST
    if before is not None:
        found = database.query(
            "SELECT place, created_at FROM message_places"
            " JOIN messages ON messages.id = message_id WHERE message_id = ?",
            (before,),
        )
        if not found:
            return []
        place, end = found[0]
    newest: dict[int, tuple[Part, Row]] = {}
    for part, sql in _SQL.items():
        for row in database.query(sql, (wanted.expression, place, int(archived), limit)):
            newest.setdefault(row[0], (part, row))
    rows = [newest[at] for at in sorted(newest, reverse=True)[:limit]]
    begin = rows[-1][1][5] if len(rows) == limit else 0
    recaps = database.query(_RECAPS_SQL, (wanted.expression, begin, end, int(archived)))
    return [_hit(part, row, wanted) for part, row in _with_recaps(rows, recaps)]


def _with_recaps(rows: list[tuple[Part, Row]], recaps: list[Row]) -> list[tuple[Part, Row]]:
    """Put recaps, the newest first, among messages: each before what is no newer."""
    merged: list[tuple[Part, Row]] = []
    waiting = list(reversed(recaps))
    for part, row in rows:
        while waiting and waiting[-1][5] >= row[5]:
            merged.append((Part.RECAP, waiting.pop()))
        merged.append((part, row))
    return merged + [(Part.RECAP, recap) for recap in reversed(waiting)]


def _hit(part: Part, row: Row, wanted: Wanted) -> Hit:
    return Hit(
        conversation_id=row[1],
        title=row[2],
        message_id=row[3],
        role=row[4],
        created_at=times.to_datetime(row[5]),
        is_archived=bool(row[6]),
        pieces=search_words.excerpt(row[7], wanted),
        part=part,
    )


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
