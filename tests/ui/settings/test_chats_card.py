"""Chats in Settings: kept for a time, taken in and out, backed up and restored; the lock."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from assistant.conversations import locking
from assistant.errors import BackupUnusable, PortError
from assistant.paths import folders
from assistant.settings import Settings, SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.ui.settings.chats_card import ChatsCard
from assistant.ui.settings.settings_page import SettingsPage
from assistant.ui.theme import Appearance
from tests.conversations.porting import exports

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "alcove.db")
    yield opened
    opened.close()


@pytest.fixture
def card(qtbot: QtBot, appearance: Appearance, database: Database) -> ChatsCard:
    made = ChatsCard(database)
    qtbot.addWidget(made)
    made.show_values(Settings())
    made.show()
    return made


def test_how_long_chats_are_kept(qtbot: QtBot, card: ChatsCard, database: Database) -> None:
    store = ConversationStore(database)
    old = datetime.now(UTC) - timedelta(days=40)
    for pinned in (False, True):
        chat = store.create("old", created_at=old)
        store.pin(chat, pinned)
    store.create("new")
    told: list[tuple[str, object]] = []
    card.changed.connect(lambda name, value: told.append((name, value)))
    for place, kept, words in (
        (1, "30-days", "1 older chat will be deleted for good when Alcove starts next."),
        (2, "session", "3 chats will be deleted for good when Alcove is closed."),
    ):
        card.kept.setCurrentIndex(place)
        assert told.pop() == ("chats_kept", kept)
        card.show_values(Settings(chats_kept=kept))
        qtbot.waitUntil(lambda words=words: card.due.text() == words, timeout=20_000)
        assert card.due.isVisible()
    card.show_values(Settings(chats_kept="nonsense"))
    assert card.kept.currentIndex() == 0
    assert not card.due.isVisible()
    assert told == []


def test_whether_the_model_names_chats(qtbot: QtBot, card: ChatsCard) -> None:
    assert card.titles.isChecked()
    with qtbot.waitSignal(card.changed) as told:
        qtbot.keyClick(card.titles, Qt.Key.Key_Space)
    assert told.args == ["makes_titles", False]
    with qtbot.assertNotEmitted(card.changed):
        card.show_values(Settings(makes_titles=True))
    assert card.titles.isChecked()


def test_in_and_out(qtbot: QtBot, card: ChatsCard, database: Database, tmp_path: Path) -> None:
    porting = card.porting
    source = tmp_path / "conversations.json"
    source.write_text(json.dumps([exports.chatgpt_conversation(), {"mapping": {}}]))
    with qtbot.waitSignal(card.imported, timeout=20_000):
        porting.import_from(source)
    assert porting.activity.lines[:2] == [
        "Imported 1 chat with 6 messages from ChatGPT.",
        "1 chat had no messages in it.",
    ]
    assert "1 picture was left out" in porting.activity.lines[2]
    qtbot.waitUntil(porting.import_button.isEnabled, timeout=20_000)

    source.write_bytes(b"no chats")
    with qtbot.waitSignal(porting.activity.ended, timeout=20_000):
        porting.import_from(source)
    assert isinstance(porting.activity.error, PortError)
    assert porting.activity.lines == []

    for name, begin in (("all.json", b'{"format":"alcove-chats"'), ("all.zip", b"PK")):
        target = tmp_path / name
        with qtbot.waitSignal(porting.activity.ended, timeout=20_000):
            porting.export_to(target)
        assert target.read_bytes().startswith(begin)
        assert porting.activity.lines[0].startswith(f"Wrote 1 chat with 6 messages to {target} (")
    ConversationStore(database).delete_for_good([1])
    with qtbot.waitSignal(card.imported, timeout=20_000):
        porting.import_from(tmp_path / "all.json")
    assert [c.title for c in ConversationStore(database).list()] == ["Moving to Lyon"]


def test_chats_of_other_apps_are_offered(qtbot: QtBot, card: ChatsCard, tmp_path: Path) -> None:
    porting = card.porting
    folder = tmp_path / ".lmstudio" / "conversations"
    folder.mkdir(parents=True)
    (folder / "1.conversation.json").write_text(json.dumps(exports.lm_studio_conversation()))
    porting.look_elsewhere(home=tmp_path, system="Linux", environment={})
    qtbot.waitUntil(lambda: len(porting.found) == 1, timeout=20_000)
    (button,) = porting.found
    assert button.text() == "Import 1 chat of LM Studio"
    with qtbot.waitSignal(card.imported, timeout=20_000):
        qtbot.mouseClick(button, LEFT)
    assert porting.activity.lines[0] == "Imported 1 chat with 5 messages from LM Studio."
    qtbot.waitUntil(button.isEnabled, timeout=20_000)


def test_backup_and_restore(
    qtbot: QtBot, appearance: Appearance, database: Database, tmp_path: Path
) -> None:
    let_go: list[str] = []
    card = ChatsCard(database, lambda: let_go.append("all"))
    qtbot.addWidget(card)
    card.show()
    backup = card.backup
    store = ConversationStore(database)
    store.create("Before")
    path = tmp_path / "mine.backup"
    with qtbot.waitSignal(backup.activity.ended, timeout=20_000):
        backup.back_up_to(path)
    assert backup.activity.lines[0].startswith(f"Wrote 1 chat and 0 documents to {path}")
    assert "not encrypted" in backup.activity.lines[1]
    store.create("After")

    with qtbot.waitSignal(card.asked):
        backup.offer(path)
    assert backup.question.isVisible()
    assert "mine.backup takes the place of all chats" in backup.words.text()
    qtbot.mouseClick(backup.keep_button, LEFT)
    assert not backup.question.isVisible()
    assert len(store.list()) == 2
    backup.offer(path)
    with qtbot.waitSignal(card.restored, timeout=20_000):
        qtbot.mouseClick(backup.sure_button, LEFT)
    assert let_go == ["all"]
    assert backup.activity.lines == ["Restored 1 chat and 0 documents."]
    assert [c.title for c in store.list()] == ["Before"]
    qtbot.waitUntil(backup.restore_button.isEnabled, timeout=20_000)

    path.write_bytes(b"no backup at all")
    backup.offer(path)
    with qtbot.waitSignal(backup.activity.ended, timeout=20_000):
        qtbot.mouseClick(backup.sure_button, LEFT)
    assert isinstance(backup.activity.error, BackupUnusable)
    assert [c.title for c in store.list()] == ["Before"]


def test_a_password_is_set_changed_and_removed(
    qtbot: QtBot,
    appearance: Appearance,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_home: Path,
) -> None:
    monkeypatch.setattr(locking, "_LOG_N", 10)
    settings = SettingsFile(tmp_path / "settings.json")
    page = SettingsPage(settings, folders(), lambda _: None, lambda: None, database=database)
    qtbot.addWidget(page)
    page.resize(900, 900)
    page.show()
    assert page.chats_card is not None
    lock = page.chats_card.lock
    assert "does not encrypt the disk" in " ".join(w.text() for w in page.findChildren(QLabel))
    assert not lock.lock_button.isVisible()
    page.show_lock()
    qtbot.waitUntil(lock.set_button.hasFocus, timeout=20_000)

    qtbot.mouseClick(lock.set_button, LEFT)
    assert not lock.current.isVisible()
    qtbot.keyClicks(lock.first, "one")
    qtbot.keyClicks(lock.second, "two")
    qtbot.mouseClick(lock.save_button, LEFT)
    assert lock.fault.text() == "The two are not the same. Type them again."
    lock.second.setText("one")
    with qtbot.waitSignal(page.lock_changed, timeout=20_000):
        qtbot.keyClick(lock.second, Qt.Key.Key_Return)
    assert locking.is_right("one", settings.value.lock_hash)
    assert not lock.form.isVisible()
    assert lock.first.text() == ""
    with qtbot.waitSignal(page.lock_wanted):
        qtbot.mouseClick(lock.lock_button, LEFT)
    lock.minutes.setCurrentIndex(lock.minutes.findData(15))
    lock.at_start.click()
    assert (settings.value.lock_minutes, settings.value.locks_at_start) == (15, False)

    qtbot.mouseClick(lock.set_button, LEFT)
    assert lock.current.isVisible()
    lock.current.setText("wrong")
    qtbot.mouseClick(lock.remove_button, LEFT)
    qtbot.waitUntil(lambda: "another one" in lock.fault.text(), timeout=20_000)
    qtbot.waitUntil(lock.form.isEnabled, timeout=20_000)
    assert settings.value.lock_hash
    lock.current.setText("one")
    with qtbot.waitSignal(page.lock_changed, timeout=20_000):
        qtbot.mouseClick(lock.remove_button, LEFT)
    assert settings.value.lock_hash == ""
    assert not lock.lock_button.isVisible()
