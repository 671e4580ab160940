"""What the window's tests share."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from assistant.settings import Theme
from assistant.ui.job import Job
from assistant.ui.theme import Appearance


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The look of the app, in light colours."""
    made = Appearance(qapp, Theme.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture(autouse=True)
def no_jobs_left(qtbot: object) -> Iterator[None]:
    """End the jobs of a test with it."""
    yield
    Job.stop_all()
