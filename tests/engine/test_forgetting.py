"""What was evaluated for an owner is gone once it is forgotten, also where the process dies."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.engine.states import StateStore
from assistant.engine.status import EngineState
from tests.engine.test_idling import wait_until
from tests.processes import newest_child

OWNER, OTHER = "conversation-1", "conversation-2"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(log=None, nice=0, states=tmp_path / "states")
    yield engine
    engine.close()


def save(folder: Path, owner: str) -> None:
    """Write where the engine's process does; what is in it matters to nobody here."""
    folder.mkdir(exist_ok=True)
    StateStore(folder, "key", 1_000_000)._place(owner).write_bytes(b"words")


def kept(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*.state"))


def test_forgets_one_owner_or_all_without_a_process(keeper: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "states"
    save(folder, OWNER)
    save(folder, OTHER)
    assert kept(folder) == 2
    keeper.forget(OWNER)
    assert kept(folder) == 1
    keeper.forget("")
    assert kept(folder) == 0
    assert keeper.status().state is EngineState.OFF


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "killed"])
def test_what_a_process_was_just_writing_goes_with_its_end(
    keeper: Engine, tmp_path: Path, starter_model: Path, is_closed: bool
) -> None:
    folder = tmp_path / "states"
    keeper.choose(starter_model, LoadSettings(context_tokens=512))
    keeper.count_tokens(["a"])
    child = newest_child()
    os.kill(child.pid, signal.SIGSTOP)  # it cannot say that it has forgotten
    keeper.forget(OWNER)
    save(folder, OWNER)
    save(folder, OTHER)
    if is_closed:
        keeper.close()
    else:
        child.kill()
    wait_until(lambda: kept(folder) == 1)
    keeper.forget(OTHER)
    assert kept(folder) == 0
