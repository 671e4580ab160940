"""The chat page's parts, each by itself."""

from datetime import datetime

import pytest
from PySide6.QtCore import QDateTime, QLocale, Qt
from pytestqt.qtbot import QtBot

from assistant.conversations.figures import MadeWith, ReplyFigures
from assistant.storage.database import Database
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.context_meter import ContextMeter
from assistant.ui.chat.figures_line import FiguresLine
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.note_line import NoteLine
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.chat.shelf import Chat, Shelf
from assistant.ui.chat.thinking_view import ThinkingView
from assistant.ui.chat.user_view import UserView
from assistant.ui.theme import Appearance


@pytest.fixture
def composer(qtbot: QtBot, appearance: Appearance) -> Composer:
    made = Composer()
    made.resize(400, made.sizeHint().height())
    qtbot.addWidget(made)
    made.show()
    return made


def test_shift_enter_breaks_and_enter_sends(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer.field, "one")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.field, "two")
    with qtbot.waitSignal(composer.submitted) as sent:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.args == ["one\ntwo"]


def test_the_field_grows_to_six_lines(composer: Composer) -> None:
    heights = []
    for lines in range(1, 10):
        composer.set_text("\n".join("x" * lines))
        heights.append(composer.field.height())
    assert heights[:6] == sorted(set(heights[:6]))
    assert heights[5] == heights[8]


def test_nothing_is_sent_where_there_is_nothing(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(composer.submitted):
        composer.set_text("  \n ")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
        composer.set_sendable(False)
        composer.set_text("words")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert not composer.send_button.isEnabled()


def test_up_moves_the_cursor_while_there_is_text(composer: Composer, qtbot: QtBot) -> None:
    composer.set_text("text")
    with qtbot.assertNotEmitted(composer.last_wanted):
        qtbot.keyClick(composer.field, Qt.Key.Key_Up)


def test_the_meter_says_what_happens_when_it_is_full(qtbot: QtBot, appearance: Appearance) -> None:
    meter = ContextMeter()
    qtbot.addWidget(meter)
    meter.show_use(100, 1000, 0)
    assert meter.words.text() == "Context 10% full"
    assert "sums up" in meter.toolTip()
    meter.show_use(900, 1000, 0)
    assert "soon" in meter.words.text()
    with qtbot.waitSignal(meter.recap_wanted):
        meter.show_use(900, 1000, 0, has_recap=True)
        meter.recap_button.click()
    meter.set_working(True)
    assert meter.words.text() == "Summing up the oldest messages…"
    meter.set_working(False)
    assert "summed up" in meter.words.text()
    meter.show_use(500, 1000, 4)
    assert "no longer sees the oldest messages (4)" in meter.words.text()
    assert meter.bar.value() == 100
    meter.show_use(0, 0, 0)
    assert meter.isHidden()


def test_thoughts_are_folded(qtbot: QtBot, appearance: Appearance) -> None:
    view = ThinkingView()
    qtbot.addWidget(view)
    view.show_thoughts("Let me see.", 0.2, is_going_on=True)
    assert view.button.text() == "Thinking…"
    view.show_thoughts("Let me see.", 2.1, is_going_on=True)
    assert view.button.text() == "Thinking… 2 s"
    assert view.words.isHidden()
    view.show_thoughts("Let me see.", 4.2)
    assert view.button.text() == "Thought for 4 s"
    view.button.click()
    assert not view.words.isHidden()
    assert view.words.text() == "Let me see."


def test_a_long_message_is_folded(qtbot: QtBot, appearance: Appearance) -> None:
    text = "word " * 2000
    view = UserView(text)
    qtbot.addWidget(view)
    assert len(view.words.text()) < 2000
    view.unfold_button.click()
    assert view.words.text() == text


def test_markup_in_a_message_is_text(qtbot: QtBot, appearance: Appearance) -> None:
    view = UserView("<img src='file:///etc/passwd'>")
    qtbot.addWidget(view)
    assert view.words.textFormat() is Qt.TextFormat.PlainText


def test_a_reply_says_what_it_is_doing(
    qtbot: QtBot, appearance: Appearance, database: Database
) -> None:
    view = ReplyView()
    qtbot.addWidget(view)
    live = LiveReply(
        Chat(Shelf.of(database), 1), lambda _: iter(()), model_name="SmolLM2-135M-Instruct.Q4_1"
    )
    view.follow(live)
    assert view.activity.words.text() == "Waiting for the model…"
    live.stage, live.fraction = Stage.LOADING, 0.4
    view._render()
    assert view.activity.words.text() == "Loading SmolLM2 135M Instruct… 40%"
    assert view.activity.bar.value() == 40
    live.stage, live.fraction = Stage.READING, 0.5
    view._render()
    assert view.activity.words.text() == "Reading the conversation… 50%"
    live.stage, live.text = Stage.WRITING, "Hello"
    view._render()
    assert view.activity.isHidden()


def test_a_reply_tells_what_it_took(qtbot: QtBot, appearance: Appearance) -> None:
    line = FiguresLine()
    qtbot.addWidget(line)
    at = datetime(2026, 11, 23, 17, 5)  # noqa: DTZ001 - as the person's clock shows it
    line.show_figures(
        ReplyFigures(
            prompt_tokens=412,
            reused_tokens=380,
            generated_tokens=62,
            first_token_s=0.31,
            generation_s=2.0,
            threads=2,
            peak_memory_bytes=610_000_000,
        ),
        MadeWith.kept({"preset": "Code", "sampling": {"temperature": 0.2, "top_k": 5, "seed": 7}}),
        at,
    )
    when = QLocale().toString(QDateTime(at), QLocale.FormatType.ShortFormat)
    assert line.words.text() == (
        "412 tokens read, 380 of them known · first word after 0.3 s · 62 tokens written · "
        "31 tokens/s · 2 threads · at most 0.6 GB of memory · preset Code · temperature 0.2, "
        f"top-k 5, seed 7 · {when}"
    )
    figures = ReplyFigures(prompt_tokens=2, reused_tokens=1, restored_tokens=1, threads=1)
    line.show_figures(figures, MadeWith.kept({"sampling": "?", "preset": 3}), at)
    assert line.words.text() == (
        f"2 tokens read, 1 of them known (1 from disk) · 0 tokens written · 1 thread · {when}"
    )
    line.show_figures(None, MadeWith(), at)
    assert line.words.text() == ""


def test_a_reply_that_was_given_only_part_of_a_recap_says_so(
    qtbot: QtBot, appearance: Appearance
) -> None:
    line = NoteLine()
    qtbot.addWidget(line)
    wishes = {"is_stopped": False, "is_cut": False, "left_out": 0, "can_continue": True}
    line.show_note(**wishes, cuts_recap=True)
    assert not line.isHidden()
    assert "only the beginning of the summary" in line.words.text()
    line.show_note(**wishes, cuts_recap=False)
    assert line.isHidden()
