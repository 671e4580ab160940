"""Thorough from end to end: read, stopped, resumed, disturbed, and on models of every kind."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from assistant.documents.document import Document
from assistant.documents.sentences import split
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.errors import DeathCause, EngineDied
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore
from assistant.summaries.plan import plan_work
from assistant.summaries.steps import Steps
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import (
    Mode,
    ModelUsed,
    Stage,
    Summary,
    SummaryOptions,
    SummaryProgress,
)
from tests.engine.tiny_models import tiny_hybrid, tiny_llama
from tests.processes import newest_child
from tests.summaries.conftest import DARWIN, document_of

MODEL = ModelUsed("SmolLM2-135M-Instruct")
OPTIONS = SummaryOptions(Mode.THOROUGH, 20)


@pytest.fixture(scope="module")
def engine(starter_model: Path) -> Iterator[Engine]:
    """The starter with a context of 512 tokens: short documents have many passages."""
    engine = Engine(log=None)
    engine.choose(starter_model, LoadSettings(context_tokens=512))
    yield engine
    engine.close()


@pytest.fixture
def darwin() -> Document:
    """Three short sections, the first of them too long for the small context."""
    kept = {"Introduction": 5, "Struggle for Existence": 2, "Conclusion": 1}
    texts = {}
    for title, count in kept.items():
        ends = [end for _, end in split(DARWIN[title])]
        texts[title] = DARWIN[title][: ends[count - 1]]
    return document_of(texts)


@pytest.fixture
def stored(tmp_path: Path, darwin: Document) -> Iterator[tuple[StepStore, int]]:
    database = Database(tmp_path / "alcove.sqlite")
    document = DocumentStore(database).save(
        path=darwin.path,
        title=darwin.title,
        type="text",
        sha256=darwin.sha256,
        pages=3,
        words=500,
        language="en",
        content=b"",
    )
    yield StepStore(database), document
    database.close()


@pytest.fixture
def asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that reach the engine from now on."""
    requests: list[str] = []
    generate = engine.generate

    def noting(*arguments: Any, **options: Any) -> Iterator[Any]:
        requests.append(arguments[0][-1].content)
        return generate(*arguments, **options)

    monkeypatch.setattr(engine, "generate", noting)
    return requests


def run(
    document: Document,
    engine: Engine,
    *,
    options: SummaryOptions = OPTIONS,
    steps: Steps | None = None,
    stop: Callable[[object], bool] = lambda _: False,
) -> list[SummaryProgress | Summary]:
    cancel = threading.Event()
    values = []
    for value in summarize(
        document, options, engine=engine, model=MODEL, steps=steps, cancel=cancel
    ):
        values.append(value)
        if stop(value):
            cancel.set()
    return values


def done(summary: Summary) -> int:
    return sum(entry.is_done for entry in summary.outline)


@pytest.mark.shared_process
def test_stopped_and_resumed_nothing_is_read_twice(
    darwin: Document, engine: Engine, asked: list[str], stored: tuple[StepStore, int]
) -> None:
    store, document = stored
    stopped = run(
        darwin,
        engine,
        steps=Steps(store, document),
        stop=lambda value: isinstance(value, Summary) and done(value) > 0,  # the first note
    )[-1]
    assert isinstance(stopped, Summary)
    assert stopped.is_stopped
    kept = {key: store.get(document, key) for key in store.keys(document)}
    notes = len(kept) - 1  # and the list of them
    assert notes >= 1
    first = len(asked)

    values = run(darwin, engine, steps=Steps(store, document))
    last = values[-1]
    assert isinstance(last, Summary)
    assert {key: store.get(document, key) for key in kept} == kept
    reading = [v for v in values if isinstance(v, SummaryProgress) and v.stage is Stage.READING]
    assert reading[0].done >= notes
    assert {progress.section for progress in reading} <= set(darwin_titles(darwin))
    assert all(progress.page for progress in reading)
    # What the model leaves empty is asked for once more, so different questions count.
    questions = {request for request in asked[first:] if "Summarize this part" in request}
    assert len(questions) <= reading[0].total - notes
    # The receipt, the outline and the text.
    assert last.coverage.pages_given_to_model == 3
    assert last.coverage.unread == ()
    tops = [entry for entry in last.outline if entry.level == 1]
    assert [entry.title for entry in tops] == darwin_titles(darwin)
    assert done(last) == len(last.outline) > len(tops)  # long sections by their pages, too
    assert all(entry.sentences for entry in last.outline)
    for entry in last.outline:
        for sentence in entry.sentences:
            assert all(citation.span.page == entry.page for citation in sentence.citations)
    assert last.sentences
    assert last.timings.generated_tokens > 0

    # Other settings: only the text itself is new. The same ones: nothing is.
    before = len(asked)
    longer = run(darwin, engine, options=replace(OPTIONS, words=30), steps=Steps(store, document))
    assert 1 <= len(asked) - before <= 3
    assert isinstance(longer[-1], Summary)
    before = len(asked)
    again = run(darwin, engine, steps=Steps(store, document))[-1]
    assert len(asked) == before
    assert isinstance(again, Summary)
    assert (again.sentences, again.outline) == (last.sentences, last.outline)


