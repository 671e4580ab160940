"""Answers questions about the whole of documents: the summary job does it, not passages."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.conversations.asking.answer import (
    Answer,
    AnswerMode,
    AnswerSentence,
    AnswerTimings,
    WrittenBy,
)
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.citing import placed
from assistant.conversations.asking.intents import WholeKind, WholeWish
from assistant.engine.client import Engine
from assistant.evidence.citation import Citation
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import (
    Length,
    Mode,
    ModelUsed,
    Summary,
    SummaryOptions,
    SummaryProgress,
)
from assistant.summaries.wishes.styles import Style


def answer_whole(
    attached: Attached,
    wish: WholeWish,
    *,
    engine: Engine | None,
    model: str,
    cancel: threading.Event,
) -> Iterator[SummaryProgress | Answer]:
    """Summarise the documents one after the other; the last value is the answer.

    Args:
        attached: the documents.
        wish: what is wanted of them.
        engine: with the model chosen; None answers with the documents' own sentences.
        model: its name.
        cancel: stops it; there is no answer then.

    Raises:
        AssistantError: the engine failed.
    """
    begun = time.perf_counter()
    sentences: list[AnswerSentence] = []
    timings = AnswerTimings()
    for number in range(len(attached.documents)):
        summary: Summary | None = None
        for event in summarize(
            attached.documents[number].document,
            _options(wish, writes=engine is not None),
            engine=engine,
            model=ModelUsed(model, "") if engine else None,
            cancel=cancel,
        ):
            if isinstance(event, Summary):
                summary = event
            else:
                yield event
        if cancel.is_set() or summary is None:
            return
        sentences += _sentences(summary, number, attached)
        timings = _added(timings, summary, begun)
    yield Answer(
        sentences=tuple(sentences),
        is_found=bool(sentences),
        mode=AnswerMode.WHOLE_TEXT,
        written_by=WrittenBy.MODEL if engine else WrittenBy.DOCUMENT,
        model=model if engine else "",
        timings=replace(timings, total_s=round(time.perf_counter() - begun, 3)),
    )


def _options(wish: WholeWish, *, writes: bool) -> SummaryOptions:
    is_list = wish.kind is WholeKind.LIST
    return SummaryOptions(
        mode=Mode.QUICK if writes else Mode.KEY_POINTS,
        words=(Length.LONG if is_list else Length.MEDIUM).words,
        focus=wish.focus,
        style=Style(wish.style) if wish.style else Style.PARAGRAPHS,
    )


def _sentences(summary: Summary, number: int, attached: Attached) -> Sequence[AnswerSentence]:
    """Return what a summary says, or its key points where no model wrote."""
    if summary.sentences:
        return [
            AnswerSentence(
                text=one.text,
                citations=tuple(placed(cited, number, attached) for cited in one.citations),
                support=one.support,
                flags=one.flags,
            )
            for one in summary.sentences
        ]
    return [
        AnswerSentence(
            text=point.text,
            citations=(placed(Citation(point.span, point.text), number, attached),),
            support=1.0,
        )
        for point in summary.key_points
    ]


def _added(timings: AnswerTimings, summary: Summary, begun: float) -> AnswerTimings:
    more = summary.timings
    return replace(
        timings,
        first_text_s=timings.first_text_s or round(time.perf_counter() - begun, 3),
        prompt_tokens=timings.prompt_tokens + more.prompt_tokens,
        reused_tokens=timings.reused_tokens + more.reused_tokens,
        generated_tokens=timings.generated_tokens + more.generated_tokens,
    )
