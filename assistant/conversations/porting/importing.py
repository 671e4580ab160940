"""Imports conversations: each whole or not at all, none twice, and what was left out is told."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.conversations.porting import alcove, reading
from assistant.conversations.porting.chat import PortableChat
from assistant.conversations.porting.report import (
    LISTED_SKIPPED,
    App,
    ImportReport,
    LeftOut,
    PortProgress,
    Skipped,
    SkipReason,
)
from assistant.conversations.titles import title_from
from assistant.errors import PortError, PortFault
from assistant.storage import times
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.folders import FolderStore
from assistant.storage.whole_conversations import begun_at, put_whole

# What stands in place of a picture or a file.
_LEFT_OUT = re.compile(r"^\[(?:picture|file: .*)\]$", re.MULTILINE)
_FAULTS = {
    SkipReason.DAMAGED: PortFault.DAMAGED,
    SkipReason.EMPTY: PortFault.NO_CHATS,
    SkipReason.TOO_LARGE: PortFault.TOO_LARGE,
}


def import_chats(
    database: Database, path: Path, *, cancel: threading.Event
) -> Iterator[PortProgress | ImportReport]:
    """Import the conversations of a file or a folder; the last value is what came of it.

    Conversations that are here already, with every message, are not imported again, so that an
    import that was stopped can be repeated.

    Args:
        database: where they are kept.
        path: a JSON, ZIP or .chat file, or a folder of them.
        cancel: stops between two conversations; those imported stay.

    Raises:
        PortError: nothing could be taken from it, and nothing was imported.
        NoSpace, CannotWrite, DamagedData: the conversation that came next was not stored.
    """
    total = reading.total_bytes(path)
    desk = _Desk(database)
    tally = _Tally(path)
    done = 0
    try:
        for found in reading.read(path):
            if cancel.is_set():
                tally.was_stopped = True
                break
            if isinstance(found, reading.Cut):
                tally.is_cut = True
                continue
            tally.app = tally.app or found.app
            tally.count(found, desk.put(found.taken.chat) if found.taken else None)
            done += found.read_bytes
            yield PortProgress(done=done, total=max(done, total), conversations=len(tally.new))
    except PortError:
        if not tally.new and not tally.skips:
            raise
        tally.is_cut = True
    yield tally.report()


@dataclass
class _Tally:
    """What has come of an import so far."""

    path: Path
    app: App | None = None
    new: list[int] = field(default_factory=list)
    messages: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skips: Counter[SkipReason] = field(default_factory=Counter)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    is_cut: bool = False
    was_stopped: bool = False

    def count(self, found: reading.Found, stored: "_Stored | None") -> None:
        """Count a conversation."""
        if stored is not None and stored.id is not None and found.taken is not None:
            self.new.append(stored.id)
            self.messages += len(found.taken.chat.messages)
            self.left_out += found.taken.left_out
            self.left_out[LeftOut.DOCUMENTS] += stored.missing_documents
            return
        reason = found.reason or SkipReason.ALREADY_HERE
        self.skips[reason] += 1
        if len(self.skipped) < LISTED_SKIPPED:
            title = found.taken.chat.title if found.taken else found.title
            self.skipped.append(
                Skipped(title=title, number=found.number, file=found.file, reason=reason)
            )

    def report(self) -> ImportReport:
        """Return what came of it.

        Raises:
            PortError: every conversation was damaged, or empty, or too large.
        """
        if not self.new and len(self.skips) == 1:
            (reason,) = self.skips
            if reason in _FAULTS:
                raise PortError(self.path, _FAULTS[reason])
        return ImportReport(
            path=self.path,
            app=self.app or App.MESSAGES,
            conversations=tuple(self.new),
            messages=self.messages,
            skipped=tuple(self.skipped),
            skips=dict(self.skips),
            left_out={what: count for what, count in self.left_out.items() if count},
            is_cut=self.is_cut,
            was_stopped=self.was_stopped,
        )


@dataclass(frozen=True, slots=True)
class _Stored:
    """The new conversation's id, None for one that is here already."""

    id: int | None
    missing_documents: int = 0


class _Desk:
    """Stores conversations that are not here yet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = ConversationStore(database)
        self._folders = FolderStore(database)
        self._folder_ids = {folder.name: folder.id for folder in self._folders.list()}
        self._begun = begun_at(database)
        documents = sorted(DocumentStore(database).list(), key=lambda document: document.id)
        self._documents = {document.sha256: document.id for document in documents}

    def put(self, chat: PortableChat) -> _Stored:
        """Store a conversation, unless it is here already."""
        begun = times.to_stored(alcove.time_of(chat.created_at))
        if any(self._has_all(known, chat) for known in self._begun.get(begun, ())):
            return _Stored(None)
        if not chat.title:
            first = next((m.content for m in chat.messages if m.role == "user"), "")
            chat.title = title_from(_LEFT_OUT.sub("", first))
        ids = {
            document.id: self._documents[document.sha256]
            for document in chat.documents
            if document.sha256 in self._documents
        }
        whole = alcove.stored(chat, folder_id=self._folder(chat.folder), ids=ids)
        stored = put_whole(self._database, whole)
        self._begun.setdefault(begun, []).append(stored)
        return _Stored(stored, len(chat.documents) - len(ids))

    def _has_all(self, conversation_id: int, chat: PortableChat) -> bool:
        """Return whether a conversation here has every message of `chat`."""
        here = Counter((m.role, m.content) for m in self._store.all_messages(conversation_id))
        return not Counter((m.role, m.content) for m in chat.messages) - here

    def _folder(self, name: str) -> int | None:
        """Return the folder of that name, made now if it is not there."""
        name = " ".join(name.split())[:100]
        if name and name not in self._folder_ids:
            self._folder_ids[name] = self._folders.create(name)
        return self._folder_ids.get(name)
