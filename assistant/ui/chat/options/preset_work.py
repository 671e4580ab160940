"""Does to presets what the person wants, and puts a chosen one into the open chat."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from assistant.conversations.presets import ChatPreset, all_presets, applied
from assistant.errors import AssistantError
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.presets import Preset, PresetStore
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.options.preset_row import PresetRow

T = TypeVar("T")


class PresetWork(QObject):
    """Joins the row of presets with the store and with what is chosen for the chat.

    Args:
        row: the row.
        choices: of the open chat.
        store: the person's own presets.
        parent: owner.

    Signals:
        changed: there are other presets.
        failed (object): an AssistantError; nothing was changed.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        row: PresetRow,
        choices: ChatChoices,
        store: PresetStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._row = row
        self._choices = choices
        self._store = store
        self.presets: tuple[ChatPreset, ...] = ()
        row.chosen.connect(self.choose)
        row.save_wanted.connect(self._save)
        row.update_wanted.connect(self._update)
        row.remove_wanted.connect(self._remove)
        choices.changed.connect(self.show)
        self._read()

    def choose(self, preset: ChatPreset | None) -> None:
        """Begin the chat with a preset, or with none."""
        value = self._choices.value
        if preset is None:
            fresh = msgspec.structs.replace(
                value, preset="", system_prompt=None, model="", sampling={}
            )
            self._choices.change(fresh)
        else:
            self._choices.change(applied(preset, value))

    def show(self) -> None:
        """Show which preset the chat was begun with."""
        value = self._choices.value
        is_changed = self._is_changed(value)
        has_own = bool(value.system_prompt or value.sampling or value.model)
        self._row.show_presets(
            self.presets,
            value.preset,
            is_changed=is_changed,
            can_keep=has_own and (is_changed or not value.preset),
        )

    def _is_changed(self, value: ChatSettings) -> bool:
        preset = next((p for p in self.presets if p.name == value.preset), None)
        return preset is not None and applied(preset, value) != value

    def _read(self) -> None:
        found = self._guarded(lambda: all_presets(self._store))
        if found is not None:
            self.presets = found
        self.show()
        self.changed.emit()

    def _save(self, name: str) -> None:
        value = self._choices.value
        preset = Preset(
            name=name,
            system_prompt=value.system_prompt or "",
            model=value.model,
            sampling=dict(value.sampling),
        )
        if self._guarded(lambda: self._store.save(preset)) is not None:
            self._choices.change(msgspec.structs.replace(value, preset=name))
            self._read()

    def _update(self, preset: ChatPreset | None) -> None:
        kept = self._own(preset)
        if kept is not None:
            value = self._choices.value
            changed = replace(
                kept,
                system_prompt=value.system_prompt or "",
                model=value.model,
                sampling=dict(value.sampling),
            )
            self._guarded(lambda: self._store.save(changed))
            self._read()

    def _remove(self, preset: ChatPreset | None) -> None:
        kept = self._own(preset)
        if kept is None:
            return
        self._guarded(lambda: self._store.remove(kept.id))
        self._read()
        self._row.undo_bar.offer(
            self.tr("Removed “{name}”").format(name=kept.name), lambda: self._put_back(kept)
        )

    def _put_back(self, preset: Preset) -> None:
        self._guarded(lambda: self._store.save(replace(preset, id=0)))
        self._read()

    def _own(self, preset: ChatPreset | None) -> Preset | None:
        kept = self._guarded(self._store.list) or []
        return next((p for p in kept if preset is not None and p.id == preset.id), None)

    def _guarded(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except AssistantError as error:
            self.failed.emit(error)
            return None
