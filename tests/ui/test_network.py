"""The window connects to nothing by itself, and "Never connect" ends what runs."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.models.hub.tokens import TokenStore
from assistant.ui.app import Alcove
from assistant.ui.models.downloads.downloads import State, Wanted
from assistant.ui.settings.settings_page import SettingsPage
from tests.models.hub_server import HubServer
from tests.models.secret_service import SecretService
from tests.models.tiny_gguf import tiny_gguf

REPO, FILE = "someone/tiny", "Tiny-Q8_0.gguf"


def test_before_the_person_acts_nothing_is_asked(
    qtbot: QtBot, alcove: Alcove, hub_server: HubServer
) -> None:
    alcove.settings.change(hub_endpoint=hub_server.endpoint)
    for name in ("documents", "models", "settings", "chat"):
        alcove.window.show_page(name)
        qtbot.wait(200)
    alcove.models_page.show_find()
    qtbot.wait(300)
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: not page.network_card.token.is_busy, timeout=10_000)
    assert hub_server.asked == []
    assert alcove.connections.opened_count == 0


def test_never_connect_stops_a_download_that_runs(
    qtbot: QtBot, alcove: Alcove, hub_server: HubServer, own_home: Path
) -> None:
    hub_server.add(REPO, FILE, tiny_gguf(5_000_000))
    hub_server.bytes_per_s = 1_000_000
    alcove.settings.change(hub_endpoint=hub_server.endpoint)
    download = alcove.models_page.downloads.start(Wanted(REPO, FILE, "Tiny"))
    qtbot.waitUntil(lambda: download.progress.done_bytes > 0, timeout=20_000)
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    page.network_card.never.setFocus()
    qtbot.keyClick(page.network_card.never, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: download.state is State.PAUSED, timeout=10_000)
    assert alcove.connections.current() == []
    asked = len(hub_server.asked)
    download.start()
    qtbot.waitUntil(lambda: download.state is State.FAILED, timeout=10_000)
    assert len(hub_server.asked) == asked
    qtbot.keyClick(page.network_card.never, Qt.Key.Key_Space)
    hub_server.bytes_per_s = 0
    download.start()
    qtbot.waitUntil(lambda: download.state is State.COMPLETE, timeout=20_000)
    assert download.progress.resumed_bytes > 0


def test_erasing_everything_takes_the_token_out_of_the_keyring(
    qtbot: QtBot, alcove: Alcove
) -> None:
    with SecretService():
        TokenStore().set("hub.example", "hf_mine")
        alcove.settings.change(hub_endpoint="https://hub.example", token_hosts=("hub.example",))
        alcove.window.show_page("settings")
        page = alcove.window.page("settings")
        assert isinstance(page, SettingsPage)
        qtbot.waitUntil(lambda: not page.network_card.token.is_busy, timeout=10_000)
        qtbot.mouseClick(page.erase_view.ask_button, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(page.erase_view.erase_button, Qt.MouseButton.LeftButton)
        assert page.erase_view.done.isVisible()
        assert TokenStore().get("hub.example") == ""
        qtbot.waitUntil(lambda: not page.network_card.token.is_busy, timeout=10_000)
        assert not page.network_card.token.dots.isVisible()
