"""All that the chat page needs to ask documents, in one place: it puts the parts on the page."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.conversations.asking.attached import Attached
from assistant.documents.document import Document
from assistant.ui.asking.attach_button import AttachButton
from assistant.ui.asking.attached_file import AttachedFile
from assistant.ui.asking.attachments import Attachments
from assistant.ui.asking.document_chooser import DocumentChooser
from assistant.ui.asking.home import Home
from assistant.ui.asking.pages_beside import PagesBeside
from assistant.ui.asking.place import Place
from assistant.ui.asking.strip import AttachmentStrip
from assistant.ui.asking.wanted_view import WantedView
from assistant.ui.documents.list_model import Row
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.rows import rows


class AskingDesk(QObject):
    """The documents of the open chat, and the widgets for them.

    What the chat page does with it:

    - puts `attach_button` into the composer, `strip` above the composer, and wraps all it shows
      in `beside(content)`;
    - calls `open(conversation_id)` whenever another chat is shown (None: the one that has not
      begun; with `home` for a temporary one), and `begin(conversation_id)` when the first message
      gave it its row;
    - sends nothing while `is_reading`; `changed` tells when that is another;
    - gives `attached()` to the turn (`assistant.ui.asking.turn.take_turn`);
    - shows `wanted_view()` where the reply would stand for `DocumentWanted`, removes it when
      something is sent, answers the question for its `document_attached`, and replies with
      `answers_anyway` for its `reply_wanted`;
    - puts an `EvidenceView(reply.content)` below each reply's text, and connects its
      `place_wanted` with `show_place`;
    - hands files dropped onto the page to `attach`, and calls `close` before the window closes.

    Args:
        parts: what reads documents and keeps them.
        home: where chats are kept that are not temporary.
        parent: owner.

    Signals:
        changed: other documents, or one is further; `is_reading` may be another.
        failed (Exception): something could not be stored.
        document_wanted (int): a document is to be opened in Documents.
    """

    changed = Signal()
    failed = Signal(Exception)
    document_wanted = Signal(int)

    def __init__(self, parts: Parts, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._beside: PagesBeside | None = None
        self._chooser: DocumentChooser | None = None
        self.attachments = Attachments(parts, home, self)
        self.strip = AttachmentStrip(self.attachments)
        self.attach_button = AttachButton()
        self.attachments.changed.connect(self.changed)
        self.attachments.failed.connect(self.failed)
        self.attach_button.files_chosen.connect(self.attach)
        self.attach_button.library_wanted.connect(self.choose_stored)
        self.strip.file_opened.connect(self.show_file)

    @property
    def is_reading(self) -> bool:
        """Whether a document is not ready yet."""
        return self.attachments.is_reading

    def beside(self, content: QWidget) -> PagesBeside:
        """Return `content` with room for pages beside it; to be called once."""
        self._beside = PagesBeside(content, self._parts.reader)
        self._beside.document_wanted.connect(self.document_wanted)
        return self._beside

    def wanted_view(self) -> WantedView:
        """Return a new card that asks for the document a question means."""
        view = WantedView(self.attachments)
        view.files_wanted.connect(self.attach_button.choose_files)
        view.library_wanted.connect(self.choose_stored)
        return view

    def open(self, conversation_id: int | None, home: Home | None = None) -> None:
        """Show another chat's documents."""
        if self._beside is not None and self._beside.is_open:
            self._beside.close_pages()
        self.attachments.open(conversation_id, home)

    def begin(self, conversation_id: int) -> None:
        """Keep the documents with the chat, which has got its row."""
        self.attachments.begin(conversation_id)

    def attached(self) -> Attached | None:
        """Return the documents that the next question is put to."""
        return self.attachments.attached()

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files, and the documents in folders."""
        self.attachments.add(paths)

    def attach_stored(self, document_ids: Sequence[int]) -> None:
        """Attach documents that were read before."""
        for document_id in document_ids:
            self.attachments.add_stored(document_id)

    def choose_stored(self) -> None:
        """Let the person choose among the documents read before."""
        if self._chooser is None:
            self._chooser = DocumentChooser(self.strip.window(), self._stored)
            self._chooser.chosen.connect(self.attachments.add_stored)
        self._chooser.choose()

    def show_place(self, place: Place) -> None:
        """Open the page of a citation or a passage beside the chat."""
        if self._beside is None:
            return
        file = self.attachments.find(place.document_id)
        self._beside.show_place(
            place,
            file.document if file is not None else None,
            self._fetch,
            file.password if file is not None else None,
        )
        self._beside.offer_document(self._kept(place.document_id))

    def show_file(self, file: AttachedFile) -> None:
        """Open an attached document beside the chat."""
        if self._beside is not None and file.document is not None:
            self._beside.show_document(file.document, file.password)
            self._beside.offer_document(self._kept(file.document_id))

    def start_over(self) -> None:
        """Show nothing of what was erased."""
        if self._beside is not None and self._beside.is_open:
            self._beside.close_pages()
        self.attachments.forget_all()

    def close(self) -> None:
        """Read and draw no more, because the window closes."""
        self.attachments.close()
        if self._beside is not None:
            self._beside.close_page()

    def _kept(self, document_id: int | None) -> int | None:
        """Return the row of a document that stands in Documents, too: none of a temporary chat."""
        return document_id if self.attachments.is_kept else None

    def _fetch(self, document_id: int) -> Document | None:
        """Read a document from the store, if it is still there; runs on a thread."""
        keeping = self.attachments.home.keeping
        if keeping.documents.get(document_id) is None:
            return None
        return keeping.document(document_id)

    def _stored(self) -> list[Row]:
        return rows(self._parts.documents.list(), {})
