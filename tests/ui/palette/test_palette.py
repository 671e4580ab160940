"""The palette over the real window: opened, narrowed and followed by key and by mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.settings import Theme
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import MessageStatus
from assistant.ui.app import Alcove
from assistant.ui.palette.entry import Kind
from assistant.ui.palette.palette_view import Palette
from assistant.ui.settings.settings_page import SettingsPage

CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 20_000


@pytest.fixture
def chats(alcove: Alcove) -> list[int]:
    """Some conversations."""
    made = []
    for title, text in (
        ("Lease questions", "How long is the period of notice?"),
        ("Trip to Kyoto", "Which temples are quiet in November?"),
        ("\u202eevil\x00 title\nof two lines", "Nothing."),
    ):
        chat = alcove.conversations.create(title)
        alcove.conversations.add_message(chat, "user", text)
        made.append(chat)
    return made


def open_palette(qtbot: QtBot, alcove: Alcove) -> Palette:
    """Press Ctrl+K, and wait until the chats are there."""
    qtbot.waitUntil(lambda: "around" in vars(alcove), timeout=PATIENCE_MS)
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, CONTROL)
    palette = alcove.around.palette
    assert palette.isVisible()
    qtbot.waitUntil(lambda: not palette.is_looking, timeout=PATIENCE_MS)
    return palette


def lines(palette: Palette) -> list[str]:
    """The titles that are shown."""
    return [one.entry.title for one in palette.model.found]


def test_a_chat_is_found_by_a_few_letters_and_opened_by_enter(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    assert {"New chat", "Go to Models", "Lease questions", "Trip to Kyoto"} <= set(lines(palette))
    assert any(line.startswith("Use SmolLM2") for line in lines(palette))
    qtbot.keyClicks(palette.field, "kyo")
    assert lines(palette)[0] == "Trip to Kyoto"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert alcove.window.current == "chat"
    assert alcove.chat_page.conversation_id == chats[1]


def test_keys_step_through_the_lines_and_esc_gives_the_focus_back(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    alcove.window.show_page("chat")
    alcove.chat_page.composer.field.setFocus()
    palette = open_palette(qtbot, alcove)
    last = palette.model.rowCount() - 1
    for key, row in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Tab, 2),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, last),
        (Qt.Key.Key_Down, 0),
    ):
        qtbot.keyClick(palette.field, key)
        assert palette.view.currentIndex().row() == row
    assert palette.field.hasFocus()
    qtbot.keyClick(palette.field, Qt.Key.Key_PageDown)
    assert palette.view.currentIndex().row() > 3
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert alcove.chat_page.composer.field.hasFocus()


def test_lines_that_scroll_below_a_resting_pointer_are_not_marked(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    area = palette.view.viewport()
    QCursor.setPos(area.mapToGlobal(area.rect().center()))
    qtbot.mouseMove(area, area.rect().center())
    last = palette.model.rowCount() - 1
    palette.view.setCurrentIndex(palette.model.index(0))
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.view.verticalScrollBar().value() > 0
    assert palette.view.currentIndex().row() == last
    qtbot.mouseMove(area, area.rect().center() - QPoint(0, 60))
    assert 0 < palette.view.currentIndex().row() < last


def test_a_title_cannot_pretend_to_be_another_line(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, "evil")
    assert lines(palette)[0] == "evil title of two lines"


def test_words_within_a_chat_come_after_what_is_called_so(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, "temples")
    qtbot.waitUntil(lambda: not palette.is_looking, timeout=PATIENCE_MS)
    assert lines(palette) == ["Trip to Kyoto"]
    entry = palette.model.found[0].entry
    assert "temples" in entry.detail
    assert "".join(entry.detail[i] for i in sorted(entry.marked)) == "temples"
    palette.field.setText("zzzyyy")
    qtbot.waitUntil(lambda: not palette.is_looking, timeout=PATIENCE_MS)
    assert not palette.model.rowCount()
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)  # there is nothing to open
    assert palette.isVisible()


def test_a_line_is_chosen_with_the_mouse_and_a_press_beside_closes(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not palette.isVisible()
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, CONTROL)
    qtbot.keyClicks(palette.field, "go to models")
    QApplication.processEvents()
    place = palette.view.visualRect(palette.model.index(0)).center()
    qtbot.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert alcove.window.current == "models"
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, CONTROL)
    assert palette.isVisible()
    qtbot.keyClick(alcove.window, Qt.Key.Key_K, CONTROL)
    assert not palette.isVisible()


def test_a_command_does_what_it_says(qtbot: QtBot, alcove: Alcove, sample: object) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, "dark")
    assert palette.model.found[0].entry.kind is Kind.COMMAND
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert alcove.settings.value.theme is Theme.DARK
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, "sample doc")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    page = alcove.documents_page
    qtbot.waitUntil(
        lambda: page.session is not None and not page.session.is_working, timeout=60_000
    )
    palette = open_palette(qtbot, alcove)
    documents = [one for one in palette.model.found if one.entry.kind is Kind.DOCUMENT]
    assert len(documents) == 1
    qtbot.keyClicks(palette.field, "ask about this")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert alcove.window.current == "chat"
    assert len(alcove.chat_page.asking.attachments.files) == 1
    assert page.session is not None
    assert page.session.document is not None
    word = max(page.session.document.pages[0].text.split(), key=len)
    palette = open_palette(qtbot, alcove)
    palette.field.setText(word)
    qtbot.waitUntil(lambda: not palette.is_looking, timeout=PATIENCE_MS)
    entry = palette.model.found[-1].entry
    assert entry.kind is Kind.DOCUMENT
    assert entry.marked
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)  # from the first line to the last
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert alcove.window.current == "documents"


def test_settings_are_found_by_what_they_are_about(qtbot: QtBot, alcove: Alcove) -> None:
    qtbot.waitUntil(lambda: "around" in vars(alcove), timeout=PATIENCE_MS)
    qtbot.mouseClick(alcove.window.workspace.rail.find_button, Qt.MouseButton.LeftButton)
    palette = alcove.around.palette
    qtbot.keyClicks(palette.field, "proxy")
    assert lines(palette)[0] == "Settings of the network"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)

    def has_keyboard() -> bool:
        focus = alcove.window.focusWidget()
        return focus is not None and page.network_card.isAncestorOf(focus)

    qtbot.waitUntil(has_keyboard)
    assert not page.network_card.visibleRegion().isEmpty()


def test_another_model_is_taken(qtbot: QtBot, alcove: Alcove) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, "use smol")
    entry = palette.model.found[0].entry
    assert entry.kind is Kind.MODEL
    assert entry.detail == "in use"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert alcove.settings.value.model == entry.key


def test_another_page_by_its_key_closes_the_palette(
    qtbot: QtBot, alcove: Alcove, chats: list[int]
) -> None:
    palette = open_palette(qtbot, alcove)
    qtbot.keyClick(palette.field, Qt.Key.Key_N, CONTROL)
    assert not palette.isVisible()
    assert alcove.window.current == "chat"
    assert alcove.chat_page.composer.field.hasFocus()


def test_the_words_found_are_in_sight(qtbot: QtBot, alcove: Alcove) -> None:
    chat = alcove.conversations.create("A long message")
    before = "There were many words before it, and none of them was looked for by anybody. "
    alcove.conversations.add_message(chat, "user", f"{before}The rhinoceros slept.")
    palette = open_palette(qtbot, alcove)
    palette.field.setText("rhinoceros")
    qtbot.waitUntil(lambda: not palette.is_looking, timeout=PATIENCE_MS)
    entry = palette.model.found[0].entry
    assert entry.detail.startswith("… ")
    assert entry.detail.index("rhinoceros") < 30
    assert "".join(entry.detail[i] for i in sorted(entry.marked)) == "rhinoceros"


def run(qtbot: QtBot, alcove: Alcove, words: str, title: str) -> None:
    """Open the palette, write `words`, and press Enter on the line `title`."""
    palette = open_palette(qtbot, alcove)
    qtbot.keyClicks(palette.field, words)
    assert lines(palette)[0] == title
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)


def test_what_can_be_done_with_the_last_reply_is_done_by_key(qtbot: QtBot, alcove: Alcove) -> None:
    store = alcove.conversations
    chat = store.create("Poems")
    question = store.add_message(chat, "user", "A poem, please")
    first, second = (
        store.add_message(chat, "assistant", text, parent_id=question, status=status)
        for text, status in (("Roses", MessageStatus.COMPLETE), ("Violets", MessageStatus.STOPPED))
    )
    assert first is not None
    alcove.window.show_page("chat")
    page = alcove.chat_page
    page.refresh_list()
    page.open_conversation(chat)

    run(qtbot, alcove, "variant before", "Show the variant before of the last reply")
    assert page.transcript.replies()[-1].message_id == first
    palette = open_palette(qtbot, alcove)
    shown = lines(palette)
    assert "Show the variant before of the last reply" not in shown  # it is the first
    assert "Let the last reply go on" not in shown  # it is whole
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    run(qtbot, alcove, "next variant", "Show the next variant of the last reply")
    assert page.transcript.replies()[-1].message_id == second

    run(qtbot, alcove, "continue", "Let the last reply go on")
    assert page.live_reply is not None
    page.stop()
    qtbot.waitUntil(lambda: page.live_reply is None, timeout=PATIENCE_MS)
    assert page.transcript.replies()[-1].text.startswith("Violets")

    run(qtbot, alcove, "branch", "Go on from the last reply in a new chat")
    assert page.conversation_id not in {None, chat}
    assert len(store.list()) == 2


def test_presets_and_settings_of_a_chat_are_chosen_by_key(qtbot: QtBot, alcove: Alcove) -> None:
    assert not [line for line in lines(open_palette(qtbot, alcove)) if "preset" in line]
    alcove.around.close()
    alcove.window.show_page("chat")
    page = alcove.chat_page
    page.choices.change(ChatSettings(system_prompt="Reply in a haiku."))
    page.options.view.preset.save_wanted.emit("Haiku")
    run(qtbot, alcove, "no preset", "Use no preset")
    assert page.choices.value.system_prompt is None
    run(qtbot, alcove, "preset hai", "Use the preset Haiku")
    assert page.choices.value.system_prompt == "Reply in a haiku."
    run(qtbot, alcove, "minutes", "Use the preset Meeting notes")
    assert page.choices.value.preset == "Meeting notes"
    run(qtbot, alcove, "temperature", "Preset and settings of this chat")
    assert page.options.view.isVisible()
    assert page.options.view.preset.box.hasFocus()


def test_thinking_is_chosen_by_key_where_the_model_can(qtbot: QtBot, alcove: Alcove) -> None:
    alcove.window.show_page("chat")
    page = alcove.chat_page
    at_once = "Let the model reply at once, without thinking"
    assert at_once not in lines(open_palette(qtbot, alcove))
    alcove.around.close()
    page.options.think_button.show_state(can_think=True, is_on=True)  # as with such a model
    run(qtbot, alcove, "without thinking", at_once)
    assert page.choices.value.thinking is False
    run(qtbot, alcove, "reasoning", "Let the model think before it replies")
    assert page.choices.value.thinking is True
