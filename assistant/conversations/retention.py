"""How long conversations are kept."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from assistant.engine.client import Engine
from assistant.storage.conversations import ConversationStore


class Kept(StrEnum):
    """How long conversations are kept; the values of `Settings.chats_kept`."""

    FOREVER = "forever"
    DAYS_30 = "30-days"  # since the last change; pinned ones stay
    SESSION = "session"  # until the app is closed, pinned ones too


def due(store: ConversationStore, kept: Kept, now: datetime) -> tuple[int, ...]:
    """Return the conversations whose time is over, at the start of the app."""
    return ()


def apply(store: ConversationStore, engine: Engine, ids: Iterable[int]) -> int:
    """Delete these conversations for good, with what the engine keeps of them; return how many.

    Raises:
        NoSpace, CannotWrite, DamagedData: the rows could not be deleted.
    """
    return 0
