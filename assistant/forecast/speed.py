"""Foretells tokens a second: what a token costs, times how this computer did before.

The cost is a model of llama.cpp on processors with few, plain terms. What it gets wrong is the same
for one model from one length to the next, and alike for models of about one size, so the figures
that were measured set it right: by their ratio to it.
"""

import math
from collections.abc import Callable, Sequence

from assistant.forecast.machine import Machine
from assistant.forecast.shape import ModelShape
from assistant.forecast.speeds import MeasuredSpeeds, Point
from assistant.gguf.tensors import TENSOR_TYPES

Points = Callable[[MeasuredSpeeds], tuple[Point, ...]]

# Weights multiplied a second by one core in the format Q4_K, by its features: in a prompt, many
# tokens at a time, and in a reply, one by one. Measured on a Xeon with AVX-512; those of other
# processors are guesses in proportion, until something was measured there.
_PROMPT_CORE = {"avx512": 11e9, "avx2": 9e9, "dotprod": 12e9}
_REPLY_CORE = {"avx512": 8e9, "avx2": 7e9, "dotprod": 9e9}
_PLAIN_CORE = 1.2e9
_GPU_CORES = 40.0  # a small GPU is worth so many cores, until one was measured
# How fast prompts are in other formats, against Q4_K (a model of 135M, two threads).
_PROMPT_SPEED = {
    "Q4_0": 1.5, "IQ4_NL": 1.3, "Q8_0": 1.25, "Q5_0": 1.2, "MXFP4": 1.0, "Q4_K": 1.0, "Q5_K": 0.8,
    "Q6_K": 0.8, "Q4_1": 0.75, "Q2_K": 0.7, "Q3_K": 0.6, "Q5_1": 0.5, "F16": 0.6, "BF16": 0.5,
    "F32": 0.6,
}  # fmt: skip
_OTHER_SPEED = 0.5  # formats with look-up tables
_MEMORY_SHARE = 0.8  # of what the memory gives, a reply gets
_ATTENTION_SPEED = 1.25  # of a core's multiplications in 16 bits, against Q4_K
_LAYER_S = 40e-6  # threads waiting for each other, for each layer of a generated token
_NEAR = 0.25  # sizes that differ by less than this, in powers of two, are one size


def prompt_seconds(shape: ModelShape, machine: Machine, tokens: int) -> float:
    """Return what a prompt of `tokens` would take if nothing had been measured."""
    weights = sum(count / _PROMPT_SPEED.get(name, _OTHER_SPEED) for name, count in shape.prompt)
    attention = shape.attention * tokens / 2 / _ATTENTION_SPEED
    return tokens * (weights + attention) / _multiplied(_PROMPT_CORE, machine)


def reply_seconds(shape: ModelShape, machine: Machine, context_tokens: int) -> float:
    """Return what a token after `context_tokens` would take if nothing had been measured.

    Its weights must arrive, and be multiplied: whichever takes longer.
    """
    read = sum(size for _, size in shape.reply) + 2 * shape.kept * context_tokens
    multiplied = sum(
        size / _bytes_each(name) * (1.0 if name in _PROMPT_SPEED else 1 / _OTHER_SPEED)
        for name, size in shape.reply
    )
    multiplied += shape.attention * context_tokens
    arrives_s = read / (machine.memory_bytes_per_s * _MEMORY_SHARE)
    cores_s = multiplied / _multiplied(_REPLY_CORE, machine)
    return max(arrives_s, cores_s) + shape.layers * _LAYER_S


def _multiplied(by_feature: dict[str, float], machine: Machine) -> float:
    """Return how many weights all cores, or the GPU, multiply in a second."""
    known = [by_feature[name] for name in machine.features if name in by_feature]
    return max(known, default=_PLAIN_CORE) * (_GPU_CORES if machine.uses_gpu else machine.cores)


def _bytes_each(name: str) -> float:
    """Return the bytes of one weight in a format."""
    _, block, size = next((kind for kind in TENSOR_TYPES.values() if kind[0] == name), ("", 1, 1))
    return size / block


def prompt_speed(
    shape: ModelShape, machine: Machine, measured: Sequence[MeasuredSpeeds], tokens: int
) -> float:
    """Return the tokens of a prompt of `tokens` that are evaluated a second."""

    def plain(other: ModelShape, length: int) -> float:
        return length / max(prompt_seconds(other, machine, length), 1e-9)

    correction = _correction(shape, measured, lambda one: one.prompts, plain, tokens)
    return plain(shape, tokens) * correction


def reply_speed(
    shape: ModelShape,
    machine: Machine,
    measured: Sequence[MeasuredSpeeds],
    context_tokens: int,
    *,
    is_summary: bool = False,
) -> float:
    """Return the tokens generated a second after `context_tokens`.

    Args:
        shape: the model's.
        machine: this computer.
        measured: what was measured here.
        context_tokens: what stands before the reply.
        is_summary: of a summary, which can be guessed from its prompt in parts.
    """

    def plain(other: ModelShape, length: int) -> float:
        return 1 / max(reply_seconds(other, machine, length), 1e-9)

    def points(one: MeasuredSpeeds) -> tuple[Point, ...]:
        return (is_summary and one.summaries) or one.replies or one.summaries

    return plain(shape, context_tokens) * _correction(
        shape, measured, points, plain, context_tokens
    )


def _correction(
    shape: ModelShape,
    measured: Sequence[MeasuredSpeeds],
    points: Points,
    plain: Callable[[ModelShape, int], float],
    tokens: int,
) -> float:
    """Return how much faster this computer is than the plain formula says, by what was measured.

    Of this model if it was measured, else of the others, those of about its size first.
    """
    own = next((one for one in measured if one.shape.is_same(shape) and points(one)), None)
    if own is not None:
        return _ratio(own.shape, points(own), plain, tokens)
    total = weight = 0.0
    for one in measured:
        if not points(one):
            continue
        distance = abs(math.log2(one.shape.parameters / max(shape.parameters, 1)))
        distance += _format_distance(one.shape, shape)
        share = 1 / (max(distance, _NEAR) ** 2)
        total += share * math.log(_ratio(one.shape, points(one), plain, tokens))
        weight += share
    return math.exp(total / weight) if weight else 1.0


def _ratio(
    shape: ModelShape,
    points: Sequence[Point],
    plain: Callable[[ModelShape, int], float],
    tokens: int,
) -> float:
    """Return measured against foretold speed at `tokens`: between the two nearest lengths."""
    ratios = [(math.log2(p.tokens), p.speed / plain(shape, p.tokens)) for p in points]
    at = math.log2(max(tokens, 1))
    before = [ratio for ratio in ratios if ratio[0] <= at]
    after = [ratio for ratio in ratios if ratio[0] > at]
    if not before or not after:
        return (before[-1] if before else after[0])[1]
    (low, one), (high, two) = before[-1], after[0]
    return one + (two - one) * (at - low) / (high - low)


def _format_distance(one: ModelShape, two: ModelShape) -> float:
    """Return how far apart two models' formats are: 0 for one format, 2 for none in common."""
    shares = [_shares(shape.prompt) for shape in (one, two)]
    names = shares[0].keys() | shares[1].keys()
    return sum(abs(shares[0].get(name, 0.0) - shares[1].get(name, 0.0)) for name in names)


def _shares(counts: Sequence[tuple[str, int]]) -> dict[str, float]:
    total = sum(count for _, count in counts) or 1
    return {name: count / total for name, count in counts}
