"""What the terminal foretells of models that are not here yet: do they fit, how fast are they."""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.errors import AssistantError
from assistant.forecast import Forecast, Machine, SpeedRecords, Verdict, forecast
from assistant.models.finding.catalog import CatalogModel
from assistant.models.finding.foretelling import foretell_offer, foretell_size
from assistant.models.finding.remote_header import remote_header
from assistant.models.finding.repository import RemoteModel
from assistant.models.finding.search import FoundModel
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import StoppedError
from assistant.wording import size

_WORDS = {
    Verdict.WELL: "runs well here",
    Verdict.TIGHT: "runs, but memory is tight",
    Verdict.SLOW: "runs slowly here",
    Verdict.TOO_LARGE: "too large for this computer",
}


@dataclass(frozen=True)
class Outlook:
    """Foretells by what was measured on this computer.

    Attributes:
        records: what was measured.
    """

    records: SpeedRecords

    @cached_property
    def machine(self) -> Machine:
        """This computer; looking at it takes a moment."""
        return Machine.now()

    def of_offer(self, model: CatalogModel) -> Forecast:
        """Return what to expect of a model of the catalog."""
        return foretell_offer(model, self.machine, self.records)

    def runs_well(self, model: CatalogModel) -> bool:
        """Return whether a model of the catalog is neither slow nor too large here."""
        return self.of_offer(model).verdict in {Verdict.WELL, Verdict.TIGHT}

    def of_found(self, model: FoundModel) -> Forecast | None:
        """Return what to expect of a model that was found; None if not even its size is known."""
        return foretell_size(
            model.parameters,
            self.machine,
            self.records,
            active_parameters=model.active_parameters,
            size_bytes=model.size_bytes,
            architecture=model.architecture or "llama",
            context_tokens=model.context_tokens,
        )

    def of_page(self, hub: Hub, model: RemoteModel, cancel: threading.Event) -> Forecast | None:
        """Return what to expect of a model's first file: by its header, which is asked for.

        Where the hub does not give that, such as of gated models, by its size; None if that is
        not known, or it was stopped.
        """
        if not model.files:
            return None
        first = model.files[0]
        try:
            header = remote_header(hub, first.files[0], whole_bytes=first.size_bytes, cancel=cancel)
            return forecast(header, self.machine, self.records)
        except StoppedError:
            return None
        except AssistantError:
            return foretell_size(
                model.parameters,
                self.machine,
                self.records,
                active_parameters=model.active_parameters,
                size_bytes=first.size_bytes,
                architecture=model.architecture or "llama",
                quantization=first.quantization or "Q4_K_M",
                context_tokens=model.context_tokens,
            )


def verdict(seen: Forecast | None) -> str:
    """Return a forecast in a few words; "" for none."""
    return _WORDS[seen.verdict] if seen else ""


def lines(seen: Forecast | None) -> list[str]:
    """Return a forecast in sentences."""
    if seen is None:
        return []
    words = _WORDS[seen.verdict]
    told = [f"{words[0].upper()}{words[1:]}."]
    told.append(f"Takes {size(seen.need.total_bytes)} of memory.")
    if seen.verdict is Verdict.TOO_LARGE:
        return told
    if not seen.context_tokens:
        told[0] = f"{told[0][:-1]}: close other programs to use it."
    grounds = "measured here" if seen.is_measured else "estimated"
    told.append(
        f"Writes about {seen.tokens_per_s:.0f} tokens/s; a Quick summary of 50 pages takes about "
        f"{seen.pages50_s:.0f} s ({grounds})."
    )
    return told


def facts(seen: Forecast | None) -> dict[str, Any] | None:
    """Return a forecast as JSON says it; docs/cli.md documents it."""
    if seen is None:
        return None
    return {
        "verdict": str(seen.verdict),
        "needed_bytes": seen.need.total_bytes,
        "context_tokens": seen.context_tokens,
        "prompt_tokens_per_s": round(seen.prompt_tokens_per_s, 2),
        "tokens_per_s": round(seen.tokens_per_s, 2),
        "quick_20_pages_s": round(seen.quick_s, 1),
        "quick_50_pages_s": round(seen.pages50_s, 1),
        "is_measured": seen.is_measured,
        "is_estimated": seen.is_estimated,
    }
