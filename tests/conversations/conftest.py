"""What the tests of conversations share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, starter_model: Path) -> Iterator[Engine]:
    """The real engine with the starter model."""
    made = Engine(log=tmp_path_factory.mktemp("engine") / "engine.log")
    made.choose(starter_model, LoadSettings(context_tokens=2048, threads=1))
    made.count_tokens([""])
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    """Conversations in a database of the test's own."""
    database = Database(tmp_path / "alcove.db")
    yield ConversationStore(database)
    database.close()
