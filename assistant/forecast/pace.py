"""How fast a model reads and writes here: what the time of a longer piece of work follows from."""

import statistics
from dataclasses import dataclass

from assistant.fit import DEFAULT_CONTEXT
from assistant.forecast.forecasting import SUMMARY_TOKENS
from assistant.forecast.machine import Machine
from assistant.forecast.shape import ModelShape, shape_of
from assistant.forecast.speed import prompt_speed, reply_speed
from assistant.forecast.speeds import MeasuredSpeeds, SpeedRecords
from assistant.gguf import GgufHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The speeds of one model on this computer.

    Attributes:
        context_tokens: how much it takes at once.
        summary_tokens: how long its own summaries are, about.
        is_measured: this very model was measured here, or one of its shape.
    """

    context_tokens: int
    summary_tokens: int
    is_measured: bool
    _shape: ModelShape
    _machine: Machine
    _measured: tuple[MeasuredSpeeds, ...]

    def prompt_s(self, tokens: int) -> float:
        """Return the seconds of evaluating a prompt of `tokens`."""
        if tokens < 1:
            return 0.0
        return tokens / prompt_speed(self._shape, self._machine, self._measured, tokens)

    def reply_s(self, tokens: int, after: int) -> float:
        """Return the seconds of writing `tokens` of a summary after a prompt of `after` tokens."""
        speed = reply_speed(self._shape, self._machine, self._measured, after, is_summary=True)
        return tokens / speed


def pace_of(
    header: GgufHeader, machine: Machine, records: SpeedRecords, context_tokens: int = 0
) -> Pace:
    """Return how fast `header`'s model is.

    Args:
        header: of its file.
        machine: this computer.
        records: what was measured on it.
        context_tokens: the context that it has or will have; 0 for the usual one.
    """
    measured = records.all(is_gpu=machine.uses_gpu)
    shape = shape_of(header)
    own = next((one for one in measured if one.shape.is_same(shape)), None)
    lengths = own.summary_tokens if own else ()
    return Pace(
        context_tokens=min(
            n for n in (context_tokens or DEFAULT_CONTEXT, header.context_length) if n
        ),
        summary_tokens=round(statistics.median(lengths)) if lengths else SUMMARY_TOKENS,
        is_measured=own is not None and bool(own.prompts),
        _shape=shape,
        _machine=machine,
        _measured=measured,
    )
