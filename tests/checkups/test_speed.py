"""Measures the starter model for real, in small."""

import threading
from pathlib import Path

import pytest

from assistant.checkups.prose import sentences
from assistant.checkups.report import SpeedReport
from assistant.checkups.speed import Sizes, SpeedProgress, Stage, measure
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings

SMALL = Sizes(prompts=(16, 48, 9000), reply_tokens=4, together=(1, 3), threads_prompt_tokens=8)


@pytest.fixture
def engine(tmp_path: Path):
    made = Engine(log=tmp_path / "engine.log", nice=0)
    yield made
    made.close()


def test_the_report_grows_to_its_end(engine: Engine, starter_model: Path) -> None:
    settings = LoadSettings(context_tokens=512)
    events = list(measure(engine, starter_model, settings, SMALL, cancel=threading.Event()))
    stages = [event.stage for event in events if isinstance(event, SpeedProgress)]
    assert list(dict.fromkeys(stages)) == list(Stage)
    report = events[-1]
    assert isinstance(report, SpeedReport)
    assert report.context_tokens == 512
    assert len(report.prompts) == len(report.generation) == 2  # 9,000 tokens do not fit
    assert report.prompts[0].tokens < report.prompts[1].tokens
    assert all(x.tokens_per_s > 0 and x.first_token_s > 0 for x in report.prompts)
    assert report.follow_up is not None
    assert report.follow_up.known_tokens >= 40
    assert [x.requests for x in report.together] == [1, 3]
    assert report.threads[-1].is_automatic
    assert [x.threads for x in report.threads[:-1]] == list(range(1, len(report.threads)))
    assert report.memory is not None
    assert 0.5 < report.memory.estimate_bytes / report.memory.peak_bytes < 2


def test_it_stops(engine: Engine, starter_model: Path) -> None:
    cancel = threading.Event()
    reports = []
    for event in measure(
        engine, starter_model, LoadSettings(context_tokens=512), SMALL, cancel=cancel
    ):
        if isinstance(event, SpeedReport):
            reports.append(event)
            cancel.set()
    assert len(reports) == 1
    assert reports[0].prompts == ()


def test_prose_does_not_repeat() -> None:
    first, second = sentences(1), sentences(2)
    taken = [next(first) for _ in range(500)]
    assert len(set(taken)) == 500
    assert next(second) != taken[0]
