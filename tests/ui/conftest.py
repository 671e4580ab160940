"""What the window's tests share: the whole app, with its real engine, reader and database."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.settings import Theme
from assistant.ui.app import Alcove
from assistant.ui.collecting import collect_due
from assistant.ui.job import Job
from assistant.ui.theme import Appearance

ROOT = Path(__file__).resolve().parent.parent.parent


class Starts:
    """Opens the window as a person's start does, and closes it as its button does."""

    def __init__(self, app: QApplication, qtbot: QtBot) -> None:
        self._app = app
        self._qtbot = qtbot
        self._open: list[Alcove] = []

    def __call__(self) -> Alcove:
        alcove = Alcove(self._app, paths.folders())
        self._open.append(alcove)
        alcove.start()
        self._qtbot.waitUntil(lambda: alcove.current_model.is_known, timeout=20_000)
        return alcove

    def alone(self, question: str) -> Alcove:
        """Start as `alcove quick` does: with the quick ask window alone."""
        alcove = Alcove(self._app, paths.folders())
        self._open.append(alcove)
        alcove.start_quick(question)
        return alcove

    def put_away(self) -> Alcove:
        """Start as a login does: in the tray."""
        alcove = Alcove(self._app, paths.folders())
        self._open.append(alcove)
        alcove.start_minimized()
        return alcove

    def close(self, alcove: Alcove) -> None:
        self._open.remove(alcove)
        alcove.window.close()
        alcove.close()
        alcove.window.deleteLater()
        self._app.sendPostedEvents(alcove.window, QEvent.Type.DeferredDelete)

    def close_all(self) -> None:
        for alcove in list(self._open):
            self.close(alcove)


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The look of the app, in light colours."""
    made = Appearance(qapp, Theme.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def sample() -> Path:
    """The document that comes with the app."""
    return paths.resource("samples/sample.pdf")


@pytest.fixture
def files() -> Path:
    """The folder of documents made for tests."""
    return ROOT / "tests" / "files"


@pytest.fixture(autouse=True)
def collected_here(qapp: QApplication) -> Iterator[None]:
    """Collect garbage as the app does: on the window's thread alone, and never in the midst."""
    gc.disable()
    yield
    collect_due()


@pytest.fixture(autouse=True)
def no_jobs_left(qtbot: object) -> Iterator[None]:
    """End the jobs of a test with it."""
    yield
    Job.stop_all()


@pytest.fixture
def starts(qapp: QApplication, qtbot: QtBot, starter_model: Path) -> Iterator[Starts]:
    """Starts of the app; each window is closed at the test's end."""
    made = Starts(qapp, qtbot)
    yield made
    made.close_all()


@pytest.fixture
def alcove(starts: Starts) -> Alcove:
    """The window after the first start."""
    return starts()
