"""What the presets that come along are called in the person's language."""

from PySide6.QtCore import QCoreApplication

from assistant.conversations.presets import ChatPreset


def name_of(preset: ChatPreset) -> str:
    """Return the name of a preset; the person's own as they wrote it."""
    return _names().get(preset.key, preset.name)


def use_of(preset: ChatPreset) -> str:
    """Return in a few words what a preset is for; the person's own say it themselves."""
    tr = QCoreApplication.translate
    return {
        "write": tr("presets", "Improve a text, or write one"),
        "explain": tr("presets", "Plain words and an example"),
        "translate": tr("presets", "The translation alone"),
        "code": tr("presets", "Complete code that runs"),
        "meeting-notes": tr("presets", "Minutes from rough notes"),
    }.get(preset.key, "")


def shown_name(name: str, presets: tuple[ChatPreset, ...]) -> str:
    """Return what to call the preset that a chat was begun with."""
    return next((name_of(preset) for preset in presets if preset.name == name), name)


def _names() -> dict[str, str]:
    tr = QCoreApplication.translate
    return {
        "write": tr("presets", "Write"),
        "explain": tr("presets", "Explain"),
        "translate": tr("presets", "Translate"),
        "code": tr("presets", "Code"),
        "meeting-notes": tr("presets", "Meeting notes"),
    }
