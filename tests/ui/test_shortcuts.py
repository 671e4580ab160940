"""The keys of the whole window, and the sheet that tells them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from assistant.ui.app import Alcove

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, alcove: Alcove) -> Alcove:
    """The window, with its keys."""
    qtbot.waitUntil(lambda: "around" in vars(alcove), timeout=20_000)
    return alcove


def test_the_sheet_opens_by_its_keys_and_not_while_writing(qtbot: QtBot, window: Alcove) -> None:
    sheet = window.around.sheet
    for key, modifiers in (
        (Qt.Key.Key_Slash, CONTROL),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(window.documents_page, key, modifiers)
        assert sheet.isVisible()
        assert sheet.area.hasFocus()
        qtbot.keyClick(sheet.area, Qt.Key.Key_Escape)
        assert not sheet.isVisible()
    window.window.show_page("chat")
    field = window.chat_page.composer.field
    field.setFocus()
    qtbot.keyClicks(field, "why?")
    assert field.toPlainText() == "why?"
    assert not sheet.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Slash, CONTROL)
    qtbot.mouseClick(sheet.close_button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
    assert field.hasFocus()


def test_the_sheet_tells_every_key_there_is(qtbot: QtBot, window: Alcove) -> None:
    for key in ("chat", "documents", "models", "settings"):
        window.window.show_page(key)
    window.documents_page.open_sample()
    listed = {
        QKeySequence(keys).toString() for row in window.around.sheet.rows() for keys in row.keys
    }
    made = {
        shortcut.key().toString()
        for shortcut in window.window.findChildren(QShortcut)
        if not shortcut.key().isEmpty()
    }
    assert made - listed == set()


def test_every_command_with_keys_is_run_by_them(window: Alcove) -> None:
    made = [shortcut.key() for shortcut in window.window.findChildren(QShortcut)]
    for command in window.around.commands:
        for keys in command.keys:
            assert QKeySequence(keys) in made, command.key
    keys = [keys for command in window.around.commands for keys in command.keys]
    assert len(keys) == len(set(keys))


def test_a_narrow_window_shows_the_keys_in_one_column(qtbot: QtBot, window: Alcove) -> None:
    window.window.resize(1000, 700)
    sheet = window.around.sheet
    window.around.toggle_sheet()
    inner = sheet.area.widget()
    assert inner is not None
    assert inner.layout().count() == 2  # type: ignore[union-attr]
    window.window.resize(720, 480)
    qtbot.waitUntil(lambda: sheet.panel.width() < 700)
    inner = sheet.area.widget()
    assert inner is not None
    assert inner.layout().count() == 1  # type: ignore[union-attr]
    assert window.window.rect().contains(sheet.panel.geometry())
    words = {label.text() for label in inner.findChildren(QLabel)}
    assert {"Find anything", "Ctrl+K", "New chat", "Send"} <= words


def test_new_chat_and_search_from_every_page(qtbot: QtBot, window: Alcove) -> None:
    chat = window.chat_page
    for start in ("documents", "models", "settings", "chat"):
        window.window.show_page(start)
        qtbot.keyClick(window.window, Qt.Key.Key_N, CONTROL)
        assert window.window.current == "chat"
        assert chat.conversation_id is None
        assert chat.composer.field.hasFocus()
    for title in ("One", "Two", "Three"):
        window.conversations.create(title)
    chat.refresh_list()
    qtbot.keyClick(window.window, Qt.Key.Key_F, CONTROL)
    focus = window.window.focusWidget()
    assert focus is not None
    assert chat.sidebar.isAncestorOf(focus)
    window.window.resize(720, 480)
    chat.composer.field.setFocus()
    qtbot.keyClick(window.window, Qt.Key.Key_F, CONTROL)
    assert chat.sidebar.isVisible()


def test_the_next_chat_by_key(qtbot: QtBot, window: Alcove) -> None:
    made = [window.conversations.create(title) for title in ("One", "Two", "Three")]
    window.window.show_page("chat")
    chat = window.chat_page
    chat.refresh_list()
    chat.open_conversation(made[2])  # the newest is the first
    back = CONTROL | SHIFT
    for key, modifiers, expected in (
        (Qt.Key.Key_Tab, CONTROL, 1),
        (Qt.Key.Key_Tab, CONTROL, 0),
        (Qt.Key.Key_Backtab, back, 1),
    ):
        qtbot.keyClick(chat.composer.field, key, modifiers)
        qtbot.waitUntil(lambda at=expected: chat.conversation_id == made[at])


def test_f6_goes_round_the_parts_of_the_window(qtbot: QtBot, window: Alcove) -> None:
    window.window.show_page("chat")
    window.conversations.create("One")
    window.chat_page.refresh_list()
    workspace = window.window.workspace
    parts = [workspace.rail, window.chat_page.sidebar, window.chat_page, window.window.status_bar]
    window.chat_page.composer.field.setFocus()
    for expected in (3, 0, 1, 2):
        qtbot.keyClick(window.window.focusWidget(), Qt.Key.Key_F6)
        focus = window.window.focusWidget()
        assert focus is not None
        assert parts[expected].isAncestorOf(focus), focus
    qtbot.keyClick(window.window.focusWidget(), Qt.Key.Key_F6, SHIFT)
    focus = window.window.focusWidget()
    assert focus is not None
    assert parts[1].isAncestorOf(focus)


def test_keys_of_the_chat_that_is_open(qtbot: QtBot, window: Alcove) -> None:
    chat = window.conversations.create("One")
    window.conversations.add_message(chat, "user", "Say yes.")
    window.conversations.add_message(chat, "assistant", "**Yes.**")
    page = window.chat_page
    qtbot.keyClick(window.window, Qt.Key.Key_C, CONTROL | SHIFT)  # no chat is shown: nothing
    window.window.show_page("chat")
    page.open_conversation(chat)
    qtbot.keyClick(page.composer.field, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == "**Yes.**"
    qtbot.keyClick(page.composer.field, Qt.Key.Key_R, CONTROL | SHIFT)
    live = page.live_reply
    assert live is not None
    qtbot.waitUntil(lambda: bool(live.text) or not live.is_running, timeout=60_000)
    page.stop()
    qtbot.waitUntil(lambda: page.live_reply is None, timeout=60_000)
    qtbot.keyClick(page.composer.field, Qt.Key.Key_N, CONTROL | SHIFT)
    assert page.is_temporary
    qtbot.keyClick(page.composer.field, Qt.Key.Key_N, CONTROL)
    assert not page.is_temporary
