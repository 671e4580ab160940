"""What is shown of a conversation: one path through its tree, and what belongs to its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.conversations.recaps import on_path
from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap
from assistant.ui.chat.shelf import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The active path of a conversation.

    Attributes:
        records: its messages, from the first to the last.
        siblings: the variants of each message that has some, itself included.
        recaps: what older messages are summed up to, in the path's order.
    """

    records: Sequence[MessageRecord] = ()
    siblings: Mapping[int, Sequence[int]] = field(default_factory=dict)
    recaps: Sequence[Recap] = ()

    @property
    def active_recaps(self) -> list[Recap]:
        """Those that the model is given."""
        return [recap for recap in self.recaps if not recap.is_off]


def read_path(chat: Chat) -> Path:
    """Return the path that is active now.

    Raises:
        DamagedData, CannotWrite: it cannot be read.
    """
    records = chat.shelf.conversations.messages(chat.id)
    return Path(
        records=records,
        siblings=chat.shelf.conversations.siblings(chat.id),
        recaps=on_path(records, chat.shelf.stores.recaps.of(chat.id)),
    )
