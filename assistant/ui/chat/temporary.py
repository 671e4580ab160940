"""The chat that is never stored: its database is in memory, and gone when it is closed."""

from assistant.storage.database import Database
from assistant.ui.chat.shelf import Chat, Shelf


class TemporaryChat:
    """At most one at a time."""

    def __init__(self) -> None:
        self.shelf: Shelf | None = None
        self._ended: list[Shelf] = []

    @property
    def is_there(self) -> bool:
        """Whether there is one."""
        return self.shelf is not None

    @property
    def conversation_id(self) -> int | None:
        """The row of what was said in it; None before the first message."""
        records = self.shelf.conversations.list() if self.shelf is not None else []
        return records[0].id if records else None

    @property
    def chat(self) -> Chat | None:
        """The conversation; None before the first message."""
        conversation_id = self.conversation_id
        if self.shelf is None or conversation_id is None:
            return None
        return Chat(self.shelf, conversation_id)

    def begin(self) -> Shelf:
        """Return where it is kept, made now if there was none."""
        if self.shelf is None:
            self.shelf = Shelf.of(Database.in_memory(), is_temporary=True)
        return self.shelf

    def end(self) -> None:
        """Forget it; what still writes into it is waited for by `close`."""
        if self.shelf is not None:
            self._ended.append(self.shelf)
            self.shelf = None

    def release(self, busy: set[Shelf]) -> None:
        """Free those that were forgotten and that nobody writes into any more."""
        for shelf in [shelf for shelf in self._ended if shelf not in busy]:
            self._ended.remove(shelf)
            shelf.database.close()

    def close(self) -> None:
        """Free everything, when all jobs are done."""
        self.end()
        self.release(set())
