"""How a model goes with this computer, in plain words: the verdict, its speed, its memory."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLocale

from assistant.fit import free_memory_bytes, total_memory_bytes
from assistant.forecast import Forecast, Verdict
from assistant.models.finding.catalog import CatalogModel
from assistant.wording import size

# What a file needs in memory beyond its length, where its header is not known yet.
_OVERHEAD = 1.15
_OVERHEAD_BYTES = 500 * 10**6
_WORDS_PER_TOKEN = 0.75
_MINUTE_S = 60


class Fit(StrEnum):
    """How a model goes with this computer's memory."""

    WELL = "well"
    SHORT = "short"
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


def fit_of_offer(model: CatalogModel, memory: Memory) -> Fit:
    """Return how a model of the catalog would fit, as far as its size tells."""
    need = (model.size_bytes or 0) * _OVERHEAD + _OVERHEAD_BYTES
    if need > memory.total_bytes:
        return Fit.TOO_LARGE
    recommended = (model.recommended_ram_gb or 0) * 10**9
    # A computer "with 8 GB" reports less: its graphics and firmware keep some of it.
    return Fit.WELL if memory.total_bytes >= 0.9 * recommended else Fit.SHORT


def verdict(fit: Fit | Verdict) -> str:
    """Return the verdict as the first words on a card."""
    return {
        "well": QCoreApplication.translate("verdict", "Runs well here"),
        "short": QCoreApplication.translate("verdict", "Runs, but memory is tight"),
        "tight": QCoreApplication.translate("verdict", "Runs, but memory is tight"),
        "slow": QCoreApplication.translate("verdict", "Runs slowly here"),
        "too-large": QCoreApplication.translate("verdict", "Too large for this computer"),
    }[fit.value]


def sign(fit: Fit | Verdict) -> tuple[str, str]:
    """Return the icon that goes with the verdict, and its colour's name."""
    if fit.value == Verdict.WELL.value:
        return "circle-check", "success"
    if fit.value == Verdict.TOO_LARGE.value:
        return "circle-alert", "danger"
    return "triangle-alert", "warning"


def verdict_of(seen: Forecast) -> str:
    """Return the verdict of a forecast, and the next step where memory is what hinders."""
    words = verdict(seen.verdict)
    if seen.verdict is not Verdict.TOO_LARGE and not seen.context_tokens:
        closing = QCoreApplication.translate("verdict", "close other programs to use it")
        return f"{words}: {closing}"
    return words


def speed_words(seen: Forecast) -> str:
    """Return how fast it writes, and how long a summary takes; nothing of one that cannot run."""
    if seen.verdict is Verdict.TOO_LARGE:
        return ""
    text = QCoreApplication.translate(
        "verdict",
        "Writes about {count} words a second. A document of 50 pages: key points in seconds, "
        "a summary in {time}.",
    )
    words = number_in_words(seen.tokens_per_s * _WORDS_PER_TOKEN)
    return text.format(count=words, time=time_in_words(seen.pages50_s))


def writing_words(tokens_per_s: float) -> str:
    """Return how fast a model writes; "" if nobody can say."""
    if not tokens_per_s:
        return ""
    text = QCoreApplication.translate("verdict", "writes about {count} words a second")
    return text.format(count=number_in_words(tokens_per_s * _WORDS_PER_TOKEN))


def memory_words(seen: Forecast, total_bytes: int) -> str:
    """Return the memory that it takes of all there is."""
    text = QCoreApplication.translate("verdict", "Takes {needed} of {total} memory.")
    return text.format(needed=size(seen.need.total_bytes), total=size(total_bytes))


def grounds_words(seen: Forecast) -> str:
    """Return what the speeds are based on."""
    if seen.is_corrected:
        return QCoreApplication.translate("verdict", "Measured here, in real use.")
    if seen.is_measured:
        return QCoreApplication.translate("verdict", "Measured on this computer.")
    return QCoreApplication.translate("verdict", "Estimated; a check-up measures it.")


def time_in_words(seconds: float) -> str:
    """Return about how long something takes: "about 25 s", "about 3 min"."""
    if seconds < _MINUTE_S:
        text = QCoreApplication.translate("verdict", "about {count} s")
        return text.format(count=max(5, round(seconds / 5) * 5))
    text = QCoreApplication.translate("verdict", "about {count} min")
    return text.format(count=number_in_words(seconds / _MINUTE_S))


def number_in_words(value: float) -> str:
    """Return a number without digits that nobody vouches for: "0.8", "12", "130"."""
    if value < 3 and round(value, 1) % 1:
        return QLocale().toString(value, "f", 1)
    step = 10 if value >= 100 else 1
    return QLocale().toString(round(value / step) * step)
