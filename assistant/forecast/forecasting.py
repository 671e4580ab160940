"""Whether a model will run well here, with what it takes and how long a summary will."""

from dataclasses import dataclass
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
_SUMMARY_TOKENS = 150
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
    shape = shape_of(header)
    measured = records.all(is_gpu=machine.uses_gpu)
    own = next((one for one in measured if one.shape.is_same(shape)), None)
    wished = min(n for n in (context_tokens or DEFAULT_CONTEXT, header.context_length) if n)
    context = largest_context(header, machine.free_bytes, wished)
    plan = min(wished // 2, _QUICK_TOKENS)
    prompt_tokens = max(1, round(plan * _QUICK_FILL))
    lengths = own.summary_tokens if own else ()
    summary_tokens = sorted(lengths)[len(lengths) // 2] if lengths else _SUMMARY_TOKENS
    model_s = prompt_tokens / prompt_speed(shape, machine, measured, prompt_tokens)
    model_s += summary_tokens / reply_speed(
        shape, machine, measured, prompt_tokens, is_summary=True
    )
    speed = reply_speed(shape, machine, measured, _CHAT_TOKENS)
    quick_s = model_s + _DOCUMENT_S + 20 * _PAGE_S
    is_slow = speed < _SLOWEST_REPLY or quick_s > _LONGEST_QUICK_S
    return Forecast(
        verdict=_verdict(header, machine, context, wished, is_slow=is_slow),
        need=memory_need(header, wished),
        context_tokens=context,
        wished_context_tokens=wished,
        prompt_tokens_per_s=prompt_speed(shape, machine, measured, _CHAT_TOKENS),
        tokens_per_s=speed,
        quick_s=quick_s,
        pages50_s=model_s + _DOCUMENT_S + 50 * _PAGE_S,
        is_measured=own is not None and bool(own.prompts and (own.replies or own.summaries)),
        is_corrected=own is not None and own.is_corrected,
        is_estimated=header.is_estimated,
    )


def _verdict(
    header: GgufHeader, machine: Machine, context: int, wished: int, *, is_slow: bool
) -> Verdict:
    """Return the verdict: what cannot be changed comes before what closing programs would."""
    least = memory_need(header, min(2 * MIN_CONTEXT, wished)).total_bytes
    if least > machine.total_bytes:
        return Verdict.TOO_LARGE
    if is_slow:
        return Verdict.SLOW
    return Verdict.WELL if context >= min(ROOMY_TOKENS, wished) else Verdict.TIGHT
