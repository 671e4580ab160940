"""Presets: how a conversation is begun, those that come along and the person's own."""

from dataclasses import dataclass, field

from assistant.storage.chat_settings import ChatSettings
from assistant.storage.presets import PresetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPreset:
    """A way to begin a conversation.

    Attributes:
        key: "write", "explain" … for those that come along, whose name the window translates by
            it; "own-<id>" for the person's.
        name: what it is called, in English for those that come along.
        id: its row, None for those that come along.
        system_prompt, model, sampling: see `ChatSettings`.
    """

    key: str
    name: str
    id: int | None = None
    system_prompt: str = ""
    model: str = ""
    sampling: dict[str, float | int] = field(default_factory=dict)


def built_in() -> tuple[ChatPreset, ...]:
    """Return the presets that come along, in their order."""
    return ()


def all_presets(store: PresetStore) -> tuple[ChatPreset, ...]:
    """Return those that come along and then the person's own, in their order."""
    return built_in()


def find(store: PresetStore, key_or_name: str) -> ChatPreset | None:
    """Return the preset with this key or name, whatever its case; None if there is none."""
    wanted = key_or_name.casefold()
    named = (p for p in all_presets(store) if wanted in {p.key.casefold(), p.name.casefold()})
    return next(named, None)


def applied(preset: ChatPreset, settings: ChatSettings) -> ChatSettings:
    """Return a conversation's settings with a preset's in them.

    They are copied: a preset that is changed later changes no conversation.
    """
    return settings
