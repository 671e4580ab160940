"""The whole way from a document to a summary, with the real engine and model."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.documents.document import Document, Page, PageStatus
from assistant.engine.client import Engine
from assistant.summaries import summarizing
from assistant.summaries.summarizing import Stage, SummaryOptions, SummaryProgress, summarize
from assistant.summaries.summary import Mode, ModelUsed, Summary
from assistant.summaries.wishes.styles import Style

MODEL = ModelUsed("SmolLM2-135M-Instruct")


def test_without_an_engine_there_are_key_points(darwin: Document) -> None:
    values = list(
        summarize(
            darwin,
            SummaryOptions(Mode.QUICK, 80),
            engine=None,
            model=MODEL,
            cancel=threading.Event(),
        )
    )
    assert isinstance(values[0], SummaryProgress)
    last = values[-1]
    assert isinstance(last, Summary)
    assert last.mode is Mode.KEY_POINTS
    assert last.model is None
    assert last.sentences == ()
    assert last.coverage.pages_given_to_model == 0
    assert last.timings.total_s >= last.timings.first_output_s > 0
    assert 72 <= sum(len(point.text.split()) for point in last.key_points) <= 80


def test_pages_without_text_are_in_the_receipt(darwin: Document) -> None:
    blank = Page(4, "", status=PageStatus.NO_TEXT)
    document = replace(darwin, pages=(*darwin.pages, blank))
    *_, last = summarize(
        document,
        SummaryOptions(Mode.KEY_POINTS, 80),
        engine=None,
        model=None,
        cancel=threading.Event(),
    )
    assert isinstance(last, Summary)
    assert (last.coverage.pages_total, last.coverage.pages_parsed) == (4, 3)
    assert last.coverage.pages_ranked == 3
    assert last.coverage.unreadable == (4,)


def test_key_facts_of_no_known_kind_only_on_wish(darwin: Document) -> None:
    def facts(style: Style) -> int:
        options = SummaryOptions(Mode.KEY_POINTS, 80, style=style)
        *_, last = summarize(darwin, options, engine=None, model=None, cancel=threading.Event())
        assert isinstance(last, Summary)
        assert last.kind == "other"
        return len(last.facts)

    assert facts(Style.PARAGRAPHS) == 0
    assert facts(Style.FACTS) > 0


@pytest.mark.shared_process
def test_quick_writes_checked_sentences(darwin: Document, engine: Engine) -> None:
    values = list(
        summarize(
            darwin,
            SummaryOptions(Mode.QUICK, 80),
            engine=engine,
            model=MODEL,
            is_experimental=True,
            cancel=threading.Event(),
        )
    )
    partial = [value for value in values if isinstance(value, Summary)]
    stages = {value.stage for value in values if isinstance(value, SummaryProgress)}
    assert {Stage.RANKING, Stage.PROMPT, Stage.CHECKING, Stage.WRITING} <= stages
    first, last = partial[0], partial[-1]
    assert values[-1] is last
    assert first.key_points
    assert first.sentences == ()
    # The key points, what is known without a model, then each sentence.
    assert [len(value.sentences) for value in partial[1:-1]] == list(range(len(partial) - 2))
    assert last.sentences
    assert last.is_experimental
    assert not last.is_stopped
    assert last.model == MODEL
    assert last.coverage.pages_given_to_model == 3
    assert last.timings.prompt_tokens > 400
    assert last.timings.generated_tokens > 20
    assert sum(len(sentence.text.split()) for sentence in last.sentences) <= 80
    for sentence in last.sentences:
        for citation in sentence.citations:
            assert citation.quote.split() == darwin.quote(citation.span).split()


@pytest.mark.shared_process
def test_a_reply_without_a_sentence_is_begun_for_the_model(
    darwin: Document, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = engine.generate
    begun: list[str] = []

    def ends_at_once(*arguments: Any, **options: Any) -> Iterator[Any]:
        begun.append(options["reply_start"])
        if not options["reply_start"]:
            options["max_tokens"] = 1
        return generate(*arguments, **options)

    monkeypatch.setattr(engine, "generate", ends_at_once)
    *_, last = summarize(
        darwin,
        SummaryOptions(Mode.QUICK, 80),
        engine=engine,
        model=MODEL,
        cancel=threading.Event(),
    )
    assert begun[:2] == ["", "The document describes"]
    assert isinstance(last, Summary)
    assert last.sentences[0].text.startswith("The document describes ")
    assert last.timings.reused_tokens > 400


@pytest.mark.shared_process
def test_stopping_keeps_what_there_is(darwin: Document, engine: Engine) -> None:
    cancel = threading.Event()
    last = None
    for value in summarize(
        darwin,
        SummaryOptions(Mode.QUICK, 320),
        engine=engine,
        model=MODEL,
        cancel=cancel,
    ):
        if isinstance(value, Summary):
            last = value
            if value.sentences:
                cancel.set()
    assert last is not None
    assert last.is_stopped
    assert last.key_points
    assert len(last.sentences) >= 1


def test_stopped_before_it_began(darwin: Document) -> None:
    cancel = threading.Event()
    cancel.set()
    *_, last = summarize(
        darwin, SummaryOptions(Mode.KEY_POINTS, 80), engine=None, model=None, cancel=cancel
    )
    assert isinstance(last, Summary)
    assert last.is_stopped
    assert last.key_points == ()


@pytest.mark.shared_process
def test_the_model_is_asked_about_its_sentences_where_its_answers_are_worth_it(
    darwin: Document, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stages() -> list[Stage]:
        values = summarize(
            darwin,
            SummaryOptions(Mode.QUICK, 30, asks_model=True),
            engine=engine,
            model=MODEL,
            cancel=threading.Event(),
        )
        return [value.stage for value in values if isinstance(value, SummaryProgress)]

    assert Stage.ASKING not in stages()  # the starter says No to everything
    monkeypatch.setattr(summarizing, "may_be_asked", lambda *_, **__: True)
    assert Stage.ASKING in stages()
