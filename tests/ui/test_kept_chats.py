"""In the whole app: the lock, how long chats are kept, and a backup that takes their place."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.conversations import locking
from assistant.conversations.deleting import owner_of
from assistant.engine import states
from assistant.paths import folders
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.ui.app import Alcove
from assistant.ui.settings.settings_page import SettingsPage
from tests.conversations.porting import exports
from tests.ui.conftest import Starts


def _settings_page(alcove: Alcove) -> SettingsPage:
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def test_a_locked_start_opens_with_the_password(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_LOG_N", 10)
    settings = SettingsFile(folders().data / "settings.json")
    settings.change(lock_hash=locking.hashed("quagmire"))
    alcove = starts()
    screen = alcove.app_lock.screen
    assert screen.isVisible()
    assert not alcove.window.workspace.isVisible()
    alcove.open_files([])
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert visible == [alcove.window]
    with qtbot.waitSignal(alcove.app_lock.unlocked, timeout=20_000):
        qtbot.keyClicks(screen.field, "quagmire")
        qtbot.keyClick(screen.field, Qt.Key.Key_Return)
    assert alcove.window.workspace.isVisible()
    qtbot.keyClick(alcove.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert alcove.app_lock.is_locked
    alcove.app_lock.unlock()


def test_without_a_password_the_key_leads_to_its_choice(qtbot: QtBot, alcove: Alcove) -> None:
    qtbot.keyClick(alcove.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not alcove.app_lock.is_locked
    page = _settings_page(alcove)
    assert page.chats_card is not None
    qtbot.waitUntil(page.chats_card.lock.set_button.hasFocus, timeout=20_000)


def test_chats_go_when_their_time_is_over(qtbot: QtBot, starts: Starts) -> None:
    data = folders().data
    database = Database(data / "alcove.db")
    store = ConversationStore(database)
    old = datetime.now(UTC) - timedelta(days=40)
    gone = store.create("quagmire", created_at=old)
    archived = store.create("archived")
    store.archive(archived, True)
    pinned = store.create("pinned", created_at=old)
    store.pin(pinned, True)
    database.close()
    SettingsFile(data / "settings.json").change(chats_kept="30-days")
    folders().states.mkdir(parents=True)
    for chat in (gone, archived):
        name = states._hash(owner_of(chat))
        (folders().states / f"{name}-key.state").write_bytes(b"quagmire")
    alcove = starts()
    alcove.chat_page.refresh_list()
    qtbot.waitUntil(lambda: alcove.conversations.get(gone) is None, timeout=20_000)
    assert {c.id for c in alcove.conversations.list()} == {pinned}
    qtbot.waitUntil(lambda: len(list(folders().states.glob("*.state"))) == 1, timeout=20_000)

    page = _settings_page(alcove)
    assert page.chats_card is not None
    kept = page.chats_card.kept
    kept.setCurrentIndex(kept.findData("session"))
    alcove.conversations.create("of this session")
    DraftStore(alcove.database).put(None, "begun in this session")
    starts.close(alcove)
    database = Database(data / "alcove.db")
    assert ConversationStore(database).list() == []
    assert ConversationStore(database).list(archived=True) == []
    database.close()
    content = (data / "alcove.db").read_bytes()
    assert b"of this session" not in content
    assert b"begun in this session" not in content


def test_a_backup_takes_the_place_of_everything(
    qtbot: QtBot, alcove: Alcove, tmp_path: Path
) -> None:
    chat = alcove.conversations.create("Before")
    alcove.conversations.add_message(chat, "user", "Hello")
    page = _settings_page(alcove)
    assert page.chats_card is not None
    backup = page.chats_card.backup
    path = tmp_path / "mine.backup"
    with qtbot.waitSignal(backup.activity.ended, timeout=20_000):
        backup.back_up_to(path)
    alcove.conversations.delete_for_good([chat])
    alcove.conversations.create("After")
    alcove.window.show_page("chat")
    alcove.chat_page.refresh_list()
    backup.offer(path)
    with qtbot.waitSignal(page.restored, timeout=20_000):
        backup.sure_button.click()
    assert [c.title for c in alcove.conversations.list()] == ["Before"]


def test_dropped_exports_are_imported(qtbot: QtBot, alcove: Alcove, tmp_path: Path) -> None:
    good, bad = tmp_path / "conversations.json", tmp_path / "old.chat"
    good.write_text(json.dumps([exports.chatgpt_conversation()]))
    bad.write_bytes(b"nothing")
    alcove.window.files_dropped.emit([good, bad])
    page = _settings_page(alcove)
    assert page.chats_card is not None
    activity = page.chats_card.porting.activity
    qtbot.waitUntil(lambda: len(activity.lines) == 2, timeout=20_000)
    assert activity.lines[0].startswith(
        "conversations.json: Imported 1 chat with 6 messages from ChatGPT."
    )
    assert activity.lines[1].startswith("old.chat holds no chats that Alcove can read.")
    assert [c.title for c in alcove.conversations.list()] == ["Moving to Lyon"]
    qtbot.waitUntil(lambda: not activity.is_running, timeout=20_000)
