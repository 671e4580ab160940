"""Where conversations are, as a turn needs it."""

from dataclasses import dataclass, field

from assistant.conversations.counting import TokenCounts
from assistant.conversations.deleting import owner_of
from assistant.storage.conversations import ConversationStore
from assistant.storage.recaps import RecapStore


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a turn reads and writes.

    Attributes:
        conversations, recaps: of one database.
        is_temporary: that database is in memory: what the engine evaluates is not kept either.
        counts: remembers how many tokens messages have.
    """

    conversations: ConversationStore
    recaps: RecapStore
    is_temporary: bool = False
    counts: TokenCounts = field(default_factory=TokenCounts, repr=False, compare=False)

    def owner(self, conversation_id: int) -> str:
        """Return for whom the engine keeps what it evaluates; "" for nobody."""
        return "" if self.is_temporary else owner_of(conversation_id)
