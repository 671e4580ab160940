"""However the engine's process ends, the request says why, and the next one works."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.engine import link
from assistant.engine.client import Engine
from assistant.engine.patience import Patience, StepClock
from assistant.engine.protocol import (
    GREEDY,
    LoadProgress,
    LoadSettings,
    PromptProgress,
    TextPart,
)
from assistant.engine.status import EngineState
from assistant.errors import CrashedLastTime, DeathCause, EngineDied
from tests.engine.tiny_models import tiny_llama
from tests.processes import newest_child

LONG = "The tenant pays the rent on the first day of every month. " * 60
ORPHAN = """
import sys, threading, time
from pathlib import Path
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, TextPart
if __name__ == "__main__":
    engine = Engine(log=None, crash_record=Path(sys.argv[2]))
    engine.choose(Path(sys.argv[1]))
    never = threading.Event()
    for event in engine.generate(prompt="Once", sampling=GREEDY, max_tokens=0, cancel=never):
        if sys.argv[3] in {type(event).__name__, "any"}:
            print(engine._process.link.pid, flush=True)
            time.sleep(60)
"""


def run_until(events: Iterator[object], kind: type) -> None:
    while not isinstance(next(events), kind):
        pass


def gone(pid: int, within_s: float) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < within_s:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("moment", [PromptProgress, TextPart])
def test_killed_in_a_prompt_or_a_reply(new_engine, starter_model, never, moment) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=2048))
    running = new_engine.generate(prompt=LONG, sampling=GREEDY, max_tokens=0, cancel=never)
    run_until(running, moment)
    os.kill(newest_child().pid, signal.SIGKILL)
    with pytest.raises(EngineDied) as caught:
        list(running)
    died = caught.value
    assert (died.cause, died.exit_code) == (DeathCause.KILLED, -signal.SIGKILL)
    assert (died.model, died.while_loading) == (starter_model, False)
    assert new_engine.info is None
    assert new_engine.status().state is EngineState.OFF
    assert list(new_engine.generate(prompt="Once", max_tokens=2, cancel=never))
    assert new_engine.status().state is EngineState.READY


def test_killed_while_loading(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))

    def kill_when_loading() -> None:
        while new_engine.status().state is not EngineState.LOADING:
            time.sleep(0.001)
        os.kill(newest_child().pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_when_loading)
    killer.start()
    with pytest.raises(EngineDied) as caught:
        new_engine.count_tokens(["text"])
    killer.join()
    assert (caught.value.cause, caught.value.while_loading) == (DeathCause.KILLED, True)
    with pytest.raises(CrashedLastTime):
        new_engine.count_tokens(["text"])
    assert list(new_engine.load(cancel=never, force=True))
    new_engine.close()


def test_asked_to_go_while_loading_is_no_crash(new_engine, starter_model) -> None:
    """A computer that shuts down asks every process to go."""
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))

    def end_when_loading() -> None:
        while new_engine.status().state is not EngineState.LOADING:
            time.sleep(0.001)
        time.sleep(0.1)
        os.kill(newest_child().pid, signal.SIGTERM)

    killer = threading.Thread(target=end_when_loading)
    killer.start()
    with pytest.raises(EngineDied):
        new_engine.count_tokens(["text"])
    killer.join()
    assert new_engine.count_tokens(["text"]) == (1,)


def test_killed_while_idle_is_not_even_noticed(new_engine, tmp_path, never) -> None:
    new_engine.choose(tiny_llama(tmp_path / "tiny.gguf"))
    assert new_engine.count_tokens(["ab"]) == (2,)
    os.kill(newest_child().pid, signal.SIGKILL)
    while new_engine.status().state is not EngineState.OFF:
        time.sleep(0.01)
    assert new_engine.count_tokens(["ab"]) == (2,)


def test_requests_of_others_fail_with_it_and_work_again(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=2048))
    running = new_engine.generate(prompt=LONG, sampling=GREEDY, max_tokens=0, cancel=never)
    run_until(running, PromptProgress)
    errors = []

    def wait() -> None:
        try:
            list(new_engine.generate(prompt="Once", max_tokens=2, cancel=never))
        except EngineDied as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.2)
    os.kill(newest_child().pid, signal.SIGKILL)
    with pytest.raises(EngineDied):
        list(running)
    waiting.join()
    assert len(errors) == 1


def test_a_load_that_waited_for_others_is_not_lost_with_them(new_engine, tmp_path, never) -> None:
    """It is done in the next process: what ended the first was none of its business."""
    new_engine.choose(tiny_llama(tmp_path / "one.gguf"))
    running = new_engine.generate(prompt="a", sampling=GREEDY, max_tokens=400, cancel=never)
    run_until(running, TextPart)
    child = newest_child()
    os.kill(child.pid, signal.SIGSTOP)
    new_engine.choose(tiny_llama(tmp_path / "other.gguf"))
    counts = []
    waiting = threading.Thread(target=lambda: counts.append(new_engine.count_tokens(["ab"])))
    waiting.start()
    while new_engine.status().state is not EngineState.LOADING:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(EngineDied):
        list(running)
    waiting.join()
    assert counts == [(2,)]
    assert new_engine.info.path == str(tmp_path / "other.gguf")


@pytest.fixture
def impatient_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(
        log=tmp_path / "log", nice=0, patience=Patience(start_s=30, silence_s=1.5, step_s=0.01)
    )
    yield engine
    engine.close()


def test_a_frozen_engine_is_ended(impatient_engine, starter_model, never) -> None:
    impatient_engine.choose(starter_model, LoadSettings(context_tokens=2048))
    running = impatient_engine.generate(prompt=LONG, sampling=GREEDY, max_tokens=0, cancel=never)
    run_until(running, PromptProgress)
    os.kill(newest_child().pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(EngineDied) as caught:
        list(running)
    assert caught.value.cause is DeathCause.FROZEN
    assert time.monotonic() - begun < 10
    assert impatient_engine.count_tokens(["text"]) == (1,)


def test_a_frozen_idle_engine_is_ended_at_the_next_request(impatient_engine, tmp_path) -> None:
    impatient_engine.choose(tiny_llama(tmp_path / "tiny.gguf"))
    impatient_engine.count_tokens(["a"])
    os.kill(newest_child().pid, signal.SIGSTOP)
    with pytest.raises(EngineDied) as caught:
        impatient_engine.count_tokens(["a"])
    assert caught.value.cause is DeathCause.FROZEN
    assert impatient_engine.count_tokens(["a"]) == (1,)


def test_a_step_without_end_is_ended(impatient_engine, starter_model, never, monkeypatch) -> None:
    """As when threads of llama.cpp wait for each other: heartbeats go on, the step does not."""
    monkeypatch.setattr(link, "_SLOWEST_CORE", 1e18)
    impatient_engine.choose(starter_model, LoadSettings(context_tokens=4096, ubatch_tokens=2048))
    running = impatient_engine.generate(prompt=LONG * 3, sampling=GREEDY, cancel=never)
    with pytest.raises(EngineDied) as caught:
        list(running)
    assert caught.value.cause is DeathCause.FROZEN


def test_a_halted_engine_goes_on(tmp_path, starter_model, never, monkeypatch) -> None:
    """As after Ctrl+Z and `fg` in a terminal, or on a computer that slept: no step took so long."""
    monkeypatch.setattr(link, "_SLOWEST_CORE", 1e18)
    patience = Patience(start_s=30, silence_s=30, step_s=1.5)
    engine = Engine(log=tmp_path / "log", nice=0, patience=patience)
    with contextlib.closing(engine):
        engine.choose(starter_model, LoadSettings(context_tokens=512))
        running = engine.generate(prompt="Once", sampling=GREEDY, max_tokens=0, cancel=never)
        run_until(running, TextPart)
        os.kill(newest_child().pid, signal.SIGSTOP)
        time.sleep(2.5)
        os.kill(newest_child().pid, signal.SIGCONT)
        for _ in range(20):
            assert isinstance(next(running), TextPart)
        running.close()


def test_a_clock_counts_a_step_and_no_gap(monkeypatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clock = StepClock(0.5)
    assert clock.look() == 0
    now = 110.0
    clock.begin()
    now = 110.25
    assert clock.look() == 0.25
    now = 110.75
    assert clock.look() == 0.75
    now = 5_000.0
    assert clock.look() == 1.75
    clock.begin()
    now = 5_000.5
    assert clock.look() == 0.5
    clock.end()
    assert clock.look() == 0


@pytest.mark.parametrize("moment", ["any", "TextPart"])
def test_the_engine_goes_when_the_app_is_killed(tmp_path, starter_model, moment) -> None:
    """And a model that was being loaded then is not said to have crashed."""
    script = tmp_path / "orphan.py"
    script.write_text(ORPHAN)
    record = tmp_path / "crashes.json"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    app = subprocess.Popen(
        [sys.executable, str(script), str(starter_model), str(record), moment],
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert app.stdout
    pid = int(app.stdout.readline())
    app.kill()
    app.wait()
    app.stdout.close()
    assert gone(pid, within_s=2)
    assert not record.exists()


def test_a_load_is_stopped(new_engine, starter_model, never) -> None:
    cancel = threading.Event()
    cancel.set()
    new_engine.choose(starter_model)
    assert list(new_engine.load(cancel=cancel)) == []
    cancel = threading.Event()
    stopped_at: list[float] = []

    def stop_while_loading() -> None:
        while new_engine.status().state is not EngineState.LOADING:
            time.sleep(0.001)
        engine = newest_child()
        engine.suspend()  # a load that takes long
        stopped_at.append(time.monotonic())
        cancel.set()
        time.sleep(0.5)
        engine.resume()

    stopper = threading.Thread(target=stop_while_loading)
    stopper.start()
    events = list(new_engine.load(cancel=cancel))
    took_s = time.monotonic() - stopped_at[0]
    stopper.join()
    assert all(isinstance(event, LoadProgress) for event in events)
    assert took_s < 0.4  # and not when the engine has heard of it
    assert new_engine.info is None
    assert new_engine.count_tokens(["text"]) == (1,)
