"""What stands behind an answer, below its text: the passages used, or that they do not tell."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.conversations.asking.answer import (
    Answer,
    AnswerMode,
    Passage,
    PassagesFound,
    Silence,
    WrittenBy,
)
from assistant.ui import icons, theme
from assistant.ui.asking.citation_marks import CitationMarks
from assistant.ui.asking.passage_row import PassageRow
from assistant.ui.asking.place import place_of
from assistant.ui.labels import counted, label
from assistant.ui.markdown.view import MarkdownView


class EvidenceView(QWidget):
    """Belongs to one reply; takes no room while that asked no documents.

    To be placed below the reply's text. While the reply streams, give it `PassagesFound` and at
    the end `Answered.answer`; for a stored reply, the answer decoded from its row's `evidence`.
    Call `show_answer` after the text has its last word: the places are put into it.

    Args:
        text: the view of the reply's Markdown.
        parent: owner.

    Signals:
        place_wanted (object): the person wants to see a `Place`.
        anyway_wanted: the documents are to be asked although they do not seem to tell.
    """

    place_wanted = Signal(object)
    anyway_wanted = Signal()

    def __init__(self, text: MarkdownView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer: Answer | None = None
        self._rows: list[PassageRow] = []
        self.marks = CitationMarks(text, self)
        self.marks.followed.connect(self._follow)
        self.silence = self._make_silence()
        self.note = label("", "small")
        self.passages_button = QPushButton()
        self.passages_button.setCheckable(True)
        theme.set_role(self.passages_button, "link")
        self.passages_button.toggled.connect(self._fold)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2 * theme.SPACE)
        self._passages = QWidget()
        self._passages.setLayout(self._list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.silence)
        layout.addWidget(self.note)
        layout.addWidget(self.passages_button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self._passages)
        self.clear()

    @property
    def rows(self) -> list[PassageRow]:
        """The passages, the best first."""
        return list(self._rows)

    def clear(self) -> None:
        """Show nothing; to be called before the reply shows another text."""
        self.marks.clear()
        self.answer = None
        self._show_passages((), AnswerMode.PASSAGES)
        self.silence.hide()
        self.note.hide()
        self.hide()

    def show_found(self, found: PassagesFound) -> None:
        """Show which passages the model is given, before it writes."""
        self._show_passages(found.passages, found.mode)
        self.setVisible(bool(found.passages))

    def show_answer(self, answer: Answer | None) -> None:
        """Show what stands behind the answer; None for a reply that asked no documents."""
        if answer is None:
            self.clear()
            return
        self.answer = answer
        self.marks.show_answer(answer)
        self._show_passages(answer.passages, answer.mode)
        self.silence.setVisible(not answer.is_found)
        self._silence_words.setText(self._why_silent(answer))
        can_insist = answer.silence in {Silence.NOTHING_CLOSE, Silence.OTHER_LANGUAGE}
        self.anyway_button.setVisible(can_insist and bool(answer.passages))
        self.passages_button.setChecked(not answer.is_found and bool(answer.passages))
        note = self._note(answer)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.show()

    def _why_silent(self, answer: Answer) -> str:
        """Say why, beside the text, which says that the documents do not tell."""
        if answer.silence is Silence.NO_TEXT:
            return self.tr("The documents have no text that could be searched.")
        if answer.silence is Silence.OTHER_LANGUAGE:
            return self.tr(
                "Words of two languages cannot be compared: ask in the language of the documents,"
                " or with a larger model."
            )
        if answer.silence is Silence.MODEL:
            return self.tr("The model read the closest passages and did not find it there.")
        if answer.passages:
            return self.tr("No passage comes close to the question. These are the nearest.")
        return self.tr("No passage comes close to the question.")

    def _note(self, answer: Answer) -> str:
        if not answer.is_found or not answer.sentences:
            return ""
        if answer.written_by is WrittenBy.DOCUMENT:
            return self.tr("Sentences of the documents, word for word.")
        return self.tr("A page number leads to the closest passage, which is no proof.")

    def _show_passages(self, passages: tuple[Passage, ...], mode: AnswerMode) -> None:
        if self._rows and passages == tuple(row.passage for row in self._rows):
            return
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [PassageRow(passage) for passage in passages]
        for row in self._rows:
            row.chosen.connect(self._open)
            self._list.addWidget(row)
        count = len(passages)
        if mode is AnswerMode.WHOLE_TEXT:
            text = self.tr("The model was given the whole text · %n closest passage(s)", "", count)
        else:
            text = self.tr("%n passage(s) used", "", count)
        self._title = counted(text, count)
        self.passages_button.setVisible(bool(count))
        self._fold(self.passages_button.isChecked())

    def _fold(self, is_open: bool) -> None:
        self._passages.setVisible(is_open and bool(self._rows))
        folded = "◂" if QGuiApplication.isRightToLeft() else "▸"
        sign = "▾" if is_open else folded
        self.passages_button.setText(f"{sign} {self._title}")
        self.passages_button.setAccessibleName(self._title)

    def _open(self, passage: Passage) -> None:
        self.marks.mark(-1, 0)
        self.place_wanted.emit(place_of(passage))

    def _follow(self, sentence: int, number: int) -> None:
        if self.answer is not None:
            self.marks.mark(sentence, number)
            self.place_wanted.emit(place_of(self.answer.sentences[sentence].citations[number]))

    def _make_silence(self) -> QFrame:
        frame = QFrame()
        sign = QLabel()
        icons.put(sign, "circle-help", "text_muted", 16)
        self._silence_words = label("", "muted", selectable=True)
        self.anyway_button = QPushButton(self.tr("Answer from these all the same"))
        theme.set_role(self.anyway_button, "link")
        self.anyway_button.clicked.connect(self.anyway_wanted)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._silence_words)
        words.addWidget(self.anyway_button, 0, Qt.AlignmentFlag.AlignLeading)
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return frame
