"""How the models that are here go with this computer, from their headers; in the background."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.checkups.card import ScoreCard
from assistant.checkups.cards import CardFile
from assistant.engine.threads import usable_cores
from assistant.errors import AssistantError, ModelError
from assistant.forecast import Forecast, Machine, SpeedRecords, forecast
from assistant.gguf import read_header
from assistant.models.keeping.installed import InstalledModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known of each model by its file, and which files are none."""

    forecasts: dict[Path, Forecast] = field(default_factory=dict)
    scores: dict[Path, ScoreCard] = field(default_factory=dict)
    broken: tuple[ModelError, ...] = ()


def survey(
    models: Sequence[InstalledModel],
    *,
    loaded_bytes: int,
    broken: Callable[[], Sequence[ModelError]],
    speeds: SpeedRecords,
    cards: CardFile | None,
    cancel: threading.Event,
) -> Iterator[Survey]:
    """Yield one survey; nothing when cancelled.

    Args:
        models: those that are here.
        loaded_bytes: what the engine holds now, which a change of model gives back.
        broken: returns the files that cannot be used.
        speeds: what was measured here.
        cards: the score cards, if any are kept.
        cancel: stops it.
    """
    machine = Machine.now(usable_cores(), loaded_bytes=loaded_bytes)
    made = Survey()
    for model in models:
        if cancel.is_set():
            return
        try:
            header = read_header(model.path)
        except ModelError:
            continue  # it went away since; the next look tells
        made.forecasts[model.path] = forecast(header, machine, speeds)
        card = _card(model, cards)
        if card is not None:
            made.scores[model.path] = card
    yield Survey(forecasts=made.forecasts, scores=made.scores, broken=tuple(broken()))


def _card(model: InstalledModel, cards: CardFile | None) -> ScoreCard | None:
    try:
        return cards.of(model.path) if cards is not None else None
    except AssistantError:  # the damaged file was moved aside
        return None
