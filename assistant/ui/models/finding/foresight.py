"""What to expect of models here: this computer and what was measured on it, for other threads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.fit import memory_need
from assistant.forecast import Forecast, Machine, SpeedRecords, Verdict, forecast
from assistant.gguf import GgufHeader
from assistant.models.finding.catalog import CatalogModel
from assistant.models.finding.foretelling import foretell_offer, foretell_size
from assistant.models.finding.repository import FileGroup, RemoteModel
from assistant.models.finding.search import FoundModel
from assistant.quantizations import is_slow

_LEAST_TOKENS = 1024  # a context below this is of little use


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foretold of a model of the hub.

    Attributes:
        forecast: of the recommended file.
        total_bytes: this computer's memory.
        free_bytes: what is free of it, with what a change of model gives back.
        too_large: the files that its memory does not hold.
        header: of the recommended file; None where it was not to be had.
    """

    forecast: Forecast
    total_bytes: int
    free_bytes: int
    too_large: frozenset[str]
    header: GgufHeader | None = None


@dataclass(frozen=True, slots=True)
class Foresight:
    """Foretells what models will do here.

    Each method first looks at this computer, which takes a moment: not for the window's thread.

    Attributes:
        records: what was measured here.
        loaded_bytes: returns what the engine holds now, which a change of model gives back.
    """

    records: SpeedRecords
    loaded_bytes: Callable[[], int]

    def machine(self) -> Machine:
        """Return this computer as it is now."""
        return Machine.now(loaded_bytes=self.loaded_bytes())

    def of_offers(self, models: Sequence[CatalogModel]) -> dict[str, Forecast]:
        """Return what to expect of models of the catalog, by their ids."""
        machine = self.machine()
        return {model.id: foretell_offer(model, machine, self.records) for model in models}

    def of_found(self, models: Sequence[FoundModel]) -> dict[str, Forecast]:
        """Return what to expect of models that were found, by repository, where anything is."""
        machine = self.machine()
        seen = {
            one.repo: foretell_size(
                one.parameters,
                machine,
                self.records,
                active_parameters=one.active_parameters,
                size_bytes=one.size_bytes,
                architecture=one.architecture or "llama",
                context_tokens=one.context_tokens,
            )
            for one in models
        }
        return {repo: forecast for repo, forecast in seen.items() if forecast is not None}

    def of_header(self, header: GgufHeader, groups: Sequence[FileGroup]) -> Outlook:
        """Return what to expect of a model of the hub.

        Args:
            header: of the first of `groups`.
            groups: its files.
        """
        machine = self.machine()
        total = machine.total_bytes
        return Outlook(
            forecast=forecast(header, machine, self.records),
            total_bytes=total,
            free_bytes=machine.free_bytes,
            too_large=frozenset(
                group.file for group in groups if _least_bytes(header, groups[0], group) > total
            ),
            header=header,
        )

    def of_size(self, model: RemoteModel) -> Outlook | None:
        """Return what to expect of a model of the hub of which no header is to be had.

        Returns:
            None if not even its size is known.
        """
        machine = self.machine()
        first = model.files[0]
        seen = foretell_size(
            model.parameters,
            machine,
            self.records,
            active_parameters=model.active_parameters,
            size_bytes=first.size_bytes,
            architecture=model.architecture or "llama",
            quantization=first.quantization or "Q4_K_M",
            context_tokens=model.context_tokens,
        )
        if seen is None:
            return None
        total = machine.total_bytes
        too_large = frozenset(group.file for group in model.files if group.size_bytes > total)
        return Outlook(seen, total, machine.free_bytes, too_large)


def quickest_choice(
    models: Sequence[CatalogModel], forecasts: Mapping[str, Forecast]
) -> CatalogModel:
    """Return the model to recommend, after its speed here is foretold.

    The first of `models` was chosen by the computer's memory. If it would be slow, or memory
    tight, the largest of those that are as useful and run well takes its place.
    """
    first = models[0]
    if _runs_well(first, forecasts):
        return first
    useful = set(first.good_for) & {"chat", "summaries"}
    others = [
        model
        for model in models
        if set(model.good_for) >= useful
        and _runs_well(model, forecasts)
        and not is_slow(model.quantization)
    ]
    return max(others, key=lambda model: model.size_bytes or 0, default=first)


def _runs_well(model: CatalogModel, forecasts: Mapping[str, Forecast]) -> bool:
    seen = forecasts.get(model.id)
    return seen is not None and seen.verdict is Verdict.WELL


def _least_bytes(header: GgufHeader, first: FileGroup, other: FileGroup) -> int:
    """Return what another file of the model takes with a short context: its weights differ."""
    longer = other.size_bytes - first.size_bytes
    like = replace(header, tensor_bytes=header.tensor_bytes + longer, matrix_bytes=())
    return memory_need(like, _LEAST_TOKENS).total_bytes
