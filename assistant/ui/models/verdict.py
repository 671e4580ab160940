"""Whether a model fits this computer's memory, in plain words; its speed is not guessed."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from assistant.fit import free_memory_bytes, largest_context, memory_need, total_memory_bytes
from assistant.gguf import GgufHeader
from assistant.models.catalog import CatalogModel

# Enough for a few pages of text and a talk about them.
_ROOMY_TOKENS = 4096
# What a file needs in memory beyond its length, where its header is not known yet.
_OVERHEAD = 1.15
_OVERHEAD_BYTES = 500 * 10**6


class Fit(StrEnum):
    """How a model goes with this computer's memory."""

    WELL = "well"
    SHORT = "short"
    FULL = "full"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Memory:
    """This computer's memory in bytes: all of it, and what is free now."""

    total_bytes: int
    free_bytes: int

    @classmethod
    def now(cls) -> "Memory":
        """Return what this computer has."""
        return cls(total_memory_bytes(), free_memory_bytes())


def fit_of(header: GgufHeader, memory: Memory, loaded_bytes: int = 0) -> Fit:
    """Return how a model file fits.

    Args:
        header: the file's.
        memory: this computer's.
        loaded_bytes: what the engine holds now, which a change of model gives back.
    """
    free = memory.free_bytes + loaded_bytes
    context = largest_context(header, free)
    wished = min(_ROOMY_TOKENS, header.context_length or _ROOMY_TOKENS)
    if context >= wished:
        return Fit.WELL
    if context:
        return Fit.SHORT
    need = memory_need(header, min(1024, wished)).total_bytes
    return Fit.FULL if need < memory.total_bytes else Fit.TOO_LARGE


def fit_of_offer(model: CatalogModel, memory: Memory) -> Fit:
    """Return how a model of the catalog would fit, as far as its size tells."""
    need = (model.size_bytes or 0) * _OVERHEAD + _OVERHEAD_BYTES
    if need > memory.total_bytes:
        return Fit.TOO_LARGE
    recommended = (model.recommended_ram_gb or 0) * 10**9
    # A computer "with 8 GB" reports less: its graphics and firmware keep some of it.
    return Fit.WELL if memory.total_bytes >= 0.9 * recommended else Fit.SHORT


def verdict(fit: Fit) -> str:
    """Return the verdict as the first words on a card."""
    return {
        Fit.WELL: QCoreApplication.translate("verdict", "Fits well here"),
        Fit.SHORT: QCoreApplication.translate("verdict", "Fits, but memory is tight"),
        Fit.FULL: QCoreApplication.translate("verdict", "Close other programs to use it"),
        Fit.TOO_LARGE: QCoreApplication.translate("verdict", "Too large for this computer"),
    }[fit]


def sign(fit: Fit) -> tuple[str, str]:
    """Return the icon that goes with the verdict, and its colour's name."""
    if fit is Fit.WELL:
        return "circle-check", "success"
    if fit is Fit.TOO_LARGE:
        return "circle-alert", "danger"
    return "triangle-alert", "warning"
