"""The quick ask window with the real engine: asked, answered, kept or forgotten."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.conversations.locking import hashed
from assistant.errors import CannotWrite
from assistant.ui.app import Alcove
from assistant.ui.chat.shelf import Chat
from assistant.ui.quick_ask import QuickAsk
from assistant.ui.settings.settings_page import SettingsPage
from tests.ui.conftest import Starts

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PATIENCE_MS = 60_000
WORD = "xylophonist"


@pytest.fixture
def quick(qtbot: QtBot, alcove: Alcove) -> QuickAsk:
    """The window, opened by its key."""
    alcove.settings.change(threads=1, context_tokens=1024)
    alcove.current_model.reload()
    qtbot.waitUntil(lambda: "around" in vars(alcove), timeout=PATIENCE_MS)
    qtbot.keyClick(alcove.window, Qt.Key.Key_A, CONTROL | SHIFT)
    window = alcove.presence.quick
    qtbot.waitUntil(window.isVisible)
    return window


def wait_for_words(qtbot: QtBot, quick: QuickAsk) -> None:
    """Wait until the reply has begun."""
    qtbot.waitUntil(
        lambda: quick.live_reply is not None and bool(quick.live_reply.text), timeout=PATIENCE_MS
    )


def wait_for_end(qtbot: QtBot, quick: QuickAsk) -> None:
    """Wait until no reply is under way."""
    qtbot.waitUntil(lambda: quick.live_reply is None, timeout=PATIENCE_MS)


def is_gone(chat: Chat) -> bool:
    """Whether the memory that held a chat was given back."""
    try:
        return not chat.shelf.conversations.list()
    except CannotWrite:
        return True


def stored(alcove: Alcove) -> list[str]:
    """The titles of all conversations in the database."""
    return [record.title for record in alcove.conversations.list()]


def test_a_question_is_answered_and_kept_only_when_it_is_opened_in_alcove(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk, own_home: Path
) -> None:
    assert quick.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert quick.composer.field.hasFocus()
    small = quick.height()
    qtbot.keyClicks(quick.composer.field, f"What does a {WORD} do?")
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Return)
    assert quick.height() > small
    wait_for_words(qtbot, quick)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)  # stops the reply, not the window
    wait_for_end(qtbot, quick)
    assert quick.isVisible()
    assert stored(alcove) == []
    for file in own_home.rglob("*"):
        if file.is_file():
            assert WORD.encode() not in file.read_bytes(), file
    reply = quick.transcript.replies()[-1].text
    assert reply
    qtbot.keyClick(quick, Qt.Key.Key_Return, CONTROL)
    assert not quick.isVisible()
    assert quick.chat is None
    assert alcove.window.current == "chat"
    page = alcove.chat_page
    assert page.conversation_id is not None
    kept = alcove.conversations.messages(page.conversation_id)
    assert [message.role for message in kept] == ["user", "assistant"]
    assert kept[0].content == f"What does a {WORD} do?"
    assert kept[1].content == reply
    assert page.transcript.replies()[-1].text == reply


def test_a_reply_under_way_goes_on_in_alcove(qtbot: QtBot, alcove: Alcove, quick: QuickAsk) -> None:
    quick.ask("Tell me a long story about a lighthouse keeper.")
    wait_for_words(qtbot, quick)
    quick.ask("And the weather?")  # it waits in the field
    assert quick.composer.text == "And the weather?"
    qtbot.mouseClick(quick.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not quick.isVisible(), timeout=PATIENCE_MS)
    assert len(stored(alcove)) == 1
    page = alcove.chat_page
    assert page.conversation_id is not None
    assert page.composer.text == "And the weather?"
    live = page.live_reply
    assert live is not None
    before = live.text  # what was written in the small window
    assert before
    qtbot.waitUntil(lambda: len(live.text) > len(before), timeout=PATIENCE_MS)
    page.stop()
    qtbot.waitUntil(lambda: page.live_reply is None, timeout=PATIENCE_MS)
    kept = alcove.conversations.messages(page.conversation_id)
    assert len(kept) == 2
    assert kept[1].content.startswith(before)


def test_a_new_question_forgets_the_one_before(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    quick.ask("Say yes.")
    wait_for_words(qtbot, quick)
    first = quick.chat
    assert first is not None
    qtbot.mouseClick(quick.new_button, Qt.MouseButton.LeftButton)
    assert quick.chat is None
    assert not quick.open_button.isVisible()
    qtbot.waitUntil(lambda: is_gone(first), timeout=PATIENCE_MS)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)
    assert not quick.isVisible()
    assert stored(alcove) == []
    assert alcove.window.isVisible()


def test_the_window_is_hidden_while_a_quick_question_is_open(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    alcove.window.close()
    assert not alcove.window.isVisible()
    with qtbot.waitSignal(alcove.window.closed):  # nothing is left of the app
        qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)


def test_a_start_with_a_question_waits_for_the_model(qtbot: QtBot, starts: Starts) -> None:
    alcove = starts.alone("What is the capital of France?")
    quick = alcove.presence.quick
    assert quick.isVisible()
    assert not alcove.window.isVisible()
    wait_for_words(qtbot, quick)
    qtbot.keyClick(quick.composer.field, Qt.Key.Key_Escape)
    wait_for_end(qtbot, quick)
    qtbot.mouseClick(quick.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(alcove.window.isVisible)
    assert stored(alcove) == ["What is the capital of France?"]


def test_a_question_about_a_document_leads_into_the_window(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    quick.ask("What does this contract say about the deposit?")
    wait_for_end(qtbot, quick)
    from assistant.ui.asking.wanted_view import WantedView

    view = quick.findChild(WantedView)
    assert isinstance(view, WantedView)
    qtbot.mouseClick(view.files_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not quick.isVisible(), timeout=PATIENCE_MS)
    assert len(stored(alcove)) == 1


def test_the_tray_does_what_its_menu_says(qtbot: QtBot, alcove: Alcove) -> None:
    tray, presence = alcove.presence.tray, alcove.presence
    actions = {action.text(): action for action in tray.menu.actions() if action.text()}
    assert list(actions) == ["Quick ask", "New chat", "Open Alcove", "Quit Alcove"]
    actions["Quick ask"].trigger()
    assert presence.quick.isVisible()
    presence.quick.close()
    actions["New chat"].trigger()
    assert alcove.window.current == "chat"
    alcove.window.hide()
    actions["Open Alcove"].trigger()
    assert alcove.window.isVisible()
    with qtbot.waitSignal(alcove.window.closed):
        actions["Quit Alcove"].trigger()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")  # offscreen there is no tray
def test_closing_the_window_leaves_it_in_the_tray_if_wished(qtbot: QtBot, alcove: Alcove) -> None:
    presence = alcove.presence
    presence.tray.show()
    alcove.settings.change(stays_in_tray=True)
    closed: list[None] = []
    alcove.window.closed.connect(lambda: closed.append(None))
    alcove.window.close()
    assert presence.has_tray
    assert not alcove.window.isVisible()
    assert not closed
    alcove.settings.change(stays_in_tray=False)
    alcove.window.show()
    alcove.window.close()
    assert len(closed) == 1


def test_the_tray_is_chosen_in_settings(qtbot: QtBot, alcove: Alcove) -> None:
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    card = page.quick_card
    assert card.command.text() == "alcove quick"
    assert card.tray.isChecked()
    assert not card.tray.isEnabled()  # offscreen there is no tray
    card.tray.setEnabled(True)
    card.stays.setEnabled(True)
    qtbot.keyClick(card.stays, Qt.Key.Key_Space)
    assert alcove.settings.value.stays_in_tray
    qtbot.keyClick(card.tray, Qt.Key.Key_Space)
    assert not alcove.settings.value.shows_tray
    assert not card.stays.isEnabled()


def test_a_lock_shows_the_window_where_only_the_small_one_was(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    closed: list[None] = []
    alcove.window.closed.connect(lambda: closed.append(None))
    alcove.window.close()
    alcove.settings.change(lock_hash=hashed("open sesame"))
    alcove.app_lock.lock()
    assert not quick.isVisible()
    assert alcove.window.isVisible()
    assert alcove.app_lock.is_locked
    assert not closed
    alcove.app_lock.unlock()
    assert quick.isVisible()


def test_a_question_that_is_changed_while_it_waits_is_left_to_the_person(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    model = alcove.current_model._model
    alcove.current_model._model = None
    quick.ask("How far is the moon?")
    qtbot.keyClicks(quick.composer.field, " And the sun?")
    alcove.current_model._model = model
    alcove.current_model.changed.emit()
    assert quick.chat is None
    assert quick.composer.text == "How far is the moon? And the sun?"


def test_while_it_is_locked_the_window_is_shown_first(
    qtbot: QtBot, alcove: Alcove, quick: QuickAsk
) -> None:
    alcove.settings.change(lock_hash=hashed("open sesame"))
    alcove.app_lock.lock()
    assert not quick.isVisible()
    alcove.window.hide()
    alcove.presence.show_quick("Say yes.")
    assert alcove.window.isVisible()
    assert not quick.isVisible()
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, CONTROL)
    assert "palette" not in vars(alcove.around)
    alcove.app_lock.unlock()
    assert quick.isVisible()
    wait_for_words(qtbot, quick)
    quick.begin_anew()
