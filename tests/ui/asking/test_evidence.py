"""The places behind an answer stand in its text, and lead to the pages."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from assistant.conversations.asking.answer import (
    Answer,
    AnswerCitation,
    AnswerMode,
    AnswerSentence,
    Passage,
    PassagesFound,
    Silence,
    decode,
    encode,
)
from assistant.conversations.asking.attached import AttachedDocument
from assistant.evidence.citation import Flag
from assistant.settings import Theme
from assistant.ui.app import Alcove
from assistant.ui.asking.place import place_of
from assistant.ui.markdown.prose import ProseView
from tests.ui.asking.conftest import SLOW, Bench, keep

TEXT = """Yes 🎉. **The President** has to be *thirty-five years* old.

| Office | Least age |
|---|---|
| Senator | thirty years |

- Nobody may serve for ever.

Ask a lawyer.
"""
SENTENCES = (
    "Yes 🎉.",
    "**The President** has to be *thirty-five years* old.",
    "| Senator | thirty years |",
    "Nobody may serve for ever.",
    "This sentence is not in the text.",
    "Ask a lawyer.",
)


def cited(one: AttachedDocument, words: str) -> AnswerCitation:
    """A citation of a place in a document that has `words`."""
    document = one.document
    for page in document.pages:
        at = page.text.find(words)
        if at >= 0:
            return AnswerCitation(
                document_id=one.id,
                path=str(document.path),
                title=document.title,
                page=page.number,
                start=at,
                end=at + len(words),
                quote=words,
            )
    raise AssertionError(words)


def passage(citation: AnswerCitation) -> Passage:
    """The same place as a passage."""
    return Passage(
        document_id=citation.document_id,
        path=citation.path,
        title=citation.title,
        page=citation.page,
        start=citation.start,
        end=citation.end,
        text=citation.quote,
        heading="Article II › Section 1",
        score=0.8,
    )


def answer_of(one: AttachedDocument) -> Answer:
    """An answer to `TEXT`."""
    president = cited(one, "thirty five Years")
    senator = cited(one, "Age of thirty Years")
    return Answer(
        sentences=(
            AnswerSentence(text=SENTENCES[0]),
            AnswerSentence(text=SENTENCES[1], citations=(president, president, senator)),
            AnswerSentence(text=SENTENCES[2], citations=(senator,)),
            AnswerSentence(text=SENTENCES[3], flags=(Flag.UNSUPPORTED,)),
            AnswerSentence(text=SENTENCES[4], citations=(senator,)),
            AnswerSentence(text=SENTENCES[5]),
        ),
        passages=(passage(president), passage(senator)),
        model="SmolLM2",
    )


def links(views: Sequence[object]) -> list[tuple[str, str, bool]]:
    """The links in the text: address, words and whether they stand raised."""
    found = []
    for view in views:
        assert isinstance(view, ProseView)
        block = view.document().begin()
        while block.isValid():
            pieces = block.begin()
            while not pieces.atEnd():
                form = pieces.fragment().charFormat()
                if form.anchorHref():
                    raised = QTextCharFormat.VerticalAlignment.AlignSuperScript
                    is_raised = form.verticalAlignment() is raised
                    found.append((form.anchorHref(), pieces.fragment().text(), is_raised))
                pieces += 1
            block = block.next()
    return found


def place_of_link(view: ProseView, address: str) -> QPoint:
    """Where a link stands in its view."""
    cursor = QTextCursor(view.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        if cursor.charFormat().anchorHref() == address:
            # From before it: behind the last one of a line is the beginning of the next.
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
            return view.cursorRect(cursor).center() + QPoint(2, -1)
    raise AssertionError(address)


def test_each_sentence_has_its_places_and_they_lead_to_the_page(
    qtbot: QtBot, alcove: Alcove, bench: Bench, sample: Path
) -> None:
    one = keep(alcove, sample)
    answer = decode(encode(answer_of(one)))
    assert answer is not None
    president, senator = answer.passages
    bench.text.set_text(TEXT)
    bench.evidence.show_found(PassagesFound(passages=answer.passages, mode=AnswerMode.PASSAGES))
    bench.evidence.show_answer(answer)
    views = bench.text.parts
    expected = [
        ("place:1:0", str(president.page), True),
        ("place:1:2", str(senator.page), True),
        ("place:2:0", str(senator.page), True),
    ]
    assert links(views) == expected
    first, table, last = views
    assert isinstance(first, ProseView)
    assert first.toPlainText().startswith("Yes 🎉. The President has to be thirty-five years old.")
    assert "thirty years" in table.toPlainText()
    assert "Nobody may serve for ever. ⚠ not found in the document" in last.toPlainText()
    qtbot.waitUntil(lambda: first.isVisible() and first.width() > 300, timeout=SLOW)
    spot = place_of_link(first, "place:1:0")
    first.highlighted.emit(QUrl("place:1:0"))
    assert "thirty five Years" in QToolTip.text()
    first.highlighted.emit(QUrl())
    qtbot.mouseClick(first.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: bench.beside.is_open, timeout=SLOW)
    assert bench.beside.pages.number == president.page
    picture = bench.beside.pages.picture
    qtbot.waitUntil(
        lambda: picture.picture is not None and len(picture.picture.highlights) > 0, timeout=SLOW
    )
    assert len(first.extraSelections()) == 1
    alcove.appearance.choose(Theme.DARK)  # the text is written anew, and so are the places
    qtbot.waitUntil(lambda: links(bench.text.parts) == expected, timeout=SLOW)
    alcove.appearance.choose(Theme.LIGHT)
    qtbot.waitUntil(lambda: links(bench.text.parts) == expected, timeout=SLOW)
    bench.beside.close_pages()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.beside.is_open, timeout=SLOW)
    bench.window.resize(500, 700)
    qtbot.waitUntil(lambda: not first.isVisible(), timeout=SLOW)
    qtbot.waitUntil(bench.beside.pages.isVisible, timeout=SLOW)
    qtbot.mouseClick(bench.beside.pages.close_button, Qt.MouseButton.LeftButton)
    assert first.isVisible()
    bench.evidence.show_answer(None)
    assert links(bench.text.parts) == []


def test_the_passages_unfold_and_open_by_click_and_key(
    qtbot: QtBot, alcove: Alcove, bench: Bench, sample: Path
) -> None:
    one = keep(alcove, sample)
    answer = answer_of(one)
    bench.text.set_text(TEXT)
    bench.evidence.show_answer(answer)
    button = bench.evidence.passages_button
    assert button.text() == "▸ 2 passages used"
    row = bench.evidence.rows[1]
    assert not row.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert row.isVisible()
    assert row.name.text().startswith(f"Page {answer.passages[1].page} · ")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.beside.is_open, timeout=SLOW)
    assert bench.beside.pages.number == answer.passages[1].page
    row = bench.evidence.rows[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.beside.pages.number == answer.passages[0].page, timeout=SLOW)
    foreign = replace(answer.passages[0], path="/somewhere/else.pdf", page=900, start=-4)
    bench.evidence.place_wanted.emit(place_of(foreign))  # as an imported chat may have it
    qtbot.waitUntil(bench.beside.notice.isVisible, timeout=SLOW)
    bench.evidence.place_wanted.emit(place_of(replace(foreign, path=answer.passages[0].path)))
    qtbot.waitUntil(bench.beside.pages.isVisible, timeout=SLOW)
    alcove.documents.remove(one.id)
    qtbot.keyClick(row, Qt.Key.Key_Space)
    qtbot.waitUntil(bench.beside.notice.isVisible, timeout=SLOW)
    assert "no longer among the documents" in bench.beside.notice.text()
    assert answer.passages[0].text in bench.beside.notice.text()


def test_documents_that_do_not_tell_say_so_and_show_the_nearest(
    alcove: Alcove, bench: Bench, sample: Path
) -> None:
    one = keep(alcove, sample)
    near = passage(cited(one, "thirty five Years"))
    bench.text.set_text("The documents do not tell.")
    silent = Answer(is_found=False, passages=(near,), silence=Silence.NOTHING_CLOSE)
    bench.evidence.show_answer(silent)
    assert bench.evidence.silence.isVisible()
    assert "No passage comes close" in bench.evidence._silence_words.text()
    assert bench.evidence.rows[0].isVisible()
    assert bench.evidence.anyway_button.isVisible()
    bench.evidence.show_answer(Answer(is_found=False, silence=Silence.NO_TEXT))
    assert not bench.evidence.anyway_button.isVisible()
    assert "no text" in bench.evidence._silence_words.text()
    assert bench.evidence.rows == []
