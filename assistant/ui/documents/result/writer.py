"""Writes a result into a text document: blocks, text and links, never markup.

Everything is plain text with formats, so nothing in a document or in what a model writes can
become a link, a picture or HTML.
"""

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextCursor

from assistant.documents.document import Document, Span
from assistant.evidence.citation import Citation
from assistant.ui.documents import places
from assistant.ui.documents.result.formats import block, body, heading, link, muted
from assistant.ui.documents.result.targets import shown

_SPACE = "\N{NO-BREAK SPACE}"


class Writer:
    """Writes at a cursor.

    Args:
        cursor: where; it moves along.
        document: what the result is of; names the places.
        is_first: the first block is there already and still empty.
    """

    def __init__(self, cursor: QTextCursor, document: Document, *, is_first: bool) -> None:
        self.cursor = cursor
        self.document = document
        self._is_first = is_first

    @property
    def is_first(self) -> bool:
        """Whether nothing was written yet."""
        return self._is_first

    def begin(self, gap: int, indent: int = 0, hang: int = 0) -> None:
        """Begin a paragraph, `gap` steps of 4 px below the last, `indent` steps of 16 px in."""
        shape = block(gap, indent, hang)
        if self._is_first:
            self.cursor.setBlockFormat(shape)
            self._is_first = False
        else:
            self.cursor.insertBlock(shape)

    def head(self, text: str) -> None:
        """Write a heading."""
        self.begin(0 if self._is_first else 6)
        self.cursor.insertText(text, heading())

    def text(self, text: str) -> None:
        """Write text that is read."""
        self.cursor.insertText(text, body())

    def aside(self, text: str, role: str = "text_muted") -> None:
        """Write text that stands back, or in another colour of `theme.Colors`."""
        self.cursor.insertText(text, muted(role))

    def bold(self, text: str) -> None:
        """Write text that stands out."""
        form = body()
        form.setFontWeight(600)
        self.cursor.insertText(text, form)

    def link(self, text: str, address: str, *, is_small: bool = True) -> None:
        """Write a link that something is done with."""
        self.cursor.insertText(text, link(address, is_small=is_small))

    def gap(self) -> None:
        """Write a space that no line breaks at."""
        self.text(_SPACE)

    def citation(self, address: str, span: Span) -> None:
        """Write the place of `span`, small and raised, as a link."""
        form = link(address)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        self.gap()
        self.cursor.insertText(places.mark(self.document, span), form)

    def citations(self, address: str, citations: Sequence[Citation]) -> None:
        """Write the places of citations, each page once; `address` is what they begin with."""
        for number in shown(citations):
            self.citation(f"{address}:{number}", citations[number].span)
