"""The progress line by itself: what it says, and Pause."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.documents.document import Document, Page, PageUnit, Section
from assistant.summaries.summary import Stage, SummaryProgress
from assistant.ui.documents.progress_line import ProgressLine
from assistant.ui.theme import Appearance


@pytest.fixture
def line(qtbot: QtBot, appearance: Appearance) -> ProgressLine:
    made = ProgressLine()
    qtbot.addWidget(made)
    made.begin("Summarising")
    made.show_pause(is_possible=True, is_paused=False)
    return made


def test_pause_is_asked_for_and_then_taken_back(line: ProgressLine, qtbot: QtBot) -> None:
    for is_paused, name in ((True, "Resume"), (False, "Pause")):
        with qtbot.waitSignal(line.pause_wanted) as wanted:
            qtbot.mouseClick(line.pause_button, Qt.MouseButton.LeftButton)
        assert wanted.args == [is_paused]
        line.show_pause(is_possible=True, is_paused=is_paused)
        assert line.pause_button.text() == name


def test_what_comes_while_paused_is_shown_afterwards(line: ProgressLine) -> None:
    line.show_progress(SummaryProgress(Stage.PROMPT, 100, 1000))
    assert line.bar.value() == 100
    line.show_pause(is_possible=True, is_paused=True)
    line.show_progress(SummaryProgress(Stage.PROMPT, 228, 1000))
    assert (line.words.text(), line.left.text()) == ("Paused", "")
    assert line.bar.value() == 100
    line.show_pause(is_possible=True, is_paused=False)
    assert line.words.text() == "The model is reading its selection"
    assert line.bar.value() == 228


def test_a_bar_without_an_end_rests_while_paused(line: ProgressLine) -> None:
    line.show_progress(SummaryProgress(Stage.WRITING, 10, 160))
    assert line.bar.maximum() == 0
    line.show_pause(is_possible=True, is_paused=True)
    assert line.bar.maximum() > 0
    line.show_pause(is_possible=True, is_paused=False)
    assert line.bar.maximum() == 0
    assert line.words.text() == "Writing"


def test_the_time_of_a_pause_does_not_count(
    line: ProgressLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("assistant.ui.documents.progress_line.time.monotonic", lambda: now[0])
    line.show_progress(SummaryProgress(Stage.PROMPT, 0, 1000))
    now[0] += 10
    line.show_progress(SummaryProgress(Stage.PROMPT, 500, 1000))
    assert line.left.text() == "about 10 s left"
    line.show_pause(is_possible=True, is_paused=True)
    now[0] += 500
    line.show_pause(is_possible=True, is_paused=False)
    assert line.left.text() == "about 10 s left"


def test_stop_is_the_last_word(line: ProgressLine) -> None:
    line.show_pause(is_possible=True, is_paused=True)
    line.stopping()
    assert not line.pause_button.isEnabled()
    line.show_progress(SummaryProgress(Stage.PROMPT, 500, 1000))
    assert line.words.text() == "Stopping"
    line.begin("Summarising")
    assert line.pause_button.isEnabled()
    assert line.pause_button.text() == "Pause"


def test_thorough_names_page_section_passages_and_the_time_it_was_told(
    line: ProgressLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("assistant.ui.documents.progress_line.time.monotonic", lambda: now[0])
    pages = tuple(Page(number, "Text.", label="Start\nhere") for number in range(1, 13))
    sections = (Section("", 0, -1, 1),)
    document = Document(Path("a.pdf"), "A", "pdf", "", "en", pages, sections, ())
    line.document = document
    at = SummaryProgress(Stage.READING, 31, 84, page=4, section="Term\n and end", left_s=540)
    line.show_progress(at)
    told = "Reading page 4 of 12 · 31 of 84 passages · “Term and end”"
    assert (line.words.text(), line.left.text()) == (told, "about 9 min left")
    assert line.bar.accessibleName() == told
    now[0] += 60
    line.show_progress(replace(at, left_s=540))
    assert line.bar.value() == 100
    line.show_progress(replace(at, left_s=2000))
    assert line.bar.value() == 100  # it never goes back
    line.show_pause(is_possible=True, is_paused=True)
    now[0] += 9000
    line.show_pause(is_possible=True, is_paused=False)
    assert line.bar.value() == 100
    line.document = replace(document, unit=PageUnit.SLIDE, pages=pages[:2])
    line.show_progress(SummaryProgress(Stage.MERGING, 2, 5, page=2, left_s=9000))
    assert line.words.text() == "Summing up slide 2 of 2 · 2 of 5 parts"
    assert line.left.text() == "about 2.5 h left"
    line.show_progress(SummaryProgress(Stage.PROMPT, 3, 10, left_s=33))
    assert line.words.text() == "The model is reading what the parts say"
    assert line.left.text() == "about 35 s left"
    line.show_progress(SummaryProgress(Stage.WRITING, 10, 160))
    assert line.bar.value() > 600
    line.words.setText("x" * 500)
    assert line.minimumSizeHint().width() < 400  # a long heading does not widen the window
