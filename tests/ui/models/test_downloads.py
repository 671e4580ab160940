"""The queue of downloads: one at a time, in an order that can be changed, across restarts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import DownloadError, DownloadFault, NoSpace
from assistant.models.keeping.installed import ModelFolder
from assistant.settings import SettingsFile
from assistant.ui.models.downloads.download_list import DownloadList
from assistant.ui.models.downloads.download_row import DownloadRow
from assistant.ui.models.downloads.downloads import Download, State, Wanted
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.models_page import ModelsPage
from tests.models.hub_server import HubServer, Say
from tests.models.tiny_gguf import tiny_gguf

PATIENCE_MS = 30_000
NAMES = ("One", "Two", "Three")


def wanted(name: str) -> Wanted:
    return Wanted(f"someone/{name.lower()}", f"{name}-Q8_0.gguf", name, size_bytes=2_000_000)


@pytest.fixture
def three(page: ModelsPage, hub_server: HubServer, settings: SettingsFile) -> list[Download]:
    """Three downloads of which the first runs, slowly."""
    settings.change(hub_terms_read="127.0.0.1")
    for seed, name in enumerate(NAMES):
        hub_server.add(wanted(name).repo, wanted(name).file, tiny_gguf(2_000_000, seed=seed))
    hub_server.bytes_per_s = 400_000
    return [page.downloads.start(wanted(name)) for name in NAMES]


def shown(page: ModelsPage) -> dict[str, DownloadRow]:
    (visible,) = (one for one in page.findChildren(DownloadList) if one.isVisible())
    return {row.download.wanted.title: row for row in visible.rows()}


def wait_for(qtbot: QtBot, download: Download, state: State) -> None:
    qtbot.waitUntil(lambda: download.state is state, timeout=PATIENCE_MS)


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_one_runs_and_the_others_wait_their_turn(
    page: ModelsPage, three: list[Download], hub_server: HubServer, qtbot: QtBot
) -> None:
    assert [one.state for one in three] == [State.RUNNING, State.WAITING, State.WAITING]
    rows = shown(page)
    assert list(rows) == list(NAMES)
    assert "Waiting" in rows["Two"].words.text()
    assert rows["Two"].now_button.isVisible()
    assert rows["One"].pause_button.isVisible()
    assert not rows["One"].up_button.isVisible()
    hub_server.bytes_per_s = 0
    qtbot.waitUntil(lambda: all(one.state is State.COMPLETE for one in three), timeout=PATIENCE_MS)
    files = [asked.path for asked in hub_server.content_requests]
    assert [path.rpartition("/")[2] for path in files] == [wanted(name).file for name in NAMES]


def test_the_order_can_be_changed_with_the_keyboard(
    page: ModelsPage, three: list[Download], qtbot: QtBot
) -> None:
    row = shown(page)["Three"]
    assert row.up_button.isEnabled()
    assert not row.down_button.isEnabled()
    row.up_button.setFocus()
    qtbot.keyClick(row.up_button, Qt.Key.Key_Space)
    assert list(shown(page)) == ["One", "Three", "Two"]
    assert not row.up_button.isEnabled()
    assert row.isAncestorOf(page.focusWidget())
    three[0].pause()
    wait_for(qtbot, three[2], State.RUNNING)
    assert three[1].state is State.WAITING


def test_another_one_can_be_started_now_and_the_first_goes_on_after_it(
    page: ModelsPage, three: list[Download], hub_server: HubServer, qtbot: QtBot
) -> None:
    one, two, last = three
    qtbot.waitUntil(lambda: one.progress.done_bytes > 100_000, timeout=PATIENCE_MS)
    click(qtbot, shown(page)["Three"].now_button)
    wait_for(qtbot, last, State.RUNNING)
    assert one.state is State.WAITING
    assert list(shown(page)) == ["Three", "One", "Two"]
    hub_server.bytes_per_s = 0
    for download in three:
        wait_for(qtbot, download, State.COMPLETE)
    assert one.progress.resumed_bytes > 0
    assert two.model is not None


def test_a_stopped_download_leaves_nothing_and_the_next_one_runs(
    page: ModelsPage, three: list[Download], models: Path, qtbot: QtBot
) -> None:
    one, two, _ = three
    qtbot.waitUntil(lambda: one.progress.done_bytes > 100_000, timeout=PATIENCE_MS)
    click(qtbot, shown(page)["One"].stop_button)
    assert list(shown(page)) == ["Two", "Three"]
    wait_for(qtbot, two, State.RUNNING)
    page.undo_bar.undo()
    assert list(shown(page)) == list(NAMES)
    assert one.state is State.PAUSED
    click(qtbot, shown(page)["One"].discard_button)
    page.undo_bar.settle()
    assert not (models / f"{wanted('One').file}.part").exists()
    assert page.downloads.of(wanted("One").repo, wanted("One").file) is None


def test_a_running_download_that_is_discarded_at_once_leaves_nothing(
    page: ModelsPage, three: list[Download], models: Path, qtbot: QtBot
) -> None:
    one, two, last = three
    for download in (two, last):
        download.pause()
    qtbot.waitUntil(lambda: one.progress.done_bytes > 100_000, timeout=PATIENCE_MS)
    click(qtbot, shown(page)["One"].stop_button)
    page.undo_bar.settle()  # as the window closes
    qtbot.waitUntil(lambda: not list(models.glob("*.part")), timeout=PATIENCE_MS)
    assert list(shown(page)) == ["Two", "Three"]


def test_after_a_restart_all_wait_paused(
    new_page: Callable[[], ModelsPage],
    three: list[Download],
    page: ModelsPage,
    settings: SettingsFile,
    hub_server: HubServer,
    qtbot: QtBot,
) -> None:
    qtbot.waitUntil(lambda: three[0].progress.done_bytes > 100_000, timeout=PATIENCE_MS)
    page.close_page()
    assert [one.state for one in three[1:]] == [State.PAUSED, State.PAUSED]
    wait_for(qtbot, three[0], State.PAUSED)
    again = new_page()
    (left,) = again.downloads.all()
    assert left.wanted.repo == wanted("One").repo
    assert left.state is State.PAUSED
    assert shown(again)["One"].go_button.isVisible()
    # It was begun with a hub that is not the chosen one, and that was not agreed to here.
    settings.change(hub_endpoint="https://mirror.example", hub_terms_read="mirror.example")
    asked = len(hub_server.asked)
    hub_server.bytes_per_s = 0
    click(qtbot, shown(again)["One"].go_button)
    (terms,) = (one for one in again.findChildren(HubTerms) if one.isVisible())
    assert "127.0.0.1" in terms.heading.text()
    assert (left.state, len(hub_server.asked)) == (State.PAUSED, asked)
    click(qtbot, terms.agree_button)
    wait_for(qtbot, left, State.COMPLETE)


def test_a_gated_model_leads_to_settings(
    page: ModelsPage, hub_server: HubServer, settings: SettingsFile, qtbot: QtBot
) -> None:
    settings.change(hub_terms_read="127.0.0.1")
    hub_server.add(wanted("One").repo, wanted("One").file, tiny_gguf(3000), gated="auto")
    download = page.downloads.start(wanted("One"))
    wait_for(qtbot, download, State.FAILED)
    assert isinstance(download.error, DownloadError)
    assert download.error.fault is DownloadFault.GATED
    view = shown(page)["One"].error_view
    assert view is not None
    (button,) = (one for one in view.findChildren(QPushButton) if "token" in one.text())
    with qtbot.waitSignal(page.settings_wanted):
        click(qtbot, button)


def test_a_withdrawn_model_is_named(
    page: ModelsPage, settings: SettingsFile, hub_server: HubServer, qtbot: QtBot
) -> None:
    settings.change(hub_terms_read="127.0.0.1")
    download = page.downloads.start(wanted("One"))
    wait_for(qtbot, download, State.FAILED)
    view = shown(page)["One"].error_view
    assert view is not None
    assert "has no repository someone/one" in view.accessibleName()
    assert shown(page)["One"].discard_button.isVisible()


def test_what_no_hub_says_is_an_error_of_its_row_and_the_next_one_runs(
    page: ModelsPage, three: list[Download], hub_server: HubServer, qtbot: QtBot
) -> None:
    hub_server.fail_facts(Say(b"<html>Please log in</html>"))
    hub_server.bytes_per_s = 0
    wait_for(qtbot, three[1], State.FAILED)
    assert shown(page)["Two"].error_view is not None
    wait_for(qtbot, three[2], State.COMPLETE)


def test_a_full_disk_says_what_is_needed_and_what_is_free(
    page: ModelsPage, three: list[Download], qtbot: QtBot, models: Path
) -> None:
    row = shown(page)["One"]
    error = NoSpace(models, needed_bytes=2_000_000_000, free_bytes=150_000_000)
    for one in three[1:]:
        one.pause()
    three[0].pause()
    wait_for(qtbot, three[0], State.PAUSED)
    three[0].error, three[0].state = error, State.FAILED
    three[0].changed.emit()
    assert row.error_view is not None
    for fact in ("150 MB", "2.0 GB"):
        assert fact in row.error_view.accessibleName()


def test_lists_of_one_queue_agree(
    page: ModelsPage, three: list[Download], models: Path, qtbot: QtBot
) -> None:
    page.show_find()
    assert list(shown(page)) == list(NAMES)
    click(qtbot, shown(page)["Three"].stop_button)
    page.show_installed()
    assert list(shown(page)) == ["One", "Two"]
    assert ModelFolder(models).folder == models
