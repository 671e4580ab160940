"""The computer stays awake while there is work, and the end is told, where that is wished."""

import shutil

import psutil
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistant.ui import awake
from assistant.ui.app import Alcove
from assistant.ui.awake import Vigil
from assistant.ui.settings.settings_page import SettingsPage
from tests.ui.conftest import Starts


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    return page


@pytest.mark.skipif(not shutil.which("systemd-inhibit"), reason="no systemd here")
def test_sleep_is_held_off_only_while_there_is_work_and_a_wish(page: QWidget) -> None:
    wishes = [False]
    vigil = Vigil(page, lambda: wishes[0], lambda: False)
    vigil.note(is_working=True)
    assert not vigil.wakefulness.is_held
    wishes[0] = True
    vigil.note(is_working=True)
    vigil.note(is_working=True)
    assert vigil.wakefulness.is_held
    assert len(_inhibitors()) == 1
    vigil.note(is_working=False)
    assert not vigil.wakefulness.is_held
    assert _inhibitors() == []
    vigil.note(is_working=True)
    vigil.close()
    assert _inhibitors() == []


def test_the_end_of_long_work_is_told_without_a_word_of_a_document(
    page: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    vigil = Vigil(page, lambda: False, lambda: True)
    vigil.note(is_working=True)
    vigil.note(is_working=False)
    assert vigil.told == []  # it was waited for
    monkeypatch.setattr(awake, "_WORTH_TELLING_S", 0.0)
    vigil.note(is_working=True)
    vigil.note(is_working=False)
    assert vigil.told == ["The work on your documents is done."]
    vigil.note(is_working=False)
    assert len(vigil.told) == 1


def test_both_are_chosen_in_settings(starts: Starts) -> None:
    alcove: Alcove = starts()
    alcove.window.show_page("settings")
    settings = alcove.window.page("settings")
    assert isinstance(settings, SettingsPage)
    assert not settings.work_card.awake.isChecked()
    settings.work_card.awake.click()
    settings.work_card.tells.click()
    assert alcove.settings.value.stays_awake
    assert not alcove.settings.value.tells_of_end


def _inhibitors() -> list[str]:
    return [child.name() for child in psutil.Process().children() if "inhibit" in child.name()]
