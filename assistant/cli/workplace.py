"""The parts a command works with, made from the app's folders and settings."""

from dataclasses import dataclass
from functools import cached_property

from assistant import paths
from assistant.checkups.cards import CardFile
from assistant.cli.terminal import say_error
from assistant.errors import DamagedData
from assistant.forecast import SpeedRecords
from assistant.models.connections import ConnectionLog
from assistant.models.defaults import Task, model_for
from assistant.models.folders import models_of
from assistant.models.installed import InstalledModel, ModelFolder
from assistant.models.sums import ModelSums
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
        return model_for(task, self.settings, self.models)


def workplace() -> Workplace:
    """Return the workplace of this user."""
    return Workplace(paths.folders())
