"""The chat page with the real engine and the starter model."""

from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.engine.client import Engine
from assistant.errors import EngineDied, NoSpace
from assistant.storage.chat_search import Part, search
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.errors_view import ErrorView
from tests.processes import newest_child

# The engine's process is the module's: it starts with the first request.
pytestmark = pytest.mark.shared_process

Desk: TypeAlias = Any  # of conftest.py
STORY = "Tell me a very long story about a lighthouse keeper."


def last_reply(desk: Desk) -> ReplyView:
    return desk.page.transcript.replies()[-1]


def talk(store: ConversationStore, *texts: str) -> int:
    """Keep a conversation whose messages are the person's and the model's in turn."""
    conversation = store.create(texts[0])
    for i, text in enumerate(texts):
        store.add_message(conversation, "assistant" if i % 2 else "user", text)
    return conversation


def press(view: ReplyView, text: str) -> None:
    (button,) = (b for b in view.findChildren(QPushButton) if b.text() == text)
    button.click()


def test_a_reply_streams_and_is_kept(desk: Desk, store: ConversationStore, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.page.composer.field, "What is the capital of France?")
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Return)
    assert desk.page.composer.text == ""
    assert desk.page.composer.send_button.accessibleName() == "Stop"
    (conversation,) = store.list()
    assert conversation.title == "What is the capital of France?"
    assert store.messages(conversation.id)[0].content == "What is the capital of France?"
    shown = set()
    last_reply(desk)._timer.timeout.connect(lambda: shown.add(last_reply(desk).text))
    desk.wait_for_reply()
    _question, reply = store.messages(conversation.id)
    assert reply.status is MessageStatus.COMPLETE
    assert reply.content == last_reply(desk).text != ""
    assert len(shown) >= 1
    assert reply.stats["prompt_tokens"] > 0
    assert "Context" in desk.page.meter.words.text()
    assert desk.page.composer.send_button.accessibleName() == "Send"
    assert desk.page.sidebar.model.index_of(conversation.id).isValid()


def test_a_reply_tells_its_figures_when_asked_and_after_a_restart(
    new_desk: Any, store: ConversationStore, qtbot: QtBot
) -> None:
    desk = new_desk()
    desk.page.send("Say hello.")
    desk.wait_for_reply()
    view = last_reply(desk)
    assert view.figures_button.accessibleName() == "What this reply took"
    assert not view.figures.isVisible()
    qtbot.mouseClick(view.figures_button, Qt.MouseButton.LeftButton)
    assert view.figures.isVisible()
    words = view.figures.words.text()
    read = store.messages(desk.page.conversation_id)[-1].stats["prompt_tokens"]
    assert words.startswith(f"{read} tokens read")
    assert "tokens/s" in words
    view.figures_button.setFocus()
    qtbot.keyClick(view.figures_button, Qt.Key.Key_Space)
    assert not view.figures.isVisible()
    again = new_desk()
    again.page.open_conversation(desk.page.conversation_id)
    assert last_reply(again).figures.words.text() == words


def test_a_reply_that_went_on_tells_what_both_parts_took(
    new_desk: Any, store: ConversationStore, qtbot: QtBot
) -> None:
    desk = new_desk()
    desk.page.send(STORY)
    desk.wait_for_words(10)
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Escape)
    desk.wait_for_reply()
    begun = store.messages(desk.page.conversation_id)[-1].stats["generated_tokens"]
    qtbot.mouseClick(last_reply(desk).notes.continue_button, Qt.MouseButton.LeftButton)
    desk.wait_for_reply()
    whole = store.messages(desk.page.conversation_id)[-1].stats["generated_tokens"]
    assert whole > begun
    words = last_reply(desk).figures.words.text()
    assert f"{whole} tokens written" in words
    again = new_desk()
    again.page.open_conversation(desk.page.conversation_id)
    assert last_reply(again).figures.words.text() == words


def test_stop_keeps_what_there_is_and_marks_it(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    desk.page.send(STORY)
    desk.wait_for_words(30)
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Escape)
    desk.wait_for_reply()
    reply = store.messages(desk.page.conversation_id)[-1]
    assert reply.status is MessageStatus.STOPPED
    assert len(reply.content) >= 30
    assert last_reply(desk).notes.words.text() == "Stopped."


