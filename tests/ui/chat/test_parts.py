"""The chat page's parts, each by itself."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistant.conversations.figures import ReplyFigures
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.context_meter import ContextMeter
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.figures_line import FiguresLine
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.reply_view import ReplyView
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
    assert "left out" in meter.toolTip()
    meter.show_use(900, 1000, 0)
    assert "Soon" in meter.words.text()
    meter.show_use(500, 1000, 4)
    assert "no longer sees the oldest messages (4)" in meter.words.text()
    assert meter.bar.value() == 100
    meter.show_use(0, 0, 0)
    assert meter.isHidden()


def test_thoughts_are_folded(qtbot: QtBot, appearance: Appearance) -> None:
    view = ThinkingView()
    qtbot.addWidget(view)
    view.show_thoughts("Let me see.", None)
    assert view.button.text() == "Thinking…"
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


def test_a_reply_says_what_it_is_doing(qtbot: QtBot, appearance: Appearance) -> None:
    view = ReplyView()
    qtbot.addWidget(view)
    live = LiveReply(None, None, 1, model_name="SmolLM2-135M-Instruct.Q4_1")  # type: ignore[arg-type]
    view.follow(live)
    assert view.status.text() == "Waiting for the model…"
    live.stage, live.fraction = Stage.LOADING, 0.4
    view._render()
    assert view.status.text() == "Loading SmolLM2 135M Instruct… 40%"
    assert view.bar.value() == 40
    live.stage, live.fraction = Stage.READING, 0.5
    view._render()
    assert view.status.text() == "Reading the conversation… 50%"
    live.stage, live.text = Stage.WRITING, "Hello"
    view._render()
    assert view.status.isHidden()
    assert view.bar.isHidden()


def test_search_finds_words_of_a_title(qtbot: QtBot, appearance: Appearance) -> None:
    from datetime import UTC, datetime

    from assistant.storage.conversations import ConversationRecord

    now = datetime.now(UTC)
    titles = ["Trip to Kyoto", "Lease questions", "Kyoto food"]
    records = [ConversationRecord(i, title, now, now) for i, title in enumerate(titles)]
    made = ConversationList()
    qtbot.addWidget(made)
    made.show_records(records, 1)
    made.search.setText("kyoto")
    assert not made.model.index_of(1).isValid()
    assert made.model.index_of(0).isValid()
    assert made.model.rowCount() == 3  # a heading and two titles
    made.search.setText("nothing of the kind")
    assert not made.nothing.isHidden()
    made.search.clear()
    assert made.model.index_of(1).isValid()


def test_a_reply_tells_what_it_took(qtbot: QtBot, appearance: Appearance) -> None:
    line = FiguresLine()
    qtbot.addWidget(line)
    line.show_figures(
        ReplyFigures(
            prompt_tokens=412,
            reused_tokens=380,
            generated_tokens=62,
            first_token_s=0.31,
            generation_s=2.0,
            threads=2,
            peak_memory_bytes=610_000_000,
        )
    )
    assert line.words.text() == (
        "412 tokens read, 380 of them known · first word after 0.3 s · 62 tokens written · "
        "31 tokens/s · 2 threads · at most 0.6 GB of memory"
    )
    line.show_figures(ReplyFigures(prompt_tokens=2, reused_tokens=1, restored_tokens=1, threads=1))
    assert line.words.text() == (
        "2 tokens read, 1 of them known (1 from disk) · 0 tokens written · 1 thread"
    )
    line.show_figures(None)
    assert line.words.text() == ""
