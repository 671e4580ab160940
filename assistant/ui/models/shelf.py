"""The models that are here: the one in use, the others, and files that cannot be used."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.errors import AssistantError, ModelError
from assistant.gguf import read_header
from assistant.models.installed import InstalledModel, ModelFolder
from assistant.models.requantized import name_as
from assistant.quantizations import faster_format
from assistant.ui import theme
from assistant.ui.current_model import CurrentModel
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.faster_row import FasterRow
from assistant.ui.models.model_card import ModelCard
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.rows import drop, heading, rows, widgets
from assistant.ui.models.verdict import Fit, Memory, fit_of
from assistant.ui.undo_bar import UndoBar


@dataclass(frozen=True, slots=True)
class _Survey:
    """How the models fit this computer, and which files are none."""

    fits: dict[Path, Fit]
    broken: list[ModelError]


class Shelf(QWidget):
    """Shows models, takes another into use, and removes them.

    Args:
        current_model: which one is in use, and which are here.
        folder: where they are kept.
        undo_bar: where removals can be taken back.
        log: takes what llama.cpp says while a model is made faster.
        parent: owner.

    Signals:
        changed: other models are shown than before.
        failed (Exception): a choice or a removal could not be kept.
    """

    changed = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        current_model: CurrentModel,
        folder: ModelFolder,
        undo_bar: UndoBar,
        log: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._current = current_model
        self._folder = folder
        self._undo_bar = undo_bar
        self._survey = _Survey({}, [])
        self._job: Job | None = None
        self._removed: set[Path] = set()
        self._log = log
        self._faster_row: FasterRow | None = None
        self._in_use, self._others, self._broken = rows(), rows(), rows()
        self._work = rows()
        self._none = label(self.tr("There is no model here yet."), "muted")
        self._others_heading = heading(self.tr("Also on this computer"))
        self._broken_heading = heading(self.tr("Files that cannot be used"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self._none)
        layout.addLayout(self._in_use)
        layout.addLayout(self._work)
        layout.addWidget(self._others_heading)
        layout.addLayout(self._others)
        layout.addWidget(self._broken_heading)
        layout.addLayout(self._broken)
        current_model.changed.connect(self._look)
        self._look()

    def models(self) -> list[InstalledModel]:
        """Return the models that are shown."""
        return [m for m in self._current.installed() if m.path not in self._removed]

    def cards(self) -> list[ModelCard]:
        """Return their cards, that of the model in use first."""
        shown = [*widgets(self._in_use), *widgets(self._others)]
        return [card for card in shown if isinstance(card, ModelCard)]

    def use(self, model: InstalledModel) -> None:
        """Take `model` into use."""
        try:
            self._current.select(model)
        except AssistantError as error:
            self.failed.emit(error)

    def make_faster(self, model: InstalledModel) -> FasterRow:
        """Write a model in a faster format, and let the person choose between the two.

        One at a time: two would slow each other's measurements down.
        """
        self._faster_row = row = FasterRow(model, self._folder, self._log)
        row.use_wanted.connect(lambda made: self._end_faster(use=made))
        row.discard_wanted.connect(lambda made: self._end_faster(remove=made))
        row.dismissed.connect(self._end_faster)
        self._work.addWidget(row)
        self._show()
        row.start()
        return row

    def stop(self) -> None:
        """End what is under way before the window closes."""
        if self._faster_row is not None:
            self._faster_row.stop()

    def _end_faster(
        self, *, use: InstalledModel | None = None, remove: InstalledModel | None = None
    ) -> None:
        """Do as the person chose between a model and its faster form."""
        row, self._faster_row = self._faster_row, None
        if row is None:
            return
        drop(self._work, row)
        if use is not None:
            self.use(use)
        if remove is not None:
            self._delete(remove)
        else:
            self._current.refresh()
        self._show()

    def remove(self, model: InstalledModel) -> None:
        """Take a model off the page now, and off the disk when that can no longer be undone."""
        current = self._current.model
        was_in_use = current is not None and current.path == model.path
        self._removed.add(model.path)
        if was_in_use and self.models():
            self.use(self.models()[0])
        self._show()

        def undo() -> None:
            self._removed.discard(model.path)
            if was_in_use:
                self.use(model)
            self._show()

        text = self.tr("Removed {name}").format(name=name_of(model))
        self._undo_bar.offer(text, undo, lambda: self._delete(model))

    def _delete(self, model: InstalledModel) -> None:
        try:
            self._folder.remove(model)
        except AssistantError as error:
            self.failed.emit(error)
        self._removed.discard(model.path)
        self._current.refresh()

    def _look(self) -> None:
        """Show what is known, and read the headers in the background."""
        self._show()
        if self._job is not None:
            self._job.cancel()
        models, current = self._current.installed(), self._current.model
        self._job = Job(lambda cancel: self._read(models, current, cancel), self)
        self._job.succeeded.connect(self._take)
        self._job.start()

    def _read(
        self,
        models: list[InstalledModel],
        current: InstalledModel | None,
        cancel: threading.Event,
    ) -> Iterator[_Survey]:
        memory = Memory.now()
        loaded = current.size_bytes if current else 0
        fits = {}
        for model in models:
            if cancel.is_set():
                return
            try:
                fits[model.path] = fit_of(read_header(model.path), memory, loaded)
            except ModelError:
                continue  # it went away since; the next look tells
        yield _Survey(fits, self._folder.broken())

    def _take(self, survey: _Survey | None) -> None:
        if survey is not None:
            self._survey = survey
            self._show()

    def _show(self) -> None:
        for column in (self._in_use, self._others, self._broken):
            for widget in widgets(column):
                drop(column, widget)
        current = self._current.model
        models = self.models()
        names = {model.name for model in models}
        for model in models:
            is_in_use = current is not None and model.path == current.path
            card = ModelCard(
                model,
                self._survey.fits.get(model.path),
                is_in_use=is_in_use,
                can_be_faster=self._faster_row is None and _faster_name(model) not in names,
            )
            card.faster_wanted.connect(lambda model=model: self.make_faster(model))
            card.use_wanted.connect(lambda model=model: self.use(model))
            card.remove_wanted.connect(lambda model=model: self.remove(model))
            (self._in_use if is_in_use else self._others).addWidget(card)
        for error in self._survey.broken:
            self._broken.addWidget(ErrorView(error))
        self._others_heading.setVisible(bool(self._others.count()))
        self._broken_heading.setVisible(bool(self._survey.broken))
        self._none.setVisible(self._current.is_known and not models)
        self.changed.emit()


def _faster_name(model: InstalledModel) -> str:
    """Return the name that `model` would have in a faster format."""
    return name_as(model, faster_format(model.quantization))
