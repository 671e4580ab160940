"""The library in the list of documents: found by their words, with chats, removed with all."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.documents.document import Document
from assistant.engine.protocol import Role
from assistant.ui.app import Alcove
from assistant.ui.documents.documents_page import DocumentsPage
from assistant.ui.documents.list_model import ROW, Row
from tests.ui.conftest import Starts

SLOW = 60_000  # ms; other work may keep the machine busy

LEASE = """# Lease

The tenant pays a rent of 780 euros on the first working day of each month. The landlord may enter
the flat with two days' notice. Repairs are for the landlord to pay.

# Deposit

The deposit is three rents. It is returned within thirty days after the quarantine of the keys.
"""
TRIP = """# Kyoto

The train to Kyoto leaves at nine. The garden of moss opens only with a letter that was sent weeks
before. Bring a rain coat and small coins for the buses of the town.
"""


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """Two documents."""
    lease, trip = tmp_path / "Lease.md", tmp_path / "Trip.md"
    lease.write_text(LEASE, "utf-8")
    trip.write_text(TRIP, "utf-8")
    return lease, trip


def read(qtbot: QtBot, page: DocumentsPage, *paths: Path) -> None:
    """Open documents and wait until they are summarised."""
    for path in paths:
        page.open_files([path])
        qtbot.waitUntil(
            lambda: page.session is not None and not page.session.is_working, timeout=SLOW
        )


def shown(page: DocumentsPage) -> list[Row]:
    """The rows of the list."""
    model = page.list.model
    return [model.index(i).data(ROW) for i in range(model.rowCount())]


def type_words(qtbot: QtBot, page: DocumentsPage, words: str) -> None:
    """Type into the search field."""
    page.list.search.setFocus()
    page.list.search.clear()
    qtbot.keyClicks(page.list.search, words)


def test_a_document_is_found_by_the_words_of_its_text_and_opens_there(
    qtbot: QtBot, alcove: Alcove, texts: tuple[Path, Path], sample: Path
) -> None:
    page = alcove.documents_page
    read(qtbot, page, *texts, sample)
    type_words(qtbot, page, "quarant")
    qtbot.waitUntil(lambda: [row.title for row in shown(page)] == ["Lease"], timeout=SLOW)
    row = shown(page)[0]
    assert ("quarant", True) in row.pieces
    model, view = page.list.model, page.list.view
    heights = [view.sizeHintForIndex(model.index(0)).height()]
    type_words(qtbot, page, "habeas corpus")
    qtbot.waitUntil(lambda: any(row.pieces for row in shown(page)), timeout=SLOW)
    assert len(shown(page)) == 1
    qtbot.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.visualRect(model.index(0)).center(),
    )
    qtbot.waitUntil(lambda: page.session is not None and page.view.pages.number > 1, timeout=SLOW)
    document = page.session.document if page.session else None
    assert isinstance(document, Document)
    assert "habeas corpus" in document.pages[page.view.pages.number - 1].text.casefold()
    type_words(qtbot, page, "zzzz nothing")
    qtbot.waitUntil(page.list.nothing.isVisible, timeout=SLOW)
    page.list.search.clear()
    assert len(shown(page)) == 3
    assert not page.list.nothing.isVisible()
    assert view.sizeHintForIndex(model.index(0)).height() < heights[0]


def test_removing_takes_summaries_and_chats_along_until_undo(
    qtbot: QtBot, starts: Starts, texts: tuple[Path, Path], own_home: Path
) -> None:
    alcove = starts()
    page = alcove.documents_page
    read(qtbot, page, *texts)
    lease = next(row.key for row in shown(page) if row.title == "Lease")
    assert isinstance(lease, int)
    chat = alcove.conversations.create("About the quarantine of keys")
    alcove.conversations.attach(chat, lease)
    alcove.conversations.add_message(chat, Role.USER, "What is the quarantine?")
    other = alcove.conversations.create("Something else")
    page.note_chats()
    subtitle = next(row.subtitle for row in shown(page) if row.key == lease)
    assert subtitle.endswith("1 chat")
    page.open_record(lease)
    qtbot.waitUntil(page.view.head.chats_button.isVisible, timeout=SLOW)
    with qtbot.waitSignal(page.chat_wanted) as opened:
        page.view.head.chats_menu.actions()[0].trigger()
    assert opened.args == [chat]
    alcove.window.show_page("documents")
    page.list.view.setFocus()
    with qtbot.waitSignals([page.chats_changed, page.document_removed]):
        qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    assert page.undo_bar.accessibleName() == "Removed Lease with 1 summary and 1 chat"
    assert [record.id for record in alcove.conversations.list()] == [other]
    assert len(shown(page)) == 1
    qtbot.mouseClick(page.undo_bar.button, Qt.MouseButton.LeftButton)
    assert {record.id for record in alcove.conversations.list()} == {chat, other}
    assert len(shown(page)) == 2
    page.list.view.setFocus()
    page.open_record(lease)
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    starts.close(alcove)  # what was removed is deleted with the window
    again = starts()
    assert [record.title for record in again.documents.list()] == ["Kyoto"]
    assert again.conversations.removed() == []
    starts.close(again)
    left = [
        path
        for path in own_home.rglob("*")
        if path.is_file() and b"quarantine" in path.read_bytes().lower()
    ]
    assert left == []
