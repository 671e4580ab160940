"""The folder of models in Settings: moved with its models, further folders, a move that stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.settings import SettingsFile
from assistant.ui.app import Alcove
from assistant.ui.errors_view import ErrorView
from assistant.ui.settings.models_folder import ModelsFolder
from assistant.ui.settings.settings_page import SettingsPage
from tests.ui.conftest import Starts

SLOW = 60_000  # ms


@pytest.fixture
def mine(own_home: Path, starter_model: Path) -> Path:
    """A model of the person's."""
    folder = own_home / "models"
    folder.mkdir()
    return Path(shutil.copy(starter_model, folder / "Mine-135M.gguf"))


def settings_page(alcove: Alcove) -> SettingsPage:
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def folder_of(alcove: Alcove) -> ModelsFolder:
    return settings_page(alcove).models_folder


def names(alcove: Alcove) -> set[str]:
    return {model.name for model in alcove.current_model.installed()}


def press(qtbot: QtBot, button: QPushButton) -> None:
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def test_models_move_along(
    mine: Path, alcove: Alcove, qtbot: QtBot, tmp_path: Path, own_home: Path
) -> None:
    alcove.engine.count_tokens([""])
    folder, target = folder_of(alcove), tmp_path / "elsewhere"
    content = mine.read_bytes()
    folder.offer(target)
    assert "1 model file now, 98 MB" in folder.words.text()
    assert str(target) in folder.words.text()
    with qtbot.waitSignal(folder.changed, timeout=SLOW):
        press(qtbot, folder.move_button)
        assert folder.stop_button.isVisible()
        assert not folder.choose_button.isEnabled()
    qtbot.waitUntil(lambda: not folder.bar.isVisible(), timeout=SLOW)
    assert (target / mine.name).read_bytes() == content
    assert not mine.exists()
    assert folder.path.text() == str(target)
    qtbot.waitUntil(
        lambda: target / mine.name in {m.path for m in alcove.current_model.installed()},
        timeout=SLOW,
    )
    assert SettingsFile(own_home / "data" / "settings.json").value.model_folder == str(target)


def test_only_the_new_folder_is_used(
    mine: Path, alcove: Alcove, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = folder_of(alcove)
    folder.offer(tmp_path)
    press(qtbot, folder.only_use_button)
    qtbot.waitUntil(lambda: "Mine-135M" not in names(alcove), timeout=SLOW)
    assert mine.exists()
    assert folder.path.text() == str(tmp_path)


def test_cancel_changes_nothing(mine: Path, alcove: Alcove, qtbot: QtBot, tmp_path: Path) -> None:
    folder = folder_of(alcove)
    before = folder.path.text()
    folder.offer(tmp_path)
    press(qtbot, folder.cancel_button)
    assert folder.path.text() == before
    assert not folder.words.isVisible()
    assert mine.exists()


def test_a_stopped_move_loses_nothing_and_goes_on_after_a_restart(
    small_disk: Callable[[str], Path], mine: Path, starts: Starts, qtbot: QtBot
) -> None:
    content = mine.read_bytes()
    for number in range(3):
        shutil.copy(mine, mine.with_name(f"More-{number}.gguf"))
    first = starts()
    folder, target = folder_of(first), small_disk("600m") / "elsewhere"
    folder.offer(target)
    folder.bar.valueChanged.connect(lambda _: folder.stop_button.click())
    folder.move_models()
    qtbot.waitUntil(lambda: not folder.bar.isVisible(), timeout=SLOW)
    assert mine.read_bytes() == content
    assert folder.path.text() == str(mine.parent)
    starts.close(first)
    second = starts()
    folder = folder_of(second)
    assert "was stopped; nothing is lost" in folder.words.text()
    with qtbot.waitSignal(folder.changed, timeout=SLOW):
        press(qtbot, folder.move_button)
    qtbot.waitUntil(lambda: not folder.bar.isVisible(), timeout=SLOW)
    assert (target / mine.name).read_bytes() == content
    assert not folder.words.isVisible()


def test_a_folder_inside_is_refused_in_its_place(mine: Path, alcove: Alcove, qtbot: QtBot) -> None:
    folder = folder_of(alcove)
    folder.offer(mine.parent / "inside")
    press(qtbot, folder.move_button)
    qtbot.waitUntil(lambda: bool(folder.findChildren(ErrorView)), timeout=SLOW)
    (view,) = folder.findChildren(ErrorView)
    assert "inside the folder" in view.accessibleName()
    assert mine.exists()


def test_further_folders_are_used_and_left_alone(
    alcove: Alcove, qtbot: QtBot, tmp_path: Path, starter_model: Path
) -> None:
    further = tmp_path / "shared"
    further.mkdir()
    (further / "Shared-135M.gguf").symlink_to(starter_model)
    (further / "Other-135M.gguf").write_bytes(starter_model.read_bytes()[:-64] + bytes(64))
    folder = folder_of(alcove)
    folder.add(further)
    qtbot.waitUntil(lambda: "Other-135M" in names(alcove), timeout=SLOW)
    (model,) = (m for m in alcove.current_model.installed() if m.name == "Other-135M")
    assert not model.is_ours
    (button,) = (b for b in folder.findChildren(QPushButton) if b.text() == "Take out")
    assert button.accessibleName() == f"Take {further} out"
    button.click()
    qtbot.waitUntil(lambda: "Other-135M" not in names(alcove), timeout=SLOW)
    assert (further / "Other-135M.gguf").exists()
    assert not [
        b for b in folder.findChildren(QPushButton) if b.text() == "Take out" and b.isVisible()
    ]


def test_a_folder_that_is_not_there_is_refused(alcove: Alcove, tmp_path: Path) -> None:
    folder = folder_of(alcove)
    folder.add(tmp_path / "nowhere")
    (view,) = folder.findChildren(ErrorView)
    assert "nowhere" in view.accessibleName()
