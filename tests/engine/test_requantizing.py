"""A model in another format: measured, compared, kept only if it is worth it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.engine import requantizing, side_process
from assistant.engine.others import Others
from assistant.engine.requantizing import (
    FORMATS,
    Quality,
    Requantized,
    RequantizeProgress,
    Stage,
    make_faster,
)
from assistant.engine.requantizing_process import Compared
from assistant.errors import (
    CannotWrite,
    DeathCause,
    EngineDied,
    ModelError,
    ModelTooLarge,
    NoSpace,
    RequantizingFault,
    RequantizingRefused,
)
from assistant.gguf import read_header
from assistant.wording import explain, faster
from tests.engine.splitting import split
from tests.engine.tiny_bert import tiny_bert
from tests.engine.tiny_models import tiny_llama
from tests.processes import newest_child

NEVER = threading.Event()


def compared(**changes: float) -> Compared:
    facts = {
        "prompt_before": 100.0,
        "generation_before": 50.0,
        "prompt_after": 200.0,
        "generation_after": 50.0,
        "tokens": 598,
        "agreement": 0.9,
        "divergence": 0.02,
        "perplexity_ratio": 1.01,
    }
    return Compared(**(facts | changes))


@pytest.fixture
def short_text(tmp_path_factory, monkeypatch) -> None:
    """Less is read, and quiet not waited for, where it does not matter what is measured."""
    monkeypatch.setattr(requantizing, "_PATIENCE_S", 0.3)
    text = tmp_path_factory.mktemp("text") / "short.txt"
    text.write_text("The tenant pays the rent on the first day of every month. " * 12)
    monkeypatch.setattr(requantizing, "resource", lambda _: text)


def test_what_is_made_says_what_it_costs(starter_model, tmp_path, monkeypatch, short_text) -> None:
    """How much faster, and how much worse: tests/cli/test_faster.py, on the whole text."""
    # On so few words anything may come out, and other processes may be busy.
    for name, value in {"_GAIN": 0, "_LOSS": 0, "_LEAST_AGREEMENT": 0}.items():
        monkeypatch.setattr(requantizing, name, value)
    target = tmp_path / "models" / "starter.Q4_0.gguf"
    before = starter_model.stat()
    events = list(
        make_faster(starter_model, target, "Q4_0", cancel=NEVER, threads=1, nice=0, log=None)
    )
    made = events[-1]
    assert isinstance(made, Requantized)
    assert (made.path, made.quantization_before, made.quantization) == (target, "Q4_1", "Q4_0")
    assert read_header(target).quantization == "Q4_0"
    assert made.size_bytes == target.stat().st_size < made.size_before_bytes
    assert made.prompt_ratio > 0
    assert made.compared.tokens > 100
    assert 0 < made.compared.agreement < 1
    assert made.compared.divergence > 0
    assert made.compared.perplexity_ratio > 1
    assert "of 100 places" in str(faster(made))
    progress = [event for event in events if isinstance(event, RequantizeProgress)]
    assert [p.fraction for p in progress] == sorted(p.fraction for p in progress)
    assert list(dict.fromkeys(p.stage for p in progress)) == list(Stage)
    assert progress[-1].fraction == 1
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert starter_model.stat() == before


@pytest.mark.parametrize("stage", [Stage.MEASURING, Stage.WRITING])
def test_stopped_leaves_nothing(starter_model, tmp_path, stage, short_text) -> None:
    cancel = threading.Event()
    stopped = 0.0
    for event in make_faster(starter_model, tmp_path / "x.gguf", "Q8_0", cancel=cancel):
        assert isinstance(event, RequantizeProgress)
        if event.stage is stage and not stopped:
            cancel.set()
            stopped = time.monotonic()
    assert time.monotonic() - stopped < 10  # other processes may be busy
    assert list(tmp_path.iterdir()) == []


def test_caller_that_loses_interest_leaves_nothing(starter_model, tmp_path, short_text) -> None:
    running = make_faster(starter_model, tmp_path / "x.gguf", "Q8_0", cancel=NEVER)
    next(running)
    running.close()
    assert list(tmp_path.iterdir()) == []


def test_killed_leaves_nothing(starter_model, tmp_path, short_text) -> None:
    running = make_faster(starter_model, tmp_path / "x.gguf", "Q8_0", cancel=NEVER)
    next(running)
    os.kill(newest_child().pid, signal.SIGKILL)
    with pytest.raises(EngineDied) as caught:
        list(running)
    assert caught.value.cause is DeathCause.KILLED
    assert list(tmp_path.iterdir()) == []


def test_no_room_is_seen_before_anything_is_written(starter_model, small_disk) -> None:
    disk = small_disk("150m")
    with pytest.raises(NoSpace) as caught:
        list(make_faster(starter_model, disk / "x.gguf", "Q4_0", cancel=NEVER))
    assert caught.value.needed_bytes > 280_000_000  # the file, and 200 MiB that are left alone
    assert caught.value.free_bytes < 160_000_000
    assert list(disk.iterdir()) == []


def test_disk_that_fills_meanwhile(starter_model, small_disk, short_text) -> None:
    disk = small_disk("330m")
    running = make_faster(starter_model, disk / "x.gguf", "Q4_0", cancel=NEVER)
    next(running)
    with (disk / "others").open("wb") as others:
        others.write(bytes(shutil.disk_usage(disk).free - 20_000_000))
    with pytest.raises(NoSpace):
        list(running)
    assert [path.name for path in disk.iterdir()] == ["others"]


def test_model_in_parts_becomes_a_whole_one(tmp_path, monkeypatch, short_text) -> None:
    for name, value in {"_GAIN": 0, "_LOSS": 0, "_LEAST_AGREEMENT": 0}.items():
        monkeypatch.setattr(requantizing, name, value)
    parts = split(tiny_llama(tmp_path / "whole.gguf"), tmp_path, 3)
    made = list(make_faster(parts[0], tmp_path / "x.gguf", "Q8_0", cancel=NEVER))[-1]
    assert isinstance(made, Requantized)
    header = read_header(made.path)
    assert (header.split_count, header.quantization) == (1, "Q8_0")
    assert header.parameters == read_header(parts[0]).parameters
    assert made.compared.agreement > 0.9


def test_what_nothing_can_come_of(starter_model, tmp_path, monkeypatch, short_text) -> None:
    def refusal(model: Path, quantization: str, target: Path = tmp_path / "x.gguf") -> Exception:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the caller looks
            list(make_faster(model, target, quantization, cancel=NEVER))
        return caught.value

    unknown = refusal(starter_model, "Q9_Z")
    assert isinstance(unknown, RequantizingRefused)
    assert unknown.fault is RequantizingFault.UNKNOWN_FORMAT
    assert "Q9_Z" in str(explain(unknown))
    same = refusal(starter_model, "Q4_1")
    assert isinstance(same, RequantizingRefused)
    assert same.fault is RequantizingFault.NOT_FASTER
    there = tmp_path / "there.gguf"
    there.write_bytes(b"a model")
    assert isinstance(refusal(starter_model, "Q4_0", there), CannotWrite)
    assert there.read_bytes() == b"a model"
    assert isinstance(refusal(tiny_bert(tmp_path / "bert.gguf").path, "Q8_0"), ModelError)
    assert isinstance(refusal(tmp_path / "none.gguf", "Q8_0"), ModelError)
    monkeypatch.setattr(side_process, "free_memory_bytes", lambda: 1_000_000)
    assert isinstance(refusal(starter_model, "Q4_0"), ModelTooLarge)
    assert {path.name for path in tmp_path.iterdir()} == {"there.gguf", "bert.gguf"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"prompt_after": 105.0}, RequantizingFault.NOT_FASTER),
        ({"generation_after": 39.0}, RequantizingFault.NOT_FASTER),
        ({"prompt_after": 130.0, "generation_after": 42.0}, RequantizingFault.NOT_FASTER),
        ({"agreement": 0.4}, RequantizingFault.TOO_MUCH_LOST),
        ({"perplexity_ratio": 1.6}, RequantizingFault.TOO_MUCH_LOST),
        ({"perplexity_ratio": float("nan")}, RequantizingFault.TOO_MUCH_LOST),
    ],
)
def test_refused_in_words_if_it_is_not_worth_it(starter_model, changes, fault) -> None:
    header = read_header(starter_model)
    with pytest.raises(RequantizingRefused) as caught:
        requantizing._judged(header, starter_model, Path("x"), "Q4_0", compared(**changes))
    assert caught.value.fault is fault
    assert "removed" in str(explain(caught.value))


@pytest.mark.parametrize(
    ("ratio", "quality"),
    [
        (0.99, Quality.SAME),
        (1.05, Quality.SLIGHTLY_WORSE),
        (1.2, Quality.WORSE),
        (1.4, Quality.MUCH_WORSE),
    ],
)
def test_quality_in_words(starter_model, ratio, quality) -> None:
    header = read_header(starter_model)
    facts = compared(perplexity_ratio=ratio)
    made = requantizing._judged(header, starter_model, Path("x"), "Q4_0", facts)
    assert made.quality is quality
    assert "reads 2.0 and writes 1.0 times as fast" in str(faster(made))
    assert "90 of 100 places" in str(faster(made))


def test_busy_computer_is_told_of(starter_model) -> None:
    header = read_header(starter_model)
    facts = compared(was_busy=True)
    made = requantizing._judged(header, starter_model, Path("x"), "Q4_0", facts)
    assert "about 2.0" in str(faster(made))
    assert "rough" in str(faster(made))


def test_others_are_heard() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        assert not Others(patience_s=0.6).are_quiet(lambda: None)
        others = Others()
        with others.watched():
            time.sleep(0.5)
        assert others.were_busy
    finally:
        busy.kill()
        busy.wait()


def test_leftovers_of_a_killed_app_are_removed(starter_model, tmp_path) -> None:
    dead = tmp_path / ".x.gguf.999999999.requantizing"
    alive = tmp_path / f".y.gguf.{os.getppid()}.requantizing"
    for path in (dead, alive):
        path.write_bytes(b"half")
    requantizing.remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [alive.name]


def test_every_format_offered_is_known_to_the_quantizer() -> None:
    from assistant.engine.llama.quantizer import FILE_TYPES

    assert set(FORMATS) <= set(FILE_TYPES)
