"""How long conversations are kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.conversations.deleting import delete_for_good
from assistant.engine.client import Engine
from assistant.storage.conversations import ConversationStore

_DAYS_30 = timedelta(days=30)


class Kept(StrEnum):
    """How long conversations are kept; the values of `Settings.chats_kept`."""

    FOREVER = "forever"
    DAYS_30 = "30-days"  # since the last change; pinned ones stay
    SESSION = "session"  # until the app is closed, pinned and archived ones too


def due(store: ConversationStore, kept: Kept, now: datetime) -> tuple[int, ...]:
    """Return the conversations whose time is over, archived ones too.

    With `SESSION` those are all: to be asked when the app starts, and once more when it is
    closed, so that they are gone also after a crash.

    Args:
        store: where they are.
        kept: how long the person wants them kept.
        now: an aware time.
    """
    match kept:
        case Kept.FOREVER:
            return ()
        case Kept.DAYS_30:
            old = store.unchanged_since(now - _DAYS_30)
            return tuple(record.id for record in old if not record.is_pinned)
        case Kept.SESSION:
            return tuple(record.id for record in store.unchanged_since(now + timedelta(days=1)))


def apply(store: ConversationStore, engine: Engine, ids: Iterable[int]) -> int:
    """Delete these conversations for good, with what the engine keeps of them; return how many.

    Raises:
        NoSpace, CannotWrite, DamagedData: the rows could not be deleted.
    """
    return delete_for_good(store, engine, ids)
