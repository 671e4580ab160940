"""What the window can do, said once: the palette, the shortcut sheet and the keys come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication


class Section(StrEnum):
    """Where a command belongs on the shortcut sheet."""

    EVERYWHERE = "everywhere"
    CHAT = "chat"
    WRITING = "writing"
    LISTS = "lists"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something the person can do with the keyboard.

    Attributes:
        key: what it is known by.
        title: what it does, as the palette and the sheet say it.
        section: where the sheet lists it.
        run: does it; None for what a page does itself with these keys.
        keys: its shortcuts, the first one is shown; as `QKeySequence` reads them.
        icon: its picture in the palette.
        words: by what else the palette finds it.
        own_page: the page that has these keys itself, so that the window must leave them to it.
        is_offered: whether it can be done now.
    """

    key: str
    title: str
    section: Section = Section.EVERYWHERE
    run: Callable[[], object] | None = None
    keys: tuple[str, ...] = ()
    icon: str = ""
    words: str = ""
    own_page: str = ""
    is_offered: Callable[[], bool] = lambda: True


def keys_of_pages() -> list[Command]:
    """Return what pages, lists and fields do with keys of their own, for the sheet."""
    words = QCoreApplication.translate
    rows = (
        (Section.CHAT, "last", words("keys", "Edit your last message"), "Up"),
        (Section.CHAT, "stop", words("keys", "Stop the reply"), "Esc"),
        (Section.WRITING, "send", words("keys", "Send"), "Return"),
        (Section.WRITING, "break", words("keys", "Begin a new line"), "Shift+Return"),
        (Section.LISTS, "open", words("keys", "Open"), "Return"),
        (Section.LISTS, "rename", words("keys", "Rename a chat"), "F2"),
        (Section.LISTS, "delete", words("keys", "Delete, with Undo"), "Del"),
        (Section.LISTS, "back", words("keys", "Back to the models"), "Alt+Left"),
        (Section.DOCUMENTS, "zoom-in", words("keys", "Larger page"), "Ctrl++"),
        (Section.DOCUMENTS, "zoom-out", words("keys", "Smaller page"), "Ctrl+-"),
    )
    return [
        Command(key=key, title=title, section=section, keys=(keys,))
        for section, key, title, keys in rows
    ]
