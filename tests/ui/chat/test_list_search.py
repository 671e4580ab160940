"""Search in the list of conversations, by key and mouse, in a real database."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.engine.client import Engine
from assistant.storage.chat_search import Part
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.recaps import RecapStore
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.hits_model import FOUND, Found
from assistant.ui.chat.list_work import ListWork
from assistant.ui.theme import Appearance

PATIENCE_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def sidebar(
    qtbot: QtBot,
    appearance: Appearance,
    database: Database,
    store: ConversationStore,
    engine: Engine,
) -> ConversationList:
    """A list with three conversations, one of them in the archive."""
    lease, kyoto, old = store.create("Lease"), store.create("Trip to Kyōto"), store.create("Old")
    store.add_message(lease, "user", "May I terminate the lease early?")
    store.add_message(lease, "assistant", "Yes, **three months** before its end.")
    store.add_message(kyoto, "user", "Three days in November, please. <img src=x> \u202eevil")
    store.add_message(old, "assistant", "The three musketeers are four.")
    store.archive(old, True)
    made = ConversationList()
    work = ListWork(made, store, database, engine, made)
    work.refresh()
    made.resize(264, 600)
    made.show()
    qtbot.addWidget(made, before_close_func=lambda _: work.close())
    qtbot.waitActive(made)
    return made


def look_for(sidebar: ConversationList, words: str, qtbot: QtBot) -> list[Found]:
    """Type words as a person does, and return what is found."""
    with qtbot.waitSignal(sidebar.results.shown, timeout=PATIENCE_MS):
        sidebar.search.clear()
        qtbot.keyClicks(sidebar.search, words)
    return list(sidebar.results.model.found)


def press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget().window().windowHandle(), key)


def test_words_are_found_in_titles_and_messages_and_marked_in_place(
    sidebar: ConversationList, qtbot: QtBot, store: ConversationStore
) -> None:
    found = look_for(sidebar, "kyoto", qtbot)
    assert [f.title for f in found] == [(("Trip to ", False), ("Kyōto", True))]
    found = look_for(sidebar, "thre", qtbot)
    assert [f.is_archived for f in found] == [True, False, False]  # the newest first
    assert sidebar.results.words.text() == "3 places"
    musketeers, days, lease = found
    assert musketeers.pieces[:2] == (("The ", False), ("thre", True))
    assert not sidebar.results.grab().isNull()  # also drawn, whatever is in them
    assert days.is_own
    assert not lease.is_own
    spoken = sidebar.results.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "You: Three days" in spoken
    look_for(sidebar, "unheard", qtbot)
    assert sidebar.results.words.text() == "No chat has these words."


def test_a_draft_is_found_and_leads_to_its_chat(
    sidebar: ConversationList, qtbot: QtBot, store: ConversationStore, database: Database
) -> None:
    lease = next(record.id for record in store.list() if record.title == "Lease")
    drafts = DraftStore(database)
    drafts.put(lease, "Dear landlord, the wisteria must stay")
    drafts.put(None, "Also wisteria, in no chat yet")
    chosen: list[int] = []
    sidebar.chosen.connect(chosen.append)
    sidebar.focus_search()
    (found,) = look_for(sidebar, "wister", qtbot)
    assert ("wister", True) in found.pieces
    spoken = sidebar.results.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Draft: Dear landlord" in spoken
    assert not sidebar.results.grab().isNull()
    press(Qt.Key.Key_Return)
    assert chosen == [lease]
    store.remove(lease)
    assert look_for(sidebar, "wister", qtbot) == []


def test_reasoning_and_recaps_are_found_and_called_so(
    sidebar: ConversationList, qtbot: QtBot, store: ConversationStore, database: Database
) -> None:
    lease = next(record.id for record in store.list() if record.title == "Lease")
    reply = store.add_message(lease, "assistant", "Yes.", thinking="Wisteria is no animal")
    assert reply is not None
    RecapStore(database).put(lease, reply, "Whether the wisteria may stay")
    recap, thought = look_for(sidebar, "wister", qtbot)
    assert (recap.message_id, thought.message_id) == (reply, reply)
    spoken = [
        sidebar.results.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(2)
    ]
    assert "Summary of older messages: Whether" in spoken[0]
    assert "Reasoning: Wisteria" in spoken[1]
    assert not sidebar.results.grab().isNull()


def test_places_are_chosen_by_key_and_by_mouse(sidebar: ConversationList, qtbot: QtBot) -> None:
    chosen: list[tuple[object, ...]] = []
    sidebar.found.connect(lambda *place: chosen.append(place))
    sidebar.chosen.connect(lambda conversation: chosen.append((conversation,)))
    sidebar.focus_search()
    found = look_for(sidebar, "three", qtbot)
    press(Qt.Key.Key_Return)
    assert chosen == [(found[0].conversation_id, found[0].message_id, Part.TEXT)]
    sidebar.search.setFocus()
    press(Qt.Key.Key_Down)
    assert sidebar.results.view.hasFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert chosen[-1] == (found[1].conversation_id, found[1].message_id, Part.TEXT)
    view = sidebar.results.view
    place = view.visualRect(sidebar.results.model.index(2)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)
    assert chosen[-1] == (found[2].conversation_id, found[2].message_id, Part.TEXT)
    assert view.currentIndex().data(FOUND) == found[2]
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)  # out of the list again
    assert sidebar.search.hasFocus()
    press(Qt.Key.Key_Escape)
    assert sidebar.search.text() == ""
    assert sidebar.view.isVisible()
    (title,) = look_for(sidebar, "trip", qtbot)
    press(Qt.Key.Key_Return)
    assert chosen[-1] == (title.conversation_id,)


def test_more_places_come_when_the_end_is_in_sight(
    sidebar: ConversationList, qtbot: QtBot, store: ConversationStore, database: Database
) -> None:
    many = store.create("Many")
    ids = [store.add_message(many, "user", f"Number {i} of plenty") for i in range(120)]
    found = look_for(sidebar, "plenty", qtbot)
    assert len(found) == 50
    assert sidebar.results.words.text() == "The last 50 places"
    bar = sidebar.results.view.verticalScrollBar()
    for expected in (100, 120):
        bar.setValue(bar.maximum())
        qtbot.waitUntil(
            lambda count=expected: sidebar.results.model.rowCount() == count, timeout=PATIENCE_MS
        )
    assert [f.message_id for f in sidebar.results.model.found] == ids[::-1]
    assert sidebar.results.words.text() == "120 places"


def test_a_database_that_is_gone_is_told_where_the_places_would_stand(
    sidebar: ConversationList, qtbot: QtBot, database: Database
) -> None:
    database.close()
    sidebar.search.setText("three")
    qtbot.waitUntil(lambda: bool(sidebar.results.words.text()), timeout=PATIENCE_MS)
    assert sidebar.results.isVisible()
    assert sidebar.results.model.rowCount() == 0
