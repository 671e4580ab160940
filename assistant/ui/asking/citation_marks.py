"""Puts the places behind an answer's sentences into the text where it is shown.

The text is Markdown that was written already; a sentence is found in it by its letters and
digits alone, whatever marks stand between them. What is put in are formats and a few words of
ours, never markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, QUrl, Signal
from PySide6.QtGui import QCursor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip

from assistant.conversations.asking.answer import Answer, AnswerCitation, AnswerSentence
from assistant.ui import theme
from assistant.ui.asking.words import mark_of, name_of
from assistant.ui.documents.result.formats import link, muted
from assistant.ui.documents.result.links import find_link
from assistant.ui.documents.result.words import flag_words
from assistant.ui.labels import plain_tip
from assistant.ui.markdown.prose import ProseView
from assistant.ui.markdown.view import MarkdownView

_SPACE = "\N{NO-BREAK SPACE}"
_QUOTE_SHOWN = 600
_LAST_OF_ONE_UNIT = 0xFFFF
_STOPS = ".!?:;…。！？؟।»”\"')]’%€$"


@dataclass(frozen=True, slots=True)
class _End:
    """Where a sentence ends: the view it stands in, and the position there."""

    view: ProseView
    position: int


class CitationMarks(QObject):
    """The places of one answer in the view of its text.

    Args:
        view: shows the text; complete before `show_answer`.
        parent: owner.

    Signals:
        followed (int, int): the person wants to see a citation of a sentence, by their numbers.
    """

    followed = Signal(int, int)

    def __init__(self, view: MarkdownView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._answer: Answer | None = None
        self._watched: list[ProseView] = []
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._write_again)

    def show_answer(self, answer: Answer) -> None:
        """Put the places of `answer` behind its sentences; once for a text."""
        if answer == self._answer:
            return
        if self._answer is not None:
            self.clear()
        self._answer = answer
        self._watched = [part for part in self._view.parts if isinstance(part, ProseView)]
        for part in self._watched:
            part.installEventFilter(self)
            part.anchorClicked.connect(self._follow)
            part.highlighted.connect(self._show_quote)
        self._write()

    def clear(self) -> None:
        """Know no answer any more; to be called before the view shows another text."""
        self._again.stop()
        for part in self._watched:
            part.removeEventFilter(self)
            part.anchorClicked.disconnect(self._follow)
            part.highlighted.disconnect(self._show_quote)
            part.rewrite()
        self._answer, self._watched = None, []

    def mark(self, sentence: int, number: int) -> None:
        """Mark the link whose place is shown; -1 marks none."""
        address = _address(sentence, number)
        for part in self._watched:
            found = find_link(part.document(), address) if sentence >= 0 else None
            if found is None:
                part.setExtraSelections([])
                continue
            marked = QTextEdit.ExtraSelection()
            marked.cursor = found
            marked.format.setBackground(theme.colors().accent_soft)
            part.setExtraSelections([marked])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Write the places anew after a view wrote its text in other colours."""
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._again.start()
        return super().eventFilter(watched, event)

    def _write_again(self) -> None:
        for part in self._watched:
            part.rewrite()
        self._write()

    def _write(self) -> None:
        if self._answer is None:
            return
        ends = list(_ends(self._answer.sentences, self._watched))
        for number, end in reversed(ends):  # what is put in moves what stands behind it
            if end is not None:
                self._write_one(end, number, self._answer.sentences[number])

    def _write_one(self, end: _End, number: int, sentence: AnswerSentence) -> None:
        cursor = QTextCursor(end.view.document())
        cursor.setPosition(end.position)
        cursor.beginEditBlock()
        if sentence.flags:
            words = ", ".join(flag_words(flag) for flag in sentence.flags)
            cursor.insertText(f"{_SPACE}⚠{_SPACE}{words}", muted("warning"))
        for at in shown(sentence.citations):
            form = link(_address(number, at))
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            cursor.insertText(_SPACE, muted("text"))
            cursor.insertText(mark_of(sentence.citations[at]), form)
        cursor.endEditBlock()

    def _follow(self, address: QUrl) -> None:
        found = self._numbers(address)
        if found is not None:
            self.followed.emit(*found)

    def _show_quote(self, address: QUrl) -> None:
        found = self._numbers(address)
        if found is None or self._answer is None:
            if address.isEmpty():
                QToolTip.hideText()
            return
        citation = self._answer.sentences[found[0]].citations[found[1]]
        quote = citation.quote[:_QUOTE_SHOWN]
        place = QCursor.pos() + QPoint(0, 4 * theme.SPACE)
        QToolTip.showText(place, plain_tip(f"{name_of(citation)}: “{quote}”"))

    def _numbers(self, address: QUrl) -> tuple[int, int] | None:
        """Return which citation of which sentence an address names, if it is one of ours."""
        kind, _, rest = address.toString().partition(":")
        parts = rest.split(":")
        if kind != "place" or len(parts) != 2 or not all(map(str.isdigit, parts)):
            return None
        sentence, number = map(int, parts)
        sentences = self._answer.sentences if self._answer else ()
        if sentence < len(sentences) and number < len(sentences[sentence].citations):
            return sentence, number
        return None


def shown(citations: tuple[AnswerCitation, ...]) -> list[int]:
    """Return which of a sentence's citations are shown: the first on each page."""
    places: set[tuple[int, int]] = set()
    first: list[int] = []
    for number, citation in enumerate(citations):
        if (citation.document_id, citation.page) not in places:
            first.append(number)
            places.add((citation.document_id, citation.page))
    return first


def _address(sentence: int, number: int) -> str:
    return f"place:{sentence}:{number}"


def _ends(
    sentences: tuple[AnswerSentence, ...], views: list[ProseView]
) -> Iterator[tuple[int, _End | None]]:
    """Yield for each sentence where it ends in the views; None where it is not to be found."""
    letters: list[str] = []
    places: list[_End] = []
    for view in views:
        for letter, position in _letters(view):
            letters.append(letter)
            places.append(_End(view, position))
    text = "".join(letters)
    at = 0
    for number, sentence in enumerate(sentences):
        wanted = "".join(letter for letter in sentence.text if letter.isalnum())
        found = text.find(wanted, at) if wanted else -1
        if found < 0:
            yield number, None
        else:
            at = found + len(wanted)
            yield number, places[at - 1]


def _letters(view: ProseView) -> Iterator[tuple[str, int]]:
    """Yield letters and digits, and the position behind each and the punctuation after it."""
    position = 0  # Qt counts in UTF-16
    held: tuple[str, int] | None = None
    for letter in view.document().toRawText():
        position += 2 if ord(letter) > _LAST_OF_ONE_UNIT else 1
        if letter.isalnum():
            if held is not None:
                yield held
            held = letter, position
        elif held is not None and held[1] == position - 1 and letter in _STOPS:
            held = held[0], position
    if held is not None:
        yield held
