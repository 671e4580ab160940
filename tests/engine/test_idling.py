"""A model that nobody needs for a while is unloaded, and comes back with the next request."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, LoadSettings, ModelInfo, TextPart
from assistant.engine.status import EngineState

IDLE_S = 0.4


@pytest.fixture
def idler(starter_model: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(log=tmp_path / "engine.log", nice=0, idle_s=IDLE_S)
    engine.choose(starter_model, LoadSettings(context_tokens=512))
    yield engine
    engine.close()


def wait_until(is_so: Callable[[], bool]) -> float:
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() < begun + 60  # other processes may be busy
        time.sleep(0.02)
    return time.monotonic() - begun


def is_resting(engine: Engine) -> bool:
    return engine.status().state is EngineState.RESTING


def reply(engine: Engine) -> list[object]:
    never = threading.Event()
    return list(engine.generate(prompt="One, two,", sampling=GREEDY, max_tokens=4, cancel=never))


def test_rests_after_a_while_and_comes_back_by_itself(idler: Engine) -> None:
    reply(idler)
    pid = idler._process.link.pid
    assert wait_until(lambda: is_resting(idler)) >= IDLE_S - 0.3
    status = idler.status()
    assert (status.model, status.memory_bytes) == (None, 0)
    assert status.tokens_per_s > 0
    wait_until(lambda: not psutil.pid_exists(pid))
    again = reply(idler)
    assert [event for event in again if isinstance(event, ModelInfo)]
    assert idler.status().state is EngineState.READY


def test_never_rests_while_a_request_is_under_way(idler: Engine) -> None:
    never = threading.Event()
    parts = 0
    for event in idler.generate(prompt="One, two,", sampling=GREEDY, max_tokens=24, cancel=never):
        assert not is_resting(idler)
        if isinstance(event, TextPart):
            parts += 1
            time.sleep(IDLE_S / 2)
    assert parts > 3
    wait_until(lambda: is_resting(idler))


def test_is_changed_while_it_runs(idler: Engine) -> None:
    idler.idle_s = 0
    reply(idler)
    time.sleep(3 * IDLE_S)
    assert idler.status().state is EngineState.READY
    idler.idle_s = 0.1
    wait_until(lambda: is_resting(idler))


def test_a_request_that_comes_as_it_begins_to_rest_is_answered(idler: Engine) -> None:
    idler.idle_s = 0.25
    for number in range(5):
        assert reply(idler)[-1].generated_tokens == 4
        time.sleep(0.2 + 0.04 * number)


def test_leaves_nothing_behind_when_it_is_closed_at_rest(idler: Engine) -> None:
    before = set(threading.enumerate())  # other tests may keep an engine
    reply(idler)
    wait_until(lambda: is_resting(idler))
    idler.close()
    wait_until(lambda: set(threading.enumerate()) <= before)
