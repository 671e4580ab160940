"""Documents are asked in the real chat page, by clicks, keys and drops, with the real engine."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.conversations.asking import answering
from assistant.conversations.asking.answer import WrittenBy, decode
from assistant.storage.chat_settings import ChatSettings
from assistant.ui.app import Alcove
from assistant.ui.asking.wanted_view import WantedView
from assistant.ui.chat.chat_page import ChatPage
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.markdown.prose import ProseView
from tests.engine.tiny_bert import tiny_bert
from tests.engine.tiny_models import tiny_llama
from tests.leftovers import Searcher
from tests.ui.asking.test_evidence import links, place_of_link
from tests.ui.conftest import Starts

SLOW = 60_000  # ms; other work may keep the machine busy

LEASE = """# Lease of a flat

## Rent

The tenant pays a rent of 780 euros on the first working day of each month. The landlord may raise
the rent once a year, by no more than three percent.

## Deposit

The deposit is three rents. It is returned within thirty days after the keys were handed over.

## Term

The lease begins on 1 March 2025 and ends on 28 February 2027. Either party may terminate it with
three months' notice in writing.
"""


@pytest.fixture
def lease(tmp_path: Path) -> Path:
    """A contract."""
    path = tmp_path / "Lease.md"
    path.write_text(LEASE, "utf-8")
    return path


def open_chat(alcove: Alcove) -> ChatPage:
    """Show the chat page."""
    alcove.window.show_page("chat")
    return alcove.chat_page


def drop(alcove: Alcove, *paths: Path) -> str:
    """Drop files onto the window; return what it said before they were let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none, copy = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.DropAction.CopyAction,
    )
    enter = QDragEnterEvent(QPoint(400, 300), copy, data, left, none)
    QApplication.sendEvent(alcove.window, enter)
    said = alcove.window._drop_sign.text()
    QApplication.sendEvent(alcove.window, QDropEvent(QPointF(400, 300), copy, data, left, none))
    return said


def ask(qtbot: QtBot, page: ChatPage, question: str) -> None:
    """Type a question and send it by Enter."""
    qtbot.waitUntil(lambda: not page.asking.is_reading, timeout=SLOW)
    page.composer.field.setFocus()
    qtbot.keyClicks(page.composer.field, question)
    qtbot.keyClick(page.composer.field, Qt.Key.Key_Return)


def wait_for_reply(qtbot: QtBot, page: ChatPage, count: int) -> ReplyView:
    """Wait until there are so many replies and none is under way."""
    qtbot.waitUntil(
        lambda: page.live_reply is None and len(page.transcript.replies()) == count, timeout=SLOW
    )
    return page.transcript.replies()[-1]


def test_a_dropped_document_is_asked_and_the_answer_leads_to_its_page(
    qtbot: QtBot, starts: Starts, sample: Path, files: Path
) -> None:
    alcove = starts()
    page = open_chat(alcove)
    assert drop(alcove, sample) == "Let go to attach to this chat"
    assert page.asking.strip.isVisible()
    assert page.composer.field.placeholderText() == "Ask about the documents"
    page.composer.set_text("too early")
    assert not page.composer.send_button.isEnabled()
    page.composer.set_text("")
    ask(qtbot, page, "Who is eligible to the Office of President, and at which age?")
    reply = wait_for_reply(qtbot, page, 1)
    answer = reply.evidence.answer
    assert answer is not None
    assert answer.is_found
    assert answer.written_by is WrittenBy.DOCUMENT  # so small a model is not trusted with words
    assert "thirty five Years" in reply.text
    found = links(reply.content.parts)
    assert found
    number, citation = next(
        (i, s.citations[0])
        for i, s in enumerate(answer.sentences)
        if s.citations and "thirty five Years" in s.citations[0].quote
    )
    view = next(
        part
        for part in reply.content.parts
        if isinstance(part, ProseView)
        and any(link[0] == f"place:{number}:0" for link in links([part]))
    )
    page.transcript.list.ensureWidgetVisible(view)
    spot = place_of_link(view, f"place:{number}:0")
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    beside = page.asking._beside
    assert beside is not None
    qtbot.waitUntil(lambda: beside.is_open, timeout=SLOW)
    assert beside.pages.number == citation.page
    qtbot.mouseClick(reply.evidence.passages_button, Qt.MouseButton.LeftButton)
    assert 1 <= len(reply.evidence.rows) <= 5
    chat = page.conversation_id
    assert chat is not None
    assert reply.again_button.isEnabled()
    page.attach([files / "report.docx"])
    assert not reply.again_button.isEnabled()  # not before the new document is known
    qtbot.waitUntil(lambda: not page.asking.is_reading, timeout=SLOW)
    assert reply.again_button.isEnabled()
    page.asking.attachments.remove(page.asking.attachments.files[-1])
    starts.close(alcove)

    again = starts()
    page = open_chat(again)
    page.open_conversation(chat)
    kept = page.transcript.replies()[-1]
    assert kept.evidence.answer == answer
    qtbot.waitUntil(lambda: links(kept.content.parts) == found, timeout=SLOW)
    qtbot.waitUntil(lambda: not page.asking.is_reading, timeout=SLOW)
    assert len(page.asking.strip.chips) == 1
    with qtbot.waitSignal(page.document_wanted):
        page.asking.show_file(page.asking.attachments.files[0])
        assert page.asking._beside is not None
        qtbot.mouseClick(page.asking._beside.open_button, Qt.MouseButton.LeftButton)
    assert again.documents_page.isVisible()
    assert again.documents_page.view.head.chats_button.text().strip() == "1 chat"


