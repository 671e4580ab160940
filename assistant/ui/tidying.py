"""What is put in order: at the start what a crash left and what was removed, daily what is old."""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant import temporary
from assistant.conversations import deleting as deleting_conversations
from assistant.conversations import retention
from assistant.engine.client import Engine
from assistant.errors import AssistantError
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.drafts import DraftStore
from assistant.summaries import deleting as deleting_documents


class Tidying:
    """Knows what this start found, and so what it may delete; made when the app starts.

    Args:
        database: where all of it is kept.
        settings: how long chats are kept.
        engine: that chats are with.
        engines: returns all that keep what they evaluated.
        states: the folder where they do; None if nothing there belongs to this database.
        models: returns the folder of models.
    """

    def __init__(
        self,
        database: Database,
        settings: SettingsFile,
        *,
        engine: Engine,
        engines: Callable[[], Sequence[Engine]],
        states: Path | None,
        models: Callable[[], Path],
    ) -> None:
        self._database = database
        self._conversations = ConversationStore(database)
        self._documents = DocumentStore(database)
        self._settings = settings
        self._engine = engine
        self._engines = engines
        self._states = states
        self._models = models
        self._begun = datetime.now(UTC)

    def run(self, cancel: threading.Event) -> Iterator[Sequence[int]]:
        """End what a crash left half-done, and delete what was removed before it.

        Yields the chats that go because their time is over, before they do.
        """
        temporary.remove_stale()
        for step in (self._conversations.settle, self._purge_chats, self._purge_documents):
            with contextlib.suppress(AssistantError):  # the next start tries again
                step()
        yield from self._let_old_chats_go(before=self._begun)
        del cancel
        with contextlib.suppress(AssistantError):
            self._forget_others()
        self._remove_half_models()

    def run_again(self, spared: Collection[int] = ()) -> Iterator[Sequence[int]]:
        """Delete the chats whose time has come while the app was open; yield them before.

        Chats that are kept for a session wait for its end.

        Args:
            spared: chats that stay for now: the person is looking at them.
        """
        if self._settings.value.chats_kept != retention.Kept.SESSION:
            yield from self._let_old_chats_go(before=datetime.now(UTC), spared=spared)

    def end_session(self, cancel: threading.Event) -> Iterator[Sequence[int]]:
        """Delete the chats that are kept for a session only, as the app ends."""
        del cancel  # they are wanted to be gone
        if self._settings.value.chats_kept == retention.Kept.SESSION:
            yield from self._let_old_chats_go(before=datetime.now(UTC) + timedelta(days=1))

    def _purge_chats(self) -> None:
        """Delete the removed chats; to be done before their documents go."""
        deleting_conversations.purge(self._conversations, self._engine)

    def _purge_documents(self) -> None:
        deleting_documents.purge(self._documents, *self._engines())

    def _forget_others(self) -> None:
        """Delete what the engine kept of chats and documents that are gone."""
        from assistant.engine import states  # noqa: PLC0415 - after the start

        if self._states is not None:
            states.forget_others(self._states, self._owners())

    def _remove_half_models(self) -> None:
        """Delete what was written of a faster model when the app was killed: gigabytes."""
        from assistant.engine import requantizing  # noqa: PLC0415 - after the start

        requantizing.remove_leftovers(self._models())

    def _let_old_chats_go(
        self, *, before: datetime, spared: Collection[int] = ()
    ) -> Iterator[Sequence[int]]:
        """Delete the chats whose time is over for good, as Settings say; yield them before.

        What cannot be deleted now is tried again later.

        Args:
            before: those changed later stay: a chat may begin before the start is tidied up.
            spared: those stay, too.
        """
        kept = self._settings.value.chats_kept
        if kept not in list(retention.Kept):  # edited by hand
            return
        with contextlib.suppress(AssistantError):
            unchanged = {chat.id for chat in self._conversations.unchanged_since(before)}
            due = retention.due(self._conversations, retention.Kept(kept), datetime.now(UTC))
            ids = sorted(unchanged.intersection(due).difference(spared))
            yield ids
            retention.apply(self._conversations, self._engine, ids)
            if kept == retention.Kept.SESSION:
                DraftStore(self._database).put(None, "")

    def _owners(self) -> set[str]:
        """Return whose words the engine may keep."""
        chats = (*self._conversations.list(), *self._conversations.list(archived=True))
        conversations = {deleting_conversations.owner_of(chat.id) for chat in chats}
        documents = {deleting_documents.owner_of(d.id) for d in self._documents.list()}
        return conversations | documents
