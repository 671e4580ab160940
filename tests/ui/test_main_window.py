"""The window as a whole: its sizes, keys, notices and what it does when nothing can be stored."""

import os
import resource
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from assistant.models.hub.connections import ConnectionLog
from assistant.ui.app import Alcove
from assistant.ui.connections_view import ConnectionsView
from assistant.ui.errors_view import ErrorView
from tests.ui.conftest import Starts

PAGES = ("chat", "documents", "models", "settings")


def notices(alcove: Alcove) -> str:
    """The words of the errors that are shown."""
    views = [view for view in alcove.window.findChildren(ErrorView) if view.isVisible()]
    return " ".join(label.text() for view in views for label in view.findChildren(QLabel))


def test_the_smallest_window_shows_every_page_whole(qtbot: QtBot, alcove: Alcove) -> None:
    window = alcove.window
    window.resize(720, 480)
    for key in PAGES:
        window.show_page(key)
        QApplication.processEvents()
        assert (window.width(), window.height()) == (720, 480)
        page = window.page(key)
        assert page.minimumSizeHint().width() <= page.width(), key
        assert page.minimumSizeHint().height() <= page.height(), key


def test_the_list_collapses_and_comes_back_over_the_page(qtbot: QtBot, alcove: Alcove) -> None:
    window, workspace = alcove.window, alcove.window.workspace
    documents = alcove.documents_page
    window.resize(1000, 600)
    assert documents.list.isVisible()
    width = documents.width()
    window.resize(800, 600)
    assert not documents.list.isVisible()
    qtbot.mouseClick(workspace.rail.list_button, Qt.MouseButton.LeftButton)
    assert documents.list.isVisible()
    assert documents.width() > width - 200
    qtbot.keyClick(documents.list.view, Qt.Key.Key_Escape)
    assert not documents.list.isVisible()
    qtbot.mouseClick(workspace.rail.list_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(documents.start, Qt.MouseButton.LeftButton)
    assert not documents.list.isVisible()


def test_pages_are_chosen_by_key(qtbot: QtBot, alcove: Alcove) -> None:
    for number, key in enumerate(PAGES, 1):
        qtbot.keyClick(
            alcove.window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier
        )
        assert alcove.window.workspace.pages.currentWidget() is alcove.window.page(key)


def test_every_button_has_a_name_and_takes_the_focus(qtbot: QtBot, alcove: Alcove) -> None:
    for key in PAGES:
        alcove.window.show_page(key)
        for button in alcove.window.findChildren(QAbstractButton):
            if button.isVisible() and not isinstance(button.parent(), QWidget | None):
                continue
            if button.isVisible() and button.isEnabled():
                name = button.accessibleName() or button.text()
                is_qts_own = button.metaObject().className().startswith("QLineEdit")
                assert name or is_qts_own, (key, button)


def test_right_to_left_mirrors_the_window(qtbot: QtBot, qapp: QApplication, starts: Starts) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        alcove = starts()
        rail = alcove.window.workspace.rail
        assert rail.geometry().right() == alcove.window.workspace.rect().right()
        assert alcove.documents_page.geometry().left() == 0
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_shield_tells_of_connections(qtbot: QtBot, alcove: Alcove, own_home: Path) -> None:
    bar = alcove.window.status_bar
    assert bar.shield.text() == "No connections since start"
    with alcove.connections.open("hub.example", "model download"):
        bar.refresh()
        assert bar.shield.text() == "Connected: hub.example"
    bar.refresh()
    assert bar.shield.text() == "1 connection since start"
    qtbot.mouseClick(bar.shield, Qt.MouseButton.LeftButton)
    view = alcove.window.findChild(ConnectionsView)
    assert isinstance(view, ConnectionsView)
    assert view.table.item(0, 1).text() == "hub.example"
    assert not view.isModal()
    view.close()
    again = ConnectionsView(ConnectionLog(own_home / "data" / "connections.jsonl"))
    qtbot.addWidget(again)
    assert again.table.rowCount() == 1


def test_a_home_that_cannot_be_written_is_said_and_work_goes_on(
    qtbot: QtBot,
    starts: Starts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: Path,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ALCOVE_HOME", str(tmp_path / "file" / "home"))
    alcove = starts()
    assert "cannot be written" in notices(alcove)
    alcove.documents_page.open_files([files / "report.docx"])
    page = alcove.documents_page
    qtbot.waitUntil(
        lambda: page.session is not None and page.session.summary is not None, timeout=60_000
    )


def test_a_newer_database_is_left_alone(qtbot: QtBot, starts: Starts, own_home: Path) -> None:
    first = starts()
    first.database.write(lambda c: c.execute("PRAGMA user_version = 999")).result()
    starts.close(first)
    before = (own_home / "data" / "alcove.db").read_bytes()
    second = starts()
    assert "newer version of Alcove" in notices(second)
    assert "nothing that you do in this window is kept" in notices(second)
    substitute = second.database.path.parent
    assert substitute.name.startswith(f"alcove-{os.getpid()}-")  # found if this one is killed
    starts.close(second)
    assert not substitute.exists()
    assert (own_home / "data" / "alcove.db").read_bytes() == before


def test_damaged_settings_and_data_are_kept_aside(
    qtbot: QtBot, starts: Starts, own_home: Path
) -> None:
    (own_home / "data").mkdir()
    (own_home / "data" / "settings.json").write_bytes(b"\x00not json")
    (own_home / "data" / "alcove.db").write_bytes(b"not a database" * 999)
    alcove = starts()
    assert notices(alcove).count("was damaged; it is kept as") == 2


@pytest.mark.skipif(os.name != "posix", reason="bounds on files are POSIX")
def test_a_full_disk_is_said_in_place_and_the_result_still_shown(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        page.open_files([sample])
        qtbot.waitUntil(
            lambda: page.session is not None and not page.session.is_working, timeout=60_000
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    session = page.session
    assert session is not None
    assert session.storage_error is not None
    assert session.summary is not None
    QApplication.processEvents()
    assert "alcove.db" in notices(alcove)
    assert session.summary.key_points[0].text in page.view.result.toPlainText()
