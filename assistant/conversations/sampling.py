"""The settings of llama.cpp's samplers that a conversation may have, and what they may be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from assistant.engine.protocol import Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a setting may be.

    Attributes:
        low, high: the bounds; both are allowed.
        default: what it is where a conversation says nothing.
        off: the value that switches it off; None where it cannot be.
        is_whole: only whole numbers.
        is_simple: shown without asking for the advanced ones.
    """

    low: float
    high: float
    default: float
    off: float | None = None
    is_whole: bool = False
    is_simple: bool = False


_DEFAULTS = Sampling()


def _range(
    name: str,
    low: float,
    high: float,
    off: float | None = None,
    *,
    is_whole: bool = False,
    is_simple: bool = False,
) -> Range:
    return Range(
        low=low,
        high=high,
        default=getattr(_DEFAULTS, name),
        off=off,
        is_whole=is_whole,
        is_simple=is_simple,
    )


_BOUNDS = {
    "temperature": _range("temperature", 0, 2, is_simple=True),
    "top_k": _range("top_k", 0, 500, 0, is_whole=True),
    "top_p": _range("top_p", 0, 1, 1),
    "min_p": _range("min_p", 0, 1, 0),
    "typical_p": _range("typical_p", 0, 1, 1),
    "top_n_sigma": _range("top_n_sigma", -1, 10, -1),
    "xtc_probability": _range("xtc_probability", 0, 1, 0),
    "xtc_threshold": _range("xtc_threshold", 0, 0.5),
    "repeat_penalty": _range("repeat_penalty", 1, 2, 1),
    "repeat_last_n": _range("repeat_last_n", 0, 4096, 0, is_whole=True),
    "presence_penalty": _range("presence_penalty", -2, 2, 0),
    "frequency_penalty": _range("frequency_penalty", -2, 2, 0),
    "dry_multiplier": _range("dry_multiplier", 0, 5, 0),
    "dry_base": _range("dry_base", 1, 4),
    "dry_allowed_length": _range("dry_allowed_length", 1, 50, is_whole=True),
    "dry_penalty_last_n": _range("dry_penalty_last_n", 0, 32768, 0, is_whole=True),
    "dynatemp_range": _range("dynatemp_range", 0, 2, 0),
    "dynatemp_exponent": _range("dynatemp_exponent", 0.1, 10),
    "mirostat": _range("mirostat", 0, 2, 0, is_whole=True),
    "mirostat_tau": _range("mirostat_tau", 0, 10),
    "mirostat_eta": _range("mirostat_eta", 0, 1),
    "seed": _range("seed", 0, 2**32 - 1, is_whole=True),
}
# In the order in which the window shows them; the names are those of `Sampling`.
RANGES: Mapping[str, Range] = _BOUNDS


def sampling_of(wished: Mapping[str, float | int], *, seed: int | None = None) -> Sampling:
    """Return the sampling of a conversation; what is unknown is left out, the rest kept in bounds.

    Args:
        wished: `ChatSettings.sampling`.
        seed: for a reply; it holds where `wished` has none.
    """
    values = checked(wished)
    if seed is not None:
        values.setdefault("seed", seed)
    return msgspec.convert(values, Sampling)


def checked(wished: Mapping[str, float | int]) -> dict[str, float | int]:
    """Return the settings that are known and numbers, within their bounds."""
    values: dict[str, float | int] = {}
    for name, bounds in RANGES.items():
        value = wished.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        if isinstance(value, float) and not math.isfinite(value):
            continue
        inside = min(max(value, bounds.low), bounds.high)
        values[name] = round(inside) if bounds.is_whole else inside
    return values


def differences(sampling: Sampling) -> dict[str, float | int]:
    """Return the settings that are not the usual ones, and the seed."""
    values = {name: getattr(sampling, name) for name in RANGES}
    return {n: v for n, v in values.items() if n == "seed" or v != getattr(_DEFAULTS, n)}