def darwin_titles(document: Document) -> list[str]:
    return [section.title for section in document.sections]


@pytest.mark.shared_process
def test_a_reproducible_text_is_the_same_each_time(darwin: Document, engine: Engine) -> None:
    options = replace(OPTIONS, is_reproducible=True)
    short = replace(darwin, sentences=darwin.sentences[:2])
    first, second = (run(short, engine, options=options)[-1] for _ in range(2))
    assert isinstance(first, Summary)
    assert isinstance(second, Summary)
    assert first.sentences
    assert first.sentences == second.sentences
    assert first.outline == second.outline


@pytest.mark.shared_process
def test_the_engine_may_end_in_between(darwin: Document, engine: Engine) -> None:
    killed: list[int] = []

    def kill(value: object) -> bool:
        is_reading = isinstance(value, SummaryProgress) and value.stage is Stage.READING
        if is_reading and not killed:
            killed.append(newest_child().pid)
            psutil.Process(killed[0]).kill()
        return False

    last = run(replace(darwin, sentences=darwin.sentences[:4]), engine, stop=kill)[-1]
    assert killed
    assert isinstance(last, Summary)
    assert last.coverage.unread == ()
    assert last.sentences


@pytest.mark.shared_process
def test_a_passage_that_fails_twice_is_named_and_the_others_go_on(
    darwin: Document, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = engine.generate
    tries = 0

    def ends(*arguments: Any, **options: Any) -> Iterator[Any]:
        nonlocal tries
        request = arguments[0][-1].content
        if "large and metaphorical" in request and "Summarize this part" in request:
            tries += 1
            raise EngineDied(DeathCause.EXITED, None, while_loading=False)
        return generate(*arguments, **options)

    monkeypatch.setattr(engine, "generate", ends)
    last = run(replace(darwin, sentences=darwin.sentences[3:]), engine)[-1]
    assert isinstance(last, Summary)
    assert tries == 2
    [unread] = last.coverage.unread
    assert (unread.page, unread.section) == (2, "Struggle for Existence")
    assert {entry.page for entry in last.outline if entry.has_failed} == {2, 3}
    assert last.sentences


def test_every_kind_of_model_comes_to_an_honest_end(darwin: Document, tmp_path: Path) -> None:
    """Models of random weights write nothing of use: each passage is named as unread."""
    makers: list[Callable[[Path], Path]] = [
        lambda path: tiny_llama(path, chat_template="", llama__context_length=4096),
        lambda path: tiny_hybrid(path, context_tokens=4096),
    ]
    for number, make in enumerate(makers):
        engine = Engine(log=None)
        engine.choose(make(tmp_path / f"{number}.gguf"), LoadSettings(context_tokens=4096))
        try:
            last = run(replace(darwin, sentences=darwin.sentences[:3]), engine)[-1]
        finally:
            engine.close()
        assert isinstance(last, Summary)
        given, unread = last.coverage.pages_given_to_model, last.coverage.unread
        assert given == 1 or unread
        assert all(entry.is_done for entry in last.outline)


def test_the_plan_is_told_before_anything_is_asked(darwin: Document) -> None:
    plan = plan_work(darwin, OPTIONS)
    points, quick, thorough = (plan.of(mode) for mode in Mode)
    assert points.calls == 0
    assert points.seconds is not None
    assert quick.calls == 1
    assert quick.seconds is None  # no speed is known
    assert thorough.calls == 1  # it fits into one question
    long = plan_work(replace(darwin, sentences=darwin.sentences * 40), OPTIONS).of(Mode.THOROUGH)
    assert long.passages > 20
    assert long.calls > long.passages
    assert long.tokens == pytest.approx(40 * thorough.tokens, rel=0.01)
