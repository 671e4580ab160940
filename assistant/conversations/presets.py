"""Presets: how a conversation is begun, those that come along and the person's own."""

from dataclasses import dataclass, field
from functools import cache

import msgspec

from assistant.conversations.sampling import checked
from assistant.paths import resource
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.presets import PresetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPreset:
    """A way to begin a conversation.

    Attributes:
        key: "write", "explain", "translate", "code" or "meeting-notes" for those that come along,
            whose name the window translates by it; "own-<id>" for the person's.
        name: what it is called, in English for those that come along.
        id: its row, None for those that come along.
        system_prompt: what the model is told first; "" leaves the usual one.
        model: the model's name; "" for the one in use.
        sampling: see `ChatSettings`.
    """

    key: str
    name: str
    id: int | None = None
    system_prompt: str = ""
    model: str = ""
    sampling: dict[str, float | int] = field(default_factory=dict)


@cache
def built_in() -> tuple[ChatPreset, ...]:
    """Return the presets that come along, in their order."""
    return msgspec.json.decode(
        resource("presets.json").read_bytes(), type=tuple[ChatPreset, ...], strict=True
    )


def all_presets(store: PresetStore) -> tuple[ChatPreset, ...]:
    """Return those that come along and then the person's own, in their order."""
    own = (
        ChatPreset(
            key=f"own-{preset.id}",
            name=preset.name,
            id=preset.id,
            system_prompt=preset.system_prompt,
            model=preset.model,
            sampling=checked(preset.sampling),
        )
        for preset in store.list()
    )
    return (*built_in(), *own)


def find(store: PresetStore, key_or_name: str) -> ChatPreset | None:
    """Return the preset with this key or name, whatever its case; None if there is none.

    One of the person's goes before one that comes along and is called the same.
    """
    wanted = key_or_name.strip().casefold()
    named = [p for p in all_presets(store) if wanted in {p.key.casefold(), p.name.casefold()}]
    return max(named, key=lambda preset: preset.id is not None, default=None)


def applied(preset: ChatPreset, settings: ChatSettings) -> ChatSettings:
    """Return a conversation's settings with a preset's in them.

    They are copied: a preset that is changed later changes no conversation, and what the engine
    has evaluated of one stays of use.
    """
    return msgspec.structs.replace(
        settings,
        preset=preset.name,
        system_prompt=preset.system_prompt or None,
        model=preset.model or settings.model,
        sampling=dict(preset.sampling),
    )
