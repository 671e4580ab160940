"""Documents come into a chat, are read, opened, taken out, and are there again later."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import DocumentError, FileFault
from assistant.storage.database import Database
from assistant.ui.app import Alcove
from assistant.ui.asking import attachments
from assistant.ui.asking.attached_file import FileState
from assistant.ui.asking.home import Home
from assistant.ui.documents.password_field import PasswordField
from tests.ui.asking.conftest import SLOW, Bench, keep, make_bench


def test_files_are_read_kept_with_the_chat_and_there_again(
    qtbot: QtBot, alcove: Alcove, bench: Bench, sample: Path, files: Path
) -> None:
    desk, store = bench.desk, alcove.conversations
    assert not desk.strip.isVisible()
    desk.attach_button.files_chosen.emit([sample, files / "report.docx", sample])
    assert desk.is_reading
    bench.wait_until_read()
    assert bench.titles() == [record.title for record in reversed(alcove.documents.list())]
    assert bench.states() == [FileState.READY, FileState.READY]
    assert desk.strip.chips[0].state.text() == "19 pages"
    attached = desk.attached()
    assert attached is not None
    assert attached is desk.attached()  # its index is not made again
    chat = store.create("Questions")
    desk.begin(chat)
    ids = [one.id for one in attached.documents]
    assert store.attached(chat) == ids
    other = store.create("Another")
    desk.open(other)
    assert not desk.strip.isVisible()
    desk.attach([files / "report.md"])
    desk.open(chat)  # the reading goes on
    assert len(bench.titles()) == 2
    qtbot.waitUntil(lambda: len(store.attached(other)) == 1, timeout=SLOW)
    again = make_bench(alcove, qtbot)
    again.desk.open(chat)
    again.wait_until_read()
    assert again.titles() == bench.titles()
    found = again.desk.attached()
    assert found is not None
    assert [one.id for one in found.documents] == ids
    chip = again.desk.strip.chips[0]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    assert again.beside.is_open
    assert again.beside.title.text() == again.titles()[0]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert store.attached(chat) == ids[1:]
    assert again.desk.strip.chips[0].hasFocus()
    qtbot.mouseClick(again.desk.strip.chips[0].remove_button, Qt.MouseButton.LeftButton)
    assert store.attached(chat) == []
    assert not again.desk.strip.isVisible()


def test_what_is_wrong_with_a_document_stands_there_with_the_next_step(
    qtbot: QtBot, bench: Bench, files: Path, tmp_path: Path
) -> None:
    desk = bench.desk
    damaged = tmp_path / "Lease 2026.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + b"\x00rubbish" * 99)
    desk.attach([damaged, files / "password.pdf", files / "report.md"])
    bench.wait_until_read()
    assert bench.states() == [FileState.FAILED, FileState.FAILED, FileState.READY]
    strip = desk.strip
    assert strip.error is not None
    assert isinstance(strip.error.error, DocumentError)
    assert strip.error.error.fault is FileFault.PASSWORD_NEEDED
    field = strip.error.findChild(PasswordField)
    assert field is not None
    qtbot.keyClicks(field.field, "wrong")
    qtbot.keyClick(field.field, Qt.Key.Key_Return)
    bench.wait_until_read()
    words = " ".join(label.text() for label in strip.error.findChildren(QLabel))
    assert "password" in words
    field = strip.error.findChild(PasswordField)
    assert field is not None
    assert field.field.hasFocus()
    qtbot.keyClicks(field.field, "open-sesame")
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    bench.wait_until_read()
    assert bench.states() == [FileState.FAILED, FileState.READY, FileState.READY]
    assert isinstance(strip.error.error, DocumentError)
    assert strip.error.error.path == damaged
    leave = next(b for b in strip.error.findChildren(QPushButton) if b.text() == "Leave it out")
    qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
    assert strip.error is None
    attached = desk.attached()
    assert attached is not None
    assert len(attached.documents) == 2
    desk.show_file(desk.attachments.files[0])
    drawn = bench.beside.pages.picture
    qtbot.waitUntil(lambda: drawn.picture is not None, timeout=SLOW)  # with its password


def test_a_folder_gives_its_documents_up_to_what_can_be_asked_at_once(
    qtbot: QtBot, bench: Bench, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST", 8)
    folder = tmp_path / "Papers"
    folder.mkdir()
    for number in range(10):
        shutil.copy(files / "report.md", folder / f"paper {number}.md")
    (folder / "program.bin").write_bytes(bytes(range(256)) * 20)
    bench.desk.attach_button.files_chosen.emit([folder])
    assert bench.desk.is_reading
    bench.wait_until_read()
    assert len(bench.desk.attachments.files) == 8
    assert "2 more documents were left out" in bench.desk.strip.note.text()
    strip = bench.desk.strip
    assert len(strip.chips) == 5
    assert strip.more_button.text() == "3 more"
    qtbot.mouseClick(strip.more_button, Qt.MouseButton.LeftButton)
    assert len(strip.chips) == 8


def test_documents_read_before_are_chosen_by_keyboard(
    qtbot: QtBot, alcove: Alcove, bench: Bench, sample: Path, files: Path
) -> None:
    for path in (sample, files / "report.md"):
        keep(alcove, path)
    bench.desk.attach_button.library_action.trigger()
    chooser = bench.desk._chooser
    assert chooser is not None
    assert chooser.isVisible()
    assert chooser.model.rowCount() == 2
    qtbot.keyClicks(chooser.field, "constit")
    assert chooser.model.rowCount() == 1
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert not chooser.isVisible()
    bench.wait_until_read()
    assert bench.titles() == [alcove.documents.list()[1].title]
    bench.desk.choose_stored()
    qtbot.keyClicks(chooser.field, "nothing of this name")
    assert chooser.nothing.isVisible()
    qtbot.keyClick(chooser.field, Qt.Key.Key_Escape)
    assert not chooser.isVisible()
    bench.desk.attach_stored([alcove.documents.list()[1].id])  # once is enough
    assert len(bench.titles()) == 1


def test_a_temporary_chat_leaves_its_documents_nowhere(
    alcove: Alcove, bench: Bench, files: Path
) -> None:
    memory = Database.in_memory()
    try:
        home = Home.of(memory)
        bench.desk.open(None, home)
        bench.desk.attach([files / "report.md"])
        bench.wait_until_read()
        chat = home.conversations.create("Nothing stays")
        bench.desk.begin(chat)
        assert len(home.conversations.attached(chat)) == 1
        assert alcove.documents.list() == []
        bench.desk.open(None)
        assert bench.desk.attachments.files == ()
        bench.desk.open(chat, home)
        assert len(bench.desk.attachments.files) == 1
        bench.desk.attach([files / "report.docx"])
        assert bench.desk.is_reading
        bench.desk.open(None)
        bench.desk.attachments.forget_home(home)  # the chat is over
        assert not bench.desk.is_reading
        assert [one for one, _ in bench.desk.attachments._chats if one is home] == []
    finally:
        memory.close()


def test_a_file_that_has_changed_since_is_told_of_and_read_again(
    qtbot: QtBot, alcove: Alcove, bench: Bench, files: Path, tmp_path: Path
) -> None:
    store = alcove.conversations
    lease, report = tmp_path / "Lease.md", files / "report.md"
    lease.write_text("# Lease\n\nThe rent is 780 euros.\n", "utf-8")
    bench.desk.attach([lease, report])
    bench.wait_until_read()
    chat = store.create("Questions")
    bench.desk.begin(chat)
    before = store.attached(chat)
    lease.write_text("# Lease\n\nThe rent is 820 euros.\n", "utf-8")
    again = make_bench(alcove, qtbot)
    again.desk.open(chat)
    again.wait_until_read()
    strip = again.desk.strip
    assert strip.note.text() == "Lease has changed since it was read."
    qtbot.waitUntil(strip.renew_button.isVisible, timeout=SLOW)
    qtbot.mouseClick(strip.renew_button, Qt.MouseButton.LeftButton)
    again.wait_until_read()
    assert not strip.renew_button.isVisible()
    assert again.titles()[0] == "Lease"
    attached = again.desk.attached()
    assert attached is not None
    assert "820 euros" in attached.documents[0].document.pages[0].text
    assert len(store.attached(chat)) == 2
    assert set(store.attached(chat)) & set(before) == {before[1]}
