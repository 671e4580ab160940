"""A model that is being made faster: how far that is, what it gained and cost, and the choice."""

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant import wording
from assistant.engine.requantizing import (
    Requantized,
    RequantizeProgress,
    Stage,
    make_faster,
)
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.requantized import note_origin, place_for
from assistant.quantizations import faster_format
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.model_facts import name_of

_PARTS = 1000


class FasterRow(QFrame):
    """Writes a model in a faster format, and lets the person choose between the two.

    Args:
        model: the original, which stays as it is.
        folder: where models are kept.
        log: takes what llama.cpp says.
        parent: owner.

    Signals:
        use_wanted (object): the person chose the new model.
        discard_wanted (object): the person keeps the original, and not this new model.
        dismissed: the row is to be taken away.
    """

    use_wanted = Signal(object)
    discard_wanted = Signal(object)
    dismissed = Signal()

    def __init__(
        self,
        model: InstalledModel,
        folder: ModelFolder,
        log: Path | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.made: InstalledModel | None = None
        self.error_view: ErrorView | None = None
        self._format = faster_format(model.quantization)
        theme.set_role(self, "card")
        self.title = label(self.tr("Making {name} faster").format(name=name_of(model)), "subject")
        self.words = label(self._stage_in_words(Stage.MEASURING), "muted")
        self.cost = label()
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.title.text())
        self.stop_button = QPushButton(self.tr("Stop"))
        self.use_button = QPushButton(self.tr("Use it"))
        self.keep_button = QPushButton(self.tr("Keep the original"))
        theme.set_role(self.use_button, "primary")
        self._lay_out()
        self._job = self._make_job(folder, log)

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it; nothing is left behind."""
        self._job.cancel()

    def _make_job(self, folder: ModelFolder, log: Path | None) -> Job:
        model, wanted = self.model, self._format

        def work(
            cancel: threading.Event,
        ) -> Iterator[RequantizeProgress | Requantized | InstalledModel]:
            target = place_for(model, wanted, folder.folder)
            for event in make_faster(model.path, target, wanted, cancel=cancel, log=log):
                yield event
                if isinstance(event, Requantized):
                    note_origin(model, event.path)
                    yield folder.find(str(event.path))

        job = Job(work, self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.cancelled.connect(self._end_stopped)
        job.succeeded.connect(self._succeed)
        self.stop_button.clicked.connect(job.cancel)
        self.use_button.clicked.connect(lambda: self.use_wanted.emit(self.made))
        self.keep_button.clicked.connect(lambda: self.discard_wanted.emit(self.made))
        return job

    def _stage_in_words(self, stage: Stage) -> str:
        words = {
            Stage.MEASURING: self.tr("Measuring how fast it is now…"),
            Stage.WRITING: self.tr("Writing it as {format}…").format(format=self._format),
            Stage.CHECKING: self.tr("Measuring the new file, and comparing what both expect…"),
        }
        return words[stage]

    def _take(self, event: RequantizeProgress | Requantized | InstalledModel) -> None:
        if isinstance(event, RequantizeProgress):
            self.bar.setValue(round(_PARTS * event.fraction))
            self.words.setText(self._stage_in_words(event.stage))
        elif isinstance(event, InstalledModel):
            self.made = event
        else:
            told = wording.faster(event)
            gained, cost = told.translated(
                lambda text: QCoreApplication.translate(wording.CONTEXT, text)
            )
            self.words.setText(gained)
            self.cost.setText(cost)

    def _succeed(self, _: object) -> None:
        self.title.setText(
            self.tr("{name} is faster in another format").format(name=name_of(self.model))
        )
        theme.set_role(self.words, "")
        self._show_only(self.title, self.words, self.cost, self.use_button, self.keep_button)
        self.use_button.setFocus()

    def _end_stopped(self) -> None:
        """Take the row away; if it was ready by then, that counts as not wanted."""
        if self.made is not None:
            self.discard_wanted.emit(self.made)
        self.dismissed.emit()

    def _fail(self, error: Exception) -> None:
        self._show_only()
        put_away = (self.tr("Put away"), self.dismissed.emit)
        self.error_view = ErrorView(error, [put_away])
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.error_view)
        layout.setContentsMargins(0, 0, 0, 0)
        theme.set_role(self, "")

    def _show_only(self, *shown: QWidget) -> None:
        for part in (self.title, self.words, self.cost, self.bar):
            part.setVisible(part in shown)
        for button in (self.stop_button, self.use_button, self.keep_button):
            button.setVisible(button in shown)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.stop_button)
        choice = QHBoxLayout()
        choice.setSpacing(2 * theme.SPACE)
        choice.addWidget(self.use_button)
        choice.addWidget(self.keep_button)
        choice.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        for part in (self.words, self.cost, self.bar):
            layout.addWidget(part)
        layout.addLayout(choice)
        self._show_only(self.title, self.words, self.bar, self.stop_button)
