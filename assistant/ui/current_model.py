"""The model in use: one for the whole window."""

import threading
from collections.abc import Callable, Iterator
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from assistant.engine.client import Engine
from assistant.engine.wishes import idle_s, wished
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile
from assistant.summaries.summary import is_experimental
from assistant.ui.job import Job

_Found: TypeAlias = tuple[list[InstalledModel], InstalledModel | None]


class CurrentModel(QObject):
    """Which model is chosen, which are installed; tells the engine.

    Args:
        folder: where models are.
        engine: what will load the chosen one.
        settings: where the choice is kept.
        parent: owner.
        prepare: told in the background which models are here, before `changed` is.

    Signals:
        changed: another model is in use, or the list of installed ones was read.
    """

    changed = Signal()

    def __init__(
        self,
        folder: ModelFolder,
        engine: Engine,
        settings: SettingsFile,
        parent: QObject | None = None,
        *,
        prepare: Callable[[list[InstalledModel]], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._folder = folder
        self._engine = engine
        self._settings = settings
        self._installed: list[InstalledModel] = []
        self._model: InstalledModel | None = None
        self._chosen = ""
        self._job: Job | None = None
        self.is_known = False

    @property
    def model(self) -> InstalledModel | None:
        """The model in use; None while the folder is first read, or if there is none."""
        return self._model

    @property
    def engine(self) -> Engine:
        """The engine that has it, or will load it."""
        return self._engine

    @property
    def is_experimental(self) -> bool:
        """Whether the model is so small that it makes things up when it writes."""
        return self._model is not None and is_experimental(self._model.parameters)

    def installed(self) -> list[InstalledModel]:
        """Return the models that were there at the last `refresh`."""
        return list(self._installed)

    def select(self, model: InstalledModel) -> None:
        """Use `model` from now on.

        Raises:
            CannotWrite, NoSpace: the choice could not be kept; it holds until the window closes.
        """
        self._use(model)
        self._chosen = model.name
        self._settings.change(model=model.name)

    def use_for(self, name: str) -> None:
        """Use the model `name` for a chat that wants it, without making it everyone's choice.

        With "", or a name that is not installed, the model that was chosen is used again.
        """
        wanted = self.wanted(name)
        if wanted is not None and wanted != self._model:
            self._use(wanted)

    def wanted(self, name: str) -> InstalledModel | None:
        """Return the model that `use_for` would use for a chat; None where there is none."""
        by_name = {model.name: model for model in self._installed}
        return by_name.get(name) or by_name.get(self._chosen)

    def reload(self) -> None:
        """Tell the engine anew what the settings ask of it."""
        if self._model:
            self._use(self._model)

    def refresh(self) -> None:
        """Read the folder of models anew, in the background; `changed` follows."""
        if self._job and self._job.is_running:
            self._job.cancel()
        self._job = Job(self._list, self)
        self._job.succeeded.connect(self._take)
        self._job.start()

    def _list(self, cancel: threading.Event) -> Iterator[_Found]:
        models = self._folder.list()
        if self._prepare and not cancel.is_set():
            self._prepare(models)
        yield models, self._folder.best()

    def _take(self, found: _Found) -> None:
        self._installed, best = found
        self.is_known = True
        by_name = {model.name: model for model in self._installed}
        chosen = by_name.get(self._settings.value.model) or best
        self._chosen = chosen.name if chosen is not None else ""
        if chosen is None:
            self._model = None
            self.changed.emit()
        elif chosen != self._model:
            self._use(chosen)
        else:
            self.changed.emit()

    def _use(self, model: InstalledModel) -> None:
        settings = self._settings.value
        self._model = model
        self._engine.idle_s = idle_s(settings)
        self._engine.choose(model.path, wished(settings, model.wishes))
        self.changed.emit()
