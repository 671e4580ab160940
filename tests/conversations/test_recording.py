"""Replies are kept while they are written, whatever ends them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversations import recording
from assistant.conversations.asking.answer import Answer, Answered, decode
from assistant.conversations.events import (
    HistoryCut,
    RecordedEvent,
    ReplyBegun,
    ReplyEvent,
    StatsKept,
)
from assistant.conversations.recording import Row, history_of, record
from assistant.conversations.timed_save import TimedSave
from assistant.engine.protocol import Finished, FinishReason, Message, Role, TextPart
from assistant.errors import DeathCause, EngineDied, NoSpace
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
    events: Iterator[ReplyEvent],
    store: ConversationStore,
    conversation: int,
    row: Row | None = None,
) -> list[RecordedEvent]:
    return list(
        record(events, store, conversation, describe=lambda _: "In words.", row=row or Row())
    )


def variant(store: ConversationStore, conversation: int, old: int) -> Row:
    reply = store.message(old)
    assert reply is not None
    return Row(parent_id=reply.parent_id, sibling_of=reply)


def test_a_complete_reply(store: ConversationStore, conversation: int) -> None:
    thought = TextPart(1, "hm", is_thinking=True)
    events = chained(HistoryCut(4, 512), thought, parts("Good ", "day"), ending(FinishReason.END))
    told = run(events, store, conversation)
    row = store.messages(conversation)[-1]
    [begun, *_] = told
    assert isinstance(begun, ReplyBegun)
    assert (begun.message_id, begun.begun_at) == (row.id, row.created_at)
    assert told[-2:] == [StatsKept(row.stats), ending(FinishReason.END)]
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


def test_each_word_is_kept_a_second_later_though_none_follows(
    store: ConversationStore, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_SAVE_EVERY_S", 0.02)
    kept: list[str] = []

    def slow() -> Iterator[ReplyEvent]:
        for word in ("Good ", "day", ", Ann"):
            yield TextPart(1, word)
            deadline = time.monotonic() + 20
            while not (row := store.messages(conversation)[-1]).content.endswith(word):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert row.status is MessageStatus.STREAMING
            kept.append(row.content)
        yield ending(FinishReason.END)

    run(slow(), store, conversation)
    assert kept == ["Good ", "Good day", "Good day, Ann"]
    assert store.messages(conversation)[-1].status is MessageStatus.COMPLETE


def test_a_full_disk_ends_a_reply_that_is_under_way() -> None:
    def save() -> None:
        raise NoSpace(Path("alcove.db"))

    saving = TimedSave(save, after_s=0.0)

    def go_on() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            saving.note()
            time.sleep(0.001)

    with pytest.raises(NoSpace):
        go_on()
    saving.close()


def test_a_reply_becomes_a_variant_of_the_old_one(
    store: ConversationStore, conversation: int
) -> None:
    old = store.add_message(conversation, "assistant", "Bad")
    assert old is not None
    row = variant(store, conversation, old)
    run(chained(parts("Good"), ending(FinishReason.END)), store, conversation, row)
    path = store.messages(conversation)
    assert [one.content for one in path] == ["Hello", "Good"]
    assert store.siblings(conversation)[path[-1].id] == (old, path[-1].id)


def test_a_variant_that_came_to_nothing_leaves_the_old_one(
    store: ConversationStore, conversation: int
) -> None:
    old = store.add_message(conversation, "assistant", "Bad")
    assert old is not None
    row = variant(store, conversation, old)
    run(chained(ending(FinishReason.STOPPED)), store, conversation, row)
    assert [one.content for one in store.messages(conversation)] == ["Hello", "Bad"]
    assert store.siblings(conversation) == {}


def test_a_failure_without_a_word_goes_with_the_first_word_of_the_next_try(
    store: ConversationStore, conversation: int
) -> None:
    old = store.add_message(conversation, "assistant", "", status=MessageStatus.FAILED, error="x")
    assert old is not None
    row = variant(store, conversation, old)
    run(chained(parts("Good"), ending(FinishReason.END)), store, conversation, row)
    assert [one.content for one in store.all_messages(conversation)] == ["Hello", "Good"]


def test_a_reply_goes_on_in_its_row(store: ConversationStore, conversation: int) -> None:
    run(chained(parts("Once upon "), ending(FinishReason.STOPPED)), store, conversation)
    old = store.messages(conversation)[-1]
    row = Row(continues=old)
    told = run(chained(parts("a time"), ending(FinishReason.END)), store, conversation, row)
    [_, new] = store.messages(conversation)
    assert told[0] == ReplyBegun(old.id) == ReplyBegun(new.id)
    assert (new.content, new.status) == ("Once upon a time", MessageStatus.COMPLETE)
    assert (new.stats["generated_tokens"], new.stats["prompt_tokens"]) == (6, 10)
    assert new.stats["thinking_s"] == 3.0


@pytest.mark.parametrize("has_died", [False, True])
def test_a_reply_that_gets_no_word_more_stays_as_it_was(
    store: ConversationStore,
    conversation: int,
    monkeypatch: pytest.MonkeyPatch,
    *,
    has_died: bool,
) -> None:
    """Also an answer from documents, which is written anew when it is to go on."""
    monkeypatch.setattr(recording, "_SAVE_EVERY_S", 0.0)
    answered = Answered(answer=Answer(model="m", is_found=False))
    run(chained(parts("Not there."), answered), store, conversation)
    old = store.messages(conversation)[-1]
    row = Row(continues=replace(old, content="", stats={}, evidence=b""))
    if has_died:
        error = EngineDied(DeathCause.KILLED, None, while_loading=True)
        with pytest.raises(EngineDied):
            run(chained(HistoryCut(4, 512), error), store, conversation, row)
        failed = replace(old, status=MessageStatus.FAILED, error="In words.")
        assert store.messages(conversation)[-1] == failed
    else:
        run(chained(HistoryCut(4, 512)), store, conversation, row)
        assert store.messages(conversation)[-1] == old


def test_what_stood_behind_other_words_goes_with_them(
    store: ConversationStore, conversation: int
) -> None:
    run(chained(parts("Not there."), Answered(answer=Answer())), store, conversation)
    old = store.messages(conversation)[-1]
    anew = Row(continues=replace(old, content="", evidence=b""))
    run(chained(parts("Well"), ending(FinishReason.STOPPED)), store, conversation, anew)
    [_, new] = store.messages(conversation)
    assert (new.content, new.evidence) == ("Well", b"")


def test_what_stands_behind_an_answer_is_kept(store: ConversationStore, conversation: int) -> None:
    answered = Answered(answer=Answer(model="m", is_found=False))
    run(chained(parts("Not there."), answered), store, conversation)
    reply = store.messages(conversation)[-1]
    assert decode(reply.evidence) == answered.answer
    assert (reply.status, reply.model_name) == (MessageStatus.COMPLETE, "m")


def test_an_answer_from_documents_that_was_stopped_may_go_on(
    store: ConversationStore, conversation: int
) -> None:
    answered = Answered(answer=Answer(model="m"))
    run(chained(parts("The rent"), ending(FinishReason.STOPPED), answered), store, conversation)
    reply = store.messages(conversation)[-1]
    assert (reply.status, reply.stats["reason"]) == (MessageStatus.STOPPED, "stopped")
    assert decode(reply.evidence) == answered.answer


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
