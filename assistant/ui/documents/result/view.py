"""A summary and what else is known of a document as text to read, with the places of each."""

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from assistant.documents.document import Document
from assistant.summaries.summary import Mode, Summary
from assistant.summaries.wishes.styles import Style, is_list
from assistant.ui import theme
from assistant.ui.documents import places
from assistant.ui.documents.result import targets
from assistant.ui.documents.result.facts import rows, write_facts
from assistant.ui.documents.result.formats import INDENT, editing
from assistant.ui.documents.result.links import find_link
from assistant.ui.documents.result.outline import write_outline
from assistant.ui.documents.result.points import write_points
from assistant.ui.documents.result.sentences import write_sentences
from assistant.ui.documents.result.targets import Target
from assistant.ui.documents.result.writer import Writer
from assistant.ui.labels import plain_tip
from assistant.ui.markdown.browser import SafeBrowser
from assistant.ui.model_words import display_name

_QUOTE_SHOWN = 600


class ResultView(SafeBrowser):
    """Shows the summary, key facts, parts and key points; Tab goes from link to link.

    Signals:
        cited (str): a person wants to see the passage that this address leads to.
        replace_wanted (int): the source's sentence is to take the place of this sentence.
        restore_wanted (int): the model's sentence is to come back.
        kind_wanted: the kind of document is another.
    """

    cited = Signal(str)
    replace_wanted = Signal(int)
    restore_wanted = Signal(int)
    kind_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._summary: Summary | None = None
        self._is_working = False
        self._is_key = False
        self._written = 0  # sentences of the summary that stand in the view
        self._end_of_summary = QTextCursor()
        self._whys: set[int] = set()  # key points that say why
        self._parts: set[int] = set()  # parts of the document that are unfolded
        self.setAccessibleName(self.tr("Summary, key facts and key points"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(INDENT)
        room = 3 * theme.SPACE  # between the text and the page beside it
        is_mirrored = QGuiApplication.isRightToLeft()
        self.setViewportMargins(room if is_mirrored else 0, 0, 0 if is_mirrored else room, 0)
        self.anchorClicked.connect(self._follow)
        self.highlighted.connect(self._show_quote)

    def clear(self) -> None:
        """Show nothing."""
        self._document = self._summary = None
        self._whys.clear()
        self._parts.clear()
        self.setExtraSelections([])
        super().clear()

    def show_summary(self, document: Document, summary: Summary, *, is_working: bool) -> None:
        """Show `summary`; only what is new is written if it is the one shown, grown.

        Args:
            document: what it is a summary of.
            summary: as far as it is.
            is_working: there is more to come.
        """
        before = self._summary
        grew = before is not None and self._document is document and _grew(before, summary)
        if document is not self._document or (before and before.key_points != summary.key_points):
            self._whys.clear()
        if document is not self._document or not summary.outline:
            self._parts.clear()
        is_other = before is not None and (before.mode, before.model) != (
            summary.mode,
            summary.model,
        )
        self._document, self._summary, self._is_working = document, summary, is_working
        if grew and is_working and self._written:
            self._append_sentences()
        else:
            self._write_all()
        if is_other:
            self.verticalScrollBar().setValue(0)

    def changeEvent(self, event: QEvent) -> None:
        """Write anew in the colours of the other theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._summary is not None:
            self._write_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Know that what follows was done by key."""
        self._is_key = True
        try:
            super().keyPressEvent(event)
        finally:
            self._is_key = False

    # Evidence

    def target(self, address: str) -> Target | None:
        """Return where the link `address` leads."""
        return targets.target(self._summary, address) if self._summary else None

    def addresses(self) -> list[str]:
        """Return the links to passages that stand in the view, from the first to the last."""
        summary = self._summary
        if summary is None:
            return []
        written = targets.of_sentences(summary) if summary.model else []
        facts, points = targets.of_facts(summary), targets.of_points(summary)
        parts = targets.of_parts(summary, self._parts)
        if summary.model is None:
            return points + facts
        return (
            facts + written + parts + points
            if _facts_first(summary)
            else (written + facts + parts + points)
        )

    def mark(self, address: str) -> None:
        """Mark the link whose passage is shown; "" marks none."""
        found = find_link(self.document(), address) if address else None
        if found is None:
            self.setExtraSelections([])
            return
        marked = QTextEdit.ExtraSelection()
        marked.cursor = found
        marked.format.setBackground(theme.colors().accent_soft)
        self.setExtraSelections([marked])

    def bring_into_view(self, address: str) -> None:
        """Scroll to a link, if it is not in view."""
        found = find_link(self.document(), address)
        if found is None:
            return
        place = self.cursorRect(found)
        if not self.viewport().rect().contains(place):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + place.top() - self.viewport().height() // 3)

    # Writing

    def _write_all(self) -> None:
        assert self._document is not None
        summary = self._summary
        assert summary is not None
        scrolled = self.verticalScrollBar().value()
        self.setExtraSelections([])
        super().clear()
        cursor = QTextCursor(self.document())
        self._written = 0
        with editing(cursor):
            writer = Writer(cursor, self._document, is_first=True)
            if summary.model is None:
                write_points(writer, summary, self._whys)
                if rows(summary):
                    write_facts(writer, summary)
            else:
                self._write_written(writer, summary)
        self.verticalScrollBar().setValue(scrolled)

    def _write_written(self, writer: Writer, summary: Summary) -> None:
        if rows(summary) and _facts_first(summary):
            write_facts(writer, summary)
        self._write_summary(writer, summary)
        if rows(summary) and not _facts_first(summary):
            write_facts(writer, summary)
        if summary.outline:
            write_outline(writer, summary, self._parts)
        write_points(writer, summary, self._whys)

    def _write_summary(self, writer: Writer, summary: Summary) -> None:
        assert summary.model is not None
        writer.head(self.tr("Summary"))
        if summary.is_experimental:
            writer.begin(1)
            words = self.tr(
                "Experimental: {model} makes mistakes in summaries. Trust the key points more."
            )
            writer.aside(words.format(model=display_name(summary.model.name)), "warning")
        if summary.drifted:
            writer.begin(1)
            writer.aside(
                self.tr("The model did not keep to the language that was asked for."), "warning"
            )
        if not summary.sentences:
            writer.begin(2)
            writer.aside(self._no_sentences_yet(summary))
        self._write_sentences(writer, summary)
        self._end_of_summary = QTextCursor(writer.cursor)
        # What follows is written after it and must not push it along.
        self._end_of_summary.setKeepPositionOnInsert(True)
        if summary.sentences:
            writer.begin(2)
            writer.aside(
                self.tr(
                    "A page number leads to the closest passage, which is no proof. No mark does "
                    "not mean that a sentence is right."
                )
            )

    def _write_sentences(self, writer: Writer, summary: Summary) -> None:
        """Write the sentences that do not stand there yet."""
        write_sentences(
            writer,
            summary.sentences,
            "cite",
            begin=self._written,
            is_list=is_list(summary.style),
            is_changeable=not self._is_working,
        )
        self._written = len(summary.sentences)

    def _no_sentences_yet(self, summary: Summary) -> str:
        if self._is_working and summary.mode is Mode.THOROUGH:
            return self.tr("The summary of the whole comes last, from those of its parts.")
        if self._is_working:
            return self.tr("The first sentence comes when the model has read its selection.")
        if summary.is_stopped:
            return self.tr("Stopped before the first sentence.")
        return self.tr("The model wrote nothing that could be used.")

    def _append_sentences(self) -> None:
        assert self._summary is not None
        assert self._document is not None
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._end_of_summary.position())  # its anchor moved: not a copy
        bar = self.verticalScrollBar()
        before, scrolled = self.document().size().height(), bar.value()
        is_below = scrolled > self.cursorRect(cursor).bottom() + scrolled
        with editing(cursor):
            self._write_sentences(Writer(cursor, self._document, is_first=False), self._summary)
        self._end_of_summary = QTextCursor(cursor)
        self._end_of_summary.setKeepPositionOnInsert(True)
        if is_below:  # what is being read stays where it is
            bar.setValue(scrolled + round(self.document().size().height() - before))

    # Links

    def _follow(self, address: QUrl) -> None:
        text = address.toString()
        kind, _, rest = text.partition(":")
        number = int(rest) if rest.isdigit() else -1
        if kind in {"why", "fold", "parts"}:
            self._unfold(kind, number, rest)
            self._write_all()
            self._return_to(text)
        elif kind == "replace":
            self.replace_wanted.emit(number)
        elif kind == "restore":
            self.restore_wanted.emit(number)
        elif kind == "kind":
            self.kind_wanted.emit()
        elif self.target(text) is not None:
            QToolTip.hideText()
            self.cited.emit(text)

    def _unfold(self, kind: str, number: int, which: str) -> None:
        if kind == "why":
            self._whys ^= {number}
        elif kind == "fold":
            self._parts ^= {number}
        elif self._summary is not None:
            self._parts = set(range(len(self._summary.outline))) if which == "all" else set()

    def _return_to(self, address: str) -> None:
        """Let Tab go on from the link that was followed by key, though all was written anew.

        Qt looks for the next link behind what is selected, and from the start where nothing is.
        """
        found = find_link(self.document(), address) if self._is_key else None
        if found is not None and found.selectionStart() > 0:
            start = found.selectionStart()
            found.setPosition(start - 1)
            found.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(found)
            self.focusNextPrevChild(True)

    def _show_quote(self, address: QUrl) -> None:
        target = self.target(address.toString())
        if target is None or self._document is None:
            QToolTip.hideText()
            return
        quote = target.quote
        if len(quote) > _QUOTE_SHOWN:
            quote = f"{quote[:_QUOTE_SHOWN]}…"
        place = places.capital(places.place(self._document, target.span.page))
        text = self.tr("{place}: “{quote}”").format(place=place, quote=quote)
        at = QCursor.pos() if self.underMouse() else self._below_the_cursor()
        QToolTip.showText(at, plain_tip(text), self)

    def _below_the_cursor(self) -> QPoint:
        return self.viewport().mapToGlobal(self.cursorRect().bottomLeft())


def _facts_first(summary: Summary) -> bool:
    return summary.style is Style.FACTS


def _grew(before: Summary, summary: Summary) -> bool:
    """Tell whether `summary` is `before` with more sentences, and nothing else is another."""
    count = len(before.sentences)
    return (
        summary.model is not None
        and before.key_points == summary.key_points
        and before.facts == summary.facts
        and before.outline == summary.outline
        and (before.model, before.style) == (summary.model, summary.style)
        and 0 < count <= len(summary.sentences)
        and summary.sentences[:count] == before.sentences
    )
