"""Summarises one file and keeps what comes: what the queue does with each of its files."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.limits import Limits
from assistant.documents.reading import Reader, ReadingProgress
from assistant.documents.sniffing import check_file
from assistant.engine.client import Engine
from assistant.forecast.pace import Pace
from assistant.summaries.deleting import owner_of
from assistant.summaries.keeping import GrowingSummary, Keeping
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions, SummaryProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """The model that writes.

    Attributes:
        engine: with the model chosen.
        model: which it is.
        is_experimental: its sentences are not to be trusted.
        pace: how fast it is here, if that is known.
    """

    engine: Engine
    model: ModelUsed
    is_experimental: bool = False
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Summarized:
    """A file is done: its row, its text and its summary."""

    record_id: int
    document: Document
    summary: Summary


def summarize_file(
    path: Path,
    options: SummaryOptions,
    *,
    reader: Reader,
    keeping: Keeping,
    writer: Writer | None,
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[ReadingProgress | SummaryProgress | Summary | Summarized]:
    """Read, summarise and keep the file at `path`; what is there already is not made again.

    Args:
        path: the file.
        options: what is asked for; without a writer it is key points.
        reader: what reads.
        keeping: where results are kept and found again.
        writer: the model that writes; None for key points.
        cancel: stops it; what is finished by then stays and is used the next time.
        hold: the model pauses while it is set.

    Yields:
        Progress, the summary as far as it is, and last `Summarized` unless it was stopped.

    Raises:
        AssistantError: the file cannot be read, or the engine failed.
    """
    check_file(path, Limits())
    found = keeping.find(path)
    if found is None:
        for event in reader.read(path, cancel=cancel):
            if isinstance(event, Document):
                found = keeping.keep(event), event
            else:
                yield event
    if found is None or cancel.is_set():
        return
    record_id, document = found
    yield from summarize_kept(
        record_id,
        document,
        options,
        keeping=keeping,
        writer=writer,
        cancel=cancel,
        hold=hold,
    )


def summarize_kept(
    record_id: int,
    document: Document,
    options: SummaryOptions,
    *,
    keeping: Keeping,
    writer: Writer | None,
    takes_finished: bool = True,
    started_s: float | None = None,
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[SummaryProgress | Summary | Summarized]:
    """Summarise a document that is kept, or take the summary that was made before.

    As `summarize_file`, and:

    Args:
        record_id: the document's row.
        document: what was read.
        options: what is asked for.
        keeping: where results are kept and found again.
        writer: the model that writes; None for key points.
        takes_finished: take a complete summary that was made with the same options before.
        started_s: when the job began, on the clock of `time.perf_counter`.
        cancel: stops it.
        hold: the model pauses while it is set.
    """
    if writer is None:
        options = replace(options, mode=Mode.KEY_POINTS)
    model = writer.model if writer and options.mode is not Mode.KEY_POINTS else None
    summary = keeping.summary(record_id, document, options, model) if takes_finished else None
    if summary is not None:
        yield Summarized(record_id, document, summary)
        return
    growing = GrowingSummary(keeping.summaries, record_id, options)
    is_complete = False
    try:
        for event in summarize(
            document,
            options,
            engine=writer.engine if writer and model else None,
            model=model,
            is_experimental=writer.is_experimental if writer else False,
            started_s=started_s,
            owner=owner_of(record_id),
            steps=keeping.steps_of(record_id),
            pace=writer.pace if writer else None,
            cancel=cancel,
            hold=hold,
        ):
            if isinstance(event, Summary):
                summary = event
                growing.take(event)
            yield event
        is_complete = True
    finally:
        growing.finish(is_complete=is_complete)
    if growing.error is not None:
        raise growing.error
    if summary is not None and not summary.is_stopped:
        yield Summarized(record_id, document, summary)
