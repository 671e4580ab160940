"""Tries a model out on a fixed text: how fast it is here, and which tokens it expects."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.engine.llama.batch import Rows
from assistant.engine.llama.context import Context, Step, StepFailed
from assistant.engine.llama.log import LlamaLog
from assistant.engine.llama.model import Model
from assistant.engine.protocol import LoadSettings

CONTEXT_TOKENS = 1_024
_STEP = 128  # what the engine evaluates of a prompt at a time
_OUTPUTS = 32  # rows of scores in memory at once
_PROMPT = 64  # short, so that one of several is undisturbed
_GENERATED = 24


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second: of a prompt, and one after the other."""

    prompt: float
    generation: float


class Times:
    """How long steps took, in seconds, undisturbed by what else the computer does.

    That can only slow a step down, so the fastest counts; of the many short ones of a reply the
    tenth of the fastest, since a single one may be luck.
    """

    def __init__(self) -> None:
        self._prompts: list[float] = []
        self._tokens: list[float] = []

    def add(self, prompt_s: float, tokens_s: list[float]) -> None:
        """Take what a round took."""
        self._prompts.append(prompt_s)
        self._tokens += tokens_s

    def speed(self) -> Speed:
        """Return the speed over all rounds."""
        token = sorted(self._tokens)[len(self._tokens) // 10]
        return Speed(_PROMPT / min(self._prompts), 1 / token)


class Trial:
    """A model that is loaded as the engine loads it, for one sequence."""

    def __init__(self, model: Model, context: Context) -> None:
        self._model = model
        self._context = context

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of `text`, as many as the context holds."""
        return self._model.tokenize(text, parse_special=False, add_special=True)[:CONTEXT_TOKENS]

    @property
    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        return self._model.vocabulary_size

    def rounds(self, tokens: list[int], count: int, times: Times) -> Iterator[int]:
        """Measure over `tokens`, `count` times into `times`; yield the number of each round."""
        prompt, later = tokens[:_PROMPT], tokens[_PROMPT : _PROMPT + _GENERATED]
        for number in range(1, count + 1):
            self._context.clear()
            prompt_s = self._timed(0, prompt)
            times.add(prompt_s, [self._timed(len(prompt) + i, [t]) for i, t in enumerate(later)])
            yield number

    def _timed(self, position: int, tokens: list[int]) -> float:
        begun = time.perf_counter()
        self._evaluate(position, tokens, outputs=1)
        return time.perf_counter() - begun

    def log_probabilities(self, tokens: list[int]) -> Iterator[npt.NDArray[np.float32]]:
        """Yield, for some positions after the other, the log probability of every next token.

        An array of (positions, vocabulary); the first row is what follows `tokens[0]`.
        """
        self._context.clear()
        for begin in range(0, len(tokens), _OUTPUTS):
            part = tokens[begin : begin + _OUTPUTS]
            self._evaluate(begin, part, outputs=len(part))
            scores = np.stack([self._context.logits(row) for row in range(len(part))])
            scores -= scores.max(axis=1, keepdims=True)
            scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
            yield scores

    def _evaluate(self, position: int, tokens: list[int], *, outputs: int) -> None:
        step = self._context.evaluate([Rows(0, position, tokens, outputs=outputs)])
        if step is not Step.DONE:
            raise StepFailed(step.name)


@contextmanager
def trial(path: Path, threads: int, log: LlamaLog) -> Iterator[Trial]:
    """Load the model file `path` for a trial.

    Raises:
        LoadRefused: it is no model that writes text.
    """
    settings = LoadSettings(
        context_tokens=CONTEXT_TOKENS,
        threads=threads,
        ubatch_tokens=_STEP,
        sequences=1,
        outputs=_OUTPUTS,
    )
    model = Model(path, lambda _: True, log)
    try:
        context = Context(model, settings, log)
        try:
            yield Trial(model, context)
        finally:
            context.close()
    finally:
        model.close()
