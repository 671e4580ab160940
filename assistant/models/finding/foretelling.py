"""What to expect here of a model that was not downloaded: of the catalog, or found by a search.

The header of its file would say it better (`remote_header`), but that asks the hub.
"""

from assistant.forecast import Forecast, Machine, SpeedRecords, forecast
from assistant.gguf import header_of
from assistant.models.finding.catalog import CatalogModel
from assistant.models.finding.sizes import parameters_in


def foretell_offer(model: CatalogModel, machine: Machine, records: SpeedRecords) -> Forecast:
    """Return what to expect of a model of the catalog, by its sizes.

    Args:
        model: which one.
        machine: this computer.
        records: what was measured on it.
    """
    header = header_of(
        name=model.file,
        architecture=model.architecture or "llama",
        parameters=parameters_in(model.parameters),
        active_parameters=parameters_in(model.active_parameters or ""),
        size_bytes=model.size_bytes or 0,
        quantization=model.quantization,
        context_length=model.context_tokens,
    )
    return forecast(header, machine, records)


def foretell_size(
    parameters: int,
    machine: Machine,
    records: SpeedRecords,
    *,
    active_parameters: int = 0,
    size_bytes: int = 0,
    architecture: str = "llama",
    quantization: str = "Q4_K_M",
    context_tokens: int = 0,
) -> Forecast | None:
    """Return what to expect of a model of which hardly more than its size is known.

    Args:
        parameters: how many; 0 if that is not known, either.
        machine: this computer.
        records: what was measured on it.
        active_parameters: those used for a token; 0 for all.
        size_bytes: of its file; 0 for what so many parameters usually take.
        architecture: "qwen3" …
        quantization: of the file that would be taken.
        context_tokens: what it was trained with; 0 if not known.

    Returns:
        None if there is nothing to go by.
    """
    if parameters <= 0:
        return None
    header = header_of(
        name="",
        architecture=architecture,
        parameters=parameters,
        active_parameters=active_parameters,
        size_bytes=size_bytes,
        quantization=quantization,
        context_length=context_tokens,
    )
    return forecast(header, machine, records)
