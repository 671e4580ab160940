"""Keeps a reply while it is written, so that a crash at any moment loses at most a second."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from assistant.conversations.figures import ReplyFigures
from assistant.conversations.replying import HistoryCut, ReplyEvent
from assistant.engine.protocol import Finished, FinishReason, Message, ModelInfo, Role, TextPart
from assistant.errors import AssistantError
from assistant.storage.conversations import ConversationStore, MessageRecord, MessageStatus

_SAVE_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class ReplyBegun:
    """The reply has a row of its own from now on."""

    message_id: int


RecordedEvent: TypeAlias = ReplyBegun | ReplyEvent


@dataclass
class _Draft:
    """What there is of a reply so far."""

    content: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    model_name: str = ""
    stats: dict[str, Any] = field(default_factory=dict)
    status: MessageStatus = MessageStatus.STOPPED

    @property
    def is_empty(self) -> bool:
        return not self.content and not self.thinking

    def take(self, event: ReplyEvent) -> None:
        match event:
            case TextPart(is_thinking=True):
                self.thinking.append(event.text)
            case TextPart():
                self.content.append(event.text)
            case ModelInfo():
                self.model_name = Path(event.path).stem
                self.stats["context_tokens"] = event.context_tokens
            case HistoryCut():
                self.stats["left_out"] = event.messages
            case Finished():
                is_stopped = event.reason is FinishReason.STOPPED
                self.status = MessageStatus.STOPPED if is_stopped else MessageStatus.COMPLETE
                self.stats |= {
                    "reason": str(event.reason),
                    "thinking_s": round(event.thinking_s, 3),
                    **ReplyFigures.of(event).stats(),
                }


def history_of(records: Sequence[MessageRecord]) -> list[Message]:
    """Return the messages of stored `records`, without reasoning and without system messages."""
    roles = {str(Role.USER), str(Role.ASSISTANT)}
    return [Message(Role(r.role), r.content) for r in records if r.role in roles]


def record(
    events: Iterator[ReplyEvent],
    store: ConversationStore,
    conversation_id: int,
    *,
    describe: Callable[[AssistantError], str],
    replaces: int | None = None,
) -> Iterator[RecordedEvent]:
    """Pass `events` of a reply on and keep them in a row that begins as `streaming`.

    The row ends as complete, stopped or failed, whatever happens short of a crash.

    Args:
        events: a reply under way, from `replying.reply`.
        store: where it is kept.
        conversation_id: the conversation it belongs to; if that is gone, nothing is kept.
        describe: says in words what went wrong, for the row.
        replaces: an older reply, deleted as soon as this one has its first word. If it never
            has one the older reply stays, and this one leaves no row unless it failed.

    Raises:
        what `events` raises; NoSpace, CannotWrite, DamagedData when it cannot be kept.
    """
    message_id = store.add_message(
        conversation_id, Role.ASSISTANT, "", status=MessageStatus.STREAMING
    )
    if message_id is None:
        return
    draft = _Draft()
    error = ""
    saved_at = time.monotonic()
    try:
        yield ReplyBegun(message_id)
        for event in events:
            draft.take(event)
            if replaces is not None and not draft.is_empty:
                store.remove_message(replaces)
                replaces = None
            now = time.monotonic()
            if now - saved_at >= _SAVE_EVERY_S:
                _save(store, message_id, draft, MessageStatus.STREAMING)
                saved_at = now
            yield event
    except Exception as failure:
        draft.status = MessageStatus.FAILED
        error = describe(failure) if isinstance(failure, AssistantError) else repr(type(failure))
        raise
    finally:
        if replaces is not None and draft.status is MessageStatus.STOPPED:
            store.remove_message(message_id)
        else:
            _save(store, message_id, draft, draft.status, error)


def _save(
    store: ConversationStore,
    message_id: int,
    draft: _Draft,
    status: MessageStatus,
    error: str = "",
) -> None:
    store.update_message(
        message_id,
        content="".join(draft.content),
        thinking="".join(draft.thinking),
        status=status,
        error=error,
        model_name=draft.model_name,
        stats=draft.stats,
    )
