"""Making a model faster on its page: progress, stop, the result in words, the choice."""

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.engine import requantizing
from assistant.errors import EngineDied
from assistant.ui.models import faster_row, shelf
from assistant.ui.models.faster_row import FasterRow
from assistant.ui.models.model_card import ModelCard
from assistant.ui.models.models_page import ModelsPage
from tests.engine.tiny_models import tiny_llama
from tests.processes import newest_child

PATIENCE_MS = 120_000


@pytest.fixture(autouse=True)
def slow_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The formats of the starter and of tiny models are slow, whatever the processor.

    Quiet is not waited for: what is measured is not looked at.
    """
    monkeypatch.setattr(requantizing, "_PATIENCE_S", 0.3)
    slow = {"Q4_1", "F32"}
    monkeypatch.setattr("assistant.ui.models.model_card.is_slow", lambda name: name in slow)
    for module in (faster_row, shelf):
        monkeypatch.setattr(module, "faster_format", lambda _: "Q8_0")


@pytest.fixture
def tiny(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that takes no time; what is measured of it counts as good enough."""
    monkeypatch.setattr(requantizing, "_GAIN", 0)
    monkeypatch.setattr(requantizing, "_LOSS", 0)
    monkeypatch.setattr(requantizing, "_LEAST_AGREEMENT", 0)
    monkeypatch.setattr(requantizing, "_MOST_PERPLEXITY", 1e9)
    return tiny_llama(models / "Tiny-F32.gguf")


def card(page: ModelsPage) -> ModelCard:
    return page.shelf.cards()[0]


def begin(page: ModelsPage) -> FasterRow:
    card(page).faster_button.click()
    (row,) = page.findChildren(FasterRow)
    return row


def begin_and_wait(page: ModelsPage, qtbot: QtBot) -> FasterRow:
    row = begin(page)
    qtbot.waitUntil(lambda: row.bar.value() > 0, timeout=PATIENCE_MS)
    return row


def is_offered(page: ModelsPage) -> bool:
    return card(page).faster_button.isVisible()


def rows(page: ModelsPage) -> list[FasterRow]:
    return [row for row in page.findChildren(FasterRow) if not row.isHidden()]


def test_slow_format_is_told_of(page: ModelsPage) -> None:
    assert "Slow format on this processor: Q4_1" in card(page).slow_words.text()
    assert card(page).slow_line.isVisible()
    assert card(page).faster_button.isVisible()


def test_made_and_used(tiny: Path, page: ModelsPage, models: Path, qtbot: QtBot) -> None:
    row = begin(page)
    assert not is_offered(page)  # one at a time
    qtbot.waitUntil(row.stop_button.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(row.use_button.isVisible, timeout=PATIENCE_MS)
    assert "times as fast on this computer" in row.words.text()
    assert "of 100 places" in row.cost.text()
    assert not row.bar.isVisible()
    assert not row.stop_button.isVisible()
    row.use_button.click()
    qtbot.waitUntil(lambda: len(page.shelf.cards()) == 3, timeout=PATIENCE_MS)
    made = card(page)
    assert made.model.path == models / "Tiny-Q8_0.gguf"
    assert not made.use_button.isVisible()  # it is the one in use
    assert not made.slow_line.isVisible()
    assert tiny.exists()  # the original is still there
    (original,) = (one for one in page.shelf.cards() if one.model.path == tiny)
    assert not original.faster_button.isVisibleTo(original)  # it has been made faster
    assert rows(page) == []


def test_made_and_not_wanted(tiny: Path, page: ModelsPage, models: Path, qtbot: QtBot) -> None:
    row = begin(page)
    qtbot.waitUntil(row.use_button.isVisible, timeout=PATIENCE_MS)
    assert (models / "Tiny-Q8_0.gguf").exists()
    row.keep_button.click()
    assert list(models.iterdir()) == [tiny]
    assert rows(page) == []
    qtbot.waitUntil(lambda: is_offered(page), timeout=PATIENCE_MS)


def test_refused_in_words(
    tiny: Path, page: ModelsPage, models: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requantizing, "_GAIN", 1e9)
    row = begin(page)
    qtbot.waitUntil(lambda: row.error_view is not None, timeout=PATIENCE_MS)
    assert "not faster on this computer" in row.error_view.accessibleName()
    assert list(models.iterdir()) == [tiny]


def test_stopped(page: ModelsPage, models: Path, qtbot: QtBot) -> None:
    row = begin_and_wait(page, qtbot)
    row.stop_button.click()
    qtbot.waitUntil(lambda: rows(page) == [], timeout=PATIENCE_MS)
    assert list(models.iterdir()) == []
    qtbot.waitUntil(lambda: is_offered(page), timeout=PATIENCE_MS)


def test_killed_says_so(page: ModelsPage, models: Path, qtbot: QtBot) -> None:
    row = begin_and_wait(page, qtbot)
    os.kill(newest_child().pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: row.error_view is not None, timeout=PATIENCE_MS)
    assert isinstance(row.error_view.error, EngineDied)
    qtbot.waitUntil(row.error_view.isVisible, timeout=PATIENCE_MS)
    assert not row.stop_button.isVisible()
    (button,) = (b for b in row.findChildren(QPushButton) if b.isVisible())
    button.click()
    assert rows(page) == []
    assert list(models.iterdir()) == []


def test_closing_the_window_ends_it(page: ModelsPage, models: Path, qtbot: QtBot) -> None:
    begin_and_wait(page, qtbot)
    page.close_page()
    qtbot.waitUntil(lambda: list(models.iterdir()) == [], timeout=PATIENCE_MS)
