"""Exports conversations: as JSON with nothing lost, or as Markdown to be read."""

import threading
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from assistant import __version__
from assistant.conversations.porting import alcove
from assistant.conversations.porting.chat import FORMAT, VERSION, PortableChat
from assistant.conversations.porting.foreign import written
from assistant.conversations.porting.markdown import file_name, write_markdown
from assistant.conversations.porting.report import ExportReport, PortProgress
from assistant.conversations.porting.writing import WritingStoppedError
from assistant.paths import whole_file
from assistant.storage.conversations import ConversationRecord, ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.drafts import DraftStore
from assistant.storage.folders import FolderStore
from assistant.storage.recaps import RecapStore
from assistant.storage.whole_conversations import WholeConversation


def all_conversations(database: Database) -> list[ConversationRecord]:
    """Return the conversations as the list shows them, then those archived."""
    store = ConversationStore(database)
    return [*store.list(), *store.list(archived=True)]


def portable_chat(database: Database, conversation_id: int) -> PortableChat | None:
    """Return a stored conversation as it travels; None if it is not there."""
    return next(_chats(database, [conversation_id]), None)


def export_json(
    database: Database,
    path: Path,
    conversation_ids: Sequence[int] | None = None,
    *,
    cancel: threading.Event,
) -> Iterator[PortProgress | ExportReport]:
    """Write conversations as docs/chats.md says; the last value is what came of it.

    Args:
        database: where they are.
        path: the file.
        conversation_ids: which; all of them if None.
        cancel: stops it: then the file is not there, or as it was, and no report comes.

    Raises:
        CannotWrite, NoSpace: the file cannot be written.
        DamagedData: the database is damaged.
    """
    ids = _ids(database, conversation_ids)
    count = messages = 0
    try:
        with whole_file(path) as file:
            for count, (chat, piece) in enumerate(_json_pieces(database, ids)):
                if cancel.is_set():
                    raise WritingStoppedError
                file.write(piece)
                messages += len(chat.messages) if chat else 0
                if chat:
                    yield PortProgress(done=count, total=len(ids), conversations=count)
    except WritingStoppedError:
        return
    yield _report(path, count - 1, messages)


def export_markdown(
    database: Database,
    path: Path,
    conversation_ids: Sequence[int] | None = None,
    *,
    cancel: threading.Event,
) -> Iterator[PortProgress | ExportReport]:
    """Write conversations as Markdown: one file, or a ZIP of one file for each.

    The active branch of each is written. Arguments and errors are those of `export_json`; a path
    that ends in .zip becomes a ZIP, any other holds the conversations one below the other.
    """
    ids = _ids(database, conversation_ids)
    count = messages = 0
    try:
        with whole_file(path) as file:
            archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) if _is_zip(path) else None
            names: set[str] = set()
            for chat in _chats(database, ids):
                if cancel.is_set():
                    raise WritingStoppedError
                text = write_markdown(chat).encode("utf-8", "replace")
                if archive:
                    archive.writestr(file_name(chat, names), text)
                else:
                    file.write((b"\n" if count else b"") + text)
                count += 1
                messages += len(chat.messages)
                yield PortProgress(done=count, total=len(ids), conversations=count)
            if archive:
                archive.close()
    except WritingStoppedError:
        return
    yield _report(path, count, messages)


def json_pieces(
    database: Database, conversation_ids: Sequence[int] | None = None
) -> Iterator[bytes]:
    """Yield what `export_json` writes, for a pipe: nothing of it is held for longer."""
    return (piece for _, piece in _json_pieces(database, _ids(database, conversation_ids)))


def markdown_pieces(
    database: Database, conversation_ids: Sequence[int] | None = None
) -> Iterator[str]:
    """Yield conversations as Markdown, one after the other."""
    return (write_markdown(chat) for chat in _chats(database, _ids(database, conversation_ids)))


def _json_pieces(
    database: Database, ids: Sequence[int]
) -> Iterator[tuple[PortableChat | None, bytes]]:
    yield None, _head()
    for number, chat in enumerate(_chats(database, ids)):
        yield chat, (b",\n" if number else b"\n") + msgspec.json.encode(chat)
    yield None, b"\n]}\n"


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _ids(database: Database, conversation_ids: Sequence[int] | None) -> list[int]:
    if conversation_ids is not None:
        return list(conversation_ids)
    return [record.id for record in all_conversations(database)]


def _head() -> bytes:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "app": f"Alcove {__version__}",
        "exported_at": written(datetime.now(UTC)),
    }
    return msgspec.json.encode(head)[:-1] + b',"conversations":['


def _report(path: Path, count: int, messages: int) -> ExportReport:
    size = path.stat().st_size
    return ExportReport(path=path, conversations=count, messages=messages, size_bytes=size)


def _chats(database: Database, ids: Sequence[int]) -> Iterator[PortableChat]:
    """Yield the conversations that are still there, one at a time."""
    store, recaps, drafts = ConversationStore(database), RecapStore(database), DraftStore(database)
    folders = {folder.id: folder.name for folder in FolderStore(database).list()}
    documents = {document.id: document for document in DocumentStore(database).list()}
    for conversation_id in ids:
        record = store.get(conversation_id)
        if record is None:
            continue
        whole = WholeConversation(
            record=record,
            messages=store.all_messages(conversation_id),
            leaf=store.leaf(conversation_id),
            settings=store.settings(conversation_id),
            draft=drafts.get(conversation_id),
            recaps=recaps.of(conversation_id),
        )
        attached = [documents[d] for d in store.attached(conversation_id) if d in documents]
        folder = folders.get(record.folder_id, "") if record.folder_id is not None else ""
        yield alcove.portable(whole, folder=folder, documents=attached)
