"""How fast a model is on this computer: prompts, replies, several at once, numbers of threads."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from assistant.checkups.prose import sentences
from assistant.checkups.report import (
    FollowUpFigure,
    GenerationFigure,
    MemoryFigure,
    PromptFigure,
    SpeedReport,
    ThreadsFigure,
    TogetherFigure,
)
from assistant.checkups.timing import Timed, ask, ask_together
from assistant.engine.client import Engine
from assistant.engine.fitting import need_of
from assistant.engine.protocol import LoadSettings, ModelInfo
from assistant.engine.threads import usable_cores
from assistant.gguf import read_header

_PATIENCE_S = 15.0  # what would take longer is left out
_REPLY_S, _PROMPT_S = 4.0, 6.0  # a slow model is measured with less text, in about this time
_FOLLOW_UP = " And what happened after that? Tell it in the same words, and leave nothing out."
_MANY_CORES = 8  # beyond so many not each number of threads is tried


class Stage(StrEnum):
    """What is measured now."""

    LOADING = "loading"
    PROMPTS = "prompts"
    TOGETHER = "together"
    THREADS = "threads"


@dataclass(frozen=True, slots=True)
class SpeedProgress:
    """`done` of `total` figures of a stage are measured."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        prompts: lengths of prompts, in tokens, the shortest first.
        reply_tokens: how long replies are.
        together: how many requests at once.
        threads_prompt_tokens: length of the prompt for each number of threads; 0 tries none.
    """

    prompts: tuple[int, ...] = (128, 512, 2048)
    reply_tokens: int = 32
    together: tuple[int, ...] = (1, 2, 4, 8)
    threads_prompt_tokens: int = 256


QUICK = Sizes(prompts=(32, 128), reply_tokens=12, together=(1, 2), threads_prompt_tokens=64)


def measure(
    engine: Engine,
    model: Path,
    settings: LoadSettings,
    sizes: Sizes,
    *,
    cancel: threading.Event,
) -> Iterator[SpeedProgress | SpeedReport]:
    """Measure `model`, one thing after another.

    Args:
        engine: nobody else uses it meanwhile; another choice of model is left in it.
        model: the file.
        settings: how it is loaded; the numbers of threads are varied.
        sizes: how much is measured.
        cancel: stops it.

    Yields:
        Progress, and the report as it grows; the last report is complete unless it was stopped.

    Raises:
        AssistantError: the engine failed.
    """
    run = _Run(engine, model, settings, sizes, cancel)
    for step in (run.load, run.prompts, run.together, run.memory, run.threads):
        if not cancel.is_set():
            yield from step()
            yield run.report


def prose(engine: Engine, tokens: int, seed: int, *, cancel: threading.Event) -> str:
    """Return a text of about so many tokens, never fewer, another one for each seed."""
    wanted = list(itertools.islice(sentences(seed), 4 + tokens // 8))
    total = 0
    for number, count in enumerate(engine.count_tokens(wanted, cancel=cancel)):
        total += count
        if total >= tokens:
            return " ".join(wanted[: number + 1])
    return " ".join(wanted)


def memory_figure(
    model: Path, settings: LoadSettings, context_tokens: int, used_tokens: int, peak_bytes: int
) -> MemoryFigure:
    """Return a measured peak beside what the file's header foretells for so many used tokens."""
    need = need_of(read_header(model), settings, context_tokens)
    return MemoryFigure(peak_bytes, need.peak_at(min(1.0, used_tokens / max(1, context_tokens))))


