"""An engine for each test, and one with the starter model that many tests share."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import Finished, TextPart


class Reply:
    """All events of one request, by kind."""

    def __init__(self, events: Iterator[object]) -> None:
        self.events = list(events)
        self.text = self._join(is_thinking=False)
        self.thinking = self._join(is_thinking=True)
        assert isinstance(self.events[-1], Finished)
        self.finished: Finished = self.events[-1]

    def _join(self, *, is_thinking: bool) -> str:
        parts = [event for event in self.events if isinstance(event, TextPart)]
        return "".join(part.text for part in parts if part.is_thinking is is_thinking)


@pytest.fixture
def never() -> threading.Event:
    """A cancel event that nobody sets."""
    return threading.Event()


@pytest.fixture
def new_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine of the test's own; nothing is chosen."""
    engine = Engine(log=tmp_path / "engine.log", crash_record=tmp_path / "crashes.json", nice=0)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def engine(starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with the starter model, shared by a module's tests."""
    engine = Engine(log=tmp_path_factory.mktemp("engine") / "engine.log", nice=0)
    engine.choose(starter_model)
    engine.count_tokens([""])
    yield engine
    engine.close()


@pytest.fixture
def ask(engine: Engine, never: threading.Event):
    """Generate with the shared engine and return the whole `Reply`."""

    def ask(*args: object, **options: object) -> Reply:
        return Reply(engine.generate(*args, cancel=never, **options))

    return ask
