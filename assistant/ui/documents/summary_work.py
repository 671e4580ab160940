"""Summarises documents, foretells what that costs, mends sentences: generators for `Job`."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.documents.document import Document
from assistant.errors import AssistantError
from assistant.storage.summaries import SummaryStore
from assistant.summaries.deleting import owner_of
from assistant.summaries.keeping import GrowingSummary
from assistant.summaries.steps import Steps
from assistant.summaries.summary import (
    ModelUsed,
    Summary,
    SummaryOptions,
    SummaryProgress,
    SummarySentence,
    WorkPlan,
)
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.work import Opened

if TYPE_CHECKING:
    from assistant.engine.client import Engine
    from assistant.forecast.pace import Pace
    from assistant.models.keeping.installed import InstalledModel


@dataclass(frozen=True, slots=True)
class NotStored:
    """A summary is shown but could not be stored."""

    error: AssistantError


def summarize_document(
    opened: Opened,
    options: SummaryOptions,
    *,
    engine: "Engine | None",
    model: "InstalledModel | None",
    is_experimental: bool,
    is_forced: bool,
    parts: Parts,
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[SummaryProgress | Summary | NotStored]:
    """Summarise a document, or fetch the summary made before, and store what comes.

    Args:
        opened: the document.
        options: what is asked for.
        engine: the engine with a model chosen; None for key points.
        model: which model that is.
        is_experimental: its sentences are not to be trusted.
        is_forced: make it anew, and load a model that crashed last time.
        parts: where results are kept.
        cancel: stops it.
        hold: the model pauses while it is set.
    """
    from assistant.summaries.summarizing import summarize  # noqa: PLC0415 - brings numpy

    started_s = time.perf_counter()
    used = ModelUsed(model.name, model.sha256) if model else None
    keeper = GrowingSummary(parts.summaries, opened.record_id, options)
    if not is_forced and opened.record_id is not None:
        found = parts.keeping.summary(opened.record_id, opened.document, options, used)
        if found is not None:
            yield found
            return
    if is_forced and engine is not None:
        for _ in engine.load(cancel=cancel, force=True):
            pass
    steps = _steps(opened, parts)
    is_complete = False
    try:
        for value in summarize(
            opened.document,
            options,
            engine=engine,
            model=used,
            is_experimental=is_experimental,
            started_s=started_s,
            owner="" if opened.record_id is None else owner_of(opened.record_id),
            steps=steps,
            pace=pace(model, parts),
            cancel=cancel,
            hold=hold,
        ):
            if isinstance(value, Summary):
                keeper.take(value)
            yield value
        is_complete = True
    finally:
        keeper.finish(is_complete=is_complete)
    if error := keeper.error or steps.fault:
        yield NotStored(error)


def plan_document(
    opened: Opened,
    options: SummaryOptions,
    *,
    model: "InstalledModel | None",
    parts: Parts,
    cancel: threading.Event,
) -> Iterator[WorkPlan]:
    """Foretell what each mode would cost; no model is started or asked.

    Args:
        opened: the document.
        options: what would be asked for.
        model: which model would write.
        parts: what is stored, and what was measured.
        cancel: stops it.
    """
    from assistant.gguf import fingerprint  # noqa: PLC0415 - after the start
    from assistant.summaries.plan import plan_work  # noqa: PLC0415

    yield plan_work(
        opened.document,
        options,
        pace=pace(model, parts),
        steps=_steps(opened, parts),
        model=fingerprint(model.path) if model is not None else "",
        cancel=cancel,
    )


def pace(model: "InstalledModel | None", parts: Parts) -> "Pace | None":
    """Return how fast `model` is here; None without one."""
    from assistant.forecast import Machine  # noqa: PLC0415 - after the start
    from assistant.forecast.pace import pace_of  # noqa: PLC0415
    from assistant.gguf import read_header  # noqa: PLC0415

    if model is None:
        return None
    machine = Machine.now(uses_gpu=parts.speeds.is_on_gpu)
    return pace_of(read_header(model.path), machine, parts.speeds)


def _steps(opened: Opened, parts: Parts) -> Steps:
    """Return the finished steps of a document; those of one that is not stored live on here."""
    return Steps() if opened.record_id is None else Steps(parts.steps, opened.record_id)


def replace_sentence(
    document: Document, summary: Summary, number: int, cancel: threading.Event
) -> Iterator[Summary]:
    """Put the closest sentence of the document in the place of one that the model wrote.

    Yields nothing where the document shares nothing with it.
    """
    from assistant.evidence.index import EvidenceIndex  # noqa: PLC0415 - brings numpy
    from assistant.evidence.replacing import best_source  # noqa: PLC0415

    sentence = summary.sentences[number]
    found = best_source(sentence.text, EvidenceIndex(document.sentences, document))
    if found is None or cancel.is_set():
        return
    quoted = replace(
        sentence,
        text=found.quote,
        citations=(found,),
        support=1.0,
        flags=(),
        replaced=True,
        original=sentence,
    )
    yield with_sentence(summary, number, quoted)


def restored(summary: Summary, number: int) -> Summary:
    """Return `summary` with what the model wrote back in its place."""
    original = summary.sentences[number].original
    return summary if original is None else with_sentence(summary, number, original)


def with_sentence(summary: Summary, number: int, sentence: SummarySentence) -> Summary:
    """Return `summary` with another sentence at `number`."""
    sentences = (*summary.sentences[:number], sentence, *summary.sentences[number + 1 :])
    return replace(summary, sentences=sentences)


def keep_edited(
    summaries: SummaryStore,
    record_id: int,
    options: SummaryOptions,
    summary: Summary,
    cancel: threading.Event,
) -> Iterator[NotStored]:
    """Store a summary that a person changed."""
    del cancel
    keeper = GrowingSummary(summaries, record_id, options)
    keeper.take(summary)
    keeper.finish(is_complete=True)
    if keeper.error is not None:
        yield NotStored(keeper.error)
