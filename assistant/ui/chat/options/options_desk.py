"""All that the chat page needs for the choices of a chat: buttons, the panel, presets to begin."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from assistant.conversations.presets import ChatPreset
from assistant.engine.client import Engine
from assistant.paths import from_text
from assistant.storage.presets import PresetStore
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.options.options_view import OptionsView
from assistant.ui.chat.options.preset_words import shown_name
from assistant.ui.chat.start_view import StartView
from assistant.ui.chat.tools import OptionsButton, ThinkButton
from assistant.ui.current_model import CurrentModel


class OptionsDesk(QObject):
    """Joins them.

    Args:
        choices: of the open chat.
        presets: the person's own.
        engine: knows whether thinking can be switched in the model that is loaded.
        current_model: which models there are.
        start: offers presets to begin with.
        parent: owner.

    Signals:
        failed (object): an AssistantError; nothing was changed.
    """

    failed = Signal(object)

    def __init__(
        self,
        choices: ChatChoices,
        presets: PresetStore,
        *,
        engine: Engine,
        current_model: CurrentModel,
        start: StartView,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._engine = engine
        self._current_model = current_model
        self._start = start
        self._switches: dict[Path, bool] = {}  # of the models that were loaded
        self.options_button = OptionsButton()
        self.think_button = ThinkButton()
        self.view = OptionsView(choices, presets)
        self.view.hide()
        self.view.closed.connect(self.close)
        self.view.failed.connect(self.failed)
        self.view.work.changed.connect(self._show)
        self.options_button.toggled.connect(self._open)
        self.think_button.chosen.connect(self._take_thinking)
        start.preset_chosen.connect(self._take_preset)
        choices.changed.connect(self._show)
        current_model.changed.connect(self.show_models)
        self.show_models()

    def close(self) -> None:
        """Put the panel away."""
        self.options_button.setChecked(False)
        self.options_button.setFocus()

    def _open(self, is_wanted: bool) -> None:
        self.view.setVisible(is_wanted)
        if is_wanted:
            self.view.preset.box.setFocus()

    def show_models(self) -> None:
        """Show the models that are here now, and what the one in use can do."""
        self.view.show_models(self._current_model.installed())
        self._show()

    def _show(self) -> None:
        value = self._choices.value
        presets = self.view.work.presets
        is_own = bool(value.system_prompt or value.sampling or value.model or value.form)
        self.options_button.show_preset(shown_name(value.preset, presets), is_own=is_own)
        self.think_button.show_state(
            can_think=self._can_switch_thinking(), is_on=value.thinking is not False
        )
        self._start.show_presets(presets, value.preset)

    def _can_switch_thinking(self) -> bool:
        """Whether the chat's model can reason or not, as is wished.

        Of one that was not loaded since the start, the chat tells whether that was chosen for it.
        """
        info = self._engine.info
        if info is not None:
            self._switches[from_text(info.path)] = info.can_switch_thinking
        value = self._choices.value
        model = self._current_model.wanted(value.model)
        known = self._switches.get(model.path) if model is not None else None
        return value.thinking is not None if known is None else known

    def _take_thinking(self, is_wanted: bool) -> None:
        self._choices.change(msgspec.structs.replace(self._choices.value, thinking=is_wanted))

    def _take_preset(self, preset: ChatPreset | None) -> None:
        self.view.work.choose(preset)
