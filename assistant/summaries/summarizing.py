"""Summarises a document: key points at once, then the sentences a model writes, each checked."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from assistant.documents.document import Document
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    Priority,
    PromptProgress,
    TextPart,
)
from assistant.evidence.checking import check
from assistant.evidence.index import EvidenceIndex
from assistant.summaries.planning import Plan, budget, choose_for_prompt
from assistant.summaries.prompts import SAMPLING, STOP, Task, messages, opening, plain_prompt
from assistant.summaries.ranking import rank
from assistant.summaries.selecting import key_points
from assistant.summaries.stopping import RankingStopped
from assistant.summaries.summary import (
    Coverage,
    KeyPoint,
    Mode,
    ModelUsed,
    Stage,
    Summary,
    SummaryOptions,
    SummaryProgress,
    SummarySentence,
    Timings,
)
from assistant.summaries.writing import SentenceStream, Written

__all__ = ["Stage", "SummaryOptions", "SummaryProgress", "summarize"]

# Tokens a word takes at most in ordinary text, with room for a last sentence.
_TOKENS_A_WORD = 2.0
_SPARE_TOKENS = 48


def summarize(
    document: Document,
    options: SummaryOptions,
    *,
    engine: Engine | None,
    model: ModelUsed | None,
    is_experimental: bool = False,
    started_s: float | None = None,
    owner: str = "",
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[SummaryProgress | Summary]:
    """Summarise `document`.

    Args:
        document: what was read.
        options: what is asked for.
        engine: the engine with a model chosen; None gives key points whatever the mode.
        model: which model that is.
        is_experimental: its sentences are not to be trusted (a very small model).
        started_s: `time.perf_counter()` when the job began; now if None.
        owner: under which name the engine keeps on disk what it evaluated; nothing if empty.
        cancel: stops it; what there is by then is the last value, with `is_stopped`.
        hold: the model pauses while it is set.

    Yields:
        Progress, and the summary as far as it is: first with key points alone, then with each
        sentence the model completes, last the complete one.

    Raises:
        AssistantError: the engine failed.
    """
    job = _Job(
        document, options, started_s, model if engine else None, is_experimental, owner=owner
    )
    job.hold = hold
    yield SummaryProgress(Stage.RANKING, 0, len(document.sentences))
    summary = job.begin(cancel)
    if engine is None or options.mode is Mode.KEY_POINTS or cancel.is_set():
        yield job.end(summary, is_stopped=cancel.is_set())
        return
    yield summary
    yield SummaryProgress(Stage.LOADING)
    for event in engine.load(cancel=cancel):
        if isinstance(event, LoadProgress):
            yield SummaryProgress(Stage.LOADING, round(100 * event.fraction), 100)
    if not cancel.is_set():
        yield from job.write(engine, cancel)
    yield job.end(job.summary, is_stopped=cancel.is_set())


class _Job:
    """One summary under way."""

    def __init__(
        self,
        document: Document,
        options: SummaryOptions,
        started_s: float | None,
        model: ModelUsed | None,
        is_experimental: bool,
        *,
        owner: str,
    ) -> None:
        self.hold: threading.Event | None = None
        self._document = document
        self._owner = owner
        self._options = options
        self._started_s = time.perf_counter() if started_s is None else started_s
        self._model = model if options.mode is not Mode.KEY_POINTS else None
        self._is_experimental = is_experimental and self._model is not None
        self._task = Task(document.title, options.words, options.focus, document.language)
        self._pages_ranked = 0

    def begin(self, cancel: threading.Event) -> Summary:
        """Rank the document, and return a summary of key points; of none if it is stopped."""
        points: tuple[KeyPoint, ...] = ()
        with contextlib.suppress(RankingStopped):
            self._ranking = rank(self._document, self._options.focus, cancel=cancel)
            table = self._ranking.table
            self._index = EvidenceIndex(self._document.sentences, self._document, table)
            self._pages_ranked = len(self._ranking.pages)
            points = key_points(self._document, self._ranking, self._options.words)
        self.summary = Summary(
            mode=self._options.mode if self._model else Mode.KEY_POINTS,
            key_points=points,
            coverage=self._coverage(()),
            model=self._model,
            timings=Timings(first_output_s=self._elapsed()),
            is_experimental=self._is_experimental,
        )
        return self.summary

    def write(self, engine: Engine, cancel: threading.Event) -> Iterator[SummaryProgress | Summary]:
        """Let the model write; yield the summary after each sentence."""
        info = engine.info
        assert info is not None
        plan = choose_for_prompt(
            self._document,
            self._ranking,
            self._task,
            tokens=budget(info.context_tokens),
            count=lambda texts: engine.count_tokens(
                texts, priority=Priority.SUMMARY, cancel=cancel
            ),
        )
        if cancel.is_set() or not plan.passages:
            return
        self.summary = replace(self.summary, coverage=self._coverage(plan.pages))
        yield from self._try(engine, plan, cancel, reply_start="")
        if not self.summary.sentences and not cancel.is_set():
            # The prompt is still in the engine's memory: only the few first words are new.
            yield from self._try(engine, plan, cancel, reply_start=opening(self._task))

    def _try(
        self, engine: Engine, plan: Plan, cancel: threading.Event, *, reply_start: str
    ) -> Iterator[SummaryProgress | Summary]:
        """Let the model write a reply that begins with `reply_start`."""
        stream = SentenceStream(self._options.words)
        stream.add(reply_start)
        ending = _Ending(cancel)
        has_ended = False
        for event in self._generate(engine, plan, ending, reply_start):
            if isinstance(event, PromptProgress):
                yield SummaryProgress(Stage.PROMPT, event.evaluated_tokens, event.total_tokens)
            elif isinstance(event, TextPart) and not event.is_thinking:
                yield from self._checked(stream.add(event.text))
                if stream.is_full:
                    ending.set()
            elif isinstance(event, Finished):
                has_ended = event.reason is FinishReason.END
                self._note(event)
        if not cancel.is_set():
            yield from self._checked(stream.finish(is_complete=has_ended))

    def end(self, summary: Summary, *, is_stopped: bool) -> Summary:
        """Return `summary` as the last value."""
        timings = replace(summary.timings, total_s=self._elapsed())
        self.summary = replace(summary, timings=timings, is_stopped=is_stopped)
        return self.summary

    def _generate(
        self, engine: Engine, plan: Plan, ending: threading.Event, reply_start: str
    ) -> Iterator[object]:
        is_chat = engine.info is not None and engine.info.has_chat_template
        return engine.generate(
            messages(self._task, plan.passages) if is_chat else (),
            prompt="" if is_chat else plain_prompt(self._task, plan.passages),
            sampling=SAMPLING,
            max_tokens=round(self._options.words * _TOKENS_A_WORD) + _SPARE_TOKENS,
            stop=STOP,
            thinking=False,
            priority=Priority.SUMMARY,
            reply_start=reply_start if is_chat or not reply_start else f" {reply_start}",
            owner=self._owner,
            cancel=ending,
            hold=self.hold,
        )

    def _checked(self, sentences: list[Written]) -> Iterator[SummaryProgress | Summary]:
        """Check each sentence against the document and add it to the summary."""
        for sentence in sentences:
            done = len(self.summary.sentences)
            yield SummaryProgress(Stage.CHECKING, done, done + 1)
            result = check(sentence.text, self._index)
            added = SummarySentence(
                text=sentence.text,
                citations=result.citations,
                support=result.support,
                flags=result.flags,
                starts_paragraph=sentence.starts_paragraph,
            )
            self.summary = replace(self.summary, sentences=(*self.summary.sentences, added))
            yield self.summary
            written = sum(len(kept.text.split()) for kept in self.summary.sentences)
            yield SummaryProgress(Stage.WRITING, written, self._options.words)

    def _note(self, finished: Finished) -> None:
        """Add what the engine counted to the receipt."""
        timings = replace(
            self.summary.timings,
            prompt_tokens=finished.prompt_tokens,
            reused_tokens=finished.reused_tokens,
            generated_tokens=self.summary.timings.generated_tokens + finished.generated_tokens,
        )
        self.summary = replace(self.summary, timings=timings)

    def _coverage(self, given: tuple[int, ...]) -> Coverage:
        unreadable = self._document.pages_without_text
        total = len(self._document.pages)
        return Coverage(
            pages_total=total,
            pages_parsed=total - len(unreadable),
            pages_ranked=self._pages_ranked,
            pages_given_to_model=len(given),
            unreadable=unreadable,
        )

    def _elapsed(self) -> float:
        return time.perf_counter() - self._started_s


class _Ending(threading.Event):
    """Is set by itself when the budget is full, and with the reader's own `cancel`."""

    def __init__(self, cancel: threading.Event) -> None:
        super().__init__()
        self._cancel = cancel

    def is_set(self) -> bool:
        return super().is_set() or self._cancel.is_set()
