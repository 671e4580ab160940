"""Databases that earlier versions wrote: nothing of them is lost."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from assistant.storage.chat_search import Part, search
from assistant.storage.connection import connect
from assistant.storage.conversations import (
    ChatSettings,
    ConversationStore,
    MessageStatus,
    TitleBy,
)
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.library import LibraryStore
from assistant.storage.migrations import MIGRATIONS
from assistant.storage.recaps import RecapStore
from assistant.storage.search_words import searchable
from assistant.storage.watched_folders import SeenFile, WatchedFolderStore, sign_of


def _write_old(path: Path, version: int) -> None:
    """Write a database with linear chats as an earlier version of the app did."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        for number, title in enumerate(("Rent", "Reisen nach Köln", "removed"), start=1):
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, 1000, ?, ?)",
                (number, title, 2000 + number, 99 if title == "removed" else None),
            )
        for turn in range(30):  # turns of two conversations in turn, as they were written
            for conversation in (1, 2):
                connection.execute(
                    "INSERT INTO messages (conversation_id, role, status, created_at, model_name,"
                    " error, stats, content, thinking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        conversation,
                        "assistant" if turn % 2 else "user",
                        "streaming" if turn == 29 else "complete",
                        5_000_000 + turn,
                        "Small" if turn % 2 else "",
                        "",
                        json.dumps({"tokens": turn}),
                        f"Ünder the 東京 tower {conversation}.{turn}",
                        "hm" if turn % 2 else "",
                    ),
                )
        connection.execute(
            "INSERT INTO documents VALUES (7, '/a.pdf', 'A', 'pdf', 'ab', 1, 2, 'en', 1, 1, NULL)"
        )
        connection.execute("INSERT INTO document_contents VALUES (7, x'0102')")
        connection.commit()


_LINEAR = 4  # the last version in which chats were


@pytest.mark.parametrize("version", range(1, _LINEAR + 1))
def test_linear_chats_become_trees(tmp_path: Path, version: int) -> None:
    path = tmp_path / "alcove.sqlite"
    _write_old(path, version)
    database = Database(path)
    store = ConversationStore(database)
    assert store.settle() == 2
    assert [(c.title, c.title_by, c.is_pinned) for c in store.list()] == [
        ("Reisen nach Köln", TitleBy.TEXT, False),
        ("Rent", TitleBy.TEXT, False),
    ]
    assert store.removed() == [3]
    for conversation in (1, 2):
        messages = store.messages(conversation)
        assert [m.content for m in messages] == [
            f"Ünder the 東京 tower {conversation}.{turn}" for turn in range(30)
        ]
        assert [m.parent_id for m in messages] == [None, *(m.id for m in messages[:-1])]
        assert [m.stats["tokens"] for m in messages] == list(range(30))
        assert (messages[3].thinking, messages[3].model_name) == ("hm", "Small")
        assert messages[3].evidence == b""
        assert store.siblings(conversation) == {}
        assert store.settings(conversation) == ChatSettings()
        assert store.leaf(conversation) == messages[-1].id
    assert len(search(database, "under 東京", limit=100)) == 60
    thoughts = search(database, "hm", limit=100)
    assert [hit.part for hit in thoughts] == [Part.THINKING] * 30
    assert search(database, '"tower 2 29"')[0].conversation_id == 2
    assert DocumentStore(database).content(7) == b"\x01\x02"
    assert LibraryStore(database).unindexed() == [7]
    added = store.add_message(1, "user", "and on")
    assert [m.id for m in store.messages(1)][-1] == added
    database.close()
    again = Database(path)
    assert ConversationStore(again).messages(1)[-1].content == "and on"
    again.close()


def test_messages_that_are_there_are_found_in_the_order_of_their_times(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    with contextlib.closing(connect(path)) as connection:
        for statements in MIGRATIONS[: _LINEAR + 1]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_LINEAR + 1}")
        connection.execute(
            "INSERT INTO conversations (id, title, created_at, updated_at) VALUES (1, '', 0, 0)"
        )
        for number, second in enumerate((50, 20, 20, 90, 20, 21), start=1):
            connection.execute(
                "INSERT INTO messages (id, conversation_id, role, status, created_at, model_name,"
                " error, stats, content, thinking, evidence)"
                " VALUES (?, 1, 'user', 'complete', ?, '', '', '{}', 'a word', '', x'')",
                (number, second * 1_000_000),
            )
    database = Database(path)
    assert [hit.message_id for hit in search(database, "word")] == [4, 1, 6, 5, 3, 2]
    _check_indexes(database)
    database.close()


def test_files_that_were_seen_stay_known_without_their_paths(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    with contextlib.closing(connect(path)) as connection:
        for statements in MIGRATIONS[: _LINEAR + 2]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_LINEAR + 2}")
        connection.execute("INSERT INTO batches VALUES (1, '', x'', 0, 0, 0)")
        connection.execute("INSERT INTO watched_folders VALUES (1, '/in', 1, 0, 0, 0)")
        connection.execute("INSERT INTO watched_files VALUES (1, '/in/zebra.pdf', 3, 4)")
    database = Database(path)
    seen = WatchedFolderStore(database).seen(1)
    database.scrub_if_due()  # as every start does
    database.close()
    assert seen == {sign_of(Path("/in/zebra.pdf")): SeenFile(3, 4)}
    assert b"zebra" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_the_index_is_what_the_texts_say_after_every_kind_of_change(database: Database) -> None:
    store, recaps = ConversationStore(database), RecapStore(database)
    kept, gone = store.create("kept"), store.create("gone")
    for conversation in (kept, gone):
        for turn in range(20):
            message = store.add_message(
                conversation,
                "assistant",
                f"kärntner wörter {turn} 猫と犬",
                thinking=f"grübeln {turn} 犬" if turn % 2 else "",
            )
            assert message is not None
            recap = recaps.put(conversation, message, f"zusammenfaßung {turn} 猫")
            if recap is not None and turn % 4 == 0:
                recaps.edit(recap, f"kürzer {turn}")
            if turn % 4 == 1:
                store.update_message(message, thinking=f"anders 猫 {turn}")
            if turn % 4 == 2:
                store.update_message(message, thinking="", status=MessageStatus.STREAMING)
            if turn % 8 == 2:
                store.settle()
            if turn % 3 == 0:
                store.update_message(message, content=f"another {turn}")
            if turn % 5 == 0:
                store.remove_message(message)
    store.delete_for_good([gone])
    LibraryStore(database).index(1, ["nothing: no such document"])

    _check_indexes(database)
    assert database.query("SELECT count(*) FROM message_places") == database.query(
        "SELECT count(*) FROM messages"
    )


def _check_indexes(database: Database) -> None:
    def check(connection: sqlite3.Connection) -> None:
        for table in ("message_words", "thought_words", "recap_words", "document_words"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")

    database.write(check).result()  # raises if they differ


def test_sqlite_can_read_what_a_table_of_words_is_made_from(database: Database) -> None:
    """A step that was released stays as it is: its functions have to, too."""
    assert searchable("Straße 東京都 x") == "strasse  東京 京都 都  x"
