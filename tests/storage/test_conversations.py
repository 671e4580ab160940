"""Conversations: replies are rows from their start; what is removed can come back until purged."""

import contextlib
import random
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.storage.chat_search import search
from assistant.storage.conversations import (
    ChatSettings,
    ConversationStore,
    MessageStatus,
    TitleBy,
)
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.drafts import DraftStore
from assistant.storage.folders import FolderStore
from assistant.storage.recaps import RecapStore

STREAMING = MessageStatus.STREAMING


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


def _talk(store: ConversationStore) -> tuple[int, list[int]]:
    """Begin a conversation of two questions and answers; return it and its messages."""
    conversation = store.create("Tree")
    messages = [
        store.add_message(conversation, role, text)
        for role, text in (("user", "q1"), ("assistant", "a1"), ("user", "q2"), ("assistant", "a2"))
    ]
    return conversation, [message for message in messages if message is not None]


def _texts(store: ConversationStore, conversation: int, leaf: int | None = None) -> list[str]:
    return [message.content for message in store.messages(conversation, leaf)]


def test_a_variant_becomes_the_branch_and_the_other_stays(database: Database) -> None:
    store = ConversationStore(database)
    conversation, (q1, a1, q2, a2) = _talk(store)
    assert store.siblings(conversation) == {}
    again = store.add_message(conversation, "assistant", "a1 again", parent_id=q1)
    assert again is not None
    assert store.leaf(conversation) == again
    assert _texts(store, conversation) == ["q1", "a1 again"]
    assert store.siblings(conversation) == {again: (a1, again)}
    assert store.siblings(conversation, leaf=a2) == {a1: (a1, again)}
    store.choose(a1)
    assert _texts(store, conversation) == ["q1", "a1", "q2", "a2"]
    store.choose(again)
    store.add_message(conversation, "user", "on from there")
    assert _texts(store, conversation) == ["q1", "a1 again", "on from there"]
    assert _texts(store, conversation, leaf=q2) == ["q1", "a1", "q2"]
    assert _texts(store, conversation, leaf=99) == []
    edited = store.add_message(conversation, "user", "q1 edited", parent_id=None)
    assert _texts(store, conversation) == ["q1 edited"]
    assert store.siblings(conversation) == {edited: (q1, edited)}
    store.choose(q1)
    assert _texts(store, conversation) == ["q1", "a1 again", "on from there"]
    assert [m.content for m in store.all_messages(conversation)] == [
        *("q1", "a1", "q2", "a2", "a1 again", "on from there", "q1 edited"),
    ]


def test_a_parent_of_another_conversation_or_none_takes_no_message(database: Database) -> None:
    store = ConversationStore(database)
    _, (q1, *_) = _talk(store)
    other = store.create()
    assert store.add_message(other, "user", "stray", parent_id=q1) is None
    assert store.add_message(other, "user", "stray", parent_id=99) is None
    assert store.add_message(99, "user", "stray") is None
    assert store.messages(other) == []
    assert store.leaf(other) is None


def test_removing_one_message_joins_what_stood_around_it(database: Database) -> None:
    store = ConversationStore(database)
    conversation, (q1, a1, q2, a2) = _talk(store)
    store.remove_message(a1)
    assert _texts(store, conversation) == ["q1", "q2", "a2"]
    store.remove_message(a2)
    assert store.leaf(conversation) == q2
    store.remove_message(q1)
    assert _texts(store, conversation) == ["q2"]
    store.remove_message(q2)
    store.remove_message(q2)
    assert (store.messages(conversation), store.leaf(conversation)) == ([], None)


def test_removing_a_branch_leaves_its_variant(database: Database) -> None:
    store = ConversationStore(database)
    conversation, (q1, a1, _, a2) = _talk(store)
    again = store.add_message(conversation, "assistant", "a1 again", parent_id=q1)
    store.choose(a2)
    store.remove_branch(a1)
    assert _texts(store, conversation) == ["q1", "a1 again"]
    assert len(store.all_messages(conversation)) == 2
    assert again is not None
    store.remove_branch(again)
    assert _texts(store, conversation) == ["q1"]
    store.remove_branch(q1)
    store.remove_branch(q1)
    assert store.messages(conversation) == []


