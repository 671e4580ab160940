"""What to expect of models here: this computer and what was measured on it, for other threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import psutil

from assistant.fit import memory_need
from assistant.forecast import Forecast, Machine, SpeedRecords, forecast
from assistant.gguf import GgufHeader
from assistant.models.catalog import CatalogModel
from assistant.models.foretelling import foretell_offer, foretell_size
from assistant.models.repository import FileGroup
from assistant.models.search import FoundModel

_LEAST_TOKENS = 1024  # a context below this is of little use


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foretold of a model of the hub.

    Attributes:
        forecast: of the recommended file.
        total_bytes: this computer's memory.
        too_large: the files that its memory does not hold.
    """

    forecast: Forecast
    total_bytes: int
    too_large: frozenset[str]


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
        cores = psutil.cpu_count(logical=False) or 1
        return Machine.now(cores, loaded_bytes=self.loaded_bytes())

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
        too_large = (g.file for g in groups if _least_bytes(header, groups[0], g) > total)
        return Outlook(forecast(header, machine, self.records), total, frozenset(too_large))


def _least_bytes(header: GgufHeader, first: FileGroup, other: FileGroup) -> int:
    """Return what another file of the model takes with a short context: its weights differ."""
    longer = other.size_bytes - first.size_bytes
    like = replace(header, tensor_bytes=header.tensor_bytes + longer, matrix_bytes=())
    return memory_need(like, _LEAST_TOKENS).total_bytes