def test_what_the_documents_do_not_tell_is_said_and_not_invented(
    qtbot: QtBot, alcove: Alcove, lease: Path
) -> None:
    page = open_chat(alcove)
    page.attach([lease])
    ask(qtbot, page, "What is the boiling point of mercury?")
    reply = wait_for_reply(qtbot, page, 1)
    assert reply.evidence.answer is not None
    assert not reply.evidence.answer.is_found
    assert reply.evidence.silence.isVisible()
    page.new_chat()
    assert not page.asking.strip.isVisible()
    assert page.composer.field.placeholderText() == "Write a message"
    page.open_conversation(1)
    assert page.transcript.replies()[-1].evidence.silence.isVisible()


def test_an_answer_keeps_its_pages_in_a_chat_whose_replies_have_a_form(
    qtbot: QtBot, alcove: Alcove, lease: Path
) -> None:
    page = open_chat(alcove)
    page.choices.change(ChatSettings(form="json"))
    page.attach([lease])
    ask(qtbot, page, "How much is the deposit?")
    reply = wait_for_reply(qtbot, page, 1)
    assert "three rents" in reply.text
    assert links(reply.content.parts)
    page.new_chat()
    page.open_conversation(1)
    assert "form" not in alcove.conversations.messages(1)[-1].stats
    kept = page.transcript.replies()[-1]
    qtbot.waitUntil(lambda: bool(links(kept.content.parts)), timeout=SLOW)


def test_the_person_may_have_the_closest_passages_answer_all_the_same(
    qtbot: QtBot, alcove: Alcove, lease: Path
) -> None:
    page = open_chat(alcove)
    page.attach([lease])
    ask(qtbot, page, "Which pets may the tenant keep in the garden?")
    reply = wait_for_reply(qtbot, page, 1)
    assert reply.evidence.answer is not None
    assert not reply.evidence.answer.is_found
    assert reply.evidence.rows
    qtbot.mouseClick(reply.evidence.anyway_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.live_reply is None, timeout=SLOW)
    (again,) = page.transcript.replies()
    assert again.evidence.answer is not None
    assert again.evidence.answer.is_found
    assert not again.evidence.silence.isVisible()
    assert again.variants.place.text() == "2/2"


