"""The text of a result: it grows in order, stays in place, and takes nothing as markup."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from assistant.documents.document import Document, Page, Section, Sentence, Span
from assistant.evidence.citation import Citation, Flag
from assistant.settings import Theme
from assistant.summaries.kinds.key_fact import Answer, KeyFact
from assistant.summaries.summary import (
    Coverage,
    KeyPoint,
    Mode,
    ModelUsed,
    OutlineEntry,
    Summary,
    SummarySentence,
    Why,
)
from assistant.summaries.wishes.notes import PointKind, PointNote
from assistant.summaries.wishes.styles import Style
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


@pytest.fixture
def thorough(document: Document, summary: Summary) -> Summary:
    """A summary with parts and key facts."""
    span = document.sentences[0].spans[0]
    said = written(0, document)
    return replace(
        summary,
        mode=Mode.THOROUGH,
        key_points=summary.key_points[:2],
        sentences=(written(0, document), written(1, document, Flag.ROLES, Flag.NUMBER)),
        outline=(
            OutlineEntry(title="Terms", level=1, page=1, last_page=2, sentences=(said, said)),
            OutlineEntry(title="", level=2, page=2, sentences=(said,), is_done=True),
            OutlineEntry(title="Costs", level=1, page=2),
        ),
        facts=(
            KeyFact("term", "How long?", (Answer(span, LEAVE, "before May"),), "Term"),
            KeyFact("law", "Which law?", (), "Law"),
        ),
        kind="contract",
    )


def test_parts_unfold_and_stay_so_while_others_are_read(
    view: ResultView, document: Document, thorough: Summary, qtbot: QtBot
) -> None:
    view.show_summary(document, thorough, is_working=True)
    text = view.toPlainText
    order = ["Summary", "Key facts", "Part by part", "Key points"]
    assert sorted(order, key=text().index) == order
    assert "Part by part\n1 of 3 parts are read. Unfold all\n" in text()
    assert "▸ Terms  pages 1–2\n" in text()
    assert "▹ Costs  page 2\n" in text()
    assert "▸ Without a heading  page 2\n" in text()
    assert text().count("Sentence 0") == 1
    before = view.addresses()
    view.anchorClicked.emit(QUrl("fold:0"))
    assert text().count("Sentence 0") == 3
    assert set(view.addresses()) - set(before) == {"part:0:0:0", "part:0:1:0"}
    done = replace(thorough.outline[0], is_done=True)
    view.show_summary(
        document, replace(thorough, outline=(done, *thorough.outline[1:])), is_working=True
    )
    assert "▾ Terms  pages 1–2\n" in text()
    assert "2 of 3 parts are read" in text()
    assert text().count("Sentence 0") == 3
    view.anchorClicked.emit(QUrl("parts:all"))
    assert text().count("Sentence 0") == 4
    view.anchorClicked.emit(QUrl("parts:none"))
    assert text().count("Sentence 0") == 1
    view.setFocus()
    links = [*view.addresses()[:3], "kind:change", "parts:all", "fold:0", "fold:1"]
    for _ in links:
        qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)  # it unfolds, and the keyboard goes on from there
    with qtbot.waitSignal(view.cited) as cited:
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert cited.args == ["part:1:0:0"]


def test_key_facts_are_quotes_or_honestly_missing(
    qtbot: QtBot, view: ResultView, document: Document, thorough: Summary
) -> None:
    view.show_summary(document, thorough, is_working=False)
    text = view.toPlainText()
    assert f"before May — “{LEAVE}”" in text
    assert "Law\nnot found" in text
    assert "Read as: contract." in text
    assert view.target("fact:0:0") == Target(document.sentences[0].spans[0], LEAVE)
    assert view.target("fact:1:0") is None
    with qtbot.waitSignal(view.kind_wanted):
        view.anchorClicked.emit(QUrl("kind:change"))
    view.show_summary(document, replace(thorough, kind="other"), is_working=False)
    assert "Law" not in view.toPlainText()  # nobody can expect that of any document
    assert "before May" in view.toPlainText()
    as_table = replace(thorough, style=Style.FACTS)
    view.show_summary(document, as_table, is_working=False)
    assert view.toPlainText().index("Key facts") < view.toPlainText().index("Summary")
    assert view.addresses()[0] == "fact:0:0"
    without = replace(thorough, model=None, mode=Mode.KEY_POINTS)
    view.show_summary(document, without, is_working=False)
    assert view.toPlainText().startswith("Key points")
    assert view.addresses() == ["point:0", "point:1", "fact:0:0"]


def test_a_sentence_that_fails_can_give_way_to_its_source(
    qtbot: QtBot, view: ResultView, document: Document, thorough: Summary
) -> None:
    view.show_summary(document, thorough, is_working=True)
    assert "who does what to whom differs from the cited passage, a number" in view.toPlainText()
    assert "Replace by" not in view.toPlainText()  # not while the model may still write
    view.show_summary(document, thorough, is_working=False)
    assert view.toPlainText().count("Replace by the source’s sentence") == 1
    with qtbot.waitSignal(view.replace_wanted) as wanted:
        view.anchorClicked.emit(QUrl("replace:1"))
    assert wanted.args == [1]
    quoted = replace(thorough.sentences[1], text=LEAVE, flags=(), replaced=True)
    view.show_summary(
        document, replace(thorough, sentences=(thorough.sentences[0], quoted)), is_working=False
    )
    assert f"“{LEAVE}”" in view.toPlainText()
    assert "the document’s own sentence · Undo" in view.toPlainText()
    assert "⚠" not in view.toPlainText()
    with qtbot.waitSignal(view.restore_wanted):
        view.anchorClicked.emit(QUrl("restore:1"))


def test_a_list_names_who_and_when(view: ResultView, document: Document, thorough: Summary) -> None:
    note = PointNote(kind=PointKind.ACTION, when="1 May", who="Ms Lee")
    listed = replace(
        thorough,
        style=Style.ACTIONS,
        sentences=tuple(replace(sentence, note=note) for sentence in thorough.sentences),
    )
    view.show_summary(document, listed, is_working=False)
    assert view.toPlainText().count("•\u2002To do · Ms Lee · 1 May\u2002Sentence") == 2