def test_a_branch_of_its_own_is_a_copy_with_all_that_belongs_to_it(database: Database) -> None:
    store, recaps = ConversationStore(database), RecapStore(database)
    conversation, (_, a1, q2, a2) = _talk(store)
    store.update_message(a1, thinking="hm", evidence=b"{}", stats={"tokens": 3})
    under_way = store.add_message(conversation, "assistant", "half", status=STREAMING)
    document = _document(database)
    store.attach(conversation, document)
    store.set_settings(conversation, ChatSettings(system_prompt="Be brief."))
    recaps.put(conversation, a1, "They greeted.")
    recaps.put(conversation, a2, "They parted.")
    branch = store.branch(q2, "A branch")
    assert branch is not None
    assert _texts(store, branch) == ["q1", "a1", "q2"]
    copy = store.messages(branch)[1]
    assert (copy.thinking, copy.evidence, copy.stats) == ("hm", b"{}", {"tokens": 3})
    assert store.settings(branch).system_prompt == "Be brief."
    assert store.attached(branch) == [document]
    assert [(r.text, r.upto_message_id) for r in recaps.of(branch)] == [("They greeted.", copy.id)]
    store.add_message(branch, "assistant", "another way")
    assert _texts(store, conversation) == ["q1", "a1", "q2", "a2", "half"]
    assert under_way is not None
    late = store.branch(under_way, "late")
    assert late is not None
    assert store.messages(late)[-1].status is MessageStatus.STOPPED
    store.delete_for_good([conversation])
    assert _texts(store, branch) == ["q1", "a1", "q2", "another way"]
    assert store.branch(q2, "of nothing") is None