def test_enter_does_nothing_while_a_reply_is_written(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    desk.page.send(STORY)
    desk.page.composer.set_text("And then?")
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Return)
    assert desk.page.composer.text == "And then?"
    desk.page.stop()
    desk.wait_for_reply()
    assert [m.role for m in store.messages(desk.page.conversation_id)] == ["user", "assistant"]


def test_write_again_makes_a_variant(desk: Desk, store: ConversationStore, qtbot: QtBot) -> None:
    desk.page.send(STORY)
    desk.wait_for_words(20)
    desk.page.stop()
    desk.wait_for_reply()
    before = store.messages(desk.page.conversation_id)[-1]
    last_reply(desk).again_button.click()
    assert desk.page.live_reply is not None
    desk.wait_for_words(5)
    desk.page.stop()
    desk.wait_for_reply()
    conversation = desk.page.conversation_id
    question, reply = store.messages(conversation)
    assert question.content == STORY
    assert reply.id != before.id
    assert len(desk.page.transcript.replies()) == 1
    switch = last_reply(desk).variants
    assert switch.place.text() == "2/2"
    assert not switch.later.isEnabled()
    qtbot.mouseClick(switch.earlier, Qt.MouseButton.LeftButton)
    assert last_reply(desk).text == before.content
    assert last_reply(desk).variants.place.text() == "1/2"
    assert store.messages(conversation)[-1].id == before.id
    qtbot.keyClick(last_reply(desk).variants.later, Qt.Key.Key_Space)
    assert last_reply(desk).text == reply.content


def test_a_new_reply_stopped_before_its_first_word_leaves_the_old_one(
    desk: Desk, store: ConversationStore
) -> None:
    desk.page.send(STORY)
    desk.wait_for_words(20)
    desk.page.stop()
    desk.wait_for_reply()
    before = store.messages(desk.page.conversation_id)[-1]
    last_reply(desk).again_button.click()
    desk.page.stop()
    desk.wait_for_reply()
    after = store.messages(desk.page.conversation_id)[-1]
    assert after == before
    assert last_reply(desk).text == before.content


def test_the_engine_killed_in_a_reply_is_told_in_its_place_and_retry_works(
    desk: Desk, store: ConversationStore
) -> None:
    desk.page.send(STORY)
    desk.wait_for_words(20)
    newest_child().kill()
    desk.wait_for_reply()
    (error,) = last_reply(desk).findChildren(ErrorView)
    assert isinstance(error.error, EngineDied)
    row = store.messages(desk.page.conversation_id)[-1]
    assert row.status is MessageStatus.FAILED
    assert len(row.content) >= 20
    assert "ended" in row.error
    press(last_reply(desk), "Try again")
    desk.wait_for_words(10)
    desk.page.stop()
    desk.wait_for_reply()
    assert not last_reply(desk).has_failed
    _question, reply = store.messages(desk.page.conversation_id)
    assert reply.status is MessageStatus.STOPPED


def test_the_engine_killed_before_the_first_word(desk: Desk, store: ConversationStore) -> None:
    desk.page.send("word " * 1200)
    desk.qtbot.waitUntil(
        lambda: desk.page.live_reply is None or desk.page.live_reply.context_tokens > 0,
        timeout=60_000,
    )
    newest_child().kill()
    desk.wait_for_reply()
    assert last_reply(desk).has_failed
    press(last_reply(desk), "Try again")
    desk.page.stop()
    desk.wait_for_reply()
    assert len(store.messages(desk.page.conversation_id)) == 2


def test_a_message_longer_than_the_context_is_told_of(desk: Desk) -> None:
    desk.page.send("word " * 4000)
    desk.wait_for_reply()
    (error,) = last_reply(desk).findChildren(ErrorView)
    assert "tokens" in error.accessibleName()


def test_a_conversation_is_there_after_a_restart(
    new_desk: Any, store: ConversationStore, qtbot: QtBot
) -> None:
    first = new_desk()
    first.page.send("Say hello.")
    first.wait_for_reply()
    conversation, text = first.page.conversation_id, last_reply(first).text
    second = new_desk()
    index = second.page.sidebar.model.index_of(conversation)
    second.page.sidebar.view.clicked.emit(index)
    assert second.page.conversation_id == conversation
    assert last_reply(second).text == text
    assert second.page.transcript.last_message() == "Say hello."
    assert "Context" in second.page.meter.words.text()


