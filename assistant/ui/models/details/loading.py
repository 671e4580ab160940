"""How a model is loaded: each choice with what it costs, and what was given up the last time."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any, TypeAlias

import psutil
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from assistant.engine.devices import gpus
from assistant.engine.protocol import KvType, LoadSettings
from assistant.engine.wishes import wished
from assistant.errors import AssistantError
from assistant.fit import free_memory_bytes
from assistant.gguf import read_header
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.details.load_costs import LoadCosts
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import context_in_words
from assistant.ui.models.section import Section, button_row, quiet
from assistant.wording import CONTEXT, given_up, size

_NAMES_WIDTH = 150  # px
_Found: TypeAlias = tuple[LoadCosts, bool]


class LoadingSection(Section):
    """Four choices; each is kept at once and holds from the next request on.

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
        self._costs: LoadCosts | None = None
        self._has_gpu = False
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

    def _look(self, cancel: threading.Event) -> Iterator[_Found]:
        header = read_header(self._model.path)
        own = sum(
            engine.status().memory_bytes
            for engine in self._keeping.summaries.engines
            if engine.info is not None and engine.info.path == str(self._model.path)
        )
        if not cancel.is_set():
            yield LoadCosts(header, free_memory_bytes() + own), bool(gpus())

    def _take(self, found: _Found | None) -> None:
        if found is not None:
            self._costs, self._has_gpu = found
            self._show_values()

    def _settings(self) -> LoadSettings:
        return wished(self._keeping.settings.value, self._model.wishes)

    def _show_values(self) -> None:
        costs = self._costs
        if costs is None:
            return
        self._fill_context(costs)
        self._fill_keys(costs)
        self._fill_threads()
        self._fill_layers(costs)
        self._show_total(costs)
        own = self._model.wishes
        is_own = own.context_tokens or own.kv_type or own.threads or own.gpu_layers is not None
        self.reset_button.setVisible(bool(is_own))

    def _fill_context(self, costs: LoadCosts) -> None:
        settings = self._settings()
        chosen = self._model.wishes.context_tokens
        general = wished(self._keeping.settings.value).context_tokens
        automatic = costs.context_of(self._with(settings, context_tokens=general))
        text = self.tr("Automatic: {tokens} tokens").format(tokens=_number(automatic))
        items: list[tuple[str, object]] = [(text, 0)]
        for tokens in costs.contexts(chosen):
            need = costs.total_bytes(settings, context_tokens=tokens)
            facts = [
                self.tr("{tokens} tokens").format(tokens=_number(tokens)),
                context_in_words(tokens),
                self._memory(need, costs),
            ]
            items.append((" · ".join(fact for fact in facts if fact), tokens))
        _fill(self.context, items, chosen)

    def _fill_keys(self, costs: LoadCosts) -> None:
        settings = self._settings()
        wide = costs.total_bytes(settings, kv_type=KvType.F16, flash_attention=False)
        items: list[tuple[str, object]] = [
            (self.tr("in 16 bits · {size} in all").format(size=size(wide)), "")
        ]
        if costs.can_be_compact:
            compact = costs.total_bytes(settings, kv_type=KvType.Q8_0)
            text = self.tr("in 8 bits · {size} in all · slower on processors")
            items.append((text.format(size=size(compact)), KvType.Q8_0.value))
        kept = self._model.wishes.kv_type
        _fill(self.keys, items, kept if kept == KvType.Q8_0 else "")
        self.keys.setEnabled(len(items) > 1)

    def _fill_threads(self) -> None:
        items: list[tuple[str, object]] = [(self.tr("Automatic: yields to other programs"), 0)]
        cores = psutil.cpu_count(logical=False) or 1
        for count in range(1, (psutil.cpu_count() or 1) + 1):
            text = _number(count)
            if count > cores:
                text = self.tr("{count} · more than there are cores: rarely faster").format(
                    count=text
                )
            items.append((text, count))
        _fill(self.threads, items, self._model.wishes.threads)

    def _fill_layers(self, costs: LoadCosts) -> None:
        for part in self._rows[self.layers]:
            part.setVisible(self._has_gpu)
        items: list[tuple[str, object]] = [
            (self.tr("Automatic: as many as it takes"), None),
            (self.tr("All"), -1),
        ]
        whole = costs.layers
        for count in sorted({whole // 4, whole // 2, 3 * whole // 4} - {0}, reverse=True):
            text = self.tr("{count} of {all}").format(count=_number(count), all=_number(whole))
            items.append((text, count))
        items.append((self.tr("None: the processor does it all"), 0))
        _fill(self.layers, items, self._model.wishes.gpu_layers)

    def _show_total(self, costs: LoadCosts) -> None:
        settings = self._settings()
        need = costs.need(settings)
        self.total.setText(
            self.tr(
                "Takes {total}: {weights} for the model, {context} for {tokens} tokens of "
                "context, {rest} to compute with. {free} can be had now."
            ).format(
                total=size(need.total_bytes),
                weights=size(need.weights_bytes),
                context=size(need.kv_bytes),
                tokens=_number(costs.wished_context(settings)),
                rest=size(need.scores_bytes + need.buffer_bytes),
                free=size(costs.free_bytes),
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

    def _memory(self, need: int, costs: LoadCosts) -> str:
        if need > costs.free_bytes:
            return self.tr("{size}, too much now").format(size=size(need))
        return size(need)

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

    def _with(self, settings: LoadSettings, **changes: Any) -> LoadSettings:
        import msgspec  # noqa: PLC0415 - beside its one use

        return msgspec.structs.replace(settings, **changes)

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


def _number(count: int) -> str:
    return QLocale().toString(count)
