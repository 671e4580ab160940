"""The offer of a better model: what it is, and what it would do on this computer."""

import re

import psutil
from PySide6.QtCore import QCoreApplication

from assistant import wording
from assistant.fit import total_memory_bytes
from assistant.models.finding.catalog import CatalogModel, recommended

# A Quick summary: at most 2,000 tokens read and about 250 written (design.md).
_PROMPT_TOKENS = 2_000
_WRITTEN_TOKENS = 250
# From 135M models on two cores of an x86-64 server: 200 tokens a second are read in Q4_K_M, and
# the starter's 98 MB pass through about 80 times a second when it writes (benchmarks/engine).
_PARAMETERS_READ_PER_CORE_S = 200 * 135e6 / 2
_WEIGHTS_BYTES_PER_S = 8e9


def offer_text() -> str:
    """Return the offer in a few words."""
    better = recommended(total_memory_bytes())
    seconds = quick_seconds(better, psutil.cpu_count(logical=False) or 1)
    if seconds < 90:
        time = QCoreApplication.translate("Offer", "about a minute")
    else:
        time = QCoreApplication.translate("Offer", "about {minutes} minutes").format(
            minutes=round(seconds / 60)
        )
    return QCoreApplication.translate(
        "Offer",
        "A better model for this computer: {name}, {size}. Key points still come at once; a quick "
        "summary would take {time} here, by a rough estimate. The download tells the "
        "hub your address and the model's name, nothing else.",
    ).format(name=better.name, size=wording.size(better.size_bytes or 0), time=time)


def quick_seconds(model: CatalogModel, cores: int) -> float:
    """Estimate the time of a Quick summary with `model`, in seconds.

    Speed is carried over from a 135M model by size alone; no larger model has confirmed it.
    """
    parameters = _count(model.active_parameters or model.parameters)
    share = parameters / (_count(model.parameters) or 1)
    reading = _PROMPT_TOKENS * parameters / (_PARAMETERS_READ_PER_CORE_S * cores)
    writing = _WRITTEN_TOKENS * share * (model.size_bytes or 0) / _WEIGHTS_BYTES_PER_S
    return reading + writing


def _count(text: str) -> float:
    """Return 5.1e9 for "5.1B with embeddings"."""
    found = re.match(r"([\d.]+)([BM])", text)
    return float(found[1]) * {"B": 1e9, "M": 1e6}[found[2]] if found else 0.0
