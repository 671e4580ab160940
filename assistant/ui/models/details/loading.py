"""How a model is loaded: each choice with what it costs, and what was given up the last time."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from assistant.engine.devices import gpus
from assistant.engine.fitting import need_of
from assistant.engine.protocol import KvType
from assistant.engine.wishes import wished
from assistant.errors import AssistantError
from assistant.forecast import Machine
from assistant.gguf import GgufHeader, read_header
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.options import (
    Choice,
    LoadOptions,
    Setting,
    options_of,
    with_general,
)
from assistant.settings import LoadWishes
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import context_in_words
from assistant.ui.models.section import Section, button_row, quiet
from assistant.ui.models.verdict import writing_words
from assistant.wording import CONTEXT, given_up, size

_NAMES_WIDTH = 150  # px


@dataclass(frozen=True, slots=True)
class _Here:
    """The model's file, this computer, and whether it has a GPU that can be used."""

    header: GgufHeader
    machine: Machine
    has_gpu: bool


class LoadingSection(Section):
    """Four choices with what each costs in memory and speed, kept at once, for the next request on.

    Args:
        model: which one.
        keeping: where the choices are kept.
        parent: owner.
    """

    def __init__(
        self, model: InstalledModel, keeping: Keeping, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("How it is loaded"))
        self._model = model
        self._keeping = keeping
        self._here: _Here | None = None
        self.context, self.keys, self.threads, self.layers = (QComboBox() for _ in range(4))
        self.total = label("")
        self.last_load = label("", "muted")
        self.reset_button = quiet(self.tr("Leave it all to Alcove"))
        self.reset_button.clicked.connect(self._reset)
        self._rows = self._lay_out()
        for name, box in (
            ("context_tokens", self.context),
            ("kv_type", self.keys),
            ("threads", self.threads),
            ("gpu_layers", self.layers),
        ):
            box.activated.connect(
                lambda _, name=name, box=box: self._keep(**{name: box.currentData()})
            )
        self._show_last_load()
        self._job = Job(self._look, self)
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(self.show_error)
        self._job.start()

    def show_model(self, model: InstalledModel) -> None:
        """Show what is chosen for the model now."""
        self._model = model
        self._show_values()
        self._show_last_load()

    # What is known

    def _look(self, cancel: threading.Event) -> Iterator[_Here]:
        header = read_header(self._model.path)
        own = sum(
            engine.status().memory_bytes
            for engine in self._keeping.summaries.engines
            if engine.info is not None and engine.info.path == str(self._model.path)
        )
        has_gpu = self._keeping.settings.value.uses_gpu and bool(gpus())
        if not cancel.is_set():
            yield _Here(header, Machine.now(loaded_bytes=own, uses_gpu=has_gpu), has_gpu)

    def _take(self, here: _Here | None) -> None:
        if here is not None:
            self._here = here
            self._show_values()

    def _options(self, here: _Here, own: LoadWishes) -> LoadOptions:
        wishes = with_general(own, self._keeping.settings.value)
        speeds = self._keeping.speeds
        return options_of(here.header, here.machine, speeds, wishes, has_gpu=here.has_gpu)

    def _show_values(self) -> None:
        here = self._here
        if here is None:
            return
        own = self._model.wishes
        options = self._options(here, own)
        automatic = self._options(here, replace(own, context_tokens=0))
        self._fill_context(options, automatic)
        self._fill_keys(options)
        self._fill_threads(options)
        self._fill_layers(options, here)
        self._show_total(options, here)
        is_own = own.context_tokens or own.kv_type or own.threads or own.gpu_layers is not None
        self.reset_button.setVisible(bool(is_own))

    def _fill_context(self, options: LoadOptions, automatic: LoadOptions) -> None:
        left = automatic.chosen(Setting.CONTEXT_TOKENS)
        text = self.tr("Automatic: {tokens} tokens").format(tokens=_number(_value(left)))
        items: list[tuple[str, object]] = [(text, 0)]
        for choice in options.of(Setting.CONTEXT_TOKENS):
            tokens = _value(choice)
            facts = [
                self.tr("{tokens} tokens").format(tokens=_number(tokens)),
                context_in_words(tokens),
                self._cost(choice),
            ]
            items.append((" · ".join(filter(None, facts)), tokens))
        _fill(self.context, items, self._model.wishes.context_tokens)

    def _fill_keys(self, options: LoadOptions) -> None:
        names = {"f16": self.tr("in 16 bits"), "q8_0": self.tr("in 8 bits")}
        items: list[tuple[str, object]] = [
            # What is usual is no wish: it stays so if the app learns better.
            (f"{names[str(one.value)]} · {self._cost(one)}", "" if one.is_default else one.value)
            for one in options.of(Setting.KV_TYPE)
        ]
        kept = self._model.wishes.kv_type
        _fill(self.keys, items or [(names["f16"], "")], kept if kept == KvType.Q8_0 else "")
        self.keys.setEnabled(len(items) > 1)

    def _fill_threads(self, options: LoadOptions) -> None:
        items: list[tuple[str, object]] = [(self.tr("Automatic: yields to other programs"), 0)]
        for choice in options.of(Setting.THREADS):
            facts = [_number(_value(choice)), writing_words(choice.tokens_per_s)]
            items.append((" · ".join(filter(None, facts)), choice.value))
        _fill(self.threads, items, self._model.wishes.threads)

    def _fill_layers(self, options: LoadOptions, here: _Here) -> None:
        for part in self._rows[self.layers]:
            part.setVisible(here.has_gpu)
        items: list[tuple[str, object]] = [(self.tr("Automatic: as many as it takes"), None)]
        whole = _number(here.header.block_count + 1)
        for choice in reversed(options.of(Setting.GPU_LAYERS)):
            count = _value(choice)
            text = self.tr("{count} of {all}").format(count=_number(count), all=whole)
            if count == -1:
                text = self.tr("All")
            elif not count:
                text = self.tr("None: the processor does it all")
            items.append((text, count))
        _fill(self.layers, items, self._model.wishes.gpu_layers)

    def _show_total(self, options: LoadOptions, here: _Here) -> None:
        wishes = with_general(self._model.wishes, self._keeping.settings.value)
        tokens = _value(options.chosen(Setting.CONTEXT_TOKENS))
        need = need_of(here.header, wished(self._keeping.settings.value, wishes), tokens)
        self.total.setText(
            self.tr(
                "Takes {total}: {weights} for the model, {context} for {tokens} tokens of "
                "context, {rest} to compute with. {free} can be had now."
            ).format(
                total=size(need.total_bytes),
                weights=size(need.weights_bytes),
                context=size(need.kv_bytes),
                tokens=_number(tokens),
                rest=size(need.scores_bytes + need.buffer_bytes),
                free=size(here.machine.free_bytes),
            )
        )

    def _show_last_load(self) -> None:
        """Say what was given up when it was loaded, where an engine has it."""
        sentences: list[str] = []
        for engine in self._keeping.summaries.engines:
            info = engine.info
            if info is None or info.path != str(self._model.path):
                continue
            text = self.tr("Loaded now with {tokens} tokens of context.")
            sentences.append(text.format(tokens=_number(info.context_tokens)))
            for one in given_up(info):
                sentences += one.translated(partial(QCoreApplication.translate, CONTEXT))
        self.last_load.setText(" ".join(filter(None, sentences)))
        self.last_load.setVisible(bool(sentences))

    def _cost(self, choice: Choice) -> str:
        """Return what a choice takes, and how fast a reply is then."""
        memory = size(choice.memory_bytes)
        if not choice.fits:
            return self.tr("{size}, too much now").format(size=memory)
        return " · ".join(filter(None, (memory, writing_words(choice.tokens_per_s))))

    # Changes

    def _keep(self, **changes: Any) -> None:
        try:
            self._model = self._keeping.folder.change(self._model, **changes)
        except AssistantError as error:
            self.show_error(error)
            return
        self.show_error(None)
        self._show_values()
        self._keeping.current.refresh()

    def _reset(self) -> None:
        self.context.setFocus()
        self._keep(context_tokens=0, kv_type="", threads=0, gpu_layers=None, flash_attention=None)

    def _lay_out(self) -> dict[QComboBox, tuple[QWidget, QWidget]]:
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * theme.SPACE)
        grid.setVerticalSpacing(2 * theme.SPACE)
        grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
        grid.setColumnStretch(1, 1)
        rows: dict[QComboBox, tuple[QWidget, QWidget]] = {}
        for place, (name, box) in enumerate(
            (
                (self.tr("Context"), self.context),
                (self.tr("Context is kept"), self.keys),
                (self.tr("Processor threads"), self.threads),
                (self.tr("Layers on the GPU"), self.layers),
            )
        ):
            names = label(name)
            names.setBuddy(box)
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(20)
            grid.addWidget(names, place, 0)
            grid.addWidget(box, place, 1)
            rows[box] = (names, box)
        for part in rows[self.layers]:
            part.hide()
        self.column.addLayout(grid)
        self.column.addWidget(self.total)
        self.column.addWidget(self.last_load)
        self.column.addLayout(button_row(self.reset_button))
        self.reset_button.hide()
        return rows


def _fill(box: QComboBox, items: list[tuple[str, object]], chosen: object) -> None:
    """Offer `items`, texts with their values, and select the chosen one, without telling it."""
    box.blockSignals(True)
    box.clear()
    for text, value in items:
        box.addItem(text, value)
    values = [value for _, value in items]
    box.setCurrentIndex(values.index(chosen) if chosen in values else 0)
    box.blockSignals(False)


def _value(choice: Choice | None) -> int:
    """Return the number that a choice stands for."""
    return choice.value if choice is not None and isinstance(choice.value, int) else 0


def _number(count: int) -> str:
    return QLocale().toString(count)
