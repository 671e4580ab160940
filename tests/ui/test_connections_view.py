"""The list of connections in the window: whole, in words, and alive while it is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from assistant.models.hub.connections import ConnectionLog
from assistant.ui.connections_view import ConnectionsView


@pytest.fixture
def log(tmp_path: Path) -> ConnectionLog:
    return ConnectionLog(tmp_path / "connections.jsonl")


@pytest.fixture
def view(qtbot: QtBot, log: ConnectionLog) -> Iterator[ConnectionsView]:
    made = ConnectionsView(log)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def cells(view: ConnectionsView, row: int) -> list[str]:
    return [view.table.item(row, column).text() for column in range(5)]


def test_an_empty_list_says_so(view: ConnectionsView) -> None:
    assert view._words.text().startswith("There have been no connections")
    for widget in (view.table, view.copy_button, view.clear_button, view.total):
        assert not widget.isVisible()


def test_it_follows_what_goes_on(qtbot: QtBot, view: ConnectionsView, log: ConnectionLog) -> None:
    with log.open("hub.example", "model search") as handle:
        handle.add(sent_bytes=400, received_bytes=12_000)
    handle = log.open("store.example", "model download", "proxy.example")
    handle.add(sent_bytes=300, received_bytes=5_000_000)
    qtbot.waitUntil(lambda: view.table.rowCount() == 2, timeout=5000)
    assert cells(view, 1)[1:] == ["hub.example", "Search for models", "400 B", "12 kB"]
    assert cells(view, 0)[1:3] == ["store.example, through proxy.example", "Download of a model"]
    assert "open now" in cells(view, 0)[0]
    assert cells(view, 0)[4] == "5 MB"
    handle.add(received_bytes=5_000_000)
    qtbot.waitUntil(lambda: cells(view, 0)[4] == "10 MB", timeout=5000)
    handle.close()
    qtbot.waitUntil(lambda: "open now" not in cells(view, 0)[0], timeout=5000)
    assert "hosts: 2" in view.total.text()
    assert "received: 10 MB" in view.total.text()


def test_it_can_be_copied_and_cleared(
    qtbot: QtBot, view: ConnectionsView, log: ConnectionLog
) -> None:
    log.open("hub.example", "model facts").close()
    view.refresh()
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["When", "To", "Why", "Sent", "Received"]
    assert lines[1].split("\t")[1:3] == ["hub.example", "Size and sum of a model"]
    qtbot.mouseClick(view.clear_button, Qt.MouseButton.LeftButton)
    assert log.all() == []
    assert not view.table.isVisible()


def test_a_reason_that_is_not_known_stands_as_it_is(
    view: ConnectionsView, log: ConnectionLog
) -> None:
    log.open("hub.example", "something new").close()
    view.refresh()
    assert cells(view, 0)[2] == "something new"
