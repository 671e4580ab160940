"""Alcove's own JSON (docs/chats.md): stored conversations to `PortableChat` and back, whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from assistant.conversations.asking.answer import Answer
from assistant.conversations.porting.chat import (
    ROLES,
    PortableChat,
    PortableDocument,
    PortableMessage,
    PortableRecap,
)
from assistant.conversations.porting.foreign import (
    MOST_MESSAGES,
    CannotTakeError,
    Taken,
    list_of,
    mapping_of,
    moment_of_text,
    title_of,
    written,
)
from assistant.conversations.porting.report import LeftOut, SkipReason
from assistant.paths import as_text
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import (
    ConversationRecord,
    MessageRecord,
    MessageStatus,
    TitleBy,
)
from assistant.storage.documents import DocumentRecord
from assistant.storage.recaps import Recap
from assistant.storage.whole_conversations import WholeConversation

_STATUSES = frozenset({MessageStatus.COMPLETE, MessageStatus.STOPPED, MessageStatus.FAILED})


def is_chat(value: Mapping[str, Any]) -> bool:
    """Return whether `value` is a conversation of Alcove's, also without the file's head."""
    messages = list_of(value.get("messages"))
    named = {"title", "created_at", "updated_at"} <= set(value)
    return named and all({"id", "role"} <= set(mapping_of(m)) for m in messages[:5])


def read(value: Mapping[str, Any]) -> Taken:
    """Return a conversation of Alcove's JSON, checked.

    Raises:
        CannotTakeError: it is empty, damaged or too large.
    """
    title = title_of(value.get("title"))
    try:
        chat = msgspec.convert(value, type=PortableChat)
        msgspec.convert(chat.settings, type=ChatSettings)
        TitleBy(chat.title_by)
    except (msgspec.MsgspecError, ValueError) as error:
        raise CannotTakeError(SkipReason.DAMAGED, title) from error
    if not chat.messages and not chat.draft:
        raise CannotTakeError(SkipReason.EMPTY, title)
    if len(chat.messages) > MOST_MESSAGES:
        raise CannotTakeError(SkipReason.TOO_LARGE, title)
    if not _is_sound(chat):
        raise CannotTakeError(SkipReason.DAMAGED, title)
    left_out: Counter[LeftOut] = Counter()
    for message in chat.messages:
        if message.evidence is not None and not _is_answer(message.evidence):
            message.evidence = None
            left_out[LeftOut.UNKNOWN] += 1
    return Taken(chat=chat, left_out=left_out)


def _is_sound(chat: PortableChat) -> bool:
    """Return whether ids, parents, roles and times of a conversation are possible."""
    known: set[int] = set()
    for message in chat.messages:
        if message.id in known or not (message.parent is None or message.parent in known):
            return False
        if message.role not in ROLES or message.status not in _STATUSES:
            return False
        known.add(message.id)
    times = [chat.created_at, chat.updated_at, *(m.created_at for m in chat.messages)]
    times += [recap.created_at for recap in chat.recaps]
    has_places = {recap.upto for recap in chat.recaps} <= known
    has_leaf = chat.active is None or chat.active in known
    return has_places and has_leaf and all(moment_of_text(time) for time in times)


def _is_answer(evidence: Mapping[str, Any]) -> bool:
    try:
        msgspec.convert(evidence, type=Answer, strict=False)
    except msgspec.MsgspecError:
        return False
    return True


def portable(
    whole: WholeConversation, *, folder: str, documents: Sequence[DocumentRecord]
) -> PortableChat:
    """Return a stored conversation as it travels."""
    record = whole.record
    return PortableChat(
        title=record.title,
        created_at=written(record.created_at),
        updated_at=written(record.updated_at),
        messages=[_portable_message(message) for message in whole.messages],
        active=whole.leaf,
        title_by=str(record.title_by),
        folder=folder,
        is_pinned=record.is_pinned,
        is_archived=record.is_archived,
        settings=msgspec.to_builtins(whole.settings),
        draft=whole.draft,
        documents=[
            PortableDocument(id=d.id, title=d.title, path=as_text(d.path), sha256=d.sha256)
            for d in documents
        ],
        recaps=[
            PortableRecap(
                upto=recap.upto_message_id,
                text=recap.text,
                created_at=written(recap.created_at),
                is_edited=recap.is_edited,
                is_off=recap.is_off,
            )
            for recap in whole.recaps
        ],
    )


def _portable_message(message: MessageRecord) -> PortableMessage:
    is_under_way = message.status is MessageStatus.STREAMING
    return PortableMessage(
        id=message.id,
        parent=message.parent_id,
        role=message.role,
        content=message.content,
        thinking=message.thinking,
        status=str(MessageStatus.STOPPED if is_under_way else message.status),
        error=message.error,
        model=message.model_name,
        created_at=written(message.created_at),
        stats=message.stats,
        evidence=_evidence(message.evidence),
    )


def _evidence(stored: bytes) -> dict[str, Any] | None:
    try:
        return dict(mapping_of(msgspec.json.decode(stored))) or None if stored else None
    except msgspec.MsgspecError:
        return None


def stored(
    chat: PortableChat, *, folder_id: int | None, ids: Mapping[int, int]
) -> WholeConversation:
    """Return a conversation as it is stored.

    Args:
        chat: a sound one.
        folder_id: the folder it is put into.
        ids: the documents' ids here, by their ids in `chat`; those that are not here are missing.
    """
    return WholeConversation(
        record=ConversationRecord(
            id=0,
            title=chat.title,
            created_at=time_of(chat.created_at),
            updated_at=time_of(chat.updated_at),
            folder_id=folder_id,
            is_pinned=chat.is_pinned,
            is_archived=chat.is_archived,
            title_by=TitleBy(chat.title_by),
        ),
        messages=[_stored_message(message, ids) for message in chat.messages],
        leaf=chat.active,
        settings=msgspec.convert(chat.settings, type=ChatSettings),
        draft=chat.draft,
        recaps=[
            Recap(
                id=0,
                conversation_id=0,
                upto_message_id=recap.upto,
                text=recap.text,
                created_at=time_of(recap.created_at),
                is_edited=recap.is_edited,
                is_off=recap.is_off,
            )
            for recap in chat.recaps
        ],
        documents=[ids[document.id] for document in chat.documents if document.id in ids],
    )


def _stored_message(message: PortableMessage, ids: Mapping[int, int]) -> MessageRecord:
    evidence = b""
    if message.evidence is not None:
        evidence = msgspec.json.encode(_with_documents(message.evidence, ids))
    return MessageRecord(
        id=message.id,
        conversation_id=0,
        role=message.role,
        content=message.content,
        thinking=message.thinking,
        status=MessageStatus(message.status),
        error=message.error,
        model_name=message.model,
        created_at=time_of(message.created_at),
        stats=message.stats,
        parent_id=message.parent,
        evidence=evidence,
    )


def _with_documents(value: Any, ids: Mapping[int, int]) -> Any:
    """Return evidence with the documents' ids here; 0 for one that is not here."""
    if isinstance(value, dict):
        return {
            key: ids.get(inner, 0) if key == "document_id" else _with_documents(inner, ids)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_with_documents(inner, ids) for inner in value]
    return value


def time_of(text: str) -> datetime:
    """Return the time that a sound conversation's text names."""
    return moment_of_text(text) or datetime.now(UTC)
