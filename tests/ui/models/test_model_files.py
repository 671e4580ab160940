"""A model's file on its page: verified, repaired from a hub of our own, updated; other apps'."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.models.keeping.details import UpdateState
from assistant.ui.app import Alcove
from assistant.ui.models.details.details_page import DetailsPage
from assistant.ui.models.details.updating import UpdateStep
from assistant.ui.models.details.verification import Verified
from assistant.ui.models.downloads.downloads import State, Wanted
from assistant.ui.models.other_apps import OtherAppsView
from tests.models.hub_server import HubServer
from tests.models.tiny_gguf import tiny_gguf
from tests.ui.conftest import Starts
from tests.ui.models.keeping import Desk

MIB = 1024 * 1024
REPO, FILE = "someone/tiny", "Tiny-Instruct-Q8_0.gguf"
NAME = "Tiny Instruct"
CONTENT = tiny_gguf(5 * MIB, licence="apache-2.0")


@pytest.fixture
def desk(alcove: Alcove, qtbot: QtBot, hub_server: HubServer) -> Desk:
    alcove.settings.change(hub_endpoint=hub_server.endpoint)
    return Desk(alcove, qtbot)


@pytest.fixture
def fetched(desk: Desk, hub_server: HubServer) -> Path:
    """A model that came from the hub."""
    hub_server.add(REPO, FILE, CONTENT)
    desk.alcove.settings.change(hub_terms_read="127.0.0.1")
    download = desk.page.downloads.start(Wanted(REPO, FILE, NAME))
    desk.wait(lambda: download.state is State.COMPLETE)
    desk.page.downloads.forget(download)
    desk.alcove.settings.change(hub_terms_read="")
    desk.refresh()
    desk.wait(lambda: any(one.title.text() == NAME for one in desk.page.shelf.cards()))
    return desk.alcove.model_folder.folder / FILE


def damage(path: Path, *places: int) -> None:
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            byte = file.read(1)
            file.seek(place)
            file.write(bytes([byte[0] ^ 1]))


def verify(desk: Desk, page: DetailsPage) -> Verified:
    desk.click(page.file.verify_button)
    one = page.file.verify_line._one
    desk.wait(lambda: not one.is_running and one.state is not Verified.NOT_YET)
    return one.state


def test_a_sound_model_is_called_so(desk: Desk, fetched: Path) -> None:
    page = desk.details(NAME)
    assert verify(desk, page) is Verified.SOUND
    assert page.file.verify_line.words.text() == "Sound: every byte is as it came."
    assert not page.file.verify_line.repair_button.isVisible()


def test_damage_is_found_and_only_that_is_fetched_again(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    damage(fetched, 2 * MIB + 17, 4 * MIB + 5)
    page = desk.details(NAME)
    assert verify(desk, page) is Verified.DAMAGED
    line = page.file.verify_line
    assert "Damaged in 2 places, 2 MB in all" in line.words.text()
    asked, sent = len(hub_server.asked), hub_server.content_bytes
    desk.click(line.repair_button)
    assert page.terms.isVisible()  # the hub was not agreed to yet
    assert len(hub_server.asked) == asked
    desk.click(page.terms.agree_button)
    desk.wait(lambda: line._one.state is Verified.REPAIRED)
    assert fetched.read_bytes() == CONTENT
    assert hub_server.content_bytes - sent <= 2 * MIB
    assert line.words.text() == "Repaired: every byte is as it came."


def test_a_stopped_verification_says_nothing(desk: Desk, starter_model: Path) -> None:
    page = desk.details()
    desk.click(page.file.verify_button)
    line = page.file.verify_line
    desk.wait(lambda: line.stop_button.isVisible() or not line._one.is_running)
    if line._one.is_running:
        desk.click(line.stop_button)
    desk.wait(lambda: not line._one.is_running)
    assert line._one.state in {Verified.NOT_YET, Verified.SOUND}


def test_it_goes_on_while_another_view_is_shown(desk: Desk, fetched: Path) -> None:
    page = desk.details(NAME)
    desk.click(page.file.verify_button)
    one = page.file.verify_line._one
    desk.page.views.back()
    desk.wait(lambda: one.state is Verified.SOUND)


def test_a_file_of_ones_own_gets_sums_to_compare_with_later(desk: Desk) -> None:
    path = desk.add(Path("Mine-3B-Q8_0.gguf"), CONTENT)
    page = desk.details("Mine 3B")
    assert verify(desk, page) is Verified.FIRST_SUM
    damage(path, 3 * MIB)
    assert verify(desk, page) is Verified.DAMAGED
    assert not page.file.verify_line.repair_button.isVisible()
    assert "Add the file again" in page.file.verify_line.words.text()


def test_origin_licence_and_sum_are_told(desk: Desk, fetched: Path) -> None:
    facts = desk.details(NAME).file.facts
    text = facts.text()
    for fact in (
        f"Came from: {REPO} (127.0.0.1)",
        "Apache 2.0",
        "Revision: ",
        FILE,
        "the hub, and found",
    ):
        assert fact in text
    model = desk.models()["Tiny-Instruct-Q8_0"]
    assert f"SHA-256: {model.sha256}" in text


# Updates


def look(desk: Desk, page: DetailsPage) -> UpdateState:
    desk.click(page.updates.look_button)
    if page.update_terms.isVisible():
        desk.wait(page.update_terms.agree_button.isEnabled)
        desk.click(page.update_terms.agree_button)
    one = page.updates._updating
    desk.wait(lambda: one.step is UpdateStep.IDLE and (one.finding or one.error))
    desk.wait(lambda: page.model.look.looked_at or one.error)
    return page.model.look.state


def test_nothing_is_asked_before_the_click(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    asked = len(hub_server.asked)
    page = desk.details(NAME)
    assert page.updates.look_button.isVisible()
    desk.click(page.updates.look_button)
    assert page.update_terms.isVisible()
    desk.click(page.update_terms.cancel_button)
    assert len(hub_server.asked) == asked


def test_the_newest_revision_is_called_so(desk: Desk, fetched: Path) -> None:
    page = desk.details(NAME)
    assert look(desk, page) is UpdateState.CURRENT
    assert "This is the newest revision." in page.updates.words.text()
    assert not page.updates.fetch_button.isVisible()


def test_a_newer_revision_stands_beside_the_old_one_and_one_can_go_back(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    newer = tiny_gguf(5 * MIB + 4096, seed=9)
    hub_server.add(REPO, FILE, newer)
    page = desk.details(NAME)
    desk.alcove.current_model.select(page.model)
    assert look(desk, page) is UpdateState.NEWER
    desk.click(page.updates.fetch_button)
    updating = page.updates._updating
    desk.wait(lambda: updating.made is not None and updating.step is UpdateStep.IDLE)
    made = updating.made
    assert made is not None
    assert fetched.read_bytes() == CONTENT
    assert made.path.read_bytes() == newer
    current = desk.alcove.current_model
    desk.wait(lambda: current.model is not None and current.model.path == made.path)
    desk.click(page.updates.show_button)
    newer_page = desk.page.shelf.details
    assert newer_page is not None
    assert newer_page.model.path == made.path
    desk.click(newer_page.updates.back_button)
    desk.wait(lambda: current.model is not None and current.model.path == fetched)
    assert made.path.exists()


def test_a_withdrawn_model_is_marked_on_its_card(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    hub_server.remove(REPO)
    page = desk.details(NAME)
    assert look(desk, page) is UpdateState.WITHDRAWN
    assert "It still works here." in page.updates.words.text()
    desk.page.views.back()
    desk.settle()
    assert desk.card(NAME).hub_line.isVisible()


def test_with_never_connect_on_nothing_is_asked(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    desk.alcove.settings.change(never_connects=True)
    asked = len(hub_server.asked)
    page = desk.details(NAME)
    desk.click(page.updates.look_button)
    desk.wait(lambda: page.updates.error_view is not None)
    assert page.updates.error_view is not None
    assert "Never connect" in page.updates.error_view.accessibleName()
    assert len(hub_server.asked) == asked


def test_never_connect_ends_an_update_that_is_under_way(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(5 * MIB + 4096, seed=9))
    page = desk.details(NAME)
    assert look(desk, page) is UpdateState.NEWER
    hub_server.bytes_per_s = 1_000_000
    desk.click(page.updates.fetch_button)
    updating = page.updates._updating
    desk.wait(lambda: updating.progress is not None and updating.progress.done_bytes)
    desk.alcove.settings.change(never_connects=True)
    desk.alcove._follow_network()
    desk.wait(lambda: updating.step is UpdateStep.IDLE)
    assert updating.made is None
    assert desk.alcove.connections.current() == []


def test_a_model_of_another_hub_than_the_chosen_one_asks_about_that_hub(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    desk.alcove.settings.change(
        hub_endpoint="https://mirror.example", hub_terms_read="mirror.example"
    )
    desk.page.access.refresh()
    asked = len(hub_server.asked)
    page = desk.details(NAME)
    desk.click(page.updates.look_button)
    assert "127.0.0.1" in page.update_terms.heading.text()
    assert len(hub_server.asked) == asked
    desk.click(page.update_terms.agree_button)
    desk.wait(lambda: page.model.look.looked_at)
    assert page.model.look.state is UpdateState.CURRENT
    assert desk.alcove.settings.value.hub_terms_read == "mirror.example 127.0.0.1"


def test_what_is_fetched_again_after_it_was_removed_stays(
    desk: Desk, fetched: Path, hub_server: HubServer
) -> None:
    desk.alcove.settings.change(hub_terms_read="127.0.0.1")
    shelf = desk.page.shelf
    desk.click(desk.card(NAME).remove_button)
    assert NAME not in [card.title.text() for card in shelf.cards()]
    download = desk.page.downloads.start(Wanted(REPO, FILE, NAME))
    desk.wait(lambda: download.state is State.COMPLETE)
    desk.page.undo_bar.settle()
    desk.wait(lambda: NAME in [card.title.text() for card in shelf.cards()])
    assert fetched.exists()


# Other apps


@pytest.fixture
def lm_studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model in LM Studio's folder, in a home of the test's own."""
    home = tmp_path / "person"
    path = home / ".lmstudio" / "models" / "someone" / "Other-GGUF" / "Other-1B-Q8_0.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(tiny_gguf(20_000))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return path


