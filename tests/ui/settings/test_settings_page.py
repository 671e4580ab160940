"""Settings take effect at once, and everything can be erased."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant.engine import gpu_part
from assistant.engine.device_messages import Device
from assistant.engine.wishes import wished
from assistant.settings import Settings, SettingsFile, Theme
from assistant.ui import theme
from assistant.ui.app import Alcove
from assistant.ui.settings import engine_card
from assistant.ui.settings.settings_page import SettingsPage
from tests.ui.conftest import Starts


@pytest.fixture
def page(alcove: Alcove) -> SettingsPage:
    """The page in its window."""
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def stored(home: Path) -> SettingsFile:
    """The settings as another start would read them."""
    return SettingsFile(home / "data" / "settings.json")


def test_the_theme_changes_while_the_window_is_open(
    qtbot: QtBot, qapp: QApplication, page: SettingsPage, own_home: Path
) -> None:
    for value, colors in ((Theme.DARK, theme.DARK), (Theme.LIGHT, theme.LIGHT)):
        page.theme.setFocus()
        page.theme.setCurrentIndex(page.theme.findData(value))
        assert qapp.palette().color(QPalette.ColorRole.Window) == colors.surface
        assert stored(own_home).value.theme is value


def test_threads_and_context_reach_the_engine(
    qtbot: QtBot, alcove: Alcove, page: SettingsPage, own_home: Path
) -> None:
    card = page.engine_card
    card.threads.setCurrentIndex(card.threads.findData(1))
    card.context.setCurrentIndex(card.context.findData(2048))
    assert stored(own_home).value.threads == 1
    list(alcove.engine.load(cancel=_never()))
    info = alcove.engine.info
    assert info is not None
    assert (info.threads, info.context_tokens) == (1, 2048)


def test_a_model_is_unloaded_after_the_chosen_time(
    alcove: Alcove, page: SettingsPage, own_home: Path
) -> None:
    alcove.current_model.reload()
    assert alcove.engine.idle_s == 15 * 60
    idle = page.engine_card.idle
    for minutes in (5, 60, 0):
        idle.setCurrentIndex(idle.findData(minutes))
        assert stored(own_home).value.idle_minutes == minutes
        assert alcove.engine.idle_s == minutes * 60


def test_fewer_threads_on_battery_are_offered_where_there_is_one(
    qtbot: QtBot, alcove: Alcove, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_battery = SimpleNamespace(power_plugged=False)
    for battery in (None, FileNotFoundError("/sys/class/power_supply"), on_battery):

        def told(battery: object = battery) -> object:
            if isinstance(battery, OSError):  # a system without /sys
                raise battery
            return battery

        monkeypatch.setattr(engine_card.psutil, "sensors_battery", told)
        card = engine_card.EngineCard()
        qtbot.addWidget(card)
        card.show_values(Settings())
        card.show()
        assert card.battery.isVisible() is (battery is on_battery)
    with qtbot.waitSignal(card.changed) as changed:
        card.battery.click()
    assert changed.args == ["saves_battery", True]
    assert wished(Settings(saves_battery=True)).saves_battery
    qtbot.waitUntil(lambda: "No GPU" in card.gpu_facts.text(), timeout=20_000)


def test_a_gpu_can_be_chosen_only_where_there_is_one(
    qtbot: QtBot, page: SettingsPage, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = page.engine_card
    qtbot.waitUntil(
        lambda: card.gpu_facts.text() == "No GPU that this build can use: processor only",
        timeout=20_000,
    )
    assert not card.gpu.isVisible()
    with monkeypatch.context() as updated:
        updated.setattr(gpu_part, "other_release", lambda: "0.0.9")
        card.show_gpus(())
        assert "is of another version of Alcove, and is not used" in card.gpu_facts.text()
    card.show_gpus((Device("Vulkan0", "Some GPU", 8_000_000_000),))
    assert card.gpu.isVisible()
    assert card.gpu_facts.text() == "Some GPU"
    assert card.gpu.isChecked()
    card.gpu.click()
    assert stored(own_home).value.uses_gpu is False
    assert wished(stored(own_home).value).gpu_layers == 0


def _never() -> object:
    import threading

    return threading.Event()


def test_a_mirror_must_be_an_address(qtbot: QtBot, page: SettingsPage, own_home: Path) -> None:
    for typed, kept in (
        ("not an address", ""),
        ("https://mirror.example/", "https://mirror.example"),
    ):
        page.network_card.endpoint.clear()
        page.network_card.endpoint.setFocus()
        qtbot.keyClicks(page.network_card.endpoint, typed)
        qtbot.keyClick(page.network_card.endpoint, Qt.Key.Key_Return)
        assert stored(own_home).value.hub_endpoint == kept
    assert not any("no address" in x.text() for x in page.findChildren(QLabel) if x.isVisible())


def test_another_folder_of_models_is_looked_at(
    qtbot: QtBot, alcove: Alcove, page: SettingsPage, tmp_path: Path, starter_model: Path
) -> None:
    (tmp_path / "Mine.gguf").symlink_to(starter_model)
    with qtbot.waitSignal(alcove.current_model.changed, timeout=20_000):
        page.models_folder.offer(tmp_path)  # there is nothing to take along
    assert "Mine" in {model.name for model in alcove.current_model.installed()}
    assert page.models_folder.path.text() == str(tmp_path)


def test_it_starts_with_the_computer_only_on_wish(
    qtbot: QtBot, starts: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "config" / "autostart" / "alcove.desktop"
    alcove = starts()
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    box = page.quick_card.autostart
    assert not box.isChecked()
    assert not entry.exists()
    box.click()
    assert "--minimized" in entry.read_text()
    box.click()
    assert not entry.exists()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    box.click()
    assert not box.isChecked()
    assert any("cannot be written" in x.text() for x in page.findChildren(QLabel))


def test_erasing_asks_in_place_and_leaves_nothing(
    qtbot: QtBot, alcove: Alcove, page: SettingsPage, own_home: Path, files: Path
) -> None:
    documents = alcove.documents_page
    documents.open_files([files / "report.docx"])
    qtbot.waitUntil(
        lambda: documents.session is not None and not documents.session.is_working, timeout=60_000
    )
    chat = alcove.chat_page
    alcove.conversations.create("A secret plan")
    chat.refresh_list()
    view = page.erase_view
    qtbot.mouseClick(view.ask_button, Qt.MouseButton.LeftButton)
    assert view.keep_button.hasFocus()
    qtbot.mouseClick(view.keep_button, Qt.MouseButton.LeftButton)
    assert len(alcove.documents.list()) == 1
    qtbot.mouseClick(view.ask_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.erase_button, Qt.MouseButton.LeftButton)
    assert view.done.isVisible()
    assert alcove.documents.list() == []
    assert alcove.conversations.list() == []
    assert documents.list.model.rowCount() == 0
    everything = b"".join(f.read_bytes() for f in own_home.rglob("*") if f.is_file())
    for secret in (b"A secret plan", b"Town Library"):
        assert secret not in everything
    documents.open_files([files / "report.docx"])
    qtbot.waitUntil(lambda: len(alcove.documents.list()) == 1, timeout=60_000)


def test_everything_on_the_page_can_be_reached_by_keyboard(page: SettingsPage) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            if widget.isVisible():
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
                assert widget.accessibleName() or getattr(widget, "text", str)()
