"""The parts a command works with, made from the app's folders and settings."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant import paths
from assistant.cli.terminal import say_error
from assistant.errors import DamagedData
from assistant.models.connections import ConnectionLog
from assistant.models.installed import InstalledModel, ModelFolder
from assistant.models.sums import ModelSums
from assistant.settings import Settings, SettingsFile


@dataclass(frozen=True)
class Workplace:
    """The folders and settings of this user."""

    folders: paths.Folders

    @cached_property
    def settings(self) -> Settings:
        """The settings; a damaged file is told of once and the defaults hold."""
        file = SettingsFile(self.folders.data / "settings.json")
        try:
            return file.value
        except DamagedData as error:
            say_error(error)
            return file.value

    @cached_property
    def models(self) -> ModelFolder:
        """The installed models."""
        chosen = self.settings.model_folder
        return ModelFolder(Path(chosen) if chosen else self.folders.models)

    @cached_property
    def connections(self) -> ConnectionLog:
        """The connections there have been."""
        return ConnectionLog(self.folders.data / "connections.jsonl")

    @cached_property
    def sums(self) -> ModelSums:
        """The sha256 of models that came without one."""
        return ModelSums(self.folders.cache / "sums.json")

    def model(self, name_or_path: str | None) -> InstalledModel | None:
        """Return the model named on the command line, else the chosen one, else the best one.

        Raises:
            ModelNotFound, ModelError: `name_or_path` names no usable model.
        """
        if name_or_path:
            return self.models.find(name_or_path)
        installed = {model.name: model for model in self.models.list()}
        return installed.get(self.settings.model) or self.models.best()


def workplace() -> Workplace:
    """Return the workplace of this user."""
    return Workplace(paths.folders())