def test_what_a_crash_left_half_written_is_stopped_at_the_next_start(
    new_desk: Any, store: ConversationStore
) -> None:
    conversation = store.create("Cut")
    store.add_message(conversation, "user", "Hello")
    store.add_message(
        conversation, "assistant", "Half a", status=MessageStatus.STREAMING, model_name="M"
    )
    desk = new_desk()
    desk.page.open_conversation(conversation)
    assert last_reply(desk).text == "Half a"
    assert last_reply(desk).notes.words.text() == "Stopped."


def test_a_stored_failure_offers_a_retry(new_desk: Any, store: ConversationStore) -> None:
    conversation = store.create("Failed")
    store.add_message(conversation, "user", "Say hello.")
    store.add_message(conversation, "assistant", "", status=MessageStatus.FAILED, error="It broke.")
    desk = new_desk()
    desk.page.open_conversation(conversation)
    press(last_reply(desk), "Try again")
    desk.wait_for_reply()
    assert last_reply(desk).text
    assert [m.status for m in store.messages(conversation)] == [MessageStatus.COMPLETE] * 2


def test_leaving_a_conversation_does_not_stop_its_reply(
    desk: Desk, store: ConversationStore
) -> None:
    desk.page.send(STORY)
    conversation = desk.page.conversation_id
    desk.wait_for_words(10)
    live = desk.page.live_reply
    desk.page.new_chat()
    assert desk.page.live_reply is None
    assert desk.page.composer.send_button.accessibleName() == "Send"
    before = len(live.text)
    desk.qtbot.waitUntil(lambda: len(live.text) > before, timeout=60_000)
    desk.page.open_conversation(conversation)
    assert last_reply(desk).text.startswith(live.text[:10])
    assert len(desk.page.transcript.replies()) == 1
    desk.page.stop()
    desk.wait_for_reply()


def test_delete_has_an_undo(desk: Desk, store: ConversationStore) -> None:
    desk.page.send("Say hello.")
    conversation = desk.page.conversation_id
    desk.wait_for_reply()
    desk.page.sidebar.commands.delete_wanted.emit([conversation])
    assert store.list() == []
    assert desk.page.conversation_id is None
    desk.page.sidebar.undo_bar.undo()
    assert [record.id for record in store.list()] == [conversation]
    assert desk.page.conversation_id == conversation
    desk.page.sidebar.commands.delete_wanted.emit([conversation])
    desk.page.sidebar.undo_bar.settle()
    desk.qtbot.waitUntil(lambda: store.messages(conversation) == [])


def test_rename(desk: Desk, store: ConversationStore) -> None:
    conversation = store.create("Old")
    desk.page.refresh_list()
    model = desk.page.sidebar.model
    assert model.setData(model.index_of(conversation), "  New\nname ")
    assert store.list()[0].title == "New name"
    assert not model.setData(model.index_of(conversation), "   ")


def test_up_changes_the_last_message_in_its_place(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = talk(store, "Say hello.", "Hello.", "And again", "Hello again.")
    desk.page.open_conversation(conversation)
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Up)
    first, _, last, _ = desk.page.transcript.list.views()
    assert first.editor is None
    assert last.editor.field.toPlainText() == "And again"
    qtbot.keyClick(last.editor.field, Qt.Key.Key_Escape)
    assert last.editor is None
    assert last._bubble.isVisible()
    qtbot.mouseClick(first.edit_button, Qt.MouseButton.LeftButton)
    assert first.editor.field.toPlainText() == "Say hello."


def test_copy_takes_the_markdown(desk: Desk, store: ConversationStore) -> None:
    conversation = store.create("Copy")
    store.add_message(conversation, "user", "Hi")
    store.add_message(conversation, "assistant", "**Bold** &amp; `code`")
    desk.page.open_conversation(conversation)
    last_reply(desk).action_row.buttons[0].click()
    assert QGuiApplication.clipboard().text() == "**Bold** &amp; `code`"


