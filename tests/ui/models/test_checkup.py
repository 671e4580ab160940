"""The check-up in the window: asked for, under way, stopped, its card, and the comparison."""

import csv
import json
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.checkups.card import COUNTED, Ability, AbilityScore, ScoreCard, Size, scored
from assistant.checkups.fingerprints import fingerprint_of
from assistant.checkups.report import (
    GenerationFigure,
    MemoryFigure,
    PromptFigure,
    SpeedReport,
)
from assistant.summaries.summary import Mode
from assistant.ui.app import Alcove
from assistant.ui.models.checkups.advice import AdviceRow
from assistant.ui.models.checkups.checkup_row import CheckupRow
from assistant.ui.models.checkups.checkup_run import RunState
from assistant.ui.models.checkups.comparison_page import ComparisonPage
from assistant.ui.models.model_facts import name_of
from tests.engine.tiny_models import tiny_llama
from tests.models.tiny_gguf import tiny_gguf
from tests.processes import newest_child
from tests.ui.models.keeping import Desk


@pytest.fixture
def desk(alcove: Alcove, qtbot: QtBot) -> Desk:
    made = Desk(alcove, qtbot)
    shelf = made.page.shelf
    assert shelf._keeping is not None
    shelf._keeping = replace(shelf._keeping, checkup_size=Size.TINY)
    return made


def begin(desk: Desk, name: str = "SmolLM2 135M Instruct") -> CheckupRow:
    card = desk.card(name)
    desk.click(card.checkup_button)
    assert "two to five minutes" in card.question.words.text()
    assert "offline" in card.question.words.text()
    assert card.question.start_button.hasFocus()
    desk.press(card.question.start_button)
    desk.wait(lambda: rows(desk))
    (row,) = rows(desk)
    return row


def rows(desk: Desk) -> list[CheckupRow]:
    return [one for one in desk.page.shelf.findChildren(CheckupRow) if one.isVisible()]


def test_a_model_is_checked_up_and_its_card_told_in_words(
    desk: Desk, own_home: Path, tmp_path: Path
) -> None:
    tiny = tiny_llama(tmp_path / "tiny.gguf", llama__context_length=8192)
    desk.add(Path("Tiny-F32.gguf"), tiny.read_bytes())
    name = name_of(desk.models()["Tiny-F32"])
    desk.alcove.engine.count_tokens([""])
    row = begin(desk, name)
    desk.wait(lambda: row.run.state is RunState.RUNNING)
    assert desk.alcove.engine.info is None  # it rests meanwhile
    assert row.stop_button.isVisible()
    assert row.bar.accessibleName() == f"Checking {name}"
    desk.wait(lambda: row.run.state is RunState.DONE)
    assert row.title.text() == f"{name} is checked"
    assert "words a second here" in row.words.text()
    desk.wait(lambda: desk.card(name).state.score is not None)
    desk.settle()
    assert desk.card(name).measured.text().startswith("Checked: right in")
    kept = json.loads((own_home / "data" / "checkups.json").read_text())
    assert len(kept) == 1
    desk.click(row.details_button)
    page = desk.page.shelf.details
    assert page is not None
    view = page.checkup.card_view
    assert view is not None
    assert "right in" in view.sentences.text()
    assert view.abilities.rowCount() >= len(COUNTED)
    figures = view.figures.text()
    for fact in ("Writes", "Reads", "Loads in", "Memory at its peak", "Energy", "Checked"):
        assert fact in figures
    assert page.checkup.button.text() == "Check up again"


def test_stop_leaves_nothing(desk: Desk, own_home: Path) -> None:
    row = begin(desk)
    desk.wait(lambda: row.run.state is RunState.RUNNING)
    desk.click(row.stop_button)
    desk.wait(lambda: row.run.state is RunState.STOPPED)
    desk.wait(lambda: rows(desk) == [])
    assert not (own_home / "data" / "checkups.json").exists()
    desk.settle()
    assert desk.card().checkup_button.isVisible()


