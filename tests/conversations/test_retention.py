"""How long conversations are kept, and that nothing of them is left."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.deleting import delete_for_good, owner_of
from assistant.conversations.retention import Kept, apply, due
from assistant.engine import states
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings, Message, Role
from assistant.storage.conversations import ConversationStore
from tests.engine.tiny_models import tiny_llama

NOW = datetime.now(UTC)


def old(store: ConversationStore, days: int) -> int:
    return store.create(f"{days} days", created_at=NOW - timedelta(days=days))


def test_what_is_due(store: ConversationStore) -> None:
    ages = {days: old(store, days) for days in (0, 29, 31, 400)}
    pinned, archived = old(store, 50), old(store, 60)
    store.pin(pinned, True)
    store.archive(archived, True)
    assert due(store, Kept.FOREVER, NOW) == ()
    assert set(due(store, Kept.DAYS_30, NOW)) == {ages[31], ages[400], archived}
    assert set(due(store, Kept.SESSION, NOW)) == {*ages.values(), pinned, archived}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "states"


def test_rows_and_states_go_together(store: ConversationStore, folder: Path) -> None:
    engine = Engine(log=None, states=folder, nice=0)
    engine.choose(
        tiny_llama(folder.parent / "tiny.gguf"), LoadSettings(context_tokens=512, threads=1)
    )
    try:
        ids = [old(store, 40) for _ in range(3)]
        for number in ids:
            said = [Message(Role.USER, f"{number} a word " * 30)]
            list(
                engine.generate(
                    said, max_tokens=2, owner=owner_of(number), cancel=threading.Event()
                )
            )
        engine.unload()
        assert states.size_bytes(folder) > 0
        assert apply(store, engine, ids[:2]) == 2
        assert [record.id for record in store.list()] == ids[2:]
        assert len(list(folder.glob("*.state"))) == 1
        assert delete_for_good(store, engine, ids) == 1
        assert delete_for_good(store, engine, []) == 0
        assert states.size_bytes(folder) == 0
    finally:
        engine.close()