class _Run:
    """One measurement under way."""

    def __init__(
        self,
        engine: Engine,
        model: Path,
        settings: LoadSettings,
        sizes: Sizes,
        cancel: threading.Event,
    ) -> None:
        self._engine = engine
        self._model = model
        self._settings = settings
        self._sizes = sizes
        self._cancel = cancel
        self._seeds = itertools.count(1)
        self._peak_bytes = 0
        self._longest = 0
        self.report = SpeedReport(0.0, 0)

    def load(self) -> Iterator[SpeedProgress]:
        """Start the engine with the model."""
        yield SpeedProgress(Stage.LOADING, 0, 1)
        begun = time.perf_counter()
        info = self._choose(self._settings)
        if info is not None:
            self.report = SpeedReport(time.perf_counter() - begun, info.context_tokens)
            self._ask(self._text(16), 4)  # what is used for the first time is slower

    def prompts(self) -> Iterator[SpeedProgress]:
        """Measure prompts of several lengths, each with a reply after it."""
        room = self.report.context_tokens - self._sizes.reply_tokens - 64
        lengths = [length for length in self._sizes.prompts if length < room]
        for number, length in enumerate(lengths):
            yield SpeedProgress(Stage.PROMPTS, number, len(lengths) + 1)
            done = self.report.prompts
            if done and length / done[-1].tokens_per_s > _PATIENCE_S:
                continue
            text = self._text(length)
            timed = self._ask(text, self._sizes.reply_tokens)
            if timed is None:
                return
            tokens = timed.finished.prompt_tokens
            prompt = PromptFigure(tokens, timed.prompt_speed, timed.first_s)
            reply = GenerationFigure(tokens, timed.speed)
            self.report = replace(
                self.report,
                prompts=(*self.report.prompts, prompt),
                generation=(*self.report.generation, reply),
            )
            if number == 0:
                self._sizes = _scaled(self._sizes, prompt.tokens_per_s, reply.tokens_per_s)
        yield SpeedProgress(Stage.PROMPTS, len(lengths), len(lengths) + 1)
        follow_up = self._ask(text + _FOLLOW_UP, 4) if self.report.prompts else None
        if follow_up is not None:
            known = follow_up.finished.reused_tokens
            new = follow_up.finished.prompt_tokens - known
            figure = FollowUpFigure(known, new, follow_up.first_s)
            self.report = replace(self.report, follow_up=figure)

    def together(self) -> Iterator[SpeedProgress]:
        """Measure several replies at once."""
        for number, count in enumerate(self._sizes.together):
            yield SpeedProgress(Stage.TOGETHER, number, len(self._sizes.together))
            begun = time.perf_counter()
            texts = [self._text(24) for _ in range(count)]
            speed = ask_together(self._engine, texts, self._sizes.reply_tokens, cancel=self._cancel)
            if not speed:
                return
            figure = TogetherFigure(count, speed)
            self.report = replace(self.report, together=(*self.report.together, figure))
            if time.perf_counter() - begun > _PATIENCE_S:
                return

    def memory(self) -> Iterator[SpeedProgress]:
        """Compare the peak so far with what the header foretold."""
        yield from ()
        peak = self._peak_bytes or self._engine.status().memory_bytes
        figure = memory_figure(
            self._model, self._settings, self.report.context_tokens, self._longest, peak
        )
        self.report = replace(self.report, memory=figure)

    def threads(self) -> Iterator[SpeedProgress]:
        """Measure each number of threads, and the engine's own choice."""
        numbers = [*_thread_counts(usable_cores()), 0] if self._sizes.threads_prompt_tokens else []
        for number, threads in enumerate(numbers):
            yield SpeedProgress(Stage.THREADS, number, len(numbers))
            info = self._choose(msgspec.structs.replace(self._settings, threads=threads))
            if info is None or self._ask(self._text(16), 4) is None:
                return
            text = self._text(self._sizes.threads_prompt_tokens)
            timed = self._ask(text, self._sizes.reply_tokens)
            if timed is None:
                return
            figure = ThreadsFigure(
                threads=timed.finished.threads or info.threads,
                is_automatic=threads == 0,
                prompt_tokens_per_s=timed.prompt_speed,
                tokens_per_s=timed.speed,
            )
            self.report = replace(self.report, threads=(*self.report.threads, figure))

    # Asking

    def _choose(self, settings: LoadSettings) -> ModelInfo | None:
        self._engine.choose(self._model, settings)
        info = None
        for event in self._engine.load(cancel=self._cancel):
            info = event if isinstance(event, ModelInfo) else None
        return info

    def _text(self, tokens: int) -> str:
        return prose(self._engine, tokens, next(self._seeds), cancel=self._cancel)

    def _ask(self, text: str, tokens: int) -> Timed | None:
        timed = ask(self._engine, text, tokens, cancel=self._cancel)
        if timed is not None:
            self._peak_bytes = max(self._peak_bytes, timed.finished.peak_memory_bytes)
            used = timed.finished.prompt_tokens + timed.finished.generated_tokens
            self._longest = max(self._longest, used)
        return timed


def _scaled(sizes: Sizes, prompt_speed: float, speed: float) -> Sizes:
    """Return sizes that take a bearable time at these speeds, in tokens a second."""
    return replace(
        sizes,
        reply_tokens=min(sizes.reply_tokens, max(8, round(_REPLY_S * speed))),
        threads_prompt_tokens=min(
            sizes.threads_prompt_tokens, max(32, round(_PROMPT_S * prompt_speed))
        ),
    )


def _thread_counts(cores: int) -> list[int]:
    """Return the numbers of threads worth a look, in their order."""
    if cores <= _MANY_CORES:
        return list(range(1, cores + 1))
    powers = [2**exponent for exponent in range(cores.bit_length()) if 2**exponent < cores]
    return sorted({*powers, cores // 2, cores})
