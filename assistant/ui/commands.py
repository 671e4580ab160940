"""What the window can do, said once: the palette, the shortcut sheet and the keys come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


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
