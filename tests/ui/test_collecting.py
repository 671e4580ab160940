"""Parts of the window are destroyed on its thread, whoever allocates."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from assistant.ui import collecting
from assistant.ui.app import Alcove
from assistant.ui.collecting import Collector, collect_due


class Ring(QObject):
    """Refers to itself, as a view does whose signal is connected to a closure."""

    def __init__(self, destroyed_on: list[threading.Thread]) -> None:
        super().__init__()
        self.me: object = self
        self._destroyed_on = destroyed_on

    def __del__(self) -> None:
        self._destroyed_on.append(threading.current_thread())


def make_much() -> None:
    """Allocate enough for many collections."""
    assert len([[number] for number in range(200_000)]) == 200_000


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Collect without waiting."""
    monkeypatch.setattr(collecting, "_EVERY_MS", 10)


def test_what_refers_to_itself_goes_on_the_thread_of_the_window(qtbot: QtBot, often: None) -> None:
    collector = Collector()
    destroyed_on: list[threading.Thread] = []
    for _ in range(50):
        Ring(destroyed_on)
    worker = threading.Thread(target=make_much)
    worker.start()
    worker.join()
    assert destroyed_on == []
    kept = [[number] for number in range(2_000)]
    qtbot.waitUntil(lambda: len(destroyed_on) == 50)
    assert set(destroyed_on) == {threading.main_thread()}
    assert len(kept) == 2_000
    collector.deleteLater()


def test_the_app_collects_nowhere_else(alcove: Alcove) -> None:
    assert not gc.isenabled()
    assert alcove.findChildren(Collector)


def test_each_generation_has_its_turn() -> None:
    gc.collect()
    assert collect_due() is None
    kept: list[list[int]] = []
    seen = set()
    for _ in range(200):
        kept += [[] for _ in range(800)]
        seen.add(collect_due())
    assert seen == {0, 1, 2}
