"""Tries a model out on a fixed text: how fast it is here, and which tokens it expects."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.engine.llama.context import Context, Rows, Step, StepFailed
from assistant.engine.llama.log import LlamaLog
from assistant.engine.llama.model import Model
from assistant.engine.protocol import LoadSettings

CONTEXT_TOKENS = 1_024
_STEP = 128  # what the engine evaluates of a prompt at a time
_OUTPUTS = 32  # rows of scores in memory at once
_GENERATED = 24
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second: of a prompt, and one after the other."""

    prompt: float
    generation: float


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

    def speeds(self, tokens: list[int]) -> Iterator[Speed]:
        """Yield the speed over `tokens`, round by round.

        What else the computer does can only slow a round down: the fastest of each counts.
        """
        prompt, later = tokens[:_STEP], tokens[_STEP : _STEP + _GENERATED]
        for _ in range(_ROUNDS):
            self._context.clear()
            begun = time.perf_counter()
            self._evaluate(0, prompt, outputs=1)
            read = time.perf_counter()
            for offset, token in enumerate(later):
                self._evaluate(len(prompt) + offset, [token], outputs=1)
            written = time.perf_counter()
            yield Speed(len(prompt) / (read - begun), len(later) / (written - read))

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


def fastest(speeds: Iterator[Speed]) -> Speed:
    """Return the best of each."""
    all_of_them = list(speeds)
    return Speed(
        max(speed.prompt for speed in all_of_them),
        max(speed.generation for speed in all_of_them),
    )
