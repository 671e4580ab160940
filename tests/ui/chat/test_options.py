"""What is chosen for a chat: presets, instructions, sampling, forms, thinking."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.conversations.sampling import RANGES
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.presets import PresetStore
from assistant.ui.chat.options.sampling_view import SamplingView
from assistant.ui.chat.options.sampling_words import GROUPS, words_of
from assistant.ui.theme import Appearance
from tests.engine.tiny_models import CHATML, tiny_llama

pytestmark = pytest.mark.shared_process

Desk: TypeAlias = Any  # of conftest.py
SLOW = 60_000  # ms; other work may keep the machine busy
SWITCH = CHATML + "{% if enable_thinking is not false %}{{ '<think>' }}{% endif %}"
SUNNY = {
    "type": "object",
    "properties": {"sunny": {"type": "boolean"}},
    "required": ["sunny"],
    "additionalProperties": False,
}


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(box: Any, text: str) -> None:
    box.setCurrentText(text)
    assert box.currentText() == text
    box.activated.emit(box.currentIndex())


def test_every_setting_has_words(qtbot: QtBot, appearance: Appearance) -> None:
    for name in RANGES:
        assert words_of(name).name != name
        assert words_of(name).hint
    assert {n for names in GROUPS.values() for n in names} == {*RANGES, "max_tokens"}


def test_sampling_shows_what_is_chosen_and_tells_what_is_not_usual(
    qtbot: QtBot, appearance: Appearance
) -> None:
    view = SamplingView()
    qtbot.addWidget(view)
    view.show_settings(ChatSettings(sampling={"temperature": 0.2}, max_tokens=100))
    row = view.rows["temperature"]
    view.resize(280, view.sizeHint().height())
    view.show()
    assert row.field.value() == 0.2
    assert row.field.lineEdit().width() > 40  # Qt would leave one pixel to it
    assert not row.usual_button.isHidden()
    assert view.rows["max_tokens"].field.value() == 100
    assert view.rows["top_k"].usual_button.isHidden()
    with qtbot.waitSignal(view.chosen) as told:
        row.field.setValue(1.1)
    assert told.args == ["temperature", 1.1]
    with qtbot.waitSignal(view.chosen) as told:
        click(qtbot, row.usual_button)
    assert told.args == ["temperature", None]
    with qtbot.waitSignal(view.length_chosen) as told:
        view.rows["max_tokens"].field.setValue(0)
    assert told.args == [0]


def test_a_preset_goes_with_the_chat_from_its_first_message(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    page = desk.page
    translate = page.start.preset_buttons[2]
    assert translate.text() == "Translate"
    click(qtbot, translate)
    assert page.options.options_button.text() == "Translate"
    qtbot.keyClicks(page.composer.field, "Hello")
    qtbot.keyClick(page.composer.field, Qt.Key.Key_Return)
    page.turns.stop()
    desk.wait_for_reply()
    kept = store.settings(page.conversation_id)
    assert kept.preset == "Translate"
    assert kept.system_prompt is not None
    assert kept.system_prompt.startswith("You are a translator.")
    page.new_chat()
    assert page.options.options_button.text() == ""
    assert not page.start.preset_buttons[2].isChecked()


def test_a_preset_of_ones_own_is_made_changed_removed_and_brought_back(
    desk: Desk, store: ConversationStore, database: Database, qtbot: QtBot
) -> None:
    view = desk.page.options.view
    click(qtbot, desk.page.options.options_button)
    assert view.isVisible()
    qtbot.keyClicks(view.prompt, "Answer like a pirate.")
    qtbot.waitUntil(lambda: desk.page.choices.value.system_prompt == "Answer like a pirate.")
    click(qtbot, view.advanced.button)
    view.advanced.content.rows["temperature"].field.setValue(1.5)
    click(qtbot, view.preset.save_button)
    qtbot.keyClicks(view.preset.name_field, "Pirate")
    qtbot.keyClick(view.preset.name_field, Qt.Key.Key_Return)
    (preset,) = PresetStore(database).list()
    assert (preset.name, preset.system_prompt) == ("Pirate", "Answer like a pirate.")
    assert preset.sampling == {"temperature": 1.5}
    assert view.preset.box.currentText() == "Pirate"
    assert desk.page.start.preset_buttons[-1].text() == "Pirate"
    view.advanced.content.rows["temperature"].field.setValue(1.2)
    assert view.preset.box.currentText() == "Pirate (changed)"
    click(qtbot, view.preset.update_button)
    assert PresetStore(database).list()[0].sampling == {"temperature": 1.2}
    choose(view.preset.box, "None")
    assert desk.page.choices.value == ChatSettings()
    assert view.prompt.toPlainText() == ""
    choose(view.preset.box, "Pirate")
    assert view.prompt.toPlainText() == "Answer like a pirate."
    click(qtbot, view.preset.remove_button)
    assert PresetStore(database).list() == []
    click(qtbot, view.preset.undo_bar.button)
    assert [preset.name for preset in PresetStore(database).list()] == ["Pirate"]
    qtbot.keyClick(view.preset.box, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_a_reply_follows_a_schema_and_a_bad_one_is_told(
    desk: Desk, store: ConversationStore, qtbot: QtBot
) -> None:
    form = desk.page.options.view.form
    click(qtbot, desk.page.options.options_button)
    choose(form.box, "JSON")
    form.schema.setPlainText("{no schema")
    qtbot.waitUntil(form.fault.isVisible)
    assert desk.page.choices.value.schema == ""
    form.schema.setPlainText(json.dumps(SUNNY))
    qtbot.waitUntil(lambda: "sunny" in desk.page.choices.value.schema)
    assert not form.fault.isVisible()
    desk.page.send("Is it sunny?")
    desk.wait_for_reply()
    reply = store.messages(desk.page.conversation_id)[-1]
    assert set(json.loads(reply.content)) == {"sunny"}
    (code,) = desk.page.transcript.replies()[-1].content.parts
    assert json.loads(code.code) == json.loads(reply.content)
    assert code.language == "json"
    choose(form.box, "A table")
    qtbot.keyClicks(form.columns, "name, date")
    qtbot.keyClick(form.columns, Qt.Key.Key_Return)
    desk.page.open_conversation(store.create("Other"))
    desk.page.open_conversation(reply.conversation_id)
    assert form.columns.text() == "name, date"


def install(desk: Desk, qtbot: QtBot, folder: Path, **templates: str) -> None:
    """Put tiny models of these names and chat templates where the app finds them."""
    (folder / "models").mkdir(exist_ok=True)
    for name, template in templates.items():
        tiny_llama(folder / "models" / f"{name}.gguf", chat_template=template)
    current = desk.page._current_model
    with qtbot.waitSignal(current.changed, timeout=SLOW):
        current.refresh()


def test_thinking_is_switched_where_the_chats_model_can(
    desk: Desk, store: ConversationStore, qtbot: QtBot, tmp_path: Path
) -> None:
    install(desk, qtbot, tmp_path, switch=SWITCH, always=CHATML + "{{ '<think>' }}")
    button = desk.page.options.think_button
    assert button.isHidden()  # the starter model cannot
    chats = {}
    for name in ("switch", "always"):
        chats[name] = store.create(name)
        settings = ChatSettings(model=name, thinking=False, max_tokens=2)
        store.set_settings(chats[name], settings)
        desk.page.open_conversation(chats[name])
        assert button.isVisible()  # it is not known yet what the model can, but what was chosen
        desk.page.send("Hello")
        desk.wait_for_reply()
        assert button.isVisible() is (name == "switch")
    desk.page.open_conversation(chats["switch"])
    assert button.isVisible()
    assert not button.isChecked()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert store.settings(chats["switch"]).thinking is True


def test_what_is_said_of_the_model_is_about_the_chats_own(
    desk: Desk, store: ConversationStore, qtbot: QtBot, tmp_path: Path
) -> None:
    install(desk, qtbot, tmp_path, base="", talks=CHATML)
    page = desk.page
    chat = store.create("With a base model")
    store.set_settings(chat, ChatSettings(model="base"))
    page.open_conversation(chat)
    page.composer.set_text("Hello")
    assert "base model" in page.notice.words.text()
    assert not page.composer.send_button.isEnabled()
    page.choices.change(ChatSettings(model="talks"))
    assert page.notice.words.text().startswith("talks is so small")
    assert page.composer.send_button.isEnabled()
    page.choices.change(ChatSettings(model="base"))
    page.new_chat()
    assert page.notice.words.text()
    assert "base model" not in page.notice.words.text()


def test_a_question_that_waited_for_its_document_is_answered_by_the_chats_own_model(
    desk: Desk, store: ConversationStore, qtbot: QtBot, tmp_path: Path
) -> None:
    install(desk, qtbot, tmp_path, one=CHATML, other=CHATML)
    page = desk.page
    page.choices.change(ChatSettings(model="one", max_tokens=2))
    page.send("What does this contract say about pets?")
    desk.wait_for_reply()
    page._current_model.use_for("other")  # as a reply in another chat does
    page.turns.reply_anyway()
    desk.wait_for_reply()
    assert store.messages(page.conversation_id)[-1].model_name == "one"
