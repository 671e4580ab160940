"""The check-up: how fast a model is on this computer, and what it can do.

Everything is offline, greedy and seeded. Answers are checked by rules, not by another model.
A slow model is asked fewer questions, but about every ability; docs/checkups.md tells the rest.
"""

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from assistant.checkups import rounds
from assistant.checkups.asking import Interview
from assistant.checkups.busy import busy_machine, busy_processes
from assistant.checkups.card import (
    COUNTED,
    BusyFigure,
    EnergyFigure,
    ScoreCard,
    Size,
    counted,
)
from assistant.checkups.energy import EnergyMeter
from assistant.checkups.fingerprints import fingerprint_of
from assistant.checkups.languages import LANGUAGES
from assistant.checkups.progress import CheckProgress, CheckStage
from assistant.checkups.question import Question
from assistant.checkups.report import SpeedReport
from assistant.checkups.speed import Sizes, SpeedProgress, Stage, measure, memory_figure, prose
from assistant.checkups.timing import ask
from assistant.documents import language
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings, ModelInfo
from assistant.gguf import read_header, whole_name

_BUSY_PERCENT = 15  # of the processor that other programs may take
_REPLY_SPARE_TOKENS = 450  # of the context, beside the long text
_LEAST_TEXT_TOKENS = 150
_QUESTIONS_OF_TEXT = 7  # each evaluates the text anew where the model cannot rewind
# About what a round takes; where that is too much for the time there is, rounds are short.
_ROUND_PROMPT_TOKENS, _ROUND_REPLY_TOKENS = 3_500, 900
_OVERTIME = 2.0  # of the budget: then even the first round is not finished


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How much one size of check-up does.

    Attributes:
        sizes: what is measured of its speed.
        speed_s: about how long that takes, for the progress bar.
        budget_s: for the questions.
        most_rounds: of questions.
        text_tokens: of the long text, at most.
        busy_tokens: prompt and reply beside a busy process.
        is_short: rounds are short, however much time there is.
    """

    sizes: Sizes
    speed_s: float
    budget_s: float
    most_rounds: int
    text_tokens: int
    busy_tokens: tuple[int, int]
    is_short: bool = False


_PLANS = {
    Size.TINY: _Plan(
        sizes=Sizes((32,), reply_tokens=8, together=(), threads_prompt_tokens=0),
        speed_s=2,
        budget_s=60,
        most_rounds=1,
        text_tokens=200,
        busy_tokens=(32, 8),
        is_short=True,
    ),
    Size.QUICK: _Plan(
        sizes=Sizes((64, 512), reply_tokens=24, together=(), threads_prompt_tokens=0),
        speed_s=15,
        budget_s=45,
        most_rounds=3,
        text_tokens=1_000,
        busy_tokens=(128, 16),
    ),
    Size.FULL: _Plan(
        sizes=Sizes((128, 512, 2048), reply_tokens=32, together=(), threads_prompt_tokens=0),
        speed_s=35,
        budget_s=200,
        most_rounds=14,
        text_tokens=4_000,
        busy_tokens=(256, 32),
    ),
}


def check(
    engine: Engine,
    model: Path,
    settings: LoadSettings,
    *,
    name: str = "",
    sha256: str = "",
    seed: int = 1,
    size: Size = Size.FULL,
    languages: Sequence[str] = LANGUAGES,
    questions_s: float = 0.0,
    cancel: threading.Event,
) -> Iterator[CheckProgress | ScoreCard]:
    """Check a model up.

    Args:
        engine: of its own, so that nobody else's requests and memory are measured; it is left
            with the model.
        model: the file.
        settings: how it is loaded.
        name: what it is called; its file's name if empty.
        sha256: of its bytes, if known.
        seed: of the names and numbers in the questions; the same asks the same.
        size: how much is done.
        languages: asked in, the person's own first.
        questions_s: time for the questions, in seconds, in place of what `size` gives them.
        cancel: stops it at any moment.

    Yields:
        Progress, and the card as it grows, after each part. The last card is complete unless it
        was stopped.

    Raises:
        AssistantError: the model cannot be loaded, or the engine failed.
    """
    begun = time.monotonic()
    header = read_header(model)
    card = ScoreCard(
        model=name or whole_name(model),
        fingerprint=fingerprint_of(model),
        sha256=sha256,
        at=datetime.now(UTC),
        parameters=header.parameters,
        quantization=header.quantization,
        size_bytes=header.file_bytes,
        is_base=not header.has_chat_template,
        language=languages[0],
        seed=seed,
        size=size,
        was_busy=psutil.cpu_percent(interval=0.3) > _BUSY_PERCENT,
    )
    # Guessed tokens are evaluated several at once, which rounds otherwise: the same seed should
    # give the same answers.
    settings = msgspec.structs.replace(settings, speculates=False)
    plan = _PLANS[size]
    if questions_s > 0:
        plan = replace(plan, budget_s=questions_s)
    run = _CheckUp(
        engine, model, settings, card, plan=plan, languages=languages, begun_s=begun, cancel=cancel
    )
    try:
        for step in (run.speed, run.energy, run.busy, run.long_text, run.all_rounds):
            if not cancel.is_set():
                yield from step()
                if not cancel.is_set():
                    yield run.card
        if not cancel.is_set():
            yield run.complete()
    finally:
        language.release()


class _CheckUp:
    """One check-up under way."""

    def __init__(
        self,
        engine: Engine,
        model: Path,
        settings: LoadSettings,
        card: ScoreCard,
        *,
        plan: _Plan,
        languages: Sequence[str],
        begun_s: float,
        cancel: threading.Event,
    ) -> None:
        self._engine = engine
        self._model = model
        self._settings = settings
        self._languages = languages
        self._begun_s = begun_s
        self._cancel = cancel
        self._plan = plan
        self._interview = Interview(engine, cancel)
        self._asked_s = 0.0  # when the first question was asked
        self.card = card

    # Speed

    def speed(self) -> Iterator[CheckProgress]:
        """Measure load, prompts, replies and memory."""
        sizes = self._plan.sizes
        for event in measure(self._engine, self._model, self._settings, sizes, cancel=self._cancel):
            if isinstance(event, SpeedReport):
                info = self._engine.info
                self._take(speed=event, gpu_layers=info.gpu_layers if info else 0)
            elif isinstance(event, SpeedProgress):
                is_loading = event.stage is Stage.LOADING
                yield self._progress(CheckStage.LOADING if is_loading else CheckStage.SPEED)

    def energy(self) -> Iterator[CheckProgress]:
        """Measure what a reply takes, where the system tells."""
        yield self._progress(CheckStage.SPEED)
        if not EnergyMeter().can_tell:
            return
        tokens = self._reply_tokens(64)
        text = self._prose(16, seed=101)
        meter = EnergyMeter()
        timed = ask(self._engine, text, tokens, cancel=self._cancel)
        spent = meter.spent()
        if timed and timed.finished.generated_tokens and spent.joules > 0:
            joules = 1_000 * spent.joules / timed.finished.generated_tokens
            figure = EnergyFigure(source=spent.source, joules_per_1000_tokens=joules)
            self._take(energy=figure)

    def busy(self) -> Iterator[CheckProgress]:
        """Measure the speed beside busy processes of ours."""
        yield self._progress(CheckStage.BUSY)
        prompt, reply = self._plan.busy_tokens
        pace = max(1.0, self.card.prompt_tokens_per_s)
        prompt, reply = min(prompt, max(32, round(2 * pace))), self._reply_tokens(reply)
        first, second = self._prose(prompt, seed=102), self._prose(prompt, seed=103)
        count = busy_processes()
        with busy_machine(count):
            # The engine notices the others while it reads the first.
            ask(self._engine, first, reply, cancel=self._cancel)
            timed = ask(self._engine, second, reply, cancel=self._cancel)
        if timed:
            figure = BusyFigure(
                processes=count,
                prompt_tokens_per_s=timed.prompt_speed,
                tokens_per_s=timed.speed,
            )
            self._take(busy=figure)

    # Questions

    def long_text(self) -> Iterator[CheckProgress]:
        """Ask for facts in a text as long as the context and the time allow."""
        self._asked_s = time.monotonic()
        own, info = self._languages[0], self._engine.info
        # Where even a short round takes longer than there is time for, the rounds' texts must do.
        has_time = self._foreseen_round_s() / 4 < self._plan.budget_s
        sentences = self._sentences_of_text(own, info) if has_time else 0
        if not sentences:
            return
        found = rounds.long_text(self.card.seed, own, sentences)
        if self.card.is_base:
            questions = rounds.completions_of_text(found, own)
        else:
            questions = rounds.questions_of_text(found, self.card.seed, own)
        counts = self._engine.count_tokens([found.text], cancel=self._cancel)
        self._take(text_tokens=sum(counts))
        yield from self._ask(questions)

    def all_rounds(self) -> Iterator[CheckProgress | ScoreCard]:
        """Ask round after round, as long as there is time."""
        is_base, seed = self.card.is_base, self.card.seed
        make = rounds.completions_of_round if is_base else rounds.questions_of_round
        is_slow = self._foreseen_round_s() > 0.8 * self._plan.budget_s
        is_short = self._plan.is_short or is_slow
        longest = 0.0
        for number in range(self._plan.most_rounds):
            begun = time.monotonic()
            left = self._plan.budget_s - (begun - self._asked_s)
            if number and left < 0.6 * longest:
                break
            questions = make(number, seed, self._languages, is_short=is_short)
            is_whole = yield from self._ask(questions)
            if self._cancel.is_set() or not is_whole:
                break
            yield self.card
            longest = max(longest, time.monotonic() - begun)

    def complete(self) -> ScoreCard:
        """Return the card with all that is known at the end."""
        answers, speed = self._interview.answers, self.card.speed
        asked = {one.ability for one in self.card.abilities}
        if speed.memory and answers.peak_bytes:
            figure = memory_figure(
                self._model,
                self._settings,
                speed.context_tokens,
                answers.longest_tokens,
                max(answers.peak_bytes, speed.memory.peak_bytes),
            )
            self._take(speed=replace(speed, memory=figure))
        self._take(
            not_asked=tuple(ability for ability in COUNTED if ability not in asked),
            is_complete=True,
        )
        return self.card

    def _ask(self, questions: Sequence[Question]) -> Generator[CheckProgress, None, bool]:
        """Ask all; return whether there was time for them."""
        latest = self._asked_s + _OVERTIME * self._plan.budget_s
        rooms = self._interview.rooms(questions)
        for question, room in zip(questions, rooms, strict=bool(rooms)):
            if self._cancel.is_set():
                return False
            if time.monotonic() > latest:
                return False
            yield self._progress(CheckStage.QUESTIONS, question)
            answered = self._interview.ask(question, room)
            if answered:
                answers = self._interview.answers
                self._take(abilities=counted(answers.verdicts), depths=answers.depths())
                progress = self._progress(CheckStage.QUESTIONS, question)
                yield replace(progress, answered=answered)
        return not self._cancel.is_set()

    def _foreseen_round_s(self) -> float:
        card = self.card
        reading = _ROUND_PROMPT_TOKENS / max(card.prompt_tokens_per_s, 0.1)
        return reading + _ROUND_REPLY_TOKENS / max(card.tokens_per_s, 0.1)

    def _sentences_of_text(self, own: str, info: ModelInfo | None) -> int:
        """Return how many sentences the long text has; 0 if the context holds none."""
        room = self.card.speed.context_tokens - _REPLY_SPARE_TOKENS
        pace = self.card.prompt_tokens_per_s * self._plan.budget_s / 4
        if info is None or not info.can_rewind:
            pace /= _QUESTIONS_OF_TEXT
        tokens = min(room, self._plan.text_tokens, max(pace, _LEAST_TEXT_TOKENS))
        sample = rounds.long_text(self.card.seed, own, 24)
        counts = self._engine.count_tokens([sample.text], cancel=self._cancel)
        if not counts or tokens < _LEAST_TEXT_TOKENS:
            return 0
        return max(1, round(tokens / (sum(counts) / (24 + len(sample.placed)))))

    # What all need

    def _take(self, **facts: object) -> None:
        took = time.monotonic() - self._begun_s
        self.card = replace(self.card, took_s=took, **facts)  # type: ignore[arg-type]

    def _prose(self, tokens: int, seed: int) -> str:
        return prose(self._engine, tokens, seed, cancel=self._cancel)

    def _reply_tokens(self, most: int) -> int:
        """Return how long a reply is that takes a few seconds."""
        return min(most, max(8, round(3 * self.card.tokens_per_s)))

    def _progress(self, stage: CheckStage, question: Question | None = None) -> CheckProgress:
        now = time.monotonic()
        plan = self._plan
        if self._asked_s:
            # Whatever the speed took: the share of the questions' time is known from here on.
            before = self._asked_s - self._begun_s
            total = before + plan.budget_s
        else:
            total = plan.speed_s + plan.budget_s
        done = min(now - self._begun_s, 0.98 * total)
        return CheckProgress(
            stage=stage,
            done=done,
            total=total,
            ability=question.ability if question else None,
            language=question.language if question else "",
        )
