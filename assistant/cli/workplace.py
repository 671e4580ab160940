"""The parts a command works with, made from the app's folders and settings."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant import paths
from assistant.checkups.advising import may_summarise, summariser
from assistant.checkups.card import ScoreCard
from assistant.checkups.cards import CardFile
from assistant.cli.terminal import say_error
from assistant.errors import DamagedData
from assistant.forecast import SpeedRecords
from assistant.models.hub.access import hub_of
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.tokens import TokenStore
from assistant.models.keeping.defaults import Task, chosen_name, model_for
from assistant.models.keeping.folders import models_of
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.sums import ModelSums
from assistant.settings import Settings, SettingsFile


@dataclass(frozen=True)
class Workplace:
    """The folders and settings of this user."""

    folders: paths.Folders

    @cached_property
    def settings_file(self) -> SettingsFile:
        """Where the settings are kept."""
        return SettingsFile(self.folders.data / "settings.json")

    @cached_property
    def settings(self) -> Settings:
        """The settings; a damaged file is told of once and the defaults hold."""
        try:
            return self.settings_file.value
        except DamagedData as error:
            say_error(error)
            return self.settings_file.value

    @cached_property
    def models(self) -> ModelFolder:
        """The installed models."""
        return models_of(self.settings, self.folders)

    @cached_property
    def connections(self) -> ConnectionLog:
        """The connections there have been."""
        return ConnectionLog(self.folders.data / "connections.jsonl")

    def hub(self, endpoint: str = "", *, recorded: str = "") -> Hub:
        """Return the hub at an address that the command, or a record, names; see `hub_of`."""
        return hub_of(self.settings, self.connections, TokenStore(), endpoint, recorded=recorded)

    @cached_property
    def speeds(self) -> SpeedRecords:
        """How fast models were here."""
        return SpeedRecords(self.folders.data / "speeds.json")

    @cached_property
    def sums(self) -> ModelSums:
        """The sha256 of models that came without one."""
        return ModelSums(self.folders.cache / "sums.json")

    @cached_property
    def cards(self) -> CardFile:
        """The score cards of models that were checked up."""
        return CardFile(self.folders.data / "checkups.json")

    def model(self, name_or_path: str | None, task: Task = Task.CHAT) -> InstalledModel | None:
        """Return the model named on the command line, else the one that does `task`.

        Raises:
            ModelNotFound, ModelError: `name_or_path` names no usable model.
        """
        if name_or_path:
            return self.models.find(name_or_path)
        model = model_for(task, self.settings, self.models)
        if task is Task.SUMMARIES and not chosen_name(task, self.settings):
            return summariser(self.models.list(), model, self.card_of)
        return model

    def card_of(self, model: Path) -> ScoreCard | None:
        """Return a model file's score card; a damaged file of cards is told of once."""
        try:
            return self.cards.of(model)
        except DamagedData as error:  # it was moved aside: there are no cards now
            say_error(error)
            return None

    def may_summarise(self, model: InstalledModel) -> bool | None:
        """Return what a model's check-up says of its summaries; None if it had none."""
        return may_summarise(self.card_of(model.path))


def workplace() -> Workplace:
    """Return the workplace of this user."""
    return Workplace(paths.folders())
