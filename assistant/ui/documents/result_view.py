"""A summary and its key points as text to read, with the pages they stand on.

Everything is written as plain text with formats, never as markup, so nothing in a document or in
what a model writes can become a link, a picture or HTML.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QCursor,
    QGuiApplication,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QToolTip, QWidget

from assistant.documents.document import Document, Span
from assistant.summaries.summary import Summary, SummarySentence
from assistant.ui import theme
from assistant.ui.documents.result_formats import block, body, editing, heading, link, muted
from assistant.ui.documents.result_words import flag_words, why_words
from assistant.ui.labels import plain_tip
from assistant.ui.markdown.browser import SafeBrowser
from assistant.ui.model_words import display_name

_QUOTE_SHOWN = 600


@dataclass(frozen=True, slots=True)
class Target:
    """Where a citation leads."""

    span: Span
    quote: str


class ResultView(SafeBrowser):
    """Shows the summary above the key points; Tab goes from link to link, Enter follows one.

    Signals:
        cited (Target): a person wants to see the passage.
    """

    cited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._summary: Summary | None = None
        self._is_working = False
        self._written = 0  # sentences of the summary that stand in the view
        self._end_of_summary = QTextCursor()
        self._unfolded: set[int] = set()
        self.setAccessibleName(self.tr("Summary and key points"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        room = 3 * theme.SPACE  # between the text and the page beside it
        is_mirrored = QGuiApplication.isRightToLeft()
        self.setViewportMargins(room if is_mirrored else 0, 0, 0 if is_mirrored else room, 0)
        self.anchorClicked.connect(self._follow)
        self.highlighted.connect(self._show_quote)

    def clear(self) -> None:
        """Show nothing."""
        self._document = self._summary = None
        self._unfolded.clear()
        super().clear()

    def show_summary(self, document: Document, summary: Summary, *, is_working: bool) -> None:
        """Show `summary`; only what is new is written if it is the one shown, grown.

        Args:
            document: what it is a summary of.
            summary: as far as it is.
            is_working: there is more to come.
        """
        before = self._summary
        grew = (
            before is not None
            and summary.model is not None
            and self._document is document
            and before.key_points == summary.key_points
            and before.model == summary.model
            and len(before.sentences) <= len(summary.sentences)
            and summary.sentences[: self._written] == before.sentences[: self._written]
            and bool(before.sentences) == bool(summary.sentences)
            and is_working
        )
        if document is not self._document or (before and before.key_points != summary.key_points):
            self._unfolded.clear()
        self._document, self._summary, self._is_working = document, summary, is_working
        if grew:
            self._append_sentences()
        else:
            self._write_all()

    def changeEvent(self, event: QEvent) -> None:
        """Write anew in the colours of the other theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._summary is not None:
            self._write_all()

    def target(self, address: str) -> Target | None:
        """Return where the link `address` leads: "point:3" or "cite:2:0"."""
        if self._summary is None:
            return None
        kind, _, rest = address.partition(":")
        numbers = [int(part) for part in rest.split(":") if part.isdigit()]
        if kind == "point" and len(numbers) == 1:
            point = self._summary.key_points[numbers[0]]
            return Target(point.span, point.text)
        if kind == "cite" and len(numbers) == 2:
            citation = self._summary.sentences[numbers[0]].citations[numbers[1]]
            return Target(citation.span, citation.quote)
        return None

    # Writing

    def _write_all(self) -> None:
        assert self._document is not None
        assert self._summary is not None
        scrolled = self.verticalScrollBar().value()
        super().clear()
        cursor = QTextCursor(self.document())
        self._written = 0
        self._is_first_block = True
        with editing(cursor):
            if self._summary.model is not None:
                self._write_summary(cursor)
            self._write_key_points(cursor)
        self.verticalScrollBar().setValue(scrolled)

    def _write_summary(self, cursor: QTextCursor) -> None:
        summary = self._summary
        assert summary is not None
        assert summary.model is not None
        self._block(cursor, 0)
        cursor.insertText(self.tr("Summary"), heading())
        if summary.is_experimental:
            self._block(cursor, 1)
            cursor.insertText(
                self.tr(
                    "Experimental: {model} makes mistakes in summaries. Trust the key points more."
                ).format(model=display_name(summary.model.name)),
                muted("warning"),
            )
        if summary.sentences:
            self._block(cursor, 2)
        else:
            self._block(cursor, 2)
            cursor.insertText(self._no_sentences_yet(), muted())
        for sentence in summary.sentences:
            self._write_sentence(cursor, sentence)
        self._end_of_summary = QTextCursor(cursor)
        # Key points are written after it and must not push it along.
        self._end_of_summary.setKeepPositionOnInsert(True)
        if summary.sentences:
            self._block(cursor, 2)
            cursor.insertText(
                self.tr("A page number leads to the closest passage. It is no proof."),
                muted(),
            )

    def _no_sentences_yet(self) -> str:
        assert self._summary is not None
        if self._is_working:
            return self.tr("The first sentence comes when the model has read its selection.")
        if self._summary.is_stopped:
            return self.tr("Stopped before the first sentence.")
        return self.tr("The model wrote nothing that could be used.")

    def _append_sentences(self) -> None:
        assert self._summary is not None
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._end_of_summary.position())  # its anchor moved: not a copy
        bar = self.verticalScrollBar()
        before, scrolled = self.document().size().height(), bar.value()
        is_below = scrolled > self.cursorRect(cursor).bottom() + scrolled
        self._is_first_block = False
        with editing(cursor):
            for sentence in self._summary.sentences[self._written :]:
                self._write_sentence(cursor, sentence)
        self._end_of_summary = QTextCursor(cursor)
        self._end_of_summary.setKeepPositionOnInsert(True)
        if is_below:  # what is being read stays where it is
            bar.setValue(scrolled + round(self.document().size().height() - before))

    def _write_sentence(self, cursor: QTextCursor, sentence: SummarySentence) -> None:
        number = self._written
        if sentence.starts_paragraph and number:
            self._block(cursor, 2)
        elif number:
            cursor.insertText(" ", body())
        cursor.insertText(sentence.text, body())
        if sentence.flags:
            cursor.insertText("\N{NO-BREAK SPACE}⚠\N{NO-BREAK SPACE}", muted("warning"))
            cursor.insertText(
                ", ".join(flag_words(flag) for flag in sentence.flags), muted("warning")
            )
        pages: set[int] = set()
        for i, citation in enumerate(sentence.citations):
            if citation.span.page not in pages:
                self._write_citation(cursor, f"cite:{number}:{i}", citation.span.page)
            pages.add(citation.span.page)
        self._written += 1

    def _write_key_points(self, cursor: QTextCursor) -> None:
        assert self._summary is not None
        self._block(cursor, 0 if self._is_first_block else 6)
        cursor.insertText(self.tr("Key points"), heading())
        self._block(cursor, 1)
        text = (
            self.tr("Sentences of the document, word for word.")
            if self._summary.key_points
            else self.tr("The document has too little running text for key points.")
        )
        cursor.insertText(text, muted())
        for i, point in enumerate(self._summary.key_points):
            self._block(cursor, 2)
            cursor.insertText(point.text, body())
            self._write_citation(cursor, f"point:{i}", point.span.page)
            cursor.insertText("\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}", body())
            is_open = i in self._unfolded
            text = self.tr("Less") if is_open else self.tr("Why?")
            cursor.insertText(text, link(f"why:{i}", is_small=True))
            if is_open:
                self._block(cursor, 1, indent=1)
                cursor.insertText(why_words(point), muted())

    def _write_citation(self, cursor: QTextCursor, address: str, page: int) -> None:
        assert self._document is not None
        form = link(address)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        cursor.insertText("\N{NO-BREAK SPACE}", body())
        # A document without pages has one: a number would say nothing.
        cursor.insertText(str(page) if len(self._document.pages) > 1 else "¶", form)

    def _block(self, cursor: QTextCursor, gap: int, indent: int = 0) -> None:
        shape = block(gap, indent)
        if self._is_first_block:
            cursor.setBlockFormat(shape)
            self._is_first_block = False
        else:
            cursor.insertBlock(shape)

    # Links

    def _follow(self, address: QUrl) -> None:
        text = address.toString()
        if text.startswith("why:"):
            number = int(text.removeprefix("why:"))
            self._unfolded ^= {number}
            self._write_all()
            return
        target = self.target(text)
        if target is not None:
            QToolTip.hideText()
            self.cited.emit(target)

    def _show_quote(self, address: QUrl) -> None:
        target = self.target(address.toString())
        if target is None:
            QToolTip.hideText()
            return
        quote = target.quote
        if len(quote) > _QUOTE_SHOWN:
            quote = f"{quote[:_QUOTE_SHOWN]}…"
        text = self.tr("Page {page}: “{quote}”").format(page=target.span.page, quote=quote)
        at = QCursor.pos() if self.underMouse() else self._below_the_cursor()
        QToolTip.showText(at, plain_tip(text), self)

    def _below_the_cursor(self) -> QPoint:
        return self.viewport().mapToGlobal(self.cursorRect().bottomLeft())
