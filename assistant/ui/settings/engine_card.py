"""What the person may choose of the engine: threads, context, memory, battery, GPU."""

import threading
from collections.abc import Iterator
from typing import TypeAlias

import psutil
from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from assistant import __version__
from assistant.engine import gpu_part
from assistant.engine.battery import has_battery
from assistant.engine.device_messages import Device
from assistant.engine.devices import gpus
from assistant.settings import Settings
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.settings.cards import Choice, card

_CONTEXTS = (2048, 4096, 8192, 16384, 32768)
_IDLE_MINUTES = (5, 15, 60)
_Found: TypeAlias = tuple[Device, ...]


class EngineCard(QWidget):
    """A card of choices; looks for GPUs when it is first seen.

    Args:
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_looked = False
        self._make_boxes()
        self.battery = QCheckBox(self.tr("Use fewer threads on battery"))
        self.gpu = QCheckBox()
        self.gpu.hide()
        self.gpu_facts = label(self.tr("Looking for a GPU…"), "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card(self.tr("Engine"), self._choices()))
        self._connect()

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        for box, stored in (
            (self.threads, settings.threads),
            (self.context, settings.context_tokens),
            (self.idle, settings.idle_minutes),
        ):
            box.blockSignals(True)
            if box.findData(stored) < 0:
                box.addItem(str(stored), stored)
            box.setCurrentIndex(box.findData(stored))
            box.blockSignals(False)
        for check, is_on in ((self.battery, settings.saves_battery), (self.gpu, settings.uses_gpu)):
            check.blockSignals(True)
            check.setChecked(is_on)
            check.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for GPUs the first time."""
        super().showEvent(event)
        if not self._has_looked:
            self._has_looked = True
            job = Job(_look, self)
            job.succeeded.connect(self.show_gpus)
            job.failed.connect(lambda _: self.show_gpus(()))
            job.start()

    def show_gpus(self, found: _Found) -> None:
        """Show what was found; a choice only where there is one."""
        self.gpu.setVisible(bool(found))
        if found:
            names = ", ".join(one.description or one.name for one in found)
            self.gpu.setText(self.tr("Let the GPU compute"))
            self.gpu_facts.setText(names)
        elif gpu_part.other_release() is not None:
            told = self.tr(
                "The part for GPUs is of another version of Alcove, and is not used. "
                "Unpack that of {version} over it."
            )
            self.gpu_facts.setText(told.format(version=__version__))
        else:
            self.gpu_facts.setText(self.tr("No GPU that this build can use: processor only"))

    def _make_boxes(self) -> None:
        self.threads, self.context, self.idle = QComboBox(), QComboBox(), QComboBox()
        for box in (self.threads, self.context):
            box.addItem(self.tr("Automatic"), 0)
        for count in range(1, (psutil.cpu_count() or 1) + 1):
            self.threads.addItem(str(count), count)
        for tokens in _CONTEXTS:
            text = self.tr("{tokens} tokens").format(tokens=QLocale().toString(tokens))
            self.context.addItem(text, tokens)
        for minutes in _IDLE_MINUTES:
            text = self.tr("After {minutes} minutes without a request").format(minutes=minutes)
            self.idle.addItem(text, minutes)
        self.idle.addItem(self.tr("Never"), 0)

    def _choices(self) -> list[Choice]:
        choices = [
            Choice(
                self.tr("Processor threads"),
                self.threads,
                self.tr("Automatic yields to other programs that need the processor."),
                self.battery if has_battery() else None,
            ),
            Choice(
                self.tr("Context"),
                self.context,
                self.tr("How much text a model keeps in mind; more needs more memory."),
            ),
            Choice(
                self.tr("Free the model's memory"),
                self.idle,
                self.tr("The model comes back by itself when it is needed."),
            ),
            Choice(self.tr("GPU"), self.gpu_facts, below=self.gpu),
        ]
        if not has_battery():
            self.battery.setParent(self)
            self.battery.hide()
        return choices

    def _connect(self) -> None:
        for name, box in (
            ("threads", self.threads),
            ("context_tokens", self.context),
            ("idle_minutes", self.idle),
        ):
            box.currentIndexChanged.connect(
                lambda _, name=name, box=box: self.changed.emit(name, box.currentData())
            )
        self.battery.toggled.connect(lambda is_on: self.changed.emit("saves_battery", is_on))
        self.gpu.toggled.connect(lambda is_on: self.changed.emit("uses_gpu", is_on))


def _look(cancel: threading.Event) -> Iterator[_Found]:
    del cancel
    yield gpus()
