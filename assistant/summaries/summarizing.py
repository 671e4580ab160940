"""Summarises a document: key points at once, then the sentences a model writes, each checked."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from assistant.documents.document import Document
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, Priority
from assistant.evidence.index import EvidenceIndex
from assistant.forecast.pace import Pace
from assistant.summaries.asking_the_model import Asked, ask_about, may_be_asked
from assistant.summaries.final_text import FinalText, Given
from assistant.summaries.grounding import is_translated
from assistant.summaries.injections.finding import MOST_TOLD, says_orders, touched
from assistant.summaries.injections.finding import find as find_orders
from assistant.summaries.kinds.key_facts import find as find_facts
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.recognising import recognise
from assistant.summaries.plan import plan_work
from assistant.summaries.planning import budget, choose_for_prompt
from assistant.summaries.prompts import Task
from assistant.summaries.ranking import rank
from assistant.summaries.selecting import key_points
from assistant.summaries.steps import Steps
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
    Timings,
)
from assistant.summaries.thorough import final_step
from assistant.summaries.thorough.choosing import given_for_whole
from assistant.summaries.thorough.final_step import FinalStep
from assistant.summaries.thorough.whole import Read, Whole
from assistant.summaries.wishes import shapes
from assistant.summaries.wishes.styles import Style

__all__ = ["Stage", "SummaryOptions", "SummaryProgress", "summarize"]


def summarize(
    document: Document,
    options: SummaryOptions,
    *,
    engine: Engine | None,
    model: ModelUsed | None,
    is_experimental: bool = False,
    started_s: float | None = None,
    owner: str = "",
    steps: Steps | None = None,
    pace: Pace | None = None,
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
        steps: finished steps of Thorough, found and stored as it goes; None keeps none.
        pace: how fast the model is here, for the plan and the first moments' time left.
        cancel: stops it; what there is by then is the last value, with `is_stopped`.
        hold: the model pauses while it is set.

    Yields:
        Progress, and the summary as far as it is: first with key points alone, then with each
        sentence the model completes, last the complete one.

    Raises:
        AssistantError: the engine failed.
    """
    job = _Job(
        document,
        options,
        started_s,
        model if engine else None,
        is_experimental,
        owner=owner,
        steps=steps or Steps(),
        pace=pace,
    )
    job.hold = hold
    yield SummaryProgress(Stage.RANKING, 0, len(document.sentences))
    summary = job.begin(cancel)
    yield summary
    job.look_closer(cancel)
    if engine is None or options.mode is Mode.KEY_POINTS or cancel.is_set():
        yield job.end(job.summary, is_stopped=cancel.is_set())
        return
    yield job.summary
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
        steps: Steps,
        pace: Pace | None,
    ) -> None:
        self.hold: threading.Event | None = None
        self._document = document
        self._owner = owner
        self._options = options
        self._steps = steps
        self._pace = pace
        self._started_s = time.perf_counter() if started_s is None else started_s
        self._model = model if options.mode is not Mode.KEY_POINTS else None
        self._is_experimental = is_experimental and self._model is not None
        self._language = options.language or document.language
        self._task = Task(
            document.title, options.words, options.focus, self._language, options.style
        )
        self._pages_ranked = 0
        self._orders: frozenset[int] = frozenset()

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
            language=self._language if self._model else "",
            style=self._options.style,
        )
        return self.summary

    def look_closer(self, cancel: threading.Event) -> None:
        """Find what is to be known of the document beside its key points, without a model."""
        with contextlib.suppress(RankingStopped):
            found = find_orders(self._document, cancel=cancel)
            self._orders = touched(self._document, found)
            if found:
                self._drop_titles_with_orders()
            kind = Kind(self._options.kind or recognise(self._document).kind)
            self.summary = replace(
                self.summary,
                injections=found[:MOST_TOLD],
                kind=kind.value,
                key_points=shapes.points(
                    self._document,
                    self._ranking,
                    self._options.style,
                    self._options.words,
                    kind=kind,
                    without=self._orders,
                ),
            )
            if kind is Kind.OTHER and self._options.style is not Style.FACTS:
                return  # nobody knows what its readers ask
            facts = find_facts(
                self._document,
                kind,
                language=self._options.language,
                scores=self._ranking.scores.tolist(),
                without=self._orders,
                cancel=cancel,
            )
            self.summary = replace(self.summary, facts=facts)

    def _drop_titles_with_orders(self) -> None:
        """Let the model see no title that gives orders."""
        self._document = replace(
            self._document,
            title="" if says_orders(self._document.title) else self._document.title,
            sections=tuple(
                replace(section, title="") if says_orders(section.title) else section
                for section in self._document.sections
            ),
        )
        self._task = replace(self._task, title=self._document.title)

    def write(self, engine: Engine, cancel: threading.Event) -> Iterator[SummaryProgress | Summary]:
        """Let the model write; yield the summary after each sentence."""
        with contextlib.suppress(RankingStopped):
            if self._options.mode is Mode.THOROUGH:
                yield from self._write_thorough(engine, cancel)
            else:
                yield from self._write_quick(engine, cancel)

    def end(self, summary: Summary, *, is_stopped: bool) -> Summary:
        """Return `summary` as the last value."""
        timings = replace(summary.timings, total_s=self._elapsed())
        self.summary = replace(summary, timings=timings, is_stopped=is_stopped)
        return self.summary

    def _write_quick(
        self, engine: Engine, cancel: threading.Event
    ) -> Iterator[SummaryProgress | Summary]:
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
            orders=self._orders,
        )
        if cancel.is_set() or not plan.passages:
            return
        self.summary = replace(self.summary, coverage=self._coverage(plan.pages))
        yield from self._write_from(Given(task=self._task, passages=plan.passages), engine, cancel)

    def _write_thorough(
        self, engine: Engine, cancel: threading.Event
    ) -> Iterator[SummaryProgress | Summary]:
        """Read all of the document, then write from the notes, or take what is stored."""
        if self._pace is not None:
            plan = plan_work(self._document, self._options, pace=self._pace, cancel=cancel)
            self.summary = replace(self.summary, plan=plan)
        whole = Whole(
            self._document,
            self._options,
            engine=engine,
            ranking=self._ranking,
            index=self._index,
            steps=self._steps,
            orders=self._orders,
            pace=self._pace,
            cancel=cancel,
            hold=self.hold,
        )
        for event in whole.run():
            if isinstance(event, Read):
                self._take(event)
                yield self.summary
            else:
                yield event
        if cancel.is_set() or whole.cut is None or not whole.cut.passages:
            return
        given = given_for_whole(
            self._document,
            self._ranking,
            self._task,
            whole,
            engine=engine,
            orders=self._orders,
            cancel=cancel,
        )
        if cancel.is_set():
            return
        kind = final_step.kind(self._options)
        key = whole.key(kind, f"{self._options.words}\n{given.request}", given.max_tokens)
        stored = final_step.take(
            self._steps,
            key,
            self._document,
            self._index,
            is_translated=is_translated(self._options, self._document),
        )
        if stored is not None:
            self.summary = replace(self.summary, sentences=stored.sentences, drifted=stored.drifted)
            return
        begun_s = time.perf_counter()
        for value in self._write_from(given, engine, cancel):
            if isinstance(value, SummaryProgress) and whole.left_s is not None:
                left_s = max(0.0, whole.left_s - (time.perf_counter() - begun_s))
                yield replace(value, left_s=left_s)
            else:
                yield value
        if not cancel.is_set() and self.summary.sentences:
            done = FinalStep(self.summary.sentences, self.summary.drifted)
            final_step.keep(self._steps, key, done)

    def _write_from(
        self, given: Given, engine: Engine, cancel: threading.Event
    ) -> Iterator[SummaryProgress | Summary]:
        """Write the final text; yield the summary after each sentence."""
        given = replace(
            given,
            owner=self._owner,
            is_reproducible=self._options.is_reproducible,
            is_translated=is_translated(self._options, self._document),
        )
        before = self.summary.timings
        text = FinalText(engine, given, self._index, cancel=cancel, hold=self.hold)
        for event in text.run():
            if isinstance(event, SummaryProgress):
                yield event
                continue
            self.summary = replace(
                self.summary,
                sentences=event,
                drifted=text.drifted,
                timings=_added(before, text.timings),
            )
            yield self.summary
        self.summary = replace(self.summary, timings=_added(before, text.timings))
        if self._options.asks_model and not cancel.is_set():
            yield from self._ask(engine, cancel)

    def _ask(self, engine: Engine, cancel: threading.Event) -> Iterator[SummaryProgress | Summary]:
        """Ask about the sentences that the check let pass, if answers are worth anything."""
        info = engine.info
        if info is None or not may_be_asked(
            info.parameters, has_chat_template=info.has_chat_template
        ):
            return
        for event in ask_about(self.summary.sentences, engine, cancel=cancel, hold=self.hold):
            if isinstance(event, Asked):
                yield SummaryProgress(Stage.ASKING, event.done, event.total)
            else:
                self.summary = replace(self.summary, sentences=event)
                yield self.summary

    def _take(self, read: Read) -> None:
        """Take in what was read of the document so far."""
        coverage = replace(self._coverage(read.pages), unread=read.unread, shortened=read.shortened)
        self.summary = replace(
            self.summary,
            outline=read.outline,
            coverage=coverage,
            timings=replace(
                self.summary.timings,
                prompt_tokens=read.timings.prompt_tokens,
                reused_tokens=read.timings.reused_tokens,
                generated_tokens=read.timings.generated_tokens,
            ),
        )

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


def _added(before: Timings, more: Timings) -> Timings:
    """Return `before` with the tokens of `more`."""
    return replace(
        before,
        prompt_tokens=before.prompt_tokens + more.prompt_tokens,
        reused_tokens=before.reused_tokens + more.reused_tokens,
        generated_tokens=before.generated_tokens + more.generated_tokens,
    )