def test_a_killed_engine_says_so_in_its_row(desk: Desk) -> None:
    row = begin(desk)
    desk.wait(lambda: row.run.progress is not None and row.run.progress.ability is not None)
    os.kill(newest_child().pid, signal.SIGKILL)
    desk.wait(lambda: row.error_view is not None and row.error_view.isVisible())
    assert not row.stop_button.isVisible()
    (button,) = (b for b in row.findChildren(QPushButton) if b.isVisible())
    desk.click(button)
    assert rows(desk) == []


def test_it_goes_on_on_the_models_own_page(desk: Desk, tmp_path: Path) -> None:
    tiny = tiny_llama(tmp_path / "tiny.gguf")  # as it is gone through, not what comes of it
    desk.add(Path("Tiny-F32.gguf"), tiny.read_bytes())
    page = desk.details(name_of(desk.models()["Tiny-F32"]))
    desk.click(page.checkup.button)
    row = page.checkup.row
    assert row is not None
    assert not page.checkup.button.isEnabled()  # one at a time
    desk.wait(lambda: row.run.state is RunState.RUNNING)
    assert row.stop_button.isVisible()
    desk.page.views.back()
    (other,) = rows(desk)
    assert other.run is row.run
    desk.wait(lambda: other.run.state is RunState.DONE)


def test_closing_the_window_ends_it(desk: Desk, own_home: Path) -> None:
    row = begin(desk)
    desk.wait(lambda: row.run.state is RunState.RUNNING)
    desk.page.close_page()
    desk.wait(lambda: row.run.state is RunState.STOPPED)


# The comparison


