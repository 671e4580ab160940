"""The digest of a batch, with the page of the document behind each sentence beside it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.documents.document import Document, Span
from assistant.documents.reading import Reader
from assistant.errors import AssistantError
from assistant.summaries.digest import Digest, DigestFile
from assistant.ui import icons, theme
from assistant.ui.errors_view import explanation
from assistant.ui.exporting import Exportable, add_to
from assistant.ui.labels import label
from assistant.ui.parts_beside import PartsBeside, place


class DigestView(QWidget):
    """Shows one digest.

    Args:
        reader: what draws pages.
        document_of: finds the text of one of a digest's files; None if it was removed.
        parent: owner.

    Signals:
        closed: the person wants to see the queue again.
        export_wanted (str): an `ExportKind`'s value.
    """

    closed = Signal()
    export_wanted = Signal(str)

    def __init__(
        self,
        reader: Reader,
        document_of: Callable[[DigestFile], Document | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.digest: Digest | None = None
        self._document_of = document_of
        self._name = ""
        self.title = label("", "title", selectable=True)
        self.notice = label("", "muted")
        self.notice.hide()
        self.result = PartsBeside(self.tr("Digest"), reader)
        self.back_button = QPushButton(self.tr("Back to the queue"))
        self.menu_button = QToolButton()
        icons.put(self.menu_button, "ellipsis")
        self.menu_button.setAccessibleName(self.tr("More: copy, export, print"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.exports = add_to(self.menu, self.export_wanted)
        self.menu_button.setMenu(self.menu)
        self._lay_out()
        self.back_button.clicked.connect(self.closed)
        self.result.followed.connect(self._follow)

    def show_digest(self, digest: Digest, name: str) -> None:
        """Show a digest; `name` is the batch's, or ""."""
        from assistant.summaries.exporting.digests import compose_digest  # noqa: PLC0415 - lazy

        self.digest, self._name = digest, name
        title, *parts = compose_digest(digest, _explained)
        self.title.setText(f"{name}: {title.text}" if name else title.text)  # type: ignore[union-attr]
        self.notice.hide()
        self.result.text.show_parts(parts)
        self.result.close_pages()

    def exportable(self) -> Exportable | None:
        """Return the digest as what can leave the app."""
        if self.digest is None:
            return None
        from assistant.summaries.exporting.digests import (  # noqa: PLC0415 - seldom needed
            compose_digest,
            digest_data,
        )
        from assistant.summaries.exporting.provenance import Provenance  # noqa: PLC0415

        digest = self.digest
        folder = digest.files[0].path.parent if digest.files else Path.home()
        parts = compose_digest(digest, _explained, Provenance(), with_passages=True)
        return Exportable(
            title=self.title.text(),
            parts=tuple(parts),
            data=digest_data(digest, _explained),
            suggested=folder / (f"{self._name} digest" if self._name else "digest"),
            language=digest.files[0].language if digest.files else "",
        )

    def close_page(self) -> None:
        """Draw no more, because the window closes."""
        self.result.pages.close_page()

    def _follow(self, address: str) -> None:
        """Show the page that a place leads to, its sentence marked."""
        kind, numbers = place(address)
        if self.digest is None or kind != "file" or len(numbers) != 4:
            return
        file, page, start, end = numbers
        if file >= len(self.digest.files):
            return
        found = self.digest.files[file]
        document = self._document_of(found)
        self.notice.setVisible(document is None)
        if document is None or not 1 <= page <= len(document.pages):
            text = self.tr("{name} was removed from the documents.")
            self.notice.setText(text.format(name=found.path.name))
            return
        self.result.show_page(document, Span(page, start, end))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        head.addWidget(self.back_button)
        head.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            6 * theme.SPACE, 4 * theme.SPACE, 4 * theme.SPACE, 3 * theme.SPACE
        )
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.notice)
        layout.addWidget(self.result, 1)


def _explained(error: AssistantError) -> str:
    return " ".join(explanation(error))
