"""Replies are kept while they are written, whatever ends them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations import recording
from assistant.conversations.figures import ReplyFigures
from assistant.conversations.recording import RecordedEvent, ReplyBegun, history_of, record
from assistant.conversations.replying import HistoryCut, ReplyEvent, reply
from assistant.engine.client import Engine
from assistant.engine.protocol import Finished, FinishReason, Message, Role, TextPart
from assistant.errors import DeathCause, EngineDied
from assistant.storage.conversations import ConversationStore, MessageStatus


def parts(*texts: str) -> Iterator[ReplyEvent]:
    for text in texts:
        yield TextPart(1, text)


def ending(reason: FinishReason) -> Finished:
    return Finished(1, reason, 10, 0, 3, 0.1, 0.2, 1.5)


def chained(*pieces: Iterator[ReplyEvent] | ReplyEvent | Exception) -> Iterator[ReplyEvent]:
    for piece in pieces:
        if isinstance(piece, Exception):
            raise piece
        if isinstance(piece, Iterator):
            yield from piece
        else:
            yield piece


@pytest.fixture
def conversation(store: ConversationStore) -> int:
    made = store.create("A talk")
    store.add_message(made, "user", "Hello")
    return made


def run(
    events: Iterator[ReplyEvent], store: ConversationStore, conversation: int, **more: int
) -> list[RecordedEvent]:
    return list(record(events, store, conversation, describe=lambda _: "In words.", **more))


def test_a_complete_reply(store: ConversationStore, conversation: int) -> None:
    thought = TextPart(1, "hm", is_thinking=True)
    events = chained(HistoryCut(4, 512), thought, parts("Good ", "day"), ending(FinishReason.END))
    told = run(events, store, conversation)
    row = store.messages(conversation)[-1]
    assert told[0] == ReplyBegun(row.id)
    assert (row.content, row.thinking, row.status) == ("Good day", "hm", MessageStatus.COMPLETE)
    assert row.stats["prompt_tokens"] == 10
    assert row.stats["left_out"] == 4
    assert row.stats["thinking_s"] == 1.5


def test_a_stopped_reply_keeps_what_there_is(store: ConversationStore, conversation: int) -> None:
    run(chained(parts("Good "), ending(FinishReason.STOPPED)), store, conversation)
    row = store.messages(conversation)[-1]
    assert (row.content, row.status) == ("Good ", MessageStatus.STOPPED)


def test_a_reply_that_never_began_is_stopped(store: ConversationStore, conversation: int) -> None:
    run(chained(), store, conversation)
    assert store.messages(conversation)[-1].status is MessageStatus.STOPPED


def test_a_failed_reply_says_why(store: ConversationStore, conversation: int) -> None:
    error = EngineDied(DeathCause.KILLED, None, while_loading=False)
    with pytest.raises(EngineDied):
        run(chained(parts("Good "), error), store, conversation)
    row = store.messages(conversation)[-1]
    assert (row.content, row.status, row.error) == ("Good ", MessageStatus.FAILED, "In words.")


def test_a_bug_is_kept_without_its_words(store: ConversationStore, conversation: int) -> None:
    with pytest.raises(ValueError, match="secret"):
        run(chained(ValueError("secret")), store, conversation)
    assert "secret" not in store.messages(conversation)[-1].error


def test_it_is_kept_each_second(
    store: ConversationStore, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_SAVE_EVERY_S", 0.0)
    events = record(parts("Good ", "day"), store, conversation, describe=lambda _: "")
    next(events)
    assert store.messages(conversation)[-1].status is MessageStatus.STREAMING
    next(events)
    row = store.messages(conversation)[-1]
    assert (row.content, row.status) == ("Good ", MessageStatus.STREAMING)
    events.close()  # type: ignore[attr-defined]


def test_a_better_reply_replaces_the_old_one(store: ConversationStore, conversation: int) -> None:
    old = store.add_message(conversation, "assistant", "Bad")
    assert old is not None
    run(chained(parts("Good"), ending(FinishReason.END)), store, conversation, replaces=old)
    assert [row.content for row in store.messages(conversation)] == ["Hello", "Good"]


def test_a_reply_that_came_to_nothing_replaces_none(
    store: ConversationStore, conversation: int
) -> None:
    old = store.add_message(conversation, "assistant", "Bad")
    assert old is not None
    run(chained(ending(FinishReason.STOPPED)), store, conversation, replaces=old)
    assert [row.content for row in store.messages(conversation)] == ["Hello", "Bad"]


def test_a_conversation_that_is_gone_gets_no_reply(store: ConversationStore) -> None:
    assert run(parts("x"), store, 99) == []


def test_history_has_neither_reasoning_nor_strangers(
    store: ConversationStore, conversation: int
) -> None:
    store.add_message(conversation, "assistant", "Hi", thinking="deep")
    store.add_message(conversation, "system", "x")
    assert history_of(store.messages(conversation)) == [
        Message(Role.USER, "Hello"),
        Message(Role.ASSISTANT, "Hi"),
    ]


def test_a_real_reply_is_kept(
    engine: Engine, starter_model: Path, store: ConversationStore, conversation: int
) -> None:
    history = history_of(store.messages(conversation))
    events = reply(engine, history, max_tokens=12, cancel=threading.Event())
    told = run(events, store, conversation)
    row = store.messages(conversation)[-1]
    assert row.content == "".join(e.text for e in told if isinstance(e, TextPart)) != ""
    assert row.model_name == starter_model.stem
    assert row.stats["context_tokens"] > 512
    figures = ReplyFigures.kept(row.stats)
    assert figures is not None
    assert figures.generated_tokens == 12
    assert figures.tokens_per_s > 0
