"""Keeps a reply while it is written, so that a crash at any moment loses at most a second."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.conversations.asking.answer import Answered, WrittenBy, encode
from assistant.conversations.events import (
    HistoryCut,
    RecordedEvent,
    ReplyBegun,
    ReplyEvent,
    StatsKept,
)
from assistant.conversations.figures import ReplyFigures
from assistant.conversations.timed_save import TimedSave
from assistant.engine.protocol import Finished, FinishReason, Message, ModelInfo, Role, TextPart
from assistant.errors import AssistantError
from assistant.paths import legible
from assistant.storage.conversations import (
    AT_LEAF,
    ConversationStore,
    MessageRecord,
    MessageStatus,
)

_SAVE_EVERY_S = 1.0
_OF_MODELS = ("sampling", "preset")  # kept of how a reply was made, where a model wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a reply is kept.

    Attributes:
        parent_id: the message that it follows.
        continues: a reply that it goes on with, in its row, which stays as it was until there is
            a word more.
        sibling_of: a reply that it becomes a variant of. That stays the active one if this comes
            to nothing; one that failed without a word is deleted as soon as this has one.
        stats: what is kept with it from its beginning.
    """

    parent_id: int | None = AT_LEAF
    continues: MessageRecord | None = None
    sibling_of: MessageRecord | None = None
    stats: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Draft:
    """What there is of a reply so far."""

    content: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    model_name: str = ""
    stats: dict[str, Any] = field(default_factory=dict)
    evidence: bytes = b""
    status: MessageStatus = MessageStatus.STOPPED
    has_new: bool = False
    has_finished: bool = False

    def take(self, event: ReplyEvent) -> None:
        match event:
            case TextPart(is_thinking=True):
                self.thinking.append(event.text)
                self.has_new = True
            case TextPart():
                self.content.append(event.text)
                self.has_new = True
            case ModelInfo():
                self.model_name = legible(Path(event.path).stem)
                self.stats["context_tokens"] = event.context_tokens
            case HistoryCut():
                self.stats["left_out"] = event.messages
                self.stats["cuts_recap"] = event.cuts_recap
            case Answered():
                self.evidence = encode(event.answer)
                self.model_name = event.answer.model
                if event.answer.written_by is WrittenBy.DOCUMENT:
                    for name in _OF_MODELS:
                        self.stats.pop(name, None)
                if not self.has_finished:  # else the engine has said whether it was stopped
                    self.status = MessageStatus.COMPLETE
            case Finished():
                self._end(event)

    def _end(self, finished: Finished) -> None:
        self.has_finished = True
        is_stopped = finished.reason is FinishReason.STOPPED
        self.status = MessageStatus.STOPPED if is_stopped else MessageStatus.COMPLETE
        figures = ReplyFigures.of(finished)
        before = ReplyFigures.kept(self.stats)
        if before:  # it was continued: the first prompt, and all that was written after it
            figures = replace(
                before,
                generated_tokens=before.generated_tokens + figures.generated_tokens,
                generation_s=before.generation_s + figures.generation_s,
                threads=figures.threads or before.threads,
                peak_memory_bytes=max(before.peak_memory_bytes, figures.peak_memory_bytes),
            )
        thought_s = self.stats.get("thinking_s", 0.0) + finished.thinking_s
        self.stats |= {
            "reason": str(finished.reason),
            "thinking_s": round(thought_s, 3),
            **figures.stats(),
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
    row: Row = Row(),
) -> Iterator[RecordedEvent]:
    """Pass `events` of a reply on and keep them in a row that begins as `streaming`.

    The row ends as complete, stopped or failed, whatever happens short of a crash.

    Args:
        events: a reply under way.
        store: where it is kept.
        conversation_id: the conversation it belongs to; if that is gone, nothing is kept.
        describe: says in words what went wrong, for the row.
        row: where it is kept.

    Raises:
        what `events` raises; NoSpace, CannotWrite, DamagedData when it cannot be kept.
    """
    draft = _draft_of(row)
    message_id = _begin(store, conversation_id, row)
    if message_id is None:
        return
    failed = row.sibling_of if row.sibling_of and _is_dead(row.sibling_of) else None
    error = ""
    saving = TimedSave(
        lambda: _save(store, message_id, draft, MessageStatus.STREAMING), _SAVE_EVERY_S
    )
    try:
        old = row.continues
        is_anew = old is not None and not (old.content or old.thinking)
        kept = store.message(message_id)
        begun_at = kept.created_at if kept else None
        yield ReplyBegun(message_id, is_anew, begun_at, stats=dict(draft.stats))
        for event in events:
            draft.take(event)
            if failed and draft.has_new:
                store.remove_message(failed.id)
                failed = None
            if draft.has_new:
                saving.note()
            if isinstance(event, Finished | Answered):
                yield StatsKept(dict(draft.stats))
            yield event
    except Exception as failure:
        draft.status = MessageStatus.FAILED
        error = describe(failure) if isinstance(failure, AssistantError) else repr(type(failure))
        raise
    finally:
        saving.close()
        is_stopped = draft.status is MessageStatus.STOPPED
        if row.sibling_of and is_stopped and not draft.has_new:
            store.remove_message(message_id)
            store.choose(row.sibling_of.id)
        elif row.continues and draft.status is not MessageStatus.COMPLETE and not draft.has_new:
            status = row.continues.status if is_stopped else draft.status
            store.update_message(message_id, status=status, error=error)  # the rest is as it was
        else:
            _save(store, message_id, draft, draft.status, error)


def _draft_of(row: Row) -> _Draft:
    """Return what there is of the reply before its first event."""
    stats = dict(row.stats)
    if row.continues is None:
        return _Draft(stats=stats)
    old = row.continues
    return _Draft(
        [old.content], [old.thinking], old.model_name, {**old.stats, **stats}, old.evidence
    )


def _begin(store: ConversationStore, conversation_id: int, row: Row) -> int | None:
    if row.continues:
        store.update_message(row.continues.id, status=MessageStatus.STREAMING, error="")
        return row.continues.id
    return store.add_message(
        conversation_id,
        Role.ASSISTANT,
        "",
        parent_id=row.parent_id,
        status=MessageStatus.STREAMING,
        stats=dict(row.stats),
    )


def _is_dead(reply: MessageRecord) -> bool:
    """Whether there is nothing in a reply that anybody would want to go back to."""
    return reply.status is MessageStatus.FAILED and not (reply.content or reply.thinking)


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
        stats=dict(draft.stats),  # they may change while it is written
        evidence=draft.evidence,
    )