def test_a_temporary_chat_leaves_no_word_of_it_nor_of_its_documents_on_the_disk(
    qtbot: QtBot,
    starts: Starts,
    lease: Path,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = paths.folders().models
    models.mkdir(parents=True, exist_ok=True)
    model = tiny_llama(models / "tiny.gguf", llama__context_length=4096)
    monkeypatch.setattr(answering, "SMALLEST_WRITER", 0)  # so that the model reads the document
    alcove = starts()
    page = open_chat(alcove)
    page.open_temporary()
    page.choices.change(ChatSettings(model=model.stem, max_tokens=4))
    ask(qtbot, page, "Where on Rottnest do the quokkas live?")
    wait_for_reply(qtbot, page, 1)
    page.attach([lease])
    ask(qtbot, page, "How much is the deposit that the tenant pays?")
    reply = wait_for_reply(qtbot, page, 2)
    assert reply.evidence.answer is not None
    assert reply.evidence.answer.written_by is WrittenBy.MODEL
    page.composer.set_text("And a draft about wombats")
    page.drafts.keep()
    alcove.conversations.create("A chat about echidnas that is kept")
    alcove.engine.unload()  # writes what is to be kept of what was evaluated
    texts = [lease.name, "Rottnest", "quokka", "wombat"]
    texts += ["deposit that the tenant", "three rents", "Lease of a flat"]
    starts.close(alcove)
    with closing(Searcher(model)) as searcher:
        assert searcher.found("about echidnas", own_home)
        assert [found for text in texts for found in searcher.found(text, own_home)] == []


def test_a_question_about_the_whole_goes_to_the_summary(
    qtbot: QtBot, alcove: Alcove, lease: Path, files: Path
) -> None:
    page = open_chat(alcove)
    page.attach([lease, files / "report.md"])
    ask(qtbot, page, "Summarise it")
    reply = wait_for_reply(qtbot, page, 1)
    answer = reply.evidence.answer
    assert answer is not None
    assert answer.written_by is WrittenBy.DOCUMENT
    assert "### Lease of a flat" in reply.text
    assert len(links(reply.content.parts)) == len(answer.sentences)
    assert {c.path for s in answer.sentences for c in s.citations} == {
        str(lease),
        str(files / "report.md"),
    }
    record = alcove.conversations.messages(1)[-1]
    assert decode(record.evidence) == answer
    # To go on with it is to write it anew: the summary job again, and no word twice.
    text = reply.text
    page.transcript.continue_wanted.emit(record.id)
    assert page.live_reply is not None
    reply = wait_for_reply(qtbot, page, 1)
    assert reply.text == text == alcove.conversations.messages(1)[-1].content
    ask(qtbot, page, "List all deadlines")
    listed = wait_for_reply(qtbot, page, 2)
    assert listed.evidence.answer is not None
    assert "- The lease begins on 1 March 2025 and ends on 28 February 2027." in listed.text
    assert alcove.summaries.for_document(answer.sentences[0].citations[0].document_id)


def test_a_question_that_means_a_document_asks_for_it_and_is_answered_with_it(
    qtbot: QtBot, alcove: Alcove, lease: Path
) -> None:
    page = open_chat(alcove)
    ask(qtbot, page, "When does this contract end?")
    qtbot.waitUntil(lambda: bool(page.findChildren(WantedView)), timeout=SLOW)
    wanted = page.findChildren(WantedView)[-1]
    qtbot.waitUntil(wanted.files_button.isVisible, timeout=SLOW)
    assert "Which document do you mean?" in {x.text() for x in wanted.findChildren(QLabel)}
    drop(alcove, lease)
    reply = wait_for_reply(qtbot, page, 1)
    assert reply.evidence.answer is not None
    assert "28 February 2027" in reply.text
    assert not [view for view in page.findChildren(WantedView) if view.isVisible()]
    assert [m.role for m in alcove.conversations.messages(1)] == ["user", "assistant"]


def test_a_document_is_asked_from_its_page_and_takes_its_chat_along(
    qtbot: QtBot, alcove: Alcove, lease: Path
) -> None:
    documents = alcove.documents_page
    alcove.open_files([lease])
    qtbot.waitUntil(
        lambda: documents.session is not None and not documents.session.is_working, timeout=SLOW
    )
    qtbot.mouseClick(documents.view.head.ask_button, Qt.MouseButton.LeftButton)
    page = alcove.chat_page
    assert page.isVisible()
    ask(qtbot, page, "How much is the deposit?")
    reply = wait_for_reply(qtbot, page, 1)
    assert "three rents" in reply.text
    alcove.window.show_page("documents")
    assert documents.view.head.chats_button.text().strip() == "1 chat"
    documents.list.view.setFocus()
    qtbot.keyClick(documents.list.view, Qt.Key.Key_Delete)
    assert (
        documents.undo_bar.accessibleName() == "Removed Lease of a flat with 1 summary and 1 chat"
    )
    alcove.window.show_page("chat")
    assert page.conversation_id is None
    assert page.asking.attachments.files == ()
    alcove.window.show_page("documents")
    documents.undo_bar.undo()
    alcove.window.show_page("chat")
    page.open_conversation(1)
    qtbot.waitUntil(lambda: len(page.asking.strip.chips) == 1, timeout=SLOW)
    assert page.transcript.replies()[-1].evidence.answer is not None


def test_passages_are_found_by_meaning_where_an_embedding_model_is_installed(
    qtbot: QtBot, starts: Starts, lease: Path, own_home: Path
) -> None:
    folder = paths.folders().models
    folder.mkdir(parents=True, exist_ok=True)
    tiny_bert(folder / "words-into-vectors.gguf")
    alcove = starts()
    model = alcove.meanings.model
    assert model is not None
    page = open_chat(alcove)
    page.attach([lease])
    ask(qtbot, page, "How much is the deposit?")
    reply = wait_for_reply(qtbot, page, 1)
    assert reply.evidence.answer is not None
    assert "three rents" in reply.text
    rows = alcove.database.query("SELECT document_id, model_key FROM vectors")
    assert [(row[0], row[1].startswith(model.name)) for row in rows] == [(1, True)]
    model.path.write_bytes(b"GGUF and nothing")  # words and letters go on without it
    alcove.meanings.forget()
    ask(qtbot, page, "When does the lease end?")
    reply = wait_for_reply(qtbot, page, 2)
    assert reply.evidence.answer is not None
    assert "28 February 2027" in reply.text
    page.start_over()
    assert page.asking.attachments.files == ()
