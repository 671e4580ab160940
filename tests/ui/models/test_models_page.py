"""The models page with real files, and downloads from a hub of our own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import DownloadError, DownloadFault, ModelError, ModelFault, NetworkClosed
from assistant.models.hub.connections import ConnectionLog
from assistant.settings import SettingsFile
from assistant.ui.errors_view import ErrorView
from assistant.ui.models.downloads.download_row import DownloadRow
from assistant.ui.models.downloads.downloads import Download, State, Wanted
from assistant.ui.models.importing import ImportRow
from assistant.ui.models.model_card import ModelCard
from assistant.ui.models.models_page import ModelsPage
from tests.models.hub_server import Cut, HubServer, Say
from tests.models.tiny_gguf import tiny_gguf

PATIENCE_MS = 30_000
REPO, FILE = "someone/tiny", "Tiny-Instruct-Q8_0.gguf"
WANTED = Wanted(REPO, FILE, "Tiny Offer")


def card(page: ModelsPage, name: str) -> ModelCard:
    (found,) = (one for one in page.shelf.cards() if one.title.text() == name)
    return found


def names(page: ModelsPage) -> list[str]:
    return [one.title.text() for one in page.shelf.cards()]


def row(page: ModelsPage) -> DownloadRow:
    (found,) = (one for one in page.findChildren(DownloadRow) if one.isVisible())
    return found


def wait_for(qtbot: QtBot, download: Download, state: State) -> None:
    qtbot.waitUntil(lambda: download.state is state, timeout=PATIENCE_MS)


def agree(page: ModelsPage) -> Download:
    page.offer.download_button.click()
    if page.offer.terms is not None:
        page.offer.terms.agree_button.click()
    (download,) = page.downloads.all()
    return download


def test_the_starter_is_in_use_and_cannot_be_removed(page: ModelsPage, qtbot: QtBot) -> None:
    starter = card(page, "SmolLM2 135M Instruct")
    assert not starter.use_button.isVisible()
    assert not starter.remove_button.isVisible()
    qtbot.waitUntil(
        lambda: card(page, "SmolLM2 135M Instruct").verdict.words.text().startswith("Runs well"),
        timeout=PATIENCE_MS,
    )
    starter = card(page, "SmolLM2 135M Instruct")
    assert "makes things up" in starter.verdict.words.text()
    facts = starter.facts.text()
    for fact in ("98 MB", "135 million parameters", "well compressed", "Apache 2.0", "words"):
        assert fact in facts


def test_nothing_is_asked_of_the_hub_before_the_person_agrees(
    page: ModelsPage, hub_server: HubServer, log: ConnectionLog, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.offer.download_button, Qt.MouseButton.LeftButton)
    terms = page.offer.terms
    assert terms is not None
    assert terms.isVisible()
    assert page.focusWidget() is terms.agree_button
    for fact in ("127.0.0.1", FILE, "300 kB"):
        assert fact in terms.heading.text()
    for fact in ("internet address", "words you search for", "names of the models", "token"):
        assert fact in terms.points.text()
    assert "documents" in terms.promise.text()
    assert page.downloads.all() == []
    qtbot.keyClick(terms.cancel_button, Qt.Key.Key_Space)
    assert not terms.isVisible()
    assert page.focusWidget() is page.offer.download_button
    assert page.downloads.all() == []
    assert hub_server.asked == []
    assert log.all() == []


def test_the_question_is_asked_once_for_a_hub(
    page: ModelsPage, hub_server: HubServer, settings: SettingsFile, qtbot: QtBot
) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(3000))
    hub_server.add("someone/code", FILE, tiny_gguf(3000, seed=2))
    wait_for(qtbot, agree(page), State.COMPLETE)
    assert settings.value.hub_terms_read == "127.0.0.1"
    page.show_find()
    (coder,) = (one for one in page.find_view.offers.cards if one.model.name == "Coder")
    coder.download_button.click()
    assert page.downloads.of("someone/code", FILE) is not None
    settings.change(hub_endpoint="https://mirror.example")
    page.access.refresh()
    assert not page.access.is_agreed()


def test_nothing_is_offered_while_the_hub_is_closed(
    new_page: Callable[[], ModelsPage], hub_server: HubServer, settings: SettingsFile, qtbot: QtBot
) -> None:
    settings.change(never_connects=True, hub_terms_read="127.0.0.1")
    page = new_page()
    assert not page.offer.isVisible()
    page.show_find()
    assert page.find_view.closed_card.isVisible()
    assert not page.find_view.field.isVisible()
    assert not page.find_view.offer.isVisible()
    with qtbot.waitSignal(page.settings_wanted):
        page.find_view.settings_button.click()
    download = page.downloads.start(WANTED)
    wait_for(qtbot, download, State.FAILED)
    assert isinstance(download.error, NetworkClosed)
    assert hub_server.asked == []
    settings.change(never_connects=False)
    page.access.refresh()
    assert page.find_view.field.isVisible()
    assert not page.find_view.closed_card.isVisible()


def test_a_download_becomes_a_model(
    page: ModelsPage, hub_server: HubServer, log: ConnectionLog, qtbot: QtBot
) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(300_000))
    download = agree(page)
    wait_for(qtbot, download, State.COMPLETE)
    assert row(page).use_button.isVisible()
    assert {connection.host for connection in log.all()} == {"127.0.0.1"}
    qtbot.waitUntil(lambda: "Tiny Instruct" in names(page), timeout=PATIENCE_MS)
    assert not page.offer.isVisible()
    row(page).use_button.click()
    assert not [one for one in page.findChildren(DownloadRow) if one.isVisible()]
    current = page._current.model
    assert current is not None
    assert current.repo == REPO


def test_a_paused_download_goes_on_after_a_restart(
    new_page: Callable[[], ModelsPage], hub_server: HubServer, models: Path, qtbot: QtBot
) -> None:
    content = tiny_gguf(3_000_000)
    hub_server.add(REPO, FILE, content)
    hub_server.bytes_per_s = 1_000_000
    first = new_page()
    download = agree(first)
    qtbot.waitUntil(lambda: download.progress.done_bytes > 300_000, timeout=PATIENCE_MS)
    assert "a second" in row(first).words.text()
    row(first).pause_button.click()
    wait_for(qtbot, download, State.PAUSED)
    assert "Paused." in row(first).words.text()
    assert row(first).go_button.isVisible()
    sent = hub_server.content_bytes
    first.close()

    hub_server.bytes_per_s = 0
    asked = len(hub_server.asked)
    second = new_page()
    (waiting,) = second.downloads.all()
    assert waiting.state is State.PAUSED
    assert waiting.wanted.title == "Tiny Offer"
    assert row(second).bar.value() > 0
    assert len(hub_server.asked) == asked
    row(second).go_button.click()
    wait_for(qtbot, waiting, State.COMPLETE)
    assert (models / FILE).read_bytes() == content
    assert waiting.progress.resumed_bytes > 0
    assert hub_server.content_bytes - sent < len(content)


def test_a_failed_download_says_why_in_its_place_and_retries(
    page: ModelsPage, hub_server: HubServer, qtbot: QtBot
) -> None:
    download = agree(page)
    wait_for(qtbot, download, State.FAILED)
    view = row(page).error_view
    assert view is not None
    assert isinstance(view.error, DownloadError)
    assert view.error.fault is DownloadFault.NOT_FOUND
    hub_server.add(REPO, FILE, tiny_gguf(300_000))
    hub_server.fail(Cut(after_bytes=1000))
    download.start()
    wait_for(qtbot, download, State.COMPLETE)
    assert row(page).error_view is None


def test_a_file_that_is_no_model_is_refused(
    page: ModelsPage, hub_server: HubServer, qtbot: QtBot, models: Path
) -> None:
    hub_server.add(REPO, FILE, b"<html>Sign in</html>" * 100)
    download = agree(page)
    wait_for(qtbot, download, State.FAILED)
    assert isinstance(download.error, DownloadError)
    assert download.error.fault is DownloadFault.NOT_A_MODEL
    assert not list(models.glob("*.gguf"))


def test_the_facts_may_be_rubbish(page: ModelsPage, hub_server: HubServer, qtbot: QtBot) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(3000))
    hub_server.fail_facts(Say(b"<html>Captive portal</html>"))
    download = agree(page)
    wait_for(qtbot, download, State.FAILED)
    assert isinstance(download.error, DownloadError)


def test_a_discarded_download_can_be_taken_back(
    page: ModelsPage, hub_server: HubServer, qtbot: QtBot, models: Path
) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(3_000_000))
    hub_server.bytes_per_s = 1_000_000
    download = agree(page)
    qtbot.waitUntil(lambda: download.progress.done_bytes > 200_000, timeout=PATIENCE_MS)
    download.pause()
    wait_for(qtbot, download, State.PAUSED)
    shown = row(page)
    shown.discard_button.click()
    assert not shown.isVisible()
    assert page.offer.isVisible()
    assert list(models.glob("*.part"))
    page.undo_bar.undo()
    assert shown.isVisible()
    assert not page.offer.isVisible()
    shown.discard_button.click()
    page.undo_bar.settle()
    assert not list(models.glob("*.part"))
    assert page.downloads.all() == []
    assert page.offer.isVisible()


def test_a_model_file_is_copied_in(
    page: ModelsPage, tmp_path: Path, models: Path, qtbot: QtBot
) -> None:
    mine = tmp_path / "Mine-3B-Q8_0.gguf"
    mine.write_bytes(tiny_gguf(2_000_000))
    page.add_file(mine)
    qtbot.waitUntil(lambda: "Mine 3B" in names(page), timeout=PATIENCE_MS)
    assert (models / mine.name).read_bytes() == mine.read_bytes()
    assert not [one for one in page.findChildren(ImportRow) if not one.isHidden()]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("cut.gguf", tiny_gguf(9000)[:600], ModelFault.TRUNCATED),
        ("empty.gguf", b"", ModelFault.EMPTY),
        ("text.gguf", b"Dear diary, " * 100, ModelFault.NOT_GGUF),
    ],
)
def test_a_damaged_file_is_refused_with_its_reason(
    page: ModelsPage,
    tmp_path: Path,
    models: Path,
    qtbot: QtBot,
    name: str,
    content: bytes,
    fault: ModelFault,
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    shown = page.add_file(bad)
    qtbot.waitUntil(lambda: shown.error_view is not None, timeout=PATIENCE_MS)
    assert shown.error_view is not None
    assert isinstance(shown.error_view.error, ModelError)
    assert shown.error_view.error.fault is fault
    assert not list(models.iterdir())


def test_broken_files_are_listed_with_their_reason(
    new_page: Callable[[], ModelsPage], models: Path, qtbot: QtBot
) -> None:
    (models / "broken.gguf").write_bytes(tiny_gguf(9000)[:600])
    page = new_page()
    qtbot.waitUntil(
        lambda: any(
            "broken.gguf" in view.accessibleName() for view in page.findChildren(ErrorView)
        ),
        timeout=PATIENCE_MS,
    )
    assert names(page) == ["SmolLM2 135M Instruct"]
    (view,) = (one for one in page.findChildren(ErrorView) if "broken" in one.accessibleName())
    (delete,) = view.findChildren(QPushButton)
    assert delete.text() == "Delete the file"
    delete.click()
    assert (models / "broken.gguf").exists()
    page.undo_bar.undo()
    qtbot.waitUntil(lambda: page.shelf._broken.count() == 1, timeout=PATIENCE_MS)
    page.shelf.remove_broken(models / "broken.gguf")
    page.undo_bar.settle()
    assert list(models.iterdir()) == []
    qtbot.waitUntil(lambda: not page.shelf.is_reading, timeout=PATIENCE_MS)
    assert page.shelf._broken.count() == 0


def test_remove_has_an_undo_and_the_starter_takes_over(
    new_page: Callable[[], ModelsPage], models: Path, qtbot: QtBot
) -> None:
    mine = models / "Mine-3B-Q8_0.gguf"
    mine.write_bytes(tiny_gguf(9000))
    page = new_page()
    page.shelf.use(card(page, "Mine 3B").model)
    current = page._current.model
    assert current is not None
    assert current.path == mine
    card(page, "Mine 3B").remove_button.click()
    assert "Mine 3B" not in names(page)
    assert mine.exists()
    assert page._current.model is not None
    assert page._current.model.is_starter
    page.undo_bar.undo()
    assert page._current.model.path == mine
    card(page, "Mine 3B").remove_button.click()
    page.undo_bar.settle()
    assert not mine.exists()
    qtbot.waitUntil(lambda: names(page) == ["SmolLM2 135M Instruct"], timeout=PATIENCE_MS)


def test_the_selection_can_be_filtered_by_use(page: ModelsPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.more_button, Qt.MouseButton.LeftButton)
    offers = page.find_view.offers

    def shown() -> list[str]:
        return [one.model.name for one in offers.cards if one.isVisible()]

    assert shown() == ["Coder", "Huge"]
    offers.use.setCurrentIndex(offers.use.findData("code"))
    assert shown() == ["Coder"]
    offers.use.setCurrentIndex(offers.use.findData("Arabic"))
    assert offers.nothing.isVisible()
    offers.use.setCurrentIndex(0)
    offers.size_box.setCurrentIndex(1)
    assert shown() == ["Coder"]


def test_a_model_too_large_for_this_computer_is_not_offered_for_download(
    page: ModelsPage,
) -> None:
    page.show_find()
    (huge,) = (one for one in page.find_view.offers.cards if one.model.name == "Huge")
    assert not huge.download_button.isVisible()