def test_the_small_model_is_said_to_make_things_up(desk: Desk, qtbot: QtBot) -> None:
    assert desk.page.notice.isVisible()
    assert "makes things up" in desk.page.notice.words.text()
    with qtbot.waitSignal(desk.page.models_wanted):
        desk.page.notice.button.click()


def test_an_example_fills_the_composer(desk: Desk) -> None:
    desk.page.start.buttons[0].click()
    assert desk.page.composer.text == desk.page.start.buttons[0].text()


def test_a_full_disk_leaves_the_text_in_the_composer(
    desk: Desk, store: ConversationStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise NoSpace(tmp_path)

    monkeypatch.setattr(ConversationStore, "create", refuse)
    desk.page.composer.set_text("Do not lose this")
    desk.page.composer.send_button.click()
    assert desk.page.composer.text == "Do not lose this"
    assert any("full" in view.accessibleName() for view in desk.page.findChildren(ErrorView))


def test_the_page_follows_the_end_until_the_person_scrolls_up(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = store.create("Long")
    for i in range(30):
        store.add_message(conversation, "user", f"Question {i}")
        store.add_message(conversation, "assistant", "A line.\n\n" * 10)
    desk.page.open_conversation(conversation)
    bar = desk.page.transcript.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 500 and bar.value() == bar.maximum())
    desk.page.send(STORY)
    desk.wait_for_words(30)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    before = desk.written()
    desk.wait_for_words(before + 200)
    qtbot.wait(100)
    assert bar.value() == place
    assert desk.page.transcript.list.latest_button.isVisible()
    desk.page.transcript.list.latest_button.click()
    assert bar.value() == bar.maximum()
    desk.page.stop()
    desk.wait_for_reply()


def test_earlier_messages_are_shown_when_wanted(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = store.create("Long")
    for i in range(25):
        store.add_message(conversation, "user", f"Question {i}")
        store.add_message(conversation, "assistant", f"Answer {i}")
    desk.page.open_conversation(conversation)
    views = desk.page.transcript.list
    qtbot.waitUntil(lambda: len(views.views()) == 20)
    bar = views.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    views.earlier_button.click()
    views.earlier_button.click()
    assert len(views.views()) == 50
    assert views.views()[0].text == "Question 0"
    assert not views.earlier_button.isVisible()


def test_a_right_to_left_message_is_written_from_the_right(
    desk: Desk, store: ConversationStore
) -> None:
    conversation = store.create("RTL")
    store.add_message(conversation, "user", "مرحبا، كيف حالك؟")
    store.add_message(conversation, "assistant", "أنا بخير\n\n- أولا")
    desk.page.open_conversation(conversation)
    question = desk.page.transcript.list.views()[0]
    assert question.words.layoutDirection() is Qt.LayoutDirection.RightToLeft
    prose = last_reply(desk).content.parts[0]
    block = prose.document().begin()
    while block.isValid():
        assert block.textDirection() is Qt.LayoutDirection.RightToLeft
        block = block.next()


def test_a_link_asks_first_and_shows_the_whole_address(
    desk: Desk, store: ConversationStore, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    from assistant.ui.chat import link_question

    opened: list[str] = []
    monkeypatch.setattr(
        link_question.QDesktopServices, "openUrl", lambda url: opened.append(url.toString())
    )
    conversation = store.create("Link")
    store.add_message(conversation, "user", "Hi")
    store.add_message(conversation, "assistant", "[good bank](https://evil.example/steal?x=1)")
    desk.page.open_conversation(conversation)
    view = last_reply(desk)
    view.content.link_chosen.emit("https://evil.example/steal?x=1")
    assert opened == []
    (question,) = view.findChildren(link_question.LinkQuestion)
    assert question.address == "https://evil.example/steal?x=1"
    question.open_button.click()
    assert opened == ["https://evil.example/steal?x=1"]


def test_a_finished_reply_is_announced_once_and_politely(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.ui import announcing

    told: list[tuple[str, object]] = []
    monkeypatch.setattr(announcing.QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        announcing.QAccessible,
        "updateAccessibility",
        lambda event: told.append((event.message(), event.politeness())),
    )
    desk.page.send("Say hello.")
    desk.wait_for_reply()
    ((words, politeness),) = told
    assert words == last_reply(desk).content.words
    assert politeness is announcing.QAccessible.AnnouncementPoliteness.Polite


def test_a_base_model_cannot_be_written_to(desk: Desk, engine: Engine) -> None:
    import dataclasses

    current = desk.page._current_model
    base = dataclasses.replace(current.model, name="base-7B", has_chat_template=False)
    desk.page.notice.show_for(base, is_known=True)
    assert "base model" in desk.page.notice.words.text()
    assert "makes things up" not in desk.page.notice.words.text()


def test_a_changed_message_is_a_variant_with_a_reply_of_its_own(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = talk(store, "Say hello.", "Hello.", "And again", "Hello again.")
    desk.page.open_conversation(conversation)
    first = desk.page.transcript.list.views()[0]
    qtbot.mouseClick(first.edit_button, Qt.MouseButton.LeftButton)
    first.editor.field.show_text("Say good night.")
    qtbot.keyClick(first.editor.field, Qt.Key.Key_Return)
    desk.wait_for_reply()
    question, reply = store.messages(conversation)
    assert question.content == "Say good night."
    shown = desk.page.transcript.list.views()
    assert [view.text for view in shown] == ["Say good night.", reply.content]
    assert shown[0].variants.place.text() == "2/2"
    qtbot.mouseClick(shown[0].variants.earlier, Qt.MouseButton.LeftButton)
    texts = [view.text for view in desk.page.transcript.list.views()]
    assert texts == ["Say hello.", "Hello.", "And again", "Hello again."]
    assert len(store.all_messages(conversation)) == 6


def test_a_stopped_reply_goes_on(desk: Desk, store: ConversationStore, qtbot: QtBot) -> None:
    desk.page.send(STORY)
    desk.wait_for_words(30)
    desk.page.stop()
    desk.wait_for_reply()
    before = store.messages(desk.page.conversation_id)[-1]
    assert last_reply(desk).notes.continue_button.isVisible()
    qtbot.mouseClick(last_reply(desk).notes.continue_button, Qt.MouseButton.LeftButton)
    desk.wait_for_words(len(before.content) + 20)
    desk.page.stop()
    desk.wait_for_reply()
    _question, reply = store.messages(desk.page.conversation_id)
    assert reply.id == before.id
    assert reply.content.startswith(before.content)
    assert len(reply.content) > len(before.content)
    assert [view.text for view in desk.page.transcript.replies()] == [reply.content]


def test_a_new_chat_begins_with_what_was_said(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = talk(store, "Say hello.", "Hello.", "And again", "Hello again.")
    desk.page.open_conversation(conversation)
    first = desk.page.transcript.replies()[0]
    qtbot.mouseClick(first.branch_button, Qt.MouseButton.LeftButton)
    assert desk.page.conversation_id != conversation
    texts = [view.text for view in desk.page.transcript.list.views()]
    assert texts == ["Say hello.", "Hello."]
    assert len(store.list()) == 2
    assert len(store.messages(conversation)) == 4


def test_drafts_belong_to_their_conversations_and_outlive_the_window(
    new_desk: Any, store: ConversationStore, database: Any, qtbot: QtBot
) -> None:
    from assistant.storage.drafts import DraftStore

    conversation = talk(store, "Say hello.", "Hello.")
    drafts = DraftStore(database)
    desk = new_desk()
    qtbot.keyClicks(desk.page.composer.field, "Not begun")
    qtbot.waitUntil(lambda: drafts.get(None) == "Not begun")  # without any other key or click
    desk.page.open_conversation(conversation)
    assert desk.page.composer.text == ""
    qtbot.keyClicks(desk.page.composer.field, "Half a though")
    desk.page.new_chat()
    assert desk.page.composer.text == "Not begun"
    desk.page.open_conversation(conversation)
    assert desk.page.composer.text == "Half a though"
    qtbot.keyClicks(desk.page.composer.field, "t")
    desk.page.close_page()  # before the moment at which it would be kept
    again = new_desk()
    assert again.page.composer.text == "Not begun"
    again.page.open_conversation(conversation)
    assert again.page.composer.text == "Half a thought"
    again.page.send("Half a thought")
    again.page.stop()
    again.wait_for_reply()
    qtbot.waitUntil(lambda: drafts.get(conversation) == "")


def test_a_summary_of_old_messages_is_read_changed_and_undone(
    desk: Desk, store: ConversationStore, database: Any, qtbot: QtBot
) -> None:
    from assistant.storage.recaps import RecapStore
    from assistant.ui.chat.recap_view import RecapView

    conversation = talk(store, *(f"Text {i}" for i in range(60)))
    stats = {"prompt_tokens": 900, "generated_tokens": 30, "context_tokens": 2048}
    messages = store.messages(conversation)
    store.update_message(messages[-1].id, stats=stats)
    recaps = RecapStore(database)
    recaps.put(conversation, messages[3].id, "They counted to <b>three</b>.")
    desk.page.open_conversation(conversation)
    assert "summed up" in desk.page.meter.words.text()
    qtbot.mouseClick(desk.page.meter.recap_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.page.transcript.list.findChildren(RecapView) != [])
    views = desk.page.transcript.list.views()
    (recap,) = (view for view in views if isinstance(view, RecapView))
    assert views[views.index(recap) - 1].text == "Text 3"
    area = desk.page.transcript.list.viewport()
    qtbot.waitUntil(lambda: area.rect().contains(recap.mapTo(area, recap.rect().center())))
    assert recap.text.isVisible()
    assert recap.text.text() == "They counted to <b>three</b>."
    qtbot.mouseClick(recap.edit_button, Qt.MouseButton.LeftButton)
    recap.field.show_text("They counted.")
    qtbot.mouseClick(recap.save_button, Qt.MouseButton.LeftButton)
    (kept,) = recaps.of(conversation)
    assert (kept.text, kept.is_edited, kept.is_off) == ("They counted.", True, False)
    assert recap.text.text() == "They counted."
    qtbot.mouseClick(recap.switch_button, Qt.MouseButton.LeftButton)
    assert recaps.of(conversation)[0].is_off
    assert "switched off" in recap.title.text()
    assert "summed up" not in desk.page.meter.words.text()
    qtbot.mouseClick(recap.switch_button, Qt.MouseButton.LeftButton)
    assert not recaps.of(conversation)[0].is_off


def test_a_temporary_chat_leaves_nothing(
    desk: Desk, store: ConversationStore, database: Any, qtbot: QtBot
) -> None:
    desk.page.open_temporary()
    assert "never" in desk.page.start.privacy.text() or "Nothing" in desk.page.start.privacy.text()
    qtbot.keyClicks(desk.page.composer.field, "Say hello.")
    qtbot.keyClick(desk.page.composer.field, Qt.Key.Key_Return)
    desk.wait_for_reply()
    assert last_reply(desk).text
    said = last_reply(desk).text
    assert last_reply(desk).branch_button.isHidden()  # nothing would lead back from there
    assert store.list() == []
    desk.page.new_chat()
    desk.page.open_temporary()
    assert last_reply(desk).text == said
    assert last_reply(desk).branch_button.isHidden()
    desk.page.close_temporary()
    assert not desk.page.is_temporary
    assert desk.page.conversation_id is None
    assert database.query("SELECT count(*) FROM messages") == [(0,)]
    assert database.query("SELECT count(*) FROM drafts") == [(0,)]


def test_a_question_about_a_document_asks_for_it(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    from assistant.ui.asking.wanted_view import WantedView

    desk.page.send("What does this contract say about the deposit?")
    desk.wait_for_reply()
    conversation = desk.page.conversation_id
    assert [message.role for message in store.messages(conversation)] == ["user"]
    (card,) = desk.page.transcript.list.findChildren(WantedView)
    card.reply_wanted.emit()
    desk.wait_for_reply()
    assert last_reply(desk).text
    assert [message.role for message in store.messages(conversation)] == ["user", "assistant"]


def test_what_a_search_found_is_brought_into_sight_on_its_branch(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = talk(store, *(f"Text {i}" for i in range(80)))
    messages = store.messages(conversation)
    other = store.add_message(conversation, "user", "Another way", parent_id=messages[1].id)
    assert len(store.messages(conversation)) == 3
    desk.page.sidebar.found.emit(conversation, messages[4].id, Part.TEXT)
    shown = desk.page.transcript.list.views
    qtbot.waitUntil(lambda: any(view.message_id == messages[4].id for view in shown()))
    views = shown()
    (found,) = (view for view in views if view.message_id == messages[4].id)
    area = desk.page.transcript.list.viewport()
    qtbot.waitUntil(lambda: area.rect().contains(found.mapTo(area, found.rect().topLeft())))
    desk.page.sidebar.found.emit(conversation, other, Part.TEXT)
    assert desk.page.transcript.last_message() == "Another way"


def test_reasoning_and_a_recap_that_a_search_found_are_unfolded(
    desk: Desk, store: ConversationStore, database: Database, qtbot: QtBot
) -> None:
    from assistant.storage.recaps import RecapStore
    from assistant.ui.chat.recap_view import RecapView

    conversation = talk(store, *(f"Text {i}" for i in range(40)))
    messages = store.messages(conversation)
    store.update_message(messages[3].id, thinking="An ancient wisteria")
    recaps = RecapStore(database)
    for upto in (messages[5].id, messages[21].id):
        recaps.put(conversation, upto, f"A summary up to {upto}")
    shown = desk.page.transcript.list.views
    area = desk.page.transcript.list.viewport()
    (hit,) = search(database, "wisteria")
    desk.page.sidebar.found.emit(hit.conversation_id, hit.message_id, hit.part)
    qtbot.waitUntil(lambda: any(view.message_id == hit.message_id for view in shown()))
    (found,) = (v for v in desk.page.transcript.replies() if v.message_id == hit.message_id)
    qtbot.waitUntil(found.thinking.words.isVisible)
    qtbot.waitUntil(lambda: area.rect().contains(found.mapTo(area, found.rect().topLeft())))
    hit = search(database, "summary")[1]
    desk.page.sidebar.found.emit(hit.conversation_id, hit.message_id, hit.part)
    first, last = desk.page.transcript.list.findChildren(RecapView)
    assert first.text.text() == f"A summary up to {messages[5].id}"
    assert (first.text.isVisible(), last.text.isVisible()) == (True, False)


def test_an_earlier_reply_is_written_again_without_losing_what_followed_it(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    conversation = talk(store, "Say hello.", "Hello.", "And again", "Hello again.")
    desk.page.open_conversation(conversation)
    first = desk.page.transcript.replies()[0]
    qtbot.mouseClick(first.again_button, Qt.MouseButton.LeftButton)
    shown = desk.page.transcript.list.views()
    assert [type(view).__name__ for view in shown] == ["UserView", "ReplyView"]
    assert not shown[0].edit_button.isEnabled()
    desk.page.new_chat()
    desk.page.open_conversation(conversation)
    assert len(desk.page.transcript.list.views()) == 2
    desk.wait_for_reply()
    assert last_reply(desk).variants.place.text() == "2/2"
    qtbot.mouseClick(last_reply(desk).variants.earlier, Qt.MouseButton.LeftButton)
    texts = [view.text for view in desk.page.transcript.list.views()]
    assert texts == ["Say hello.", "Hello.", "And again", "Hello again."]


def test_a_history_that_no_longer_fits_is_summed_up_where_the_person_sees_it(
    new_desk: Any, store: ConversationStore, qtbot: QtBot
) -> None:
    from assistant.ui.chat.recap_view import RecapView

    desk = new_desk(context_tokens=1024)
    words = "The lighthouse keeper of Skerry counts the ships that pass in the night. " * 8
    conversation = talk(store, *(f"{i}. {words}" for i in range(10)))
    desk.page.open_conversation(conversation)
    desk.page.send("How many ships?")
    desk.qtbot.waitUntil(
        lambda: desk.page.live_reply is None or desk.written() > 0, timeout=120_000
    )
    desk.page.turns.stop()
    desk.wait_for_reply()
    assert not last_reply(desk).has_failed
    qtbot.mouseClick(desk.page.meter.recap_button, Qt.MouseButton.LeftButton)
    recaps = [v for v in desk.page.transcript.list.views() if isinstance(v, RecapView)]
    assert recaps[-1].text.text()
    assert "summed up" in desk.page.meter.words.text()
    qtbot.mouseClick(recaps[-1].switch_button, Qt.MouseButton.LeftButton)
    assert "summed up" not in desk.page.meter.words.text()
