"""Models worth offering, from `resources/catalog.json`; the hub has the last word on facts."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from assistant.models.finding.licences import Limit, terms_of
from assistant.paths import resource
from assistant.quantizations import is_slow

# A computer "with 8 GB" reports less: its graphics and firmware keep some of it.
_REPORTED_SHARE = 0.9
_GB = 10**9
_NEEDED = frozenset({"chat", "summaries"})
_FEW_MADE_UP = 6.0  # percent of summaries; see `sources`


class Use(StrEnum):
    """What a model of the catalog is offered for."""

    CHAT = "chat"
    SUMMARIES = "summaries"
    MANY_LANGUAGES = "many languages"
    ARABIC = "Arabic"
    CODE = "code"
    EMBEDDINGS = "embeddings"


class Reason(StrEnum):
    """Why a model is recommended; the facts are the model's."""

    MADE_FOR_THIS_MEMORY = "made-for-this-memory"
    LARGEST_THAT_FITS = "largest-that-fits"
    SMALLEST_THERE_IS = "smallest-there-is"
    ONLY_ONE = "only-one"
    FAST_ENOUGH = "fast-enough"
    FEW_MADE_UP = "few-made-up"
    MANY_LANGUAGES = "many-languages"
    PARTLY_USED = "partly-used"
    FREE_LICENCE = "free-licence"
    SLOW_FORMAT = "slow-format"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogModel:
    """A model of the catalog. None or "" stands for what is not known.

    Attributes:
        id: its name in the catalog.
        name: for people.
        repo: where the hub has it.
        file: the file in it.
        quantization: "Q4_K_M" …
        size_bytes: what is to be downloaded, as far as is known.
        sha256: as it was seen; the hub's own answer decides.
        revision: the commit that was seen.
        parameters: "4.0B" …
        active_parameters: of a mixture of experts, those used for a token.
        context_tokens: what it was trained for.
        architecture: "qwen3" …
        licence: its short name.
        languages: ISO 639-1, where they are listed.
        languages_note: in words, where they are not.
        thinking: whether it reasons before it answers, in words.
        publisher: who made it, and who the file.
        base_model: the repository of the original.
        released: a day or a month.
        hallucination_rate: percent of summaries with something made up.
        good_for: "chat", "summaries", "code", "embeddings" …
        recommended_ram_gb: memory a computer should have.
        default_for_ram_gb: it is recommended to a computer with this much.
        note: what else to know.
    """

    id: str
    name: str
    repo: str
    file: str
    quantization: str
    size_bytes: int | None
    sha256: str | None
    revision: str | None
    parameters: str
    active_parameters: str | None
    context_tokens: int
    architecture: str | None
    licence: str
    languages: tuple[str, ...]
    languages_note: str
    thinking: str
    publisher: str
    base_model: str
    released: str | None
    hallucination_rate: float | None
    good_for: tuple[str, ...]
    recommended_ram_gb: float | None
    default_for_ram_gb: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A model to take on a computer, and why.

    Attributes:
        model: which.
        use: what for; None for chat and summaries at once.
        reasons: why, the weightiest first.
        memory_bytes: of the computer.
    """

    model: CatalogModel
    use: Use | None
    reasons: tuple[Reason, ...]
    memory_bytes: int


class _Catalog(msgspec.Struct):
    about: str
    sources: tuple[str, ...]
    models: tuple[CatalogModel, ...]


@functools.cache
def _read() -> _Catalog:
    return msgspec.json.decode(resource("catalog.json").read_bytes(), type=_Catalog)


@functools.cache
def catalog() -> tuple[CatalogModel, ...]:
    """Return the models of the catalog, the smallest first."""
    return tuple(sorted(_read().models, key=lambda model: model.recommended_ram_gb or 0))


def sources() -> tuple[str, ...]:
    """Return where the catalog's facts come from."""
    return _read().sources


def recommended(memory_bytes: int) -> CatalogModel:
    """Return the model to offer first on a computer with `memory_bytes` of memory."""
    return recommendation(memory_bytes).model


def recommendation(
    memory_bytes: int,
    use: Use | None = None,
    *,
    runs_well: Callable[[CatalogModel], bool] = lambda _: True,
) -> Recommendation:
    """Return the model to offer first, and why.

    The catalog's default for that much memory; where there is none, or it would be slow, the
    largest that suits; and on the smallest computers the smallest model there is. A format that
    is slow on this processor only where there is no other.

    Args:
        memory_bytes: of the computer.
        use: what for; None for chat and summaries at once.
        runs_well: whether a model is fast enough here, as far as that is known.
    """
    wanted = _NEEDED if use in {None, Use.CHAT, Use.SUMMARIES} else {str(use)}
    suitable = [model for model in catalog() if set(model.good_for) >= wanted]
    fitting = [model for model in suitable if _has(memory_bytes, model.recommended_ram_gb)]
    fast = [model for model in fitting if runs_well(model)]
    model = _best(fast, memory_bytes) or suitable[0]
    if len(suitable) == 1:
        reason = Reason.ONLY_ONE
    elif model not in fast:
        reason = Reason.SMALLEST_THERE_IS
    elif model is not _best(fitting, memory_bytes):
        reason = Reason.FAST_ENOUGH
    elif _has(memory_bytes, model.default_for_ram_gb):
        reason = Reason.MADE_FOR_THIS_MEMORY
    else:
        reason = Reason.LARGEST_THAT_FITS
    reasons = (reason, *_merits(model))
    return Recommendation(model=model, use=use, reasons=reasons, memory_bytes=memory_bytes)


def _best(models: Sequence[CatalogModel], memory_bytes: int) -> CatalogModel | None:
    """Return the default for so much memory, or the largest; not in a slow format if it can be."""
    defaults = [model for model in models if _has(memory_bytes, model.default_for_ram_gb)]
    found = defaults or list(models)
    fast = [model for model in found if not is_slow(model.quantization)]
    return next(reversed(fast or found), None)


def _merits(model: CatalogModel) -> tuple[Reason, ...]:
    """Return what speaks for a model, and at last what does not."""
    reasons = []
    if model.hallucination_rate is not None and model.hallucination_rate <= _FEW_MADE_UP:
        reasons.append(Reason.FEW_MADE_UP)
    if Use.MANY_LANGUAGES in model.good_for:
        reasons.append(Reason.MANY_LANGUAGES)
    if model.active_parameters:
        reasons.append(Reason.PARTLY_USED)
    terms = terms_of(model.licence)
    if terms.allows_commercial and terms.note is Limit.NONE:
        reasons.append(Reason.FREE_LICENCE)
    if is_slow(model.quantization):
        reasons.append(Reason.SLOW_FORMAT)
    return tuple(reasons)


def _has(memory_bytes: int, wanted_gb: float | None) -> bool:
    return wanted_gb is not None and memory_bytes >= wanted_gb * _GB * _REPORTED_SHARE
