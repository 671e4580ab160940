"""The line at the window's foot: the model, what it needs, its speed, and the shield."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from assistant.engine.client import Engine
from assistant.engine.protocol import Fallback
from assistant.engine.status import EngineState, EngineStatus
from assistant.models.hub.connections import ConnectionLog
from assistant.ui import icons, theme
from assistant.ui.current_model import CurrentModel
from assistant.ui.labels import counted, label
from assistant.ui.model_words import called
from assistant.ui.summary_model import SummaryModel
from assistant.wording import CONTEXT, given_up

_POLL_MS = 700
_WORDS_PER_TOKEN = 0.75


class StatusBar(QWidget):
    """Asks the engine and the list of connections how things are, while it can be seen.

    Args:
        engine: the engine whose state is told.
        current_model: the model in use.
        connections: the connections since the start.
        total_memory_bytes: of this computer.
        summary_model: the model that summarises; told of while it is another and is loaded.
        parent: owner.

    Signals:
        models_wanted: the model's name was pressed.
        connections_wanted: the shield was pressed.
    """

    models_wanted = Signal()
    connections_wanted = Signal()

    def __init__(
        self,
        engine: Engine,
        current_model: CurrentModel,
        connections: ConnectionLog,
        total_memory_bytes: int,
        *,
        summary_model: SummaryModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._summary_model = summary_model
        self._engine = engine
        self._current_model = current_model
        self._connections = connections
        self._total_memory_bytes = total_memory_bytes
        theme.set_role(self, "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        icons.put(self._sign, "circle", "text_muted", 12)
        self.model_button = self._link(self.models_wanted)
        self.facts = label("", "muted", wraps=False)
        self.shield = self._link(self.connections_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._sign)
        layout.addWidget(self.model_button)
        layout.addWidget(self.facts, 1)
        layout.addWidget(self.shield)
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self.refresh)
        (summary_model or current_model).changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how things are now."""
        self._show_model(self._engine.status())
        self._show_connections()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask only while it can be seen."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        self._timer.stop()
        super().hideEvent(event)

    def _link(self, pressed: SignalInstance) -> QPushButton:
        button = QPushButton()
        theme.set_role(button, "link")
        button.clicked.connect(pressed)
        return button

    def _show_model(self, status: EngineStatus) -> None:
        model = self._current_model.model
        name = called(model) if model else self.tr("No model")
        state, icon, role = self._state(status.state)
        facts = [state] if model else []
        facts += [self._given_up_in_short(one, status) for one in _fallbacks(status)]
        summaries, summary_bytes = self._summaries()
        used_bytes = status.memory_bytes + summary_bytes
        if used_bytes and self._total_memory_bytes:
            facts.append(
                self.tr("{used} of {total} GB").format(
                    used=f"{used_bytes / 1e9:.1f}",
                    total=f"{self._total_memory_bytes / 1e9:.0f}",
                )
            )
        if status.tokens_per_s:
            speed = status.tokens_per_s * _WORDS_PER_TOKEN
            facts.append(self.tr("{speed} words/s").format(speed=f"{speed:.0f}"))
        facts += [summaries] if summaries else []
        text = "  ·  ".join(["", *facts])
        self._explain(status)
        if (name, text) == (self.model_button.text(), self.facts.text()):
            return  # a style sheet makes even the same text cost a layout
        self.model_button.setText(name)
        self.model_button.setAccessibleName(self.tr("Model: {name}").format(name=name))
        self.facts.setText(text)
        icons.put(self._sign, icon, role, 12)

    def _summaries(self) -> tuple[str, int]:
        """Return what is to be said of a model that only summarises, and the memory it takes."""
        one = self._summary_model
        if one is None:
            return "", 0
        status = one.engines[1].status()
        if status.state in {EngineState.OFF, EngineState.RESTING} or not one.model:
            return "", 0
        name, state = called(one.model), self._state(status.state)[0]
        if not one.is_separate:  # it finishes what it began with the model chosen before
            return "", status.memory_bytes
        text = self.tr("summaries: {name}, {state}").format(name=name, state=state)
        return text, status.memory_bytes

    def _state(self, state: EngineState) -> tuple[str, str, str]:
        """Return an engine's state in words, its icon and the icon's colour."""
        return {
            EngineState.OFF: (self.tr("rests until it is needed"), "circle", "text_muted"),
            EngineState.LOADING: (self.tr("loading"), "clock", "warning"),
            EngineState.READY: (self.tr("ready"), "circle-check", "success"),
            EngineState.WORKING: (self.tr("working"), "gauge", "accent"),
            EngineState.RESTING: (
                self.tr("rests; its memory is free, and it comes back by itself"),
                "circle",
                "text_muted",
            ),
        }[state]

    def _given_up_in_short(self, fallback: Fallback, status: EngineStatus) -> str:
        return {
            Fallback.NO_GPU: self.tr("no GPU"),
            Fallback.FEWER_GPU_LAYERS: self.tr("partly on the GPU"),
            Fallback.PROCESSOR: self.tr("not on the GPU"),
            Fallback.COMPACT_MEMORY: self.tr("8-bit memory"),
            Fallback.SMALLER_CONTEXT: self.tr("context of {tokens} tokens").format(
                tokens=QLocale().toString(status.model.context_tokens if status.model else 0)
            ),
        }[fallback]

    def _explain(self, status: EngineStatus) -> None:
        """Say in a tooltip, and to a screen reader, what was given up to load the model."""
        sentences = [
            part
            for one in (given_up(status.model) if status.model else ())
            for part in one.translated(partial(QCoreApplication.translate, CONTEXT))
        ]
        text = " ".join(filter(None, sentences))
        if text != self.facts.toolTip():
            self.facts.setToolTip(text)
            self.facts.setAccessibleDescription(text)

    def _show_connections(self) -> None:
        current = self._connections.current()
        if current:
            text = self.tr("Connected: {host}").format(host=current[-1].host)
        elif count := self._connections.opened_count:
            text = counted(self.tr("%n connection(s) since start", "", count), count)
        else:
            text = self.tr("No connections since start")
        if text == self.shield.text():
            return
        self.shield.setText(text)
        icons.put(
            self.shield, "globe" if current else "shield", "warning" if current else "accent", 16
        )


def _fallbacks(status: EngineStatus) -> tuple[Fallback, ...]:
    return status.model.fallbacks if status.model else ()
