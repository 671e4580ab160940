"""What a search in the conversations found, as Qt wants it: titles and drafts, then messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDate,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from assistant.storage.chat_search import DraftHit, Hit, Part, TitleHit
from assistant.storage.search_words import Pieces

Index: TypeAlias = QModelIndex | QPersistentModelIndex

FOUND = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place with the words.

    Attributes:
        conversation_id: where it is.
        message_id: the message; None for a conversation whose title or draft has the words.
        title: the conversation's title, in pieces.
        pieces: the message around the words; which of the pieces are words of the search.
        is_own: the person wrote the message.
        part: what of the message has the words.
        is_draft: it is what the person has begun to write there.
        when: its day, as the person's language writes it.
        is_archived: the conversation is in the archive.
    """

    conversation_id: int
    message_id: int | None
    title: Pieces
    pieces: Pieces
    is_own: bool
    when: str
    is_archived: bool = False
    is_draft: bool = False
    part: Part = Part.TEXT


def found_in_title(hit: TitleHit) -> Found:
    """Return a conversation whose title has the words."""
    return Found(
        conversation_id=hit.conversation.id,
        message_id=None,
        title=tuple(hit.pieces),
        pieces=(),
        is_own=False,
        when=_day(hit.conversation.updated_at),
        is_archived=hit.conversation.is_archived,
    )


def found_in_draft(hit: DraftHit) -> Found:
    """Return a conversation whose draft has the words."""
    return Found(
        conversation_id=hit.conversation.id,
        message_id=None,
        title=((hit.conversation.title, False),),
        pieces=tuple(hit.pieces),
        is_own=True,
        when=_day(hit.conversation.updated_at),
        is_archived=hit.conversation.is_archived,
        is_draft=True,
    )


def found_in_message(hit: Hit) -> Found:
    """Return a message, or what belongs to it, that has the words."""
    return Found(
        conversation_id=hit.conversation_id,
        message_id=hit.message_id,
        title=((hit.title, False),),
        pieces=tuple(hit.pieces),
        is_own=hit.role == "user",
        when=_day(hit.created_at),
        is_archived=hit.is_archived,
        part=hit.part,
    )


class HitsModel(QAbstractListModel):
    """Places in the order of the search; more come when the end is reached.

    Attributes:
        is_complete: nothing is known to follow.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_complete = True
        self._found: list[Found] = []

    @property
    def found(self) -> Sequence[Found]:
        """What is shown."""
        return self._found

    def show(self, found: Sequence[Found]) -> None:
        """Show these in place of all others."""
        self.beginResetModel()
        self._found = list(found)
        self.endResetModel()

    def add(self, found: Sequence[Found]) -> None:
        """Show these below the others."""
        if found:
            count = len(self._found)
            self.beginInsertRows(QModelIndex(), count, count + len(found) - 1)
            self._found += found
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count the places."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a place, or its words for a screen reader."""
        if not index.isValid() or index.row() >= len(self._found):
            return None
        found = self._found[index.row()]
        if role == FOUND:
            return found
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join(
                part for part in (joined(found.title), found.when, snippet(found)) if part
            )
        return None


def joined(pieces: Pieces) -> str:
    """Return the text of `pieces`."""
    return "".join(text for text, _ in pieces)


def snippet(found: Found) -> str:
    """Return the line below a title, without its marks."""
    if found.message_id is None and not found.is_draft:
        return QCoreApplication.translate("HitsModel", "In the title")
    text = joined(found.pieces)
    return f"{who(found)}{text}"


def who(found: Found) -> str:
    """Return what stands before a message's words."""
    if found.is_draft:
        return QCoreApplication.translate("HitsModel", "Draft: ")
    if found.part is Part.THINKING:
        return QCoreApplication.translate("HitsModel", "Reasoning: ")
    if found.part is Part.RECAP:
        return QCoreApplication.translate("HitsModel", "Summary of older messages: ")
    return QCoreApplication.translate("HitsModel", "You: ") if found.is_own else ""


def _day(moment: datetime) -> str:
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    if local.date() == QDate.currentDate():
        return QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(local.date(), QLocale.FormatType.ShortFormat)
