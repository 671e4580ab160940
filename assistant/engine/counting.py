"""Counts the tokens of texts, a few at a time: beside a chat, a long document must not hold it up.

A book has 20,000 sentences, and counting the tokens of 2,000 takes half a second.
"""

import time
from collections.abc import Callable

from assistant.engine.llama import Model
from assistant.engine.protocol import CountTokens, TokenCounts

_SLICE_S = 0.05  # counted between two steps while nobody chats
_SHARE_BESIDE_CHAT = 0.1  # of the time of a chat's step


class Counting:
    """A request that is being counted.

    Args:
        work: what was asked.

    Attributes:
        is_cancelled: it was stopped.
    """

    def __init__(self, work: CountTokens) -> None:
        self.work = work
        self.is_cancelled = False
        self._counts: list[int] = []

    @property
    def is_over(self) -> bool:
        """Whether nothing more is counted."""
        return self.is_cancelled or len(self._counts) == len(self.work.texts)

    @property
    def result(self) -> TokenCounts:
        """What was counted so far."""
        return TokenCounts(self.work.id, tuple(self._counts))

    def go_on(
        self, model: Model, seconds: float, is_interrupted: Callable[[], object] = bool
    ) -> None:
        """Count a text at least, then others for so long and until something comes between."""
        end = time.perf_counter() + seconds
        while not self.is_over:
            text = self.work.texts[len(self._counts)]
            self._counts.append(len(model.tokenize(text, parse_special=False)))
            if time.perf_counter() >= end or is_interrupted():
                return


def slice_s(step_s: float, *, is_chat: bool) -> float:
    """Return how long to count after a step.

    Args:
        step_s: how long the step took, in seconds.
        is_chat: somebody chats.
    """
    return _SHARE_BESIDE_CHAT * step_s if is_chat else _SLICE_S
