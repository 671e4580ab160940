"""Models worth offering, from `resources/catalog.json`; the hub has the last word on facts."""

import functools
from dataclasses import dataclass

import msgspec

from assistant.paths import resource
from assistant.quantizations import is_slow

# A computer "with 8 GB" reports less: its graphics and firmware keep some of it.
_REPORTED_SHARE = 0.9
_GB = 10**9
_NEEDED = frozenset({"chat", "summaries"})


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

    def suits(self, memory_bytes: int) -> bool:
        """Return whether it is a model for chat and summaries that so much memory holds."""
        return set(self.good_for) >= _NEEDED and _has(memory_bytes, self.recommended_ram_gb)


class _Catalog(msgspec.Struct):
    about: str
    models: tuple[CatalogModel, ...]


@functools.cache
def catalog() -> tuple[CatalogModel, ...]:
    """Return the models of the catalog, the smallest first."""
    read = msgspec.json.decode(resource("catalog.json").read_bytes(), type=_Catalog)
    return tuple(sorted(read.models, key=lambda model: model.recommended_ram_gb or 0))


def recommended(memory_bytes: int) -> CatalogModel:
    """Return the model to offer first on a computer with `memory_bytes` of memory.

    The catalog's default for that much memory; where there is none, the largest that suits, and
    on the smallest computers the smallest model there is. A format that is slow on this
    processor only where there is no other.
    """
    suitable = [model for model in catalog() if set(model.good_for) >= _NEEDED]
    fitting = [model for model in suitable if model.suits(memory_bytes)]
    defaults = [model for model in fitting if _has(memory_bytes, model.default_for_ram_gb)]
    found = defaults or fitting or suitable[:1]
    return ([model for model in found if not is_slow(model.quantization)] or found)[-1]


def _has(memory_bytes: int, wanted_gb: float | None) -> bool:
    return wanted_gb is not None and memory_bytes >= wanted_gb * _GB * _REPORTED_SHARE
