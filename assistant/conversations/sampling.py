"""The settings of llama.cpp's samplers that a conversation may have, and what they may be."""

from collections.abc import Mapping
from dataclasses import dataclass

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


# In the order in which the window shows them; the names are those of `Sampling`.
RANGES: Mapping[str, Range] = {}


def sampling_of(wished: Mapping[str, float | int], *, seed: int | None = None) -> Sampling:
    """Return the sampling of a conversation; what is unknown is left out, the rest kept in bounds.

    Args:
        wished: `ChatSettings.sampling`.
        seed: for a reply; it holds where `wished` has none.
    """
    return Sampling()