def test_titles_of_a_person_stay(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("First words")
    store.set_title(conversation, "A model's", TitleBy.MODEL)
    record = store.get(conversation)
    assert record is not None
    assert (record.title, record.title_by) == ("A model's", TitleBy.MODEL)
    store.rename(conversation, "Mine")
    store.set_title(conversation, "A model's, late", TitleBy.MODEL)
    record = store.get(conversation)
    assert record is not None
    assert (record.title, record.title_by) == ("Mine", TitleBy.PERSON)


def test_pinned_archived_and_in_folders(database: Database) -> None:
    store, folders = ConversationStore(database), FolderStore(database)
    first, second, third = (store.create(title) for title in ("first", "second", "third"))
    store.pin(first, True)
    store.archive(second, True)
    assert [c.title for c in store.list()] == ["first", "third"]
    assert [c.title for c in store.list(archived=True)] == ["second"]
    work, home = folders.create("Work"), folders.create("Home")
    store.move(third, work)
    store.move(first, 99)
    folders.reorder([home])
    folders.rename(home, "At home")
    assert [(f.name, f.id) for f in folders.list()] == [("At home", home), ("Work", work)]
    assert {c.title: c.folder_id for c in store.list()} == {"first": None, "third": work}
    folders.remove(work)
    assert {c.title: c.folder_id for c in store.list()} == {"first": None, "third": None}
    store.pin(first, False)
    store.archive(second, False)
    assert [c.title for c in store.list()] == ["third", "second", "first"]


def test_what_was_not_changed_for_long(database: Database) -> None:
    store = ConversationStore(database)
    long_ago = datetime(2020, 1, 2, tzinfo=UTC)
    old = store.create("old", created_at=long_ago)
    store.add_message(old, "user", "hello", created_at=long_ago)
    new = store.create("new")
    month_ago = datetime.now(UTC) - timedelta(days=30)
    [record] = store.unchanged_since(month_ago)
    assert (record.id, record.created_at, record.updated_at) == (old, long_ago, long_ago)
    assert store.messages(old)[0].created_at == long_ago
    store.add_message(old, "user", "hello again")
    assert store.unchanged_since(month_ago) == []
    assert [c.id for c in store.list()] == [old, new]


def test_settings_come_back_and_those_of_another_version_do_no_harm(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    settings = ChatSettings(
        preset="Code",
        sampling={"temperature": 0.2, "top_k": 40},
        thinking=False,
        form="json",
        schema='{"type": "object"}',
    )
    store.set_settings(conversation, settings)
    assert store.settings(conversation) == settings
    earlier = '{"context_tokens": 4096, "max_tokens": 7}'  # once there was such a setting
    database.write(
        lambda c: c.execute("UPDATE conversations SET settings = ?", (earlier,))
    ).result()
    assert store.settings(conversation) == ChatSettings(max_tokens=7)
    database.write(
        lambda c: c.execute("UPDATE conversations SET settings = '{\"form\": [1]}'")
    ).result()
    assert store.settings(conversation) == ChatSettings() == store.settings(99)


def test_documents_are_attached_in_order_and_quotes_go_with_them(database: Database) -> None:
    store, documents = ConversationStore(database), DocumentStore(database)
    conversation = store.create("about both")
    a, b = _document(database, "a"), _document(database, "b")
    for document in (a, b, a, 99):
        store.attach(conversation, document)
    assert store.attached(conversation) == [a, b]
    message = store.add_message(conversation, "assistant", "It says so.", evidence=b"the quagmire")
    store.detach(conversation, a)
    assert store.attached(conversation) == [b]
    assert [c.id for c in store.of_document(a)] == [conversation]
    documents.remove(b)
    assert store.attached(conversation) == []
    documents.restore(b)
    assert store.attached(conversation) == [b]
    assert message is not None
    assert store.messages(conversation)[0].evidence == b"the quagmire"
    documents.remove(a)
    documents.purge()
    assert store.messages(conversation)[0].evidence == b""
    assert store.of_document(a) == []
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"quagmire" not in stored


def test_all_that_belongs_to_a_conversation_goes_with_it(database: Database) -> None:
    """Words begin with letters of their own, so that an index would write them in full."""
    store, drafts, recaps = (
        ConversationStore(database),
        DraftStore(database),
        RecapStore(database),
    )
    kept = store.create("kept")
    gone = [store.create(f"{letter}xylophone") for letter in "pqrst"]
    chance = random.Random(3)
    for turn in range(300):
        store.add_message(kept, "user", f"{chance.choice('efghi')}kept {turn} 契約")
        conversation = chance.choice(gone)
        store.add_message(
            conversation,
            "user",
            " ".join(
                f"{chance.choice('uvwxyz')}quagmire{chance.randrange(90)} 猫々" for _ in "12345"
            ),
            thinking=f"{chance.choice('uvwxyz')}quagmire {turn} 猫" if turn % 2 else "",
        )
    for conversation in gone:
        message = store.add_message(conversation, "user", "zquagmire", evidence=b"xylophone")
        assert message is not None
        recaps.put(conversation, message, "a walrus recap of zquagmire 猫")
        drafts.put(conversation, "a walrus draft")
        store.set_settings(conversation, ChatSettings(system_prompt="You are a walrus."))
    drafts.put(kept, "kept draft")
    drafts.put(None, "not begun")
    assert len(search(database, "zq")) > 0
    store.remove(gone[0])
    assert store.purge() == 1
    assert store.delete_for_good(gone) == 4
    assert [search(database, words) for words in ("zq", "猫", "xyl")] == [[], [], []]
    assert search(database, "契")
    assert (drafts.get(kept), drafts.get(None)) == ("kept draft", "not begun")
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"kept 299" in stored
    for word in ("quagmire", "uquagmire", "xylophone", "walrus", "猫々"):
        assert word.encode() not in stored
    database.close()
    with contextlib.closing(sqlite3.connect(database.path)) as connection:
        terms: set[str] = set()
        for index in ("message_words", "thought_words", "recap_words"):
            sql = f"CREATE VIRTUAL TABLE temp.of_{index} USING fts5vocab(main, {index}, row)"
            connection.execute(sql)
            terms |= {row[0] for row in connection.execute(f"SELECT term FROM temp.of_{index}")}
        assert {term for term in terms if "quag" in term or "猫" in term} == set()
        assert "契約" in terms


def test_a_crash_between_the_deletion_and_the_rewriting_leaves_no_words(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ConversationStore(database)
    for turn in range(20):
        store.add_message(store.create("zxylophone"), "user", f"uquagmire {turn}")
    with monkeypatch.context() as patch:
        patch.setattr(database, "scrub", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.delete_for_good([c.id for c in store.list()])
    assert store.purge() == 0
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"quagmire" not in stored
    assert b"xylophone" not in stored
    monkeypatch.setattr(database, "scrub", lambda: 1 / 0)
    assert store.purge() == 0  # once was enough


def test_one_that_is_half_deleted_does_not_come_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ConversationStore(database)
    conversation = store.create("half")
    for turn in range(60):
        store.add_message(conversation, "user", f"uquagmire {turn}")
    execute = store._execute

    def fail_in_the_middle(sql: str, *parameters: object) -> int:
        if len(store.all_messages(conversation)) < 20:
            raise KeyboardInterrupt
        return execute(sql, *parameters)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_execute", fail_in_the_middle)
        with pytest.raises(KeyboardInterrupt):
            store.delete_for_good([conversation])
    assert len(store.all_messages(conversation)) == 10
    store.restore(conversation)
    assert store.get(conversation) is None
    assert store.removed() == [conversation]
    assert store.purge() == 1
    assert store.removed() == []


def test_what_is_written_while_others_are_deleted_for_good_is_whole(database: Database) -> None:
    store = ConversationStore(database)
    gone = [store.create(f"gone {number}") for number in range(6)]
    for turn in range(40):
        for conversation in gone:
            store.add_message(conversation, "user", f"uquagmire{turn} of {conversation}")
    kept = store.create("kept")

    def write() -> None:
        for turn in range(100):
            store.add_message(kept, "user", f"kept word{turn} 猫々")

    writer = threading.Thread(target=write)
    writer.start()
    assert store.delete_for_good(gone) == 6
    writer.join()
    assert len(search(database, "kept", limit=500)) == 100
    assert len(search(database, "猫", limit=500)) == 100
    database.write(
        lambda c: (
            c.execute(
                "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)"
            ).rowcount
        )
    ).result()
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert b"quagmire" not in stored


def test_five_thousand_messages_on_one_branch(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("long")
    database.write(
        lambda c: c.executemany(
            "INSERT INTO messages (conversation_id, parent_id, role, status, created_at,"
            " model_name, error, stats, content, thinking, evidence)"
            " VALUES (?, nullif(?, 0), 'user', 'complete', 1, '', '', '{}', 'word', '', x'')",
            [(conversation, number) for number in range(5000)],
        )
    ).result()
    assert len(store.messages(conversation)) == 5000
    assert [m.id for m in store.messages(conversation, last=3)] == [4998, 4999, 5000]
    assert len(store.messages(conversation, 7, last=9)) == 7
    assert store.messages(conversation, last=0) == []
    assert len(store.siblings(conversation)) == 0
    branch = store.branch(2500, "half")
    assert branch is not None
    assert len(store.messages(branch)) == 2500
    store.remove_branch(2)
    assert len(store.messages(conversation)) == 1
    store.delete_for_good([conversation, branch])
    assert store.list() == []


def _document(database: Database, name: str = "a") -> int:
    return DocumentStore(database).save(
        path=Path(f"/{name}.pdf"),
        title=name,
        type="pdf",
        sha256=name,
        pages=1,
        words=2,
        language="en",
        content=name.encode(),
    )


def test_no_number_is_given_again(database: Database) -> None:
    """What still writes to a chat that was deleted does not write into the next one."""
    store = ConversationStore(database)
    gone = store.create("Gone")
    late = store.add_message(gone, "assistant", "", status=MessageStatus.STREAMING)
    assert late
    assert store.delete_for_good([gone]) == 1
    fresh = store.create("New")
    question = store.add_message(fresh, "user", "Hello")
    assert fresh != gone
    assert question != late
    store.set_title(gone, "Of the other one", TitleBy.MODEL)
    assert store.add_message(gone, "assistant", "Too late") is None
    record = store.get(fresh)
    assert record
    assert record.title == "New"
    assert [message.content for message in store.messages(fresh)] == ["Hello"]