def other_apps(desk: Desk) -> OtherAppsView:
    desk.press(desk.page.shelf.other_apps_button, Qt.Key.Key_Space)
    view = desk.page.views.top
    assert isinstance(view, OtherAppsView)
    desk.wait(lambda: view._job is not None and not view._job.is_running)
    desk.wait(lambda: all(row.isVisible() for row in view.rows))
    return view


def test_a_model_of_another_app_is_used_in_its_place(desk: Desk, lm_studio: Path) -> None:
    content = lm_studio.read_bytes()
    view = other_apps(desk)
    (row,) = view.rows
    assert row.found.app == "LM Studio"
    assert "LM Studio" in row.facts.text()
    desk.click(row.use_button)
    desk.wait(row.sign.isVisible)
    desk.page.views.back()
    desk.wait(lambda: any(m.path == lm_studio for m in desk.models().values()))
    folder = desk.alcove.model_folder.folder
    assert not folder.exists() or not list(folder.iterdir())  # nothing was copied
    name = next(c.title.text() for c in desk.page.shelf.cards() if c.model.path == lm_studio)
    page = desk.details(name)
    assert "LM Studio, used in its place" in page.file.facts.text()
    assert page.file.remove_button.text() == "Take off the list"
    desk.click(page.file.remove_button)
    desk.page.undo_bar.settle()
    desk.wait(lambda: all(m.path != lm_studio for m in desk.models().values()))
    assert lm_studio.read_bytes() == content


def test_a_damaged_model_of_another_app_is_refused_in_its_row(desk: Desk, lm_studio: Path) -> None:
    view = other_apps(desk)
    (row,) = view.rows
    lm_studio.write_bytes(CONTENT[:600])
    desk.click(row.use_button)
    desk.wait(lambda: row.error_view is not None)
    assert row.use_button.isEnabled()
    assert not row.sign.isVisible()


def test_none_is_said(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "empty"))
    view = other_apps(desk)
    assert "No other app has a model here" in view.words.text()


def test_what_is_used_already_is_not_found_again(desk: Desk, lm_studio: Path) -> None:
    desk.click(other_apps(desk).rows[0].use_button)
    desk.wait(lambda: any(m.path == lm_studio for m in desk.models().values()))
    desk.page.views.back()
    assert other_apps(desk).rows == []


def test_it_is_there_after_a_restart(
    desk: Desk, lm_studio: Path, starts: Starts, alcove: Alcove
) -> None:
    desk.click(other_apps(desk).rows[0].use_button)
    desk.wait(lambda: any(m.path == lm_studio for m in desk.models().values()))
    starts.close(alcove)
    second = starts()
    assert any(m.path == lm_studio for m in second.current_model.installed())
