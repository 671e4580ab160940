"""The library as the window has it: documents with their chats, what is removed, what is found."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject

from assistant.conversations import deleting as deleting_chats
from assistant.storage.conversations import ConversationRecord
from assistant.storage.documents import DocumentRecord
from assistant.summaries import deleting as deleting_documents
from assistant.ui.documents.parts import Parts
from assistant.ui.job import Job
from assistant.ui.labels import counted
from assistant.ui.library.looking import LibraryLook, take_in

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that was taken out, and what went with it.

    Attributes:
        document_id, title: which.
        summaries: how many summaries there were of it.
        chats: the conversations that it was attached to: what they say may quote it.
    """

    document_id: int
    title: str
    summaries: int
    chats: tuple[int, ...]

    @property
    def words(self) -> str:
        """Say what was removed."""
        with_it = []
        if self.summaries:
            text = translate("Library", "%n summary(s)", "", self.summaries)
            with_it.append(_plural(text, self.summaries))
        if self.chats:
            text = translate("Library", "%n chat(s)", "", len(self.chats))
            with_it.append(counted(text, len(self.chats)))
        title = " ".join(self.title.split())
        match with_it:
            case [one, other]:
                text = translate("Library", "Removed {title} with {one} and {other}")
                return text.format(title=title, one=one, other=other)
            case [one]:
                return translate("Library", "Removed {title} with {one}").format(
                    title=title, one=one
                )
        return translate("Library", "Removed {title}").format(title=title)


class Library(QObject):
    """All documents ever opened.

    Args:
        parts: where they are kept, and their chats.
        parent: owner.

    Attributes:
        records: the documents as they were read last, the last opened first.
        chats: in how many chats a document is; those in none are left out.
        look: finds documents by the words of their text.
    """

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.records: list[DocumentRecord] = []
        self.chats: dict[int, int] = {}
        self.look = LibraryLook(parts.library, parts.keeping, self)

    def read(self) -> None:
        """Read what there is.

        Raises:
            DamagedData: it cannot be read.
        """
        self.records = self._parts.documents.list()
        self.chats = self._parts.library.chats()

    def record(self, document_id: int) -> DocumentRecord | None:
        """Return one of them."""
        return next((record for record in self.records if record.id == document_id), None)

    def chats_of(self, document_id: int) -> list[ConversationRecord]:
        """Return the chats that a document is or was attached to, the last changed first."""
        return self._parts.conversations.of_document(document_id)

    def take_in(self) -> None:
        """Let the words of all documents be found, in the background."""
        library, keeping = self._parts.library, self._parts.keeping

        def work(cancel: threading.Event) -> Iterator[int]:
            yield take_in(library, keeping, cancel)

        Job(work, self).start()

    def remove(self, document_id: int) -> Removed | None:
        """Take a document out with its chats; `restore` brings them back until `purge`.

        Raises:
            NoSpace, CannotWrite, DamagedData: it could not be removed.
        """
        record = self.record(document_id)
        if record is None:
            return None
        summaries = len(self._parts.summaries.for_document(document_id))
        chats = tuple(chat.id for chat in self.chats_of(document_id))
        self._parts.documents.remove(document_id)
        for chat in chats:
            self._parts.conversations.remove(chat)
        return Removed(document_id, record.title, summaries, chats)

    def restore(self, removed: Removed) -> None:
        """Bring back what `remove` took out.

        Raises:
            NoSpace, CannotWrite, DamagedData: it could not be brought back.
        """
        self._parts.documents.restore(removed.document_id)
        for chat in removed.chats:
            self._parts.conversations.restore(chat)

    def purge(self) -> None:
        """Delete for good what was removed, with what the engines keep of it."""
        documents, chats = self._parts.documents, self._parts.conversations
        engines = self._parts.writer.engines

        def purge(cancel: threading.Event) -> Iterator[int]:
            del cancel
            yield deleting_chats.purge(chats, engines[0])
            yield deleting_documents.purge(documents, *engines)

        Job(purge).start()  # what could not be deleted now is at the next start


def _plural(text: str, count: int) -> str:
    """English without a translation: "1 summary", "2 summaries"."""
    return text.replace("summary(s)", "summary" if count == 1 else "summaries")
