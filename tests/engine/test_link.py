"""What the app believes to be loaded is what its engine's process has."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine.choice import Choice
from assistant.engine.client import Engine
from assistant.engine.crashes import CrashRecord, file_identity
from assistant.engine.fitting import plans
from assistant.engine.link import Death, EngineLink
from assistant.engine.protocol import (
    GREEDY,
    Cancel,
    Failed,
    Finished,
    Generate,
    Load,
    LoadSettings,
    ModelInfo,
    Unload,
    Unloaded,
)
from assistant.errors import EngineDied
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


def queued(link: EngineLink, tmp_path: Path) -> tuple[object, object]:
    """Ask the halted process for a reply, and behind it for another model."""
    path = tiny_llama(tmp_path / "other.gguf")
    plan = next(plans(Choice(path, SETTINGS, file_identity(path)), 0))
    reply = link.open(Generate(1001, prompt="Once", sampling=GREEDY, max_tokens=300))
    return reply, link.load(Load(1002, str(path), plan.settings), plan)


def last_of(inbox, kind: type) -> object:
    while not isinstance(event := inbox.get(timeout=10), kind):
        pass
    return event


def test_a_death_is_not_blamed_on_a_model_that_waited_to_be_loaded(link, tmp_path: Path) -> None:
    loaded = link.loaded.path
    os.kill(newest_child().pid, signal.SIGSTOP)
    _, loading = queued(link, tmp_path)
    os.kill(newest_child().pid, signal.SIGKILL)
    death = last_of(loading, Death)
    assert (death.model, death.while_loading) == (loaded, False)
    assert not death.is_the_models_fault


def test_a_load_that_is_taken_back_before_it_began_changes_nothing(link, tmp_path: Path) -> None:
    choice, info = link.loaded, link.info
    child = newest_child()
    os.kill(child.pid, signal.SIGSTOP)
    reply, loading = queued(link, tmp_path)
    link.send(Cancel(1002))
    assert link.loaded is None
    os.kill(child.pid, signal.SIGCONT)
    assert last_of(loading, Failed).kind == "cancelled"
    assert (link.loaded, link.info) == (choice, info)
    assert last_of(reply, Finished).generated_tokens
    link.forget(1001)
    again = link.open(Generate(1003, prompt="Once", sampling=GREEDY, max_tokens=1))
    assert last_of(again, Finished | Failed).generated_tokens == 1
    link.forget(1002)
    link.forget(1003)


def test_a_request_that_cannot_be_written_down_is_not_waited_for(link) -> None:
    with pytest.raises(UnicodeEncodeError):
        link.open(Generate(1001, prompt="half of a pair: \ud800"))
    assert not link.is_working


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("told", ["forget", "add"])
def test_a_bug_in_what_is_told_leaves_nobody_waiting(tmp_path, monkeypatch, told: str) -> None:
    """`forget` hears of a model that was loaded, `add` of one that ended the process."""

    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(CrashRecord, told, fail)
    path = tiny_llama(tmp_path / "tiny.gguf")
    with contextlib.closing(Engine(log=None, nice=0)) as engine:
        link = engine._process.running()
        if told == "add":
            os.kill(newest_child().pid, signal.SIGSTOP)
        plan = next(plans(Choice(path, SETTINGS, file_identity(path)), 0))
        loading = link.load(Load(1001, str(path), plan.settings), plan)
        if told == "add":
            os.kill(newest_child().pid, signal.SIGKILL)
        assert last_of(loading, Death)
        assert not link.is_alive


@pytest.mark.skipif(sys.platform == "win32", reason="limits of open files are POSIX")
def test_a_process_that_cannot_be_started_is_said_in_words(tmp_path: Path) -> None:
    import resource

    path = tiny_llama(tmp_path / "tiny.gguf")
    with contextlib.closing(Engine(log=None, nice=0)) as engine:
        engine.choose(path, SETTINGS)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        last = os.open(path, os.O_RDONLY)
        os.close(last)
        resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, hard))
        try:
            with pytest.raises(EngineDied) as caught:
                engine.count_tokens(["ab"])
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert "open files" in caught.value.log_tail
        assert engine.count_tokens(["ab"]) == (2,)
