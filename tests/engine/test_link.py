"""What the app believes to be loaded is what its engine's process has."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.choice import Choice
from assistant.engine.client import Engine
from assistant.engine.crashes import file_identity
from assistant.engine.fitting import plans
from assistant.engine.link import EngineLink
from assistant.engine.protocol import Load, LoadSettings, ModelInfo, Unload, Unloaded
from tests.engine.tiny_models import tiny_llama
from tests.processes import newest_child

SETTINGS = LoadSettings(context_tokens=512, threads=1)


@pytest.fixture
def link(tmp_path: Path) -> Iterator[EngineLink]:
    """A process that has a model."""
    engine = Engine(log=None, nice=0)
    engine.choose(tiny_llama(tmp_path / "tiny.gguf"), SETTINGS)
    engine.count_tokens([""])
    link = engine._process.link
    assert link
    yield link
    engine.close()


def test_a_load_that_was_given_up_is_not_what_is_loaded(link: EngineLink, tmp_path: Path) -> None:
    """Its end may come when another request was sent that makes an end of the model."""
    path = tiny_llama(tmp_path / "other.gguf")
    plan = next(plans(Choice(path, SETTINGS, file_identity(path)), 0))
    child = newest_child()
    os.kill(child.pid, signal.SIGSTOP)
    loading = link.load(Load(1001, str(path), plan.settings), plan)
    unloading = link.unload(Unload(1002))
    os.kill(child.pid, signal.SIGCONT)
    while not isinstance(event := loading.get(timeout=10), ModelInfo):
        pass
    assert event.path == str(path)
    assert isinstance(unloading.get(timeout=10), Unloaded)
    assert link.loaded is None
    assert link.info is None
    link.forget(1001)
    link.forget(1002)
