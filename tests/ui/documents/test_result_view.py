"""The text of a result: it grows in order, stays in place, and takes nothing as markup."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from assistant.documents.document import Document, Page, Section, Sentence, Span
from assistant.evidence.citation import Citation, Flag
from assistant.settings import Theme
from assistant.summaries.summary import (
    Coverage,
    KeyPoint,
    Mode,
    ModelUsed,
    Summary,
    SummarySentence,
    Why,
)
from assistant.ui.documents.page_text import PageText
from assistant.ui.documents.result.targets import Target
from assistant.ui.documents.result.view import ResultView
from assistant.ui.theme import Appearance

TEXT = "Rent is due <b>monthly</b>. 🏠 The tenant may not leave before May.\n\nA second part."
LEAVE = "The tenant may not leave before May."


@pytest.fixture
def document() -> Document:
    """Two pages, with signs that Qt counts twice."""
    start = TEXT.index(LEAVE)
    sentence = Sentence(LEAVE, (Span(1, start, start + len(LEAVE)),), 0)
    pages = (Page(1, TEXT), Page(2, "More."))
    return Document(
        Path("a.txt"),
        "A <i>lease</i>",
        "text",
        "",
        "en",
        pages,
        (Section("", 0, -1, 1),),
        (sentence,),
    )


@pytest.fixture
def summary(document: Document) -> Summary:
    """Key points, and no sentence of the model's yet."""
    why = Why(centrality=0.5, section=0.25, cue=1.0, cue_words=("not",))
    point = KeyPoint(LEAVE, document.sentences[0].spans[0], "Terms", 0.9, why)
    return Summary(
        Mode.QUICK,
        (point,) * 30,
        Coverage(2, 2, 2, 1),
        model=ModelUsed("Tiny-Q4_K_M"),
    )


def written(number: int, document: Document, *flags: Flag) -> SummarySentence:
    """A sentence as the model would write it."""
    span = document.sentences[0].spans[0]
    return SummarySentence(
        f"Sentence {number} <img src='file:///etc/passwd'>.", (Citation(span, LEAVE),), 0.9, flags
    )


@pytest.fixture
def view(qtbot: QtBot, appearance: Appearance) -> ResultView:
    made = ResultView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def grown(view: ResultView, document: Document, summary: Summary, count: int) -> Summary:
    """Show the summary sentence by sentence."""
    view.show_summary(document, summary, is_working=True)
    for number in range(count):
        more = (*summary.sentences, written(number, document, *[Flag.NEGATION] * (number == 1)))
        summary = replace(summary, sentences=more)
        view.show_summary(document, summary, is_working=True)
    return summary


def test_what_grew_reads_as_what_is_written_at_once(
    view: ResultView, document: Document, summary: Summary
) -> None:
    summary = grown(view, document, summary, 4)
    as_grown = view.toPlainText()
    view.clear()
    view.show_summary(document, summary, is_working=True)
    assert view.toPlainText() == as_grown
    assert "<img src='file:///etc/passwd'>" in as_grown
    order = [as_grown.index(f"Sentence {number}") for number in range(4)]
    assert order == sorted(order)
    assert order[-1] < as_grown.index("Key points")
    assert "yes and no differ from the cited passage" in as_grown


def test_what_is_being_read_stays_in_place_while_the_summary_grows(
    view: ResultView, document: Document, summary: Summary
) -> None:
    summary = grown(view, document, summary, 1)
    QApplication.processEvents()
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.maximum() - bar.value()
    more = tuple(written(number, document) for number in range(1, 9))
    view.show_summary(
        document, replace(summary, sentences=(*summary.sentences, *more)), is_working=True
    )
    assert abs((bar.maximum() - bar.value()) - before) <= 2


def test_links_lead_to_their_passages_and_hovering_shows_the_quote(
    qtbot: QtBot, view: ResultView, document: Document, summary: Summary
) -> None:
    grown(view, document, summary, 2)
    for address in ("cite:1:0", "point:3"):
        with qtbot.waitSignal(view.cited) as cited:
            view.anchorClicked.emit(QUrl(address))
        assert cited.args == [address]
        assert view.target(address) == Target(document.sentences[0].spans[0], LEAVE)
    for address in ("https://example.org", "file:///etc/passwd", "cite:9", "point:x"):
        assert view.target(address) is None
    view.highlighted.emit(QUrl("cite:0:0"))
    assert LEAVE in QToolTip.text()
    view.highlighted.emit(QUrl())


def test_no_text_loads_anything(view: ResultView, document: Document, summary: Summary) -> None:
    grown(view, document, summary, 1)
    kind = QTextDocument.ResourceType.ImageResource
    assert not view.loadResource(kind.value, QUrl("file:///etc/passwd"))


def test_another_theme_writes_in_its_colours(
    view: ResultView, document: Document, summary: Summary, appearance: Appearance
) -> None:
    grown(view, document, summary, 1)
    before = view.toHtml()
    appearance.choose(Theme.DARK)
    QApplication.processEvents()
    assert view.toHtml() != before
    assert "#ebe9e5" in view.toHtml()


def test_a_very_small_model_is_called_experimental(
    view: ResultView, document: Document, summary: Summary
) -> None:
    view.show_summary(document, replace(summary, is_experimental=True), is_working=False)
    assert "Experimental: Tiny makes mistakes in summaries" in view.toPlainText()


def test_the_marked_passage_is_counted_as_qt_counts(
    qtbot: QtBot, appearance: Appearance, document: Document
) -> None:
    text = PageText()
    qtbot.addWidget(text)
    text.show_page(document.pages[0], document.sentences[0].spans[0])
    (marked,) = text.extraSelections()
    assert marked.cursor.selectedText() == LEAVE
    assert "<b>monthly</b>" in text.toPlainText()
