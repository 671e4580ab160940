"""Whether a model will run well here, with what it takes and how long a summary will."""

import statistics
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.fit import DEFAULT_CONTEXT, MIN_CONTEXT, MemoryNeed, largest_context, memory_need
from assistant.forecast.machine import Machine
from assistant.forecast.shape import shape_of
from assistant.forecast.speed import prompt_speed, reply_speed
from assistant.forecast.speeds import SpeedRecords
from assistant.gguf import GgufHeader

# Enough for a few pages of text and a talk about them.
ROOMY_TOKENS = 4_096
# A Quick summary: summaries/planning.py fills half of the context, at most 2,000 tokens.
_QUICK_TOKENS = 2_000
_QUICK_FILL = 0.98  # what whole sentences leave free
# Of the 160 words of a medium length models use about two thirds, small ones from a quarter to
# all; so much until summaries of this one were seen.
SUMMARY_TOKENS = 150
# Reading and ranking, measured over 20 to 1,000 pages: a command's start to its key points.
_DOCUMENT_S, _PAGE_S = 0.2, 0.006
_CHAT_TOKENS = 512  # the length at which speeds are told
_SLOWEST_REPLY = 4.0  # tokens a second: people read about five
_LONGEST_QUICK_S = 240.0


class Verdict(StrEnum):
    """How a model goes with this computer."""

    WELL = "well"
    TIGHT = "tight"  # memory is: only with a short context, or when other programs are closed
    SLOW = "slow"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect of a model on this computer.

    Attributes:
        verdict: in a word.
        need: memory it takes at `wished_context_tokens`.
        context_tokens: the longest context up to that which fits now; 0 if none does until
            other programs are closed.
        wished_context_tokens: what was asked for, at most what it was trained with.
        prompt_tokens_per_s: how fast a prompt is evaluated.
        tokens_per_s: how fast a reply is generated.
        quick_s: seconds for the Quick summary of a document of 20 pages, once the model is
            loaded; `pages50_s` of one of 50 pages.
        is_measured: this very model was measured here, or one of its shape.
        is_corrected: real replies were among that.
        is_estimated: its sizes are estimates: the file's header was not read to its end.
    """

    verdict: Verdict
    need: MemoryNeed
    context_tokens: int
    wished_context_tokens: int
    prompt_tokens_per_s: float
    tokens_per_s: float
    quick_s: float
    pages50_s: float
    is_measured: bool = False
    is_corrected: bool = False
    is_estimated: bool = False


def forecast(
    header: GgufHeader, machine: Machine, records: SpeedRecords, context_tokens: int = 0
) -> Forecast:
    """Return what to expect of `header`'s model.

    Args:
        header: of its file, here or on the hub, or estimated from what is known of it.
        machine: this computer.
        records: what was measured on it.
        context_tokens: the context that is wished; 0 for the usual one.
    """
    wished = min(n for n in (context_tokens or DEFAULT_CONTEXT, header.context_length) if n)
    prospect = _Prospect(header, machine, records, wished)
    own, speed = prospect.own, prospect.reply_speed(_CHAT_TOKENS)
    model_s = prospect.summary_seconds()
    quick_s = model_s + _DOCUMENT_S + 20 * _PAGE_S
    is_slow = speed < _SLOWEST_REPLY or quick_s > _LONGEST_QUICK_S
    return Forecast(
        verdict=prospect.verdict(is_slow=is_slow),
        need=prospect.need(header, wished),
        context_tokens=prospect.context_tokens,
        wished_context_tokens=wished,
        prompt_tokens_per_s=prospect.prompt_speed(_CHAT_TOKENS),
        tokens_per_s=speed,
        quick_s=quick_s,
        pages50_s=model_s + _DOCUMENT_S + 50 * _PAGE_S,
        is_measured=own is not None and bool(own.prompts and (own.replies or own.summaries)),
        is_corrected=own is not None and own.is_corrected,
        is_estimated=header.is_estimated,
    )


class _Prospect:
    """One model on one computer, with what was measured there."""

    def __init__(
        self, header: GgufHeader, machine: Machine, records: SpeedRecords, wished: int
    ) -> None:
        # A computer whose last model was given to a GPU gives it the next one, too.
        machine = replace(machine, uses_gpu=machine.uses_gpu or records.is_on_gpu)
        self._header = header
        self._machine = machine
        self._wished = wished
        self._shape = shape_of(header)
        self._measured = records.all(is_gpu=machine.uses_gpu)
        same = (one for one in self._measured if one.shape.is_same(self._shape))
        self.own = next(same, None)
        self._memory_factor = self.own.memory_factor if self.own else 1.0
        self.context_tokens = largest_context(header, machine.free_bytes, wished, need=self.need)

    def need(self, header: GgufHeader, context_tokens: int) -> MemoryNeed:
        """Return the memory for a context, corrected by what the model took before."""
        plain = memory_need(header, context_tokens)
        more = round(plain.peak_bytes * (self._memory_factor - 1))
        return replace(plain, buffer_bytes=plain.buffer_bytes + more)

    def prompt_speed(self, tokens: int) -> float:
        """Return the tokens a second of a prompt."""
        return prompt_speed(self._shape, self._machine, self._measured, tokens)

    def reply_speed(self, context_tokens: int, *, is_summary: bool = False) -> float:
        """Return the tokens a second of a reply."""
        return reply_speed(
            self._shape, self._machine, self._measured, context_tokens, is_summary=is_summary
        )

    def summary_seconds(self) -> float:
        """Return what the model's part of a Quick summary takes; its prompt is always full."""
        budget = min(self._wished // 2, _QUICK_TOKENS)
        prompt = max(1, round(budget * _QUICK_FILL))
        lengths = self.own.summary_tokens if self.own else ()
        reply = statistics.median(lengths) if lengths else SUMMARY_TOKENS
        return prompt / self.prompt_speed(prompt) + reply / self.reply_speed(
            prompt, is_summary=True
        )

    def verdict(self, *, is_slow: bool) -> Verdict:
        """Return the verdict: what cannot be changed comes before what closing programs would."""
        least = self.need(self._header, min(2 * MIN_CONTEXT, self._wished)).total_bytes
        if least > self._machine.total_bytes:
            return Verdict.TOO_LARGE
        if is_slow:
            return Verdict.SLOW
        is_roomy = self.context_tokens >= min(ROOMY_TOKENS, self._wished)
        return Verdict.WELL if is_roomy else Verdict.TIGHT