def card_of(path: Path, name: str, *, right: int, words_s: float, **changes: object) -> ScoreCard:
    """A score card with `right` of ten for each ability."""
    abilities: tuple[AbilityScore, ...] = tuple(
        scored(ability, "en", right, 10) for ability in Ability
    )
    speed = SpeedReport(
        load_s=0.4,
        context_tokens=4096,
        prompts=(PromptFigure(512, 900.0, 0.6),),
        generation=(GenerationFigure(512, words_s / 0.75),),
        memory=MemoryFigure(500_000_000, 480_000_000),
    )
    facts = {
        "model": name,
        "fingerprint": fingerprint_of(path),
        "at": datetime(2026, 11, 20, tzinfo=UTC),
        "size_bytes": path.stat().st_size,
        "abilities": abilities,
        "speed": speed,
        "is_complete": True,
    }
    return ScoreCard(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def compared(desk: Desk, starter_model: Path) -> ComparisonPage:
    """Two checked models that are here, and one that is gone."""
    good = desk.add(Path("Good-3B-Q8_0.gguf"), tiny_gguf(90_000))
    gone = desk.add(Path("Gone-1B-Q8_0.gguf"), tiny_gguf(50_000, seed=2))
    cards = desk.alcove.cards
    cards.keep(card_of(gone, "Gone 1B", right=7, words_s=20))
    cards.keep(card_of(starter_model, "SmolLM2 135M Instruct", right=2, words_s=60))
    cards.keep(card_of(good, "Good 3B", right=9, words_s=12))
    gone.unlink()
    desk.alcove.current_model.select(desk.models()["SmolLM2-135M-Instruct.Q4_1"])
    desk.refresh()
    desk.wait(desk.page.shelf.compare_button.isVisible)
    desk.click(desk.page.shelf.compare_button)
    page = desk.page.views.top
    assert isinstance(page, ComparisonPage)
    desk.wait(lambda: page.table.rowCount() == 3)
    desk.wait(page.plot.isVisible)
    return page


def test_the_best_stands_first_and_what_is_gone_says_so(compared: ComparisonPage) -> None:
    names = [compared.table.item(row, 0).text() for row in range(3)]
    assert names == ["Good 3B", "Gone 1B (not here)", "SmolLM2 135M Instruct"]
    assert compared.table.item(0, 1).text().startswith("90%")
    assert compared.table.item(0, 2).text() == "12"


def shown_advice(page: ComparisonPage) -> list[AdviceRow]:
    return [row for row in page.findChildren(AdviceRow) if row.isVisible()]


def test_advice_for_the_chat_is_followed_only_with_a_click(
    compared: ComparisonPage, desk: Desk
) -> None:
    desk.wait(lambda: len(shown_advice(compared)) == 2)
    chat, summaries = shown_advice(compared)
    assert chat.words.text() == "For chat: Good 3B"
    assert summaries.words.text() == "For summaries: Good 3B"
    model = desk.alcove.current_model.model
    assert model is not None
    assert model.is_starter
    desk.click(chat.use_button)
    model = desk.alcove.current_model.model
    assert model is not None
    assert model.name == "Good-3B-Q8_0"
    desk.wait(lambda: len(shown_advice(compared)) == 2)
    desk.wait(lambda: not shown_advice(compared)[0].use_button.isVisible())  # it is in use now


def test_a_model_that_its_check_up_chose_says_so(compared: ComparisonPage, desk: Desk) -> None:
    assert desk.alcove.settings.value.summary_model == ""
    desk.alcove.window.status_bar.refresh()
    desk.page.views.back()
    page = desk.details("Good 3B")
    row = page.uses.rows["summaries"]
    assert row.badge.isVisible()
    assert "check-ups" in row.words.text()
    desk.click(row.button)
    assert desk.alcove.summary_model.model == desk.alcove.current_model.model
    assert row.button.text() == "Use for summaries"
    desk.click(row.button)
    assert desk.alcove.settings.value.summary_model == "Good-3B-Q8_0"


def test_the_plot_is_walked_with_the_keyboard_and_chooses_the_row(
    compared: ComparisonPage, desk: Desk
) -> None:
    plot = compared.plot
    assert "3 models" in plot.accessibleName()
    desk.press(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription().startswith("Good 3B: right in 90%")
    chosen = compared.table.chosen
    assert chosen is not None
    assert chosen.model == "Good 3B"
    desk.press(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription().startswith("Gone 1B")
    assert not compared.chat_button.isEnabled()  # it is not here
    place = plot.centre_of(chosen.fingerprint).toPoint()
    desk.qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    assert compared.table.chosen == chosen
    desk.click(compared.chat_button)
    assert desk.alcove.current_model.model is not None
    assert desk.alcove.current_model.model.name == "Good-3B-Q8_0"


def test_a_point_further_along_is_faster_in_both_directions(
    compared: ComparisonPage, desk: Desk
) -> None:
    plot = compared.plot
    by_name = {card.model: card.fingerprint for card in compared.cards}
    fast, slow = by_name["SmolLM2 135M Instruct"], by_name["Good 3B"]
    assert plot.centre_of(fast).x() > plot.centre_of(slow).x()
    assert plot.centre_of(fast).y() > plot.centre_of(slow).y()  # fewer right answers: lower
    plot.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert plot.centre_of(fast).x() < plot.centre_of(slow).x()
    assert not plot.grab().toImage().isNull()


def test_both_files_hold_all_cards(compared: ComparisonPage, desk: Desk, tmp_path: Path) -> None:
    for name in ("all.csv", "all.json"):
        compared.export(tmp_path / name)
    desk.wait(lambda: (tmp_path / "all.csv").exists() and (tmp_path / "all.json").exists())
    with (tmp_path / "all.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["model"] == "Good 3B"
    told = json.loads((tmp_path / "all.json").read_text())
    assert {one["model"] for one in told} == {"Good 3B", "Gone 1B", "SmolLM2 135M Instruct"}


def test_a_column_sorts_by_its_numbers(compared: ComparisonPage) -> None:
    compared.table.sortItems(2, Qt.SortOrder.DescendingOrder)
    assert [compared.table.item(row, 2).text() for row in range(3)] == ["60", "20", "12"]


def test_a_poor_card_puts_key_points_first(desk: Desk) -> None:
    good = desk.add(Path("Large-3B-Q8_0.gguf"), tiny_gguf(600_000_000 // 1000))
    model = desk.models()["Large-3B-Q8_0"]
    desk.alcove.current_model.select(replace(model, parameters=3_000_000_000))
    page = desk.alcove.documents_page
    assert page._default_mode() is Mode.QUICK
    desk.alcove.cards.keep(card_of(good, "Large 3B", right=3, words_s=30))
    assert page._default_mode() is Mode.KEY_POINTS
    desk.alcove.cards.keep(card_of(good, "Large 3B", right=9, words_s=30))
    assert page._default_mode() is Mode.QUICK
