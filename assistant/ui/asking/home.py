"""Where a chat is kept with its documents: in the database, or in memory for a temporary one."""

from dataclasses import dataclass

from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.summaries.keeping import Keeping


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """The stores of one database.

    Attributes:
        conversations: the chats in it.
        keeping: the documents in it.
    """

    conversations: ConversationStore
    keeping: Keeping

    @classmethod
    def of(cls, database: Database) -> "Home":
        """Return what is kept in `database`."""
        return cls(ConversationStore(database), Keeping.of(database))
