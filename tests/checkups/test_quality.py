"""Checks models up for real: the starter in small, and tiny models with random weights."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.checkups.card import COUNTED, VERSION, Ability, ScoreCard, Size
from assistant.checkups.progress import CheckProgress, CheckStage
from assistant.checkups.quality import check
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.errors import ModelError
from tests.engine.tiny_models import tiny_llama, tiny_mamba

SMALL = LoadSettings(context_tokens=2048)
WIDE = LoadSettings(context_tokens=16384)  # tiny models have a token for each byte


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(log=tmp_path / "engine.log", nice=0)
    yield made
    made.close()


def last_card(events: list[CheckProgress | ScoreCard]) -> ScoreCard:
    card = events[-1]
    assert isinstance(card, ScoreCard)
    return card


def test_the_starter_gets_a_whole_card(engine: Engine, starter_model: Path) -> None:
    events = list(check(engine, starter_model, SMALL, size=Size.TINY, cancel=threading.Event()))
    card = last_card(events)
    assert card.is_complete
    assert card.version == VERSION
    assert card.model == "SmolLM2-135M-Instruct.Q4_1"
    assert (card.parameters, card.size_bytes) == (134_515_008, 98_362_432)
    asked = {one.ability for one in card.by_ability()}
    assert asked >= set(COUNTED)
    assert card.not_asked == ()
    assert card.overall is not None
    assert 0 <= card.overall.low <= card.overall.value <= card.overall.high <= 1
    assert card.overall.value < 0.9  # it is a very small model
    facts = card.of(Ability.FACTS)
    assert facts is not None
    assert facts.right >= 1  # it finds some
    assert {one.depth_percent for one in card.depths} <= {10, 30, 50, 70, 90}
    assert card.depths
    assert card.tokens_per_s > 0 < card.prompt_tokens_per_s
    assert card.busy is not None
    assert card.busy.tokens_per_s > 0
    assert card.peak_bytes > 100_000_000
    assert card.speed.load_s > 0

    progress = [event for event in events if isinstance(event, CheckProgress)]
    assert list(dict.fromkeys(event.stage for event in progress)) == list(CheckStage)
    assert all(0 <= event.done <= event.total for event in progress)
    answered = [event.answered for event in progress if event.answered]
    assert len(answered) >= 7  # a short round at least; a slow machine has no time for more
    assert sum(len(one.verdicts) for one in answered) == sum(one.of for one in card.abilities)
    grown = [event for event in events if isinstance(event, ScoreCard)]
    assert not any(one.is_complete for one in grown[:-1])


def test_a_stop_ends_it_at_once_without_a_complete_card(
    engine: Engine, starter_model: Path
) -> None:
    cancel = threading.Event()
    cards, stopped_at = [], 0.0
    for event in check(engine, starter_model, SMALL, size=Size.TINY, cancel=cancel):
        if isinstance(event, ScoreCard):
            cards.append(event)
        elif event.stage is CheckStage.QUESTIONS and not stopped_at:
            stopped_at = time.monotonic() + 0.4
            threading.Timer(0.4, cancel.set).start()  # in the middle of a prompt or an answer
    assert time.monotonic() - stopped_at < 2
    assert cards
    assert not any(card.is_complete for card in cards)


def test_a_stop_beside_busy_processes_leaves_none(engine: Engine, tmp_path: Path) -> None:
    cancel = threading.Event()
    model = tiny_llama(tmp_path / "tiny.gguf")
    before = set(psutil.Process().children(recursive=True))
    for event in check(engine, model, SMALL, size=Size.TINY, cancel=cancel):
        if isinstance(event, CheckProgress) and event.stage is CheckStage.BUSY:
            threading.Timer(0.7, cancel.set).start()
    assert cancel.wait(2)
    engine.close()
    left = [
        child
        for child in set(psutil.Process().children(recursive=True)) - before
        if "resource_tracker" not in " ".join(child.cmdline())
    ]
    assert left == []


def test_a_stop_before_the_load_measures_nothing(engine: Engine, tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    model = tiny_llama(tmp_path / "tiny.gguf")
    assert list(check(engine, model, SMALL, size=Size.TINY, cancel=cancel)) == []


def test_a_base_model_is_asked_only_what_it_can_continue(engine: Engine, tmp_path: Path) -> None:
    model = tiny_llama(tmp_path / "base.gguf", chat_template="", llama__context_length=8192)
    events = list(check(engine, model, WIDE, size=Size.TINY, cancel=threading.Event()))
    card = last_card(events)
    assert card.is_complete
    assert card.is_base
    assert card.overall is None
    asked = {one.ability for one in card.by_ability()}
    assert asked == {Ability.FACTS, Ability.LANGUAGE, Ability.NO_LOOPS, Ability.ARITHMETIC}
    assert set(card.not_asked) == set(COUNTED) - asked
    assert card.tokens_per_s > 0


def test_a_recurrent_model_is_asked_too(engine: Engine, tmp_path: Path) -> None:
    model = tiny_mamba(tmp_path / "mamba.gguf")
    card = last_card(list(check(engine, model, WIDE, size=Size.TINY, cancel=threading.Event())))
    assert card.is_complete
    assert card.by_ability()
    assert (card.overall is None) == bool(card.not_asked)


def test_what_a_small_context_cannot_hold_is_left_out(engine: Engine, tmp_path: Path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf")  # its context is of 512 bytes
    card = last_card(list(check(engine, model, SMALL, size=Size.TINY, cancel=threading.Event())))
    assert card.is_complete
    assert card.speed.context_tokens == 512
    assert Ability.FACTS in card.not_asked
    assert Ability.ARITHMETIC not in card.not_asked
    assert card.overall is None


def test_the_same_seed_gets_the_same_answers(engine: Engine, tmp_path: Path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf")

    def replies() -> list[str]:
        events = check(engine, model, SMALL, size=Size.TINY, seed=3, cancel=threading.Event())
        return [
            event.answered.reply
            for event in events
            if isinstance(event, CheckProgress) and event.answered
        ]

    first = replies()
    assert first == replies()
    assert any(first)


def test_a_file_that_is_no_model_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(40))
    with pytest.raises(ModelError):
        list(check(engine, path, SMALL, size=Size.TINY, cancel=threading.Event()))
