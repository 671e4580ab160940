"""A model that took more memory than was estimated is estimated higher the next time."""

import threading
from pathlib import Path

import pytest

from assistant.engine import fitting
from assistant.engine.client import Engine
from assistant.engine.memory_record import MemoryRecord
from assistant.engine.protocol import GREEDY, Finished, LoadSettings
from tests.engine.tiny_models import tiny_llama


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_what_was_too_low_is_kept_as_a_factor(model: Path, tmp_path: Path) -> None:
    file = tmp_path / "memory.json"
    record = MemoryRecord(file)
    assert record.correction(model) == 1
    record.note(model, 1000, 1020)  # within what an estimate can be
    record.note(model, 1000, 400)  # it has not evaluated much yet
    assert not file.exists()
    record.note(model, 1000, 1500)
    assert record.correction(model) == MemoryRecord(file).correction(model) == 1.5
    record.note(model, 1500, 1500)  # corrected, and right
    record.note(model, 1500, 1800)  # corrected, and still too low
    assert MemoryRecord(file).correction(model) == 1.8
    model.write_bytes(b"GGUF another")
    assert MemoryRecord(file).correction(model) == 1


def test_a_lost_or_foreign_record_is_begun_anew(model: Path, tmp_path: Path) -> None:
    for content in (b"", b"[1]", b"\xff"):
        (tmp_path / "memory.json").write_bytes(content)
        assert MemoryRecord(tmp_path / "memory.json").correction(model) == 1


def test_the_next_load_expects_what_the_last_one_took(
    starter_model, tmp_path, never, monkeypatch
) -> None:
    """The estimate is made too low here; the process is what it is."""
    right = fitting.memory_need

    def too_low(*args, **options):
        need = right(*args, **options)
        return fitting.replace(need, buffer_bytes=need.buffer_bytes // 4)

    monkeypatch.setattr(fitting, "memory_need", too_low)
    estimates, taken = [], []
    for _ in range(2):
        engine = Engine(log=None, nice=0, memory_record=tmp_path / "memory.json")
        engine.choose(starter_model, LoadSettings(context_tokens=512))
        list(engine.generate(prompt="One, two,", sampling=GREEDY, max_tokens=8, cancel=never))
        estimates.append(engine.info.estimated_bytes)
        taken.append(engine.status().memory_bytes)
        engine.close()
    assert estimates[0] < 0.9 * taken[0]
    assert estimates[1] == pytest.approx(taken[0], rel=0.05)


def test_the_estimate_is_within_a_tenth_of_a_full_context(
    starter_model, tmp_path, new_engine, never
) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))
    text = "The tenant pays the rent on the first day of every month. " * 32
    [*_, finished] = new_engine.generate(prompt=text, sampling=GREEDY, max_tokens=60, cancel=never)
    assert finished.prompt_tokens > 360
    estimated = new_engine.info.estimated_bytes
    assert new_engine.status().memory_bytes == pytest.approx(estimated, rel=0.1)


def test_the_peak_is_that_of_the_model_that_is_loaded(
    new_engine: Engine, starter_model: Path, tmp_path: Path
) -> None:
    """A larger model that the same process had before does not count."""
    never = threading.Event()

    def peak(model: Path) -> int:
        new_engine.choose(model, LoadSettings(context_tokens=512))
        for _ in new_engine.load(cancel=never):
            pass
        *_, last = new_engine.generate(prompt="Once", sampling=GREEDY, max_tokens=2, cancel=never)
        assert isinstance(last, Finished)
        return last.peak_memory_bytes

    large = peak(starter_model)
    assert 0 < peak(tiny_llama(tmp_path / "tiny.gguf")) < large - 50_000_000
