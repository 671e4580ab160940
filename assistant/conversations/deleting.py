"""Deletes conversations for good: their rows, and what the engine keeps of them."""

from collections.abc import Iterable

from assistant.engine.client import Engine
from assistant.storage.conversations import ConversationStore


def owner_of(conversation_id: int) -> str:
    """Return the name under which the engine keeps what it evaluated of a conversation.

    A temporary chat has none: its database is in memory, and nothing of it may be on the disk.
    """
    return f"conversation-{conversation_id}"


def purge(store: ConversationStore, engine: Engine) -> int:
    """Delete the removed conversations for good and return how many.

    Where a removed document was asked in a conversation that stays, what the engine keeps of that
    one goes, too: it holds the document's words. So this comes before the documents are purged.

    The rows go last: after a crash between the two, the next start does it again.

    Raises:
        NoSpace, CannotWrite, DamagedData: the rows could not be deleted.
    """
    for conversation_id in (*store.removed(), *store.about_removed()):
        engine.forget(owner_of(conversation_id))
    return store.purge()


def delete_for_good(store: ConversationStore, engine: Engine, ids: Iterable[int]) -> int:
    """Delete these conversations for good, removed or not, and return how many.

    Raises:
        NoSpace, CannotWrite, DamagedData: the rows could not be deleted.
    """
    wanted = list(ids)
    for conversation_id in wanted:
        engine.forget(owner_of(conversation_id))
    return store.delete_for_good(wanted) if wanted else 0
