"""What the views of installed models work with."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.checkups.card import Size
from assistant.checkups.cards import CardFile
from assistant.engine.client import Engine
from assistant.forecast.speeds import SpeedRecords
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile
from assistant.ui.current_model import CurrentModel
from assistant.ui.summary_model import SummaryModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The parts behind the shelf, a model's details, check-ups and the comparison.

    Attributes:
        current: the model that chats; knows which are installed.
        summaries: the model that summarises.
        folder: where models are.
        settings: which model does what.
        cards: the score cards.
        speeds: what was measured of models here.
        new_engine: makes an engine for a check-up.
        checkup_size: how much a check-up asks.
    """

    current: CurrentModel
    summaries: SummaryModel
    folder: ModelFolder
    settings: SettingsFile
    cards: CardFile
    speeds: SpeedRecords
    new_engine: Callable[[], Engine]
    checkup_size: Size = Size.FULL

    def now(self, model: InstalledModel) -> InstalledModel | None:
        """Return a model as it is known now; None if it is no longer here."""
        return next((one for one in self.current.installed() if one.path == model.path), None)
