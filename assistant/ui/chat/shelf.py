"""Where conversations are kept: in the database, or in memory for temporary ones."""

from dataclasses import dataclass

from assistant.conversations.turns import Stores
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.recaps import RecapStore
from assistant.ui.asking.home import Home


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """What the chat page reads and writes of one database.

    Attributes:
        database: the database.
        stores: what a turn needs of it.
        drafts: what was begun and not sent.
        home: the same conversations, with the documents attached to them.
    """

    database: Database
    stores: Stores
    drafts: DraftStore
    home: Home

    @classmethod
    def of(cls, database: Database, *, is_temporary: bool = False) -> "Shelf":
        """Return what is kept in `database`; `is_temporary` if that is in memory only."""
        home = Home.of(database)
        stores = Stores(home.conversations, RecapStore(database), is_temporary)
        return cls(database, stores, DraftStore(database), home)

    @property
    def conversations(self) -> ConversationStore:
        """The conversations in it."""
        return self.stores.conversations

    @property
    def is_temporary(self) -> bool:
        """Whether it goes with the window."""
        return self.stores.is_temporary


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation: where it is kept, and its row there."""

    shelf: Shelf
    id: int
