"""The options of a summary by themselves: costs before anything is asked, and real clicks."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistant.settings import Settings
from assistant.storage.summaries import SummaryRecord
from assistant.summaries.keeping import extras
from assistant.summaries.summary import Length, Mode, ModePlan, WorkPlan
from assistant.summaries.wishes.styles import Style
from assistant.ui.documents.options.bar import OptionsBar
from assistant.ui.documents.options.choices import (
    Choices,
    from_record,
    from_settings,
    to_settings,
)
from assistant.ui.documents.options.words import duration, language_name
from assistant.ui.theme import Appearance

PLAN = WorkPlan(
    (
        ModePlan(mode=Mode.QUICK, prompt_tokens=1950, reply_tokens=260, calls=1, seconds=42),
        ModePlan(
            mode=Mode.THOROUGH,
            tokens=60_000,
            prompt_tokens=91_400,
            reply_tokens=12_300,
            passages=84,
            calls=97,
            seconds=860,
        ),
    )
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers are written as in English."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bar(qtbot: QtBot, appearance: Appearance) -> OptionsBar:
    made = OptionsBar()
    qtbot.addWidget(made)
    made.show_choices(Choices(), Mode.KEY_POINTS)
    made.show()
    return made


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_each_mode_says_what_it_costs_before_anything_is_asked(bar: OptionsBar) -> None:
    cards = bar.cards
    assert cards[Mode.KEY_POINTS].accessibleName() == "Key points: at once, no model"
    assert cards[Mode.THOROUGH].accessibleName() == "Thorough: needs a model"
    assert not cards[Mode.THOROUGH].isEnabled()
    bar.show_model("Tiny 2B", is_experimental=False)
    assert cards[Mode.QUICK].accessibleName() == "Quick: with Tiny 2B"
    bar.show_plan(PLAN)
    assert cards[Mode.QUICK].accessibleName() == "Quick: about 40 s · 2,000 tokens"
    assert cards[Mode.THOROUGH].accessibleName() == "Thorough: about 14 min · 91,000 tokens"
    assert (
        "84 passages; 91,000 tokens to read in 97 steps, 12,000 tokens to write. It takes about "
        "14 min by the speed measured on this computer. Tiny 2B would write it."
    ) in cards[Mode.THOROUGH].accessibleDescription()
    bar.show_plan(PLAN, made=Mode.QUICK)
    assert cards[Mode.QUICK].accessibleName() == "Quick: done"
    begun = ModePlan(mode=Mode.THOROUGH, passages=84, calls=97, done=31, seconds=None)
    bar.show_plan(WorkPlan((begun,)))
    assert cards[Mode.THOROUGH].accessibleName() == "Thorough: 31 of 84 passages done"
    bar.show_model("Tiny 2B", is_experimental=True)
    assert cards[Mode.QUICK].accessibleName() == "Quick: experimental"


def test_every_choice_is_made_with_the_mouse_or_the_keyboard(qtbot: QtBot, bar: OptionsBar) -> None:
    bar.show_model("Tiny 2B", is_experimental=False)
    with qtbot.waitSignal(bar.changed) as changed:
        click(qtbot, bar.cards[Mode.QUICK])
    assert changed.args == [Choices(mode=Mode.QUICK)]
    assert bar.cards[Mode.QUICK].isChecked()
    assert not bar.cards[Mode.KEY_POINTS].isChecked()
    bar.cards[Mode.QUICK].setFocus()
    with qtbot.assertNotEmitted(bar.changed):
        qtbot.keyClick(bar.cards[Mode.QUICK], Qt.Key.Key_Space)  # it is that already
        qtbot.keyClick(bar.cards[Mode.QUICK], Qt.Key.Key_Right)  # looking is not choosing
    assert bar.cards[Mode.QUICK].isChecked()
    with qtbot.waitSignal(bar.changed):
        qtbot.keyClick(bar.cards[Mode.THOROUGH], Qt.Key.Key_Space)
    with qtbot.waitSignal(bar.changed):
        bar.style_actions[Style.TIMELINE].trigger()
    assert bar.form.button.text() == "Timeline"
    assert bar.form.button.accessibleName() == "Form: Timeline"
    assert not bar.further.isVisible()
    click(qtbot, bar.further_button)
    assert bar.further.isVisible()
    box = bar.further.reproducible  # a click beside its words does nothing
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    bar.further.language.actions["de"].trigger()
    with qtbot.waitSignal(bar.changed) as changed:
        bar.further.kind.actions["contract"].trigger()
    assert changed.args == [
        Choices(
            mode=Mode.THOROUGH,
            style=Style.TIMELINE,
            language="de",
            kind="contract",
            is_reproducible=True,
        )
    ]
    assert bar.further_button.text() == "Options: German, contract, same text"
    bar.show_document(language="en", kind="letter")
    bar.show_choices(Choices(), Mode.THOROUGH)
    assert bar.further.language.button.text() == "The document’s (English)"
    assert bar.further.kind.button.text() == "Recognised: letter or mail"
    assert not bar.further.reproducible.isChecked()


def test_choices_come_back_from_where_they_were_kept() -> None:
    chosen = Choices(
        mode=Mode.THOROUGH,
        length=Length.LONG,
        style=Style.BRIEF,
        focus="rent",
        language="fr",
        kind="contract",
        asks_model=True,
    )
    options = chosen.options(Mode.THOROUGH)
    row = SummaryRecord(
        id=1,
        document_id=1,
        mode="thorough",
        words=options.words,
        focus="rent",
        options=extras(options),
        model_name="",
        model_sha256="",
        created_at=datetime.now(UTC),
        is_complete=True,
    )
    assert from_record(row, Choices()) == chosen
    remembered = Settings(**to_settings(chosen))  # type: ignore[arg-type]
    assert from_settings(remembered) == Choices(
        length=Length.LONG, style=Style.BRIEF, language="fr", asks_model=True
    )
    assert remembered.summary_mode == "thorough"
    assert extras(Choices().options(Mode.QUICK)) == ""
    assert extras(chosen.options(Mode.KEY_POINTS)) == '{"style":"brief","kind":"contract"}'
    assert from_settings(Settings(summary_style="haiku", summary_length="endless")) == Choices()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a few seconds"),
        (17, "about 15 s"),
        (70, "about 1 min"),
        (860, "about 14 min"),
        (5400, "about 1.5 h"),
        (36_000, "about 10 h"),
    ],
)
def test_a_foretold_time_is_as_rough_as_it_is(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_languages_have_names() -> None:
    assert language_name("de") == "German"
    assert language_name("") == language_name("xx") == ""
