"""Keeps a temporary conversation: it is put into the database as it stands."""

from assistant.conversations.turns import Stores
from assistant.storage.database import Database
from assistant.storage.whole_conversations import WholeConversation, put_whole


def keep(temporary: Stores, conversation_id: int, database: Database) -> int | None:
    """Put a conversation with all its branches into `database`.

    Documents attached to it are not: they are rows of the other database.

    Args:
        temporary: where it is now; it stays there.
        conversation_id: which one.
        database: where it is kept from now on.

    Returns:
        its id there; None if there is no such conversation.

    Raises:
        NoSpace, CannotWrite, DamagedData: nothing of it was kept.
    """
    store = temporary.conversations
    record = store.get(conversation_id)
    if record is None:
        return None
    whole = WholeConversation(
        record=record,
        messages=store.all_messages(conversation_id),
        leaf=store.leaf(conversation_id),
        settings=store.settings(conversation_id),
        recaps=temporary.recaps.of(conversation_id),
    )
    return put_whole(database, whole)
