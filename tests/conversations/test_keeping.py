"""A temporary conversation that is kept after all: whole, with its branches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.keeping import keep
from assistant.conversations.turns import Stores
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.recaps import RecapStore


@pytest.fixture
def temporary() -> Iterator[Stores]:
    """A database in memory."""
    database = Database.in_memory()
    yield Stores(ConversationStore(database), RecapStore(database), is_temporary=True)
    database.close()


def test_all_of_it_is_kept_and_the_same_branch_is_open(temporary: Stores, tmp_path: Path) -> None:
    store = temporary.conversations
    chat = store.create("A question")
    question = store.add_message(chat, "user", "How far is the moon?")
    first = store.add_message(chat, "assistant", "Far.", model_name="tiny")
    second = store.add_message(
        chat, "assistant", "384,400 km.", parent_id=question, thinking="Hm.", stats={"seed": 7}
    )
    assert first is not None
    assert second is not None
    store.choose(first)
    settings = ChatSettings(system_prompt="Be short.")
    store.set_settings(chat, settings)
    temporary.recaps.put(chat, first, "They asked of the moon.")
    database = Database(tmp_path / "alcove.db")
    try:
        other = ConversationStore(database).create("Another")
        kept = keep(temporary, chat, database)
        assert kept is not None
        assert kept != other
        real = ConversationStore(database)
        assert {record.title for record in real.list()} == {"A question", "Another"}
        path = real.messages(kept)
        assert [message.content for message in path] == ["How far is the moon?", "Far."]
        assert path[1].model_name == "tiny"
        everything = {message.content: message for message in real.all_messages(kept)}
        assert everything["384,400 km."].thinking == "Hm."
        assert everything["384,400 km."].stats == {"seed": 7}
        assert [len(ids) for ids in real.siblings(kept).values()] == [2]
        assert real.settings(kept) == settings
        assert [recap.text for recap in RecapStore(database).of(kept)] == [
            "They asked of the moon."
        ]
        assert keep(temporary, chat + 99, database) is None
    finally:
        database.close()
    assert store.messages(chat)[0].content == "How far is the moon?"
