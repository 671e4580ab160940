"""Two engines share one memory: the one that nobody needs gives its model back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import room
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings, TextPart
from assistant.engine.room import make_room
from assistant.engine.status import EngineState

SHORT = LoadSettings(context_tokens=512)


@pytest.fixture
def two(tmp_path: Path, starter_model: Path) -> Iterator[tuple[Engine, Engine]]:
    engines = tuple(Engine(log=tmp_path / f"{n}.log", nice=0) for n in range(2))
    for engine in engines:
        engine.choose(starter_model, SHORT)
    yield engines  # type: ignore[misc]
    for engine in engines:
        engine.close()


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory_bytes", lambda: 0)


def test_rest_frees_the_model_and_a_request_brings_it_back(two, never) -> None:
    engine, _ = two
    engine.count_tokens(["Hello"])
    assert engine.rest()
    assert engine.info is None
    assert engine.status().memory_bytes == 0
    assert engine.count_tokens(["Hello"], cancel=never) == (1,)
    assert engine.info is not None


def test_rest_leaves_a_request_alone(two, never) -> None:
    engine, _ = two
    events = engine.generate(prompt="Once upon a time", max_tokens=24, cancel=never)
    assert any(isinstance(event, TextPart) for event in events)  # it has begun
    assert not engine.rest()
    assert list(events)[-1].generated_tokens == 24
    assert engine.rest()


def test_the_idle_one_goes_where_both_do_not_fit(
    two, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = two
    other.count_tokens([""])
    full(monkeypatch)
    assert make_room(starter_model, SHORT, own, [other]) == (other,)
    assert other.info is None
    assert other.status().state is EngineState.RESTING


def test_both_stay_where_both_fit(two, starter_model: Path) -> None:
    own, other = two
    other.count_tokens([""])
    assert make_room(starter_model, SHORT, own, [other]) == ()
    assert other.info is not None


def test_what_the_engine_itself_holds_counts_as_free(
    two, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = two
    own.count_tokens([""])
    other.count_tokens([""])
    monkeypatch.setattr(room, "free_memory_bytes", lambda: 200_000_000)
    assert make_room(starter_model, SHORT, own, [other]) == ()


def test_a_file_that_is_no_model_frees_nothing(two, tmp_path: Path, monkeypatch) -> None:
    own, other = two
    other.count_tokens([""])
    full(monkeypatch)
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"rubbish")
    assert make_room(bad, SHORT, own, [other]) == ()
    assert other.info is not None


def test_two_that_make_room_for_each_other_do_not_wait_for_each_other(
    two, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    full(monkeypatch)
    for own, other in ((first, second), (second, first)):
        own.make_room = lambda path, settings, own=own, other=other: make_room(
            path, settings, own, [other]
        )
    counts: list[tuple[int, ...]] = []

    def ask(engine: Engine) -> None:
        for _ in range(2):
            counts.append(engine.count_tokens(["Hello"]))
            engine.rest()

    threads = [threading.Thread(target=ask, args=(engine,)) for engine in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    assert counts == [(1,)] * 4
