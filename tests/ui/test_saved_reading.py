"""What the engine keeps of words goes with the words: every file that is left is searched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.conversations import deleting as conversations
from assistant.conversations.asking import answering
from assistant.summaries import deleting as documents
from assistant.ui.app import Alcove
from tests.leftovers import Searcher
from tests.ui.conftest import Starts

WORDS = "the magenta narwhal sings at midnight"
LONG = "The harbour is quiet, and the boats wait for the tide. " * 6  # worth keeping
TEXT = f"Remember this, please: {WORDS}. {LONG}"
SLOW = 60_000  # ms; other work may run on the machine


@pytest.fixture(scope="module")
def searcher(starter_model: Path) -> Iterator[Searcher]:
    searcher = Searcher(starter_model)
    yield searcher
    searcher.close()


def chat(qtbot: QtBot, alcove: Alcove, text: str, *files: Path) -> int:
    """Hold one turn in the window, short of a long reply; return the conversation."""
    alcove.window.show_page("chat")
    page = alcove.chat_page
    page.new_chat()
    page.attach(files)
    qtbot.waitUntil(lambda: not page.asking.is_reading, timeout=SLOW)
    page.send(text)
    qtbot.waitUntil(lambda: not page.live_reply or len(page.live_reply.text) > 20, timeout=SLOW)
    page.stop()
    qtbot.waitUntil(lambda: page.live_reply is None, timeout=SLOW)
    assert page.conversation_id is not None
    return page.conversation_id


def test_no_token_of_a_deleted_chat_is_left(
    qtbot: QtBot, starts: Starts, own_home: Path, searcher: Searcher
) -> None:
    alcove = starts()
    chat(qtbot, alcove, f"What is the capital of France? {LONG}")
    gone = chat(qtbot, alcove, TEXT)
    states = own_home / "cache" / "states"
    # The engine keeps them by itself, when it has nothing else to do.
    qtbot.waitUntil(lambda: len(list(states.glob("*.state"))) == 2, timeout=SLOW)
    before = searcher.found(WORDS, own_home)
    assert any(line.startswith("alcove.db") and line.endswith("utf-8") for line in before)
    assert any(line.endswith(".state: tokens") for line in before)

    alcove.chat_page.sidebar.commands.delete_wanted.emit([gone])
    assert searcher.found(WORDS, own_home)  # it can be undone
    alcove.chat_page.sidebar.undo_bar.settle()
    starts.close(alcove)
    assert searcher.found(WORDS, own_home) == []
    assert searcher.found("capital of France", states)


def test_the_search_finds_tokens_at_any_place(searcher: Searcher, tmp_path: Path) -> None:
    """The test above must be able to fail."""
    tokens = searcher.model.tokenize(WORDS, parse_special=False)
    data = b"".join(token.to_bytes(4, "little") for token in tokens)
    for offset in range(5):
        (tmp_path / "file").write_bytes(b"\xff" * offset + data + b"\xff" * 7)
        assert searcher.found(WORDS, tmp_path) == ["file: tokens"]
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        (tmp_path / "file").write_bytes(b"\x01" + WORDS.upper().encode(encoding))
        assert f"file: {encoding}" in searcher.found(WORDS, tmp_path)


def test_a_deleted_document_takes_its_states(
    qtbot: QtBot, alcove: Alcove, own_home: Path, files: Path, searcher: Searcher
) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    qtbot.waitUntil(lambda: page.session is not None and not page.session.is_working, timeout=SLOW)
    (record,) = alcove.documents.list()
    states = own_home / "cache" / "states"
    searcher.keep(states, documents.owner_of(record.id), TEXT)
    searcher.keep(states, documents.owner_of(record.id), TEXT, key="another model")
    assert len(list(states.iterdir())) >= 2
    page.list.remove_wanted.emit(record.id)
    page.undo_bar.settle()
    qtbot.waitUntil(lambda: list(states.iterdir()) == [], timeout=SLOW)


def test_no_token_of_a_document_is_left_of_the_chats_about_it(
    qtbot: QtBot,
    starts: Starts,
    own_home: Path,
    searcher: Searcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The model at hand is so small that it would only quote, and read nothing.
    monkeypatch.setattr(answering, "may_write", lambda _: True)
    file = tmp_path / "songs.md"
    file.write_text(f"# Songs\n\n{WORDS.capitalize()}. {LONG}", "utf-8")
    alcove = starts()
    gone = chat(qtbot, alcove, "When does the narwhal sing, and where do the boats wait?", file)
    states = own_home / "cache" / "states"
    qtbot.waitUntil(
        lambda: any(line.endswith(".state: tokens") for line in searcher.found(WORDS, states)),
        timeout=SLOW,
    )
    (record,) = alcove.documents.list()
    assert [one.id for one in alcove.conversations.of_document(record.id)] == [gone]

    alcove.window.show_page("documents")
    alcove.documents_page.list.remove_wanted.emit(record.id)
    assert searcher.found(WORDS, states)  # it can be undone
    file.unlink()
    starts.close(alcove)
    assert searcher.found(WORDS, own_home, tmp_path) == []


def test_a_chat_that_outlives_its_document_is_read_anew(
    qtbot: QtBot, alcove: Alcove, own_home: Path, files: Path, searcher: Searcher
) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    qtbot.waitUntil(lambda: page.session is not None and not page.session.is_working, timeout=SLOW)
    (record,) = alcove.documents.list()
    chat, other = (alcove.conversations.create(name) for name in ("about it", "another"))
    alcove.conversations.attach(chat, record.id)
    states = own_home / "cache" / "states"
    for one in (chat, other):
        searcher.keep(states, conversations.owner_of(one), TEXT)
    alcove.conversations.remove(chat)
    page.list.remove_wanted.emit(record.id)
    alcove.conversations.restore(chat)  # it was deleted before the document, and is wanted back
    page.undo_bar.settle()
    qtbot.waitUntil(lambda: alcove.documents.removed() == [], timeout=SLOW)
    assert {c.id for c in alcove.conversations.list()} == {chat, other}
    assert len(list(states.iterdir())) == 1


def test_a_start_removes_what_a_crash_left(
    qtbot: QtBot, starts: Starts, own_home: Path, searcher: Searcher
) -> None:
    alcove = starts()
    kept = alcove.conversations.create("kept")
    removed = alcove.conversations.create("removed")
    alcove.conversations.remove(removed)
    starts.close(alcove)
    states = own_home / "cache" / "states"
    for number in (kept, removed, 99):
        searcher.keep(states, conversations.owner_of(number), TEXT)
    searcher.keep(states, documents.owner_of(kept), TEXT)  # the number of a document as well
    alcove = starts()
    qtbot.waitUntil(lambda: len(list(states.iterdir())) == 1, timeout=SLOW)
    starts.close(alcove)
    searcher.keep(states, conversations.owner_of(kept), TEXT)
    assert len(list(states.iterdir())) == 1


def test_erasing_everything_erases_states(
    alcove: Alcove, own_home: Path, searcher: Searcher
) -> None:
    states = own_home / "cache" / "states"
    searcher.keep(states, conversations.owner_of(1), TEXT)
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    page.erase_view.ask_button.click()
    page.erase_view.erase_button.click()
    assert searcher.found(WORDS, own_home) == []
    assert page.saved_reading.size_label.text() == "Nothing"


def test_settings_show_the_size_and_clear_it(
    qtbot: QtBot, alcove: Alcove, own_home: Path, searcher: Searcher
) -> None:
    states = own_home / "cache" / "states"
    alcove.window.show_page("settings")
    reading = alcove.window.page("settings").saved_reading
    assert reading.size_label.text() == "Nothing"
    assert not reading.clear_button.isEnabled()
    alcove.window.show_page("chat")
    searcher.keep(states, conversations.owner_of(1), TEXT)
    alcove.window.show_page("settings")
    assert reading.size_label.text().endswith("B")
    qtbot.mouseClick(reading.clear_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: reading.size_label.text() == "Nothing", timeout=SLOW)
    assert list(states.iterdir()) == []


def test_where_the_database_goes_with_the_window_nothing_is_kept(
    qtbot: QtBot, starts: Starts, own_home: Path
) -> None:
    """Its numbers are those of other conversations in the database that cannot be opened."""
    (own_home / "data" / "alcove.db").mkdir(parents=True)
    alcove = starts()
    assert alcove.database.path.parent != own_home / "data"
    chat(qtbot, alcove, TEXT)
    assert not (own_home / "cache" / "states").exists()
