"""What the palette can open besides commands: chats, documents and models."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.models.keeping.installed import InstalledModel
from assistant.storage import chat_search
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.library import LibraryStore
from assistant.ui.commands import Command
from assistant.ui.model_words import called
from assistant.ui.palette.entry import Entry, Kind
from assistant.ui.palette.words import one_line

_HITS = 40  # messages that are looked at
_SHOWN_HITS = 12  # chats
_BEFORE_WORDS = 24  # characters
_LEFT_OUT = "… "


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where chats and documents are, and what opens one.

    Attributes:
        database: where all of it is kept.
        conversations, documents: the stores of it.
        open_chat, open_document: show the one of an id.
        open_message: shows a message of a chat, by both ids, or a part of it.
    """

    database: Database
    conversations: ConversationStore
    documents: DocumentStore
    open_chat: Callable[[int], object]
    open_document: Callable[[int], object]
    open_message: Callable[[int, int, chat_search.Part], object]

    def gather(self, cancel: threading.Event) -> Iterator[list[Entry]]:
        """Read the titles of all chats and documents, the last ones first."""
        chats = [self._chat(c.id, c.title) for c in self.conversations.list()]
        if cancel.is_set():
            return
        yield [*chats, *(self._document(d.id, d.title) for d in self.documents.list())]

    def search(self, words: str, cancel: threading.Event) -> Iterator[list[Entry]]:
        """Look for `words` in what was said and read, the last first; each chat once."""
        found: dict[int, Entry] = {}
        for hit in chat_search.search(self.database, words, limit=_HITS):
            if hit.conversation_id not in found:
                found[hit.conversation_id] = _with_excerpt(
                    self._chat(hit.conversation_id, hit.title),
                    hit.pieces,
                    partial(self.open_message, hit.conversation_id, hit.message_id, hit.part),
                )
        if cancel.is_set():
            return
        documents = [
            _with_excerpt(self._document(one.document.id, one.document.title), one.pieces)
            for one in LibraryStore(self.database).search(words, limit=_SHOWN_HITS)
        ]
        yield [*list(found.values())[:_SHOWN_HITS], *documents]

    def _chat(self, conversation_id: int, title: str) -> Entry:
        return Entry(
            kind=Kind.CHAT,
            key=str(conversation_id),
            title=one_line(title),
            icon="message-square",
            run=partial(self.open_chat, conversation_id),
        )

    def _document(self, document_id: int, title: str) -> Entry:
        return Entry(
            kind=Kind.DOCUMENT,
            key=str(document_id),
            title=one_line(title),
            icon="file-text",
            run=partial(self.open_document, document_id),
        )


def _near_words(text: str, marked: frozenset[int]) -> tuple[str, frozenset[int]]:
    """Return `text` from a little before the first marked word, for there is room for few words."""
    first = min(marked, default=0)
    if first <= _BEFORE_WORDS:
        return text, marked
    start = text.find(" ", first - _BEFORE_WORDS, first) + 1 or first
    shift = start - len(_LEFT_OUT)
    return _LEFT_OUT + text[start:], frozenset(place - shift for place in marked)


def _with_excerpt(
    entry: Entry, pieces: Sequence[tuple[str, bool]], run: Callable[[], object] | None = None
) -> Entry:
    """Return `entry` with the place of the words beside its title."""
    detail, marked = _near_words(*_excerpt(pieces))
    return replace(entry, detail=detail, marked=marked, run=run or entry.run)


def _excerpt(pieces: Sequence[tuple[str, bool]]) -> tuple[str, frozenset[int]]:
    """Return an excerpt in one line, and which of its characters are the words looked for."""
    text = ""
    marked: set[int] = set()
    for piece, is_match in pieces:
        shown = one_line(piece)
        if piece[:1].isspace() and text and not text.endswith(" "):
            text += " "
        if is_match:
            marked.update(range(len(text), len(text) + len(shown)))
        text += shown + (" " if shown and piece[-1:].isspace() else "")
    return text.strip(), frozenset(marked)


def of_commands(commands: Sequence[Command]) -> list[Entry]:
    """Return the lines of what can be done now."""
    return [
        Entry(
            kind=Kind.PAGE if command.key.startswith("page-") else Kind.COMMAND,
            key=command.key,
            title=command.title,
            icon=command.icon,
            keys=command.keys[0] if command.keys else "",
            words=command.words,
            run=command.run,
        )
        for command in commands
        # What has no picture works by its keys alone, such as the palette's own.
        if command.run is not None and command.icon and command.is_offered()
    ]


def of_models(
    models: Sequence[InstalledModel],
    current: InstalledModel | None,
    *,
    use: Callable[[InstalledModel], object],
    words: Callable[[str], str],
    in_use: str,
) -> list[Entry]:
    """Return the lines of the models that are here.

    Args:
        models: all that are installed.
        current: the one in use.
        use: takes another one.
        words: returns "Use the model {name}" for a name.
        in_use: what stands beside the one in use.
    """
    return [
        Entry(
            kind=Kind.MODEL,
            key=model.name,
            title=one_line(words(called(model))),
            detail=in_use if current is not None and model.name == current.name else "",
            icon="hexagon",
            words=one_line(model.name),
            run=partial(use, model),
        )
        for model in models
    ]
