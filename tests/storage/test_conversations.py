"""Conversations: replies are rows from their start; what is removed can come back until purged."""

import random

import pytest

from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database


def test_messages_come_back_as_they_were_added(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("About rent")
    store.add_message(conversation, "user", "Was ist Miete? 🏠\x00")
    store.add_message(
        conversation,
        "assistant",
        "An amount.",
        thinking="Hm.",
        status=MessageStatus.FAILED,
        error="The engine ended.",
        model_name="Small",
        stats={"tokens": 3, "seconds": 0.5},
    )
    question, answer = store.messages(conversation)
    assert (question.role, question.content) == ("user", "Was ist Miete? 🏠\x00")
    assert (question.status, question.stats) == (MessageStatus.COMPLETE, {})
    assert (answer.thinking, answer.error) == ("Hm.", "The engine ended.")
    assert answer.status is MessageStatus.FAILED
    assert answer.stats == {"tokens": 3, "seconds": 0.5}
    assert answer.model_name == "Small"
    assert answer.created_at >= question.created_at


def test_a_reply_grows_and_ends(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    reply = store.add_message(conversation, "assistant", "", status=MessageStatus.STREAMING)
    assert reply is not None
    store.update_message(reply, content="Once", thinking="plot")
    store.update_message(reply, content="Once upon a time", model_name="Small")
    store.update_message(reply, status=MessageStatus.COMPLETE, stats={"tokens": 4})
    [message] = store.messages(conversation)
    assert (message.content, message.thinking) == ("Once upon a time", "plot")
    assert (message.status, message.stats) == (MessageStatus.COMPLETE, {"tokens": 4})
    store.update_message(reply, content="", thinking="")
    assert store.messages(conversation)[0].content == ""
    store.remove_message(reply)
    assert store.messages(conversation) == []


def test_the_last_changed_stands_first(database: Database) -> None:
    store = ConversationStore(database)
    first, second = store.create("first"), store.create("second")
    assert [c.title for c in store.list()] == ["second", "first"]
    message = store.add_message(first, "user", "hello")
    assert [c.id for c in store.list()] == [first, second]
    store.add_message(second, "user", "hello")
    assert message is not None
    store.update_message(message, content="hello again")
    assert [c.id for c in store.list()] == [first, second]
    store.rename(second, "renamed")
    assert [c.title for c in store.list()] == ["first", "renamed"]


def test_removing_can_be_undone(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("kept")
    store.add_message(conversation, "user", "hello")
    store.remove(conversation)
    assert store.list() == []
    assert store.get(conversation) is None
    store.restore(conversation)
    record = store.get(conversation)
    assert record is not None
    assert record.title == "kept"
    assert len(store.messages(conversation)) == 1


def test_purged_words_are_in_no_file(database: Database) -> None:
    store = ConversationStore(database)
    kept, gone = store.create("kept title"), store.create("a secret xylophone")
    for turn in range(60):
        store.add_message(kept, "user", f"kept words {turn}")
        reply = store.add_message(gone, "assistant", "", status=MessageStatus.STREAMING)
        assert reply is not None
        for length in range(1, 60, 9):  # as a reply grows its row moves about
            store.update_message(reply, content=f"the quagmire {turn} " * length)
    store.remove(gone)
    assert store.purge() == 1
    assert store.messages(gone) == []
    assert len(store.messages(kept)) == 60
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"kept words" in stored
    assert b"xylophone" not in stored
    assert b"quagmire" not in stored


@pytest.mark.parametrize("in_memory_bytes", [10**9, 0])
def test_purged_words_are_gone_though_their_rows_moved(
    database: Database, monkeypatch: pytest.MonkeyPatch, in_memory_bytes: int
) -> None:
    """Seeds that left words behind in pages that rows had moved away from."""
    monkeypatch.setattr("assistant.storage.database._VACUUM_IN_MEMORY_BYTES", in_memory_bytes)
    store = ConversationStore(database)
    for seed in (0, 4, 5):
        chance = random.Random(seed)
        conversations = [store.create() for _ in range(12)]
        written: list[tuple[int, int]] = []
        for _ in range(400):
            n = chance.randrange(12)
            text = f"<{seed}-{n}>" * chance.randint(1, chance.choice([5, 60, 900]))
            message = store.add_message(conversations[n], "user", text)
            assert message is not None
            written.append((n, message))
            if chance.random() < 0.3:
                n, message = chance.choice(written)
                text = f"<{seed}-{n}>" * chance.randint(1, chance.choice([5, 60, 900]))
                store.update_message(message, content=text)
        gone = set(chance.sample(range(12), 6))
        for n in gone:
            store.remove(conversations[n])
        store.purge()
        stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
        written_of = {n for n, _ in written}
        for n in written_of:
            assert (f"<{seed}-{n}>".encode() in stored) == (n not in gone)


def test_a_late_reply_to_a_purged_conversation_goes_nowhere(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    reply = store.add_message(conversation, "assistant", "", status=MessageStatus.STREAMING)
    assert reply is not None
    store.remove(conversation)
    store.purge()
    store.update_message(reply, content="late", status=MessageStatus.COMPLETE)
    assert store.add_message(conversation, "user", "later") is None


def test_a_crash_leaves_stopped_replies(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    store.add_message(conversation, "user", "hello")
    store.add_message(conversation, "assistant", "half", status=MessageStatus.STREAMING)
    assert store.settle() == 1
    assert [m.status for m in store.messages(conversation)] == ["complete", "stopped"]
    assert store.settle() == 0
