"""A model's own page: what it is used for, its name, how it is loaded, its template."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from assistant.engine import fitting, loading
from assistant.engine.fitting import need_of
from assistant.engine.protocol import LoadSettings, Message, Role, TextPart
from assistant.gguf import read_header
from assistant.ui.app import Alcove
from tests.engine.tiny_models import tiny_llama
from tests.models.tiny_gguf import tiny_gguf
from tests.ui.conftest import Starts
from tests.ui.models.keeping import Desk, WindowWatch

STARTER = "SmolLM2 135M Instruct"


@pytest.fixture
def never() -> threading.Event:
    return threading.Event()


@pytest.fixture
def desk(alcove: Alcove, qtbot: QtBot) -> Desk:
    return Desk(alcove, qtbot)


def test_details_open_above_the_list_and_esc_leads_back(desk: Desk) -> None:
    button = desk.card().details_button
    desk.press(button)
    page = desk.page.shelf.details
    assert page is not None
    assert page.title.text() == STARTER
    desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert desk.page.views.is_at_root
    assert desk.card().details_button.hasFocus()
    desk.wait(lambda: desk.page.shelf.details is None)


def test_everything_is_named_and_tab_goes_as_one_reads(desk: Desk) -> None:
    page = desk.details()
    desk.wait(lambda: page.loading.context.count() > 1)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    controls = [w for kind in kinds for w in page.findChildren(kind) if w.isVisible()]
    assert len(controls) > 8
    for control in controls:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text, control
    first = page.checkup.button
    first.setFocus()
    places = []
    for _ in range(9):
        focus = QApplication.focusWidget()
        assert focus is not None
        at = focus.mapTo(desk.alcove.window, focus.rect().topLeft())
        scrolled = page.mapTo(desk.alcove.window, page.rect().topLeft()).y()
        places.append((at.y() - scrolled) // 12)
        desk.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert places == sorted(places)


def test_a_name_and_a_note_are_kept(desk: Desk, starts: Starts, alcove: Alcove) -> None:
    page = desk.details()
    desk.qtbot.keyClicks(page.naming.name, "My little one")
    desk.qtbot.keyClick(page.naming.name, Qt.Key.Key_Return)
    desk.wait(lambda: page.title.text() == "My little one")
    page.naming.note.setFocus()
    desk.qtbot.keyClicks(page.naming.note, "Good for jokes")
    desk.qtbot.keyClick(page.naming.note, Qt.Key.Key_Tab)  # leaves the field
    desk.wait(lambda: desk.models()["SmolLM2-135M-Instruct.Q4_1"].note == "Good for jokes")
    alcove.window.status_bar.refresh()
    assert alcove.window.status_bar.model_button.text() == "My little one"
    desk.page.views.back()
    card = desk.card("My little one")
    assert any("Good for jokes" in text for text in _texts(card))
    starts.close(alcove)
    second = Desk(starts(), desk.qtbot)
    assert second.details("My little one").naming.note.toPlainText() == "Good for jokes"


def _texts(card) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in card.findChildren(QLabel)]


def test_esc_takes_back_a_name_that_is_being_written(desk: Desk) -> None:
    page = desk.details()
    page.naming.name.setFocus()
    desk.qtbot.keyClicks(page.naming.name, "Hm")
    desk.qtbot.keyClick(page.naming.name, Qt.Key.Key_Escape)
    assert page.naming.name.text() == ""
    assert not desk.page.views.is_at_root


def test_summaries_get_a_model_of_their_own_and_give_it_back(desk: Desk) -> None:
    desk.add(Path("Mine-3B-Q8_0.gguf"), tiny_gguf(9000))
    desk.alcove.current_model.select(desk.models()["SmolLM2-135M-Instruct.Q4_1"])
    page = desk.details("Mine 3B")
    chat, summaries, texts = page.uses.rows.values()
    assert not texts.isVisible()
    assert "SmolLM2" in chat.words.text()
    desk.click(summaries.button)
    assert summaries.badge.isVisible()
    assert desk.alcove.settings.value.summary_model == "Mine-3B-Q8_0"
    assert summaries.button.text() == "Summarise as in chat"
    desk.click(summaries.button)
    assert desk.alcove.settings.value.summary_model == ""
    assert not summaries.badge.isVisible()
    desk.click(chat.button)
    assert chat.badge.isVisible()
    assert summaries.badge.isVisible()  # as in chat
    assert desk.alcove.current_model.model is not None
    assert desk.alcove.current_model.model.name == "Mine-3B-Q8_0"


def test_the_card_says_which_model_summarises(desk: Desk) -> None:
    desk.add(Path("Mine-3B-Q8_0.gguf"), tiny_gguf(9000))
    desk.alcove.current_model.select(desk.models()["SmolLM2-135M-Instruct.Q4_1"])
    desk.alcove.summary_model.select(desk.models()["Mine-3B-Q8_0"])
    desk.wait(lambda: "Summaries" in _texts(desk.card("Mine 3B")))
    assert "In use" in _texts(desk.card())


def test_load_settings_tell_their_cost_and_are_used(desk: Desk, never) -> None:
    page = desk.details()
    section = page.loading
    desk.wait(lambda: section.context.count() > 1)
    need = need_of(read_header(page.model.path), LoadSettings(), 8192)
    assert f"{need.total_bytes / 1e6:.0f} MB" in section.total.text()
    assert section.context.itemText(0).startswith("Automatic: 8")
    costs = [section.context.itemText(i) for i in range(1, section.context.count())]
    assert all("MB" in cost for cost in costs)
    index = section.context.findData(1024)
    section.context.setFocus()
    section.context.setCurrentIndex(index)
    section.context.activated.emit(index)
    desk.wait(lambda: desk.models()["SmolLM2-135M-Instruct.Q4_1"].wishes.context_tokens == 1024)
    desk.wait(section.reset_button.isVisible)
    list(desk.alcove.engine.load(cancel=never))
    assert desk.alcove.engine.info is not None
    assert desk.alcove.engine.info.context_tokens == 1024
    desk.click(section.reset_button)
    desk.wait(lambda: desk.models()["SmolLM2-135M-Instruct.Q4_1"].wishes.context_tokens == 0)
    assert not section.reset_button.isVisible()


def test_what_was_given_up_is_told(
    desk: Desk, never, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = need_of(read_header(starter_model), LoadSettings(), 2048).total_bytes
    monkeypatch.setattr(fitting, "free_memory_bytes", lambda: free)
    monkeypatch.setattr(loading, "private_bytes", lambda pid: 0)
    desk.alcove.engine.choose(starter_model, LoadSettings(context_tokens=8192))
    list(desk.alcove.engine.load(cancel=never))
    page = desk.details()
    assert page.loading.last_load.isVisible()
    assert "tokens instead of 8192" in page.loading.last_load.text()


def test_a_template_is_seen_changed_and_taken_back(desk: Desk, never) -> None:
    page = desk.details()
    section = page.template
    assert section.state.text() == "The file's own template is in use."
    desk.click(section.fold.button)
    desk.wait(lambda: "<|im_start|>" in section.text.toPlainText())
    assert section.text.isReadOnly()
    desk.click(section.edit_button)
    assert section.text.hasFocus()
    section.text.setPlainText("{% for m in messages %}{{ m.content")
    desk.click(section.keep_button)
    assert "This is no template" in section.fault.text()
    assert section.fault.isVisible()
    section.text.setPlainText(
        "{% for m in messages %}\n{{ m.role }}: {{ m.content }}\n{% endfor %}\nassistant:"
    )
    desk.click(section.keep_button)
    assert not section.fault.isVisible()
    assert section.state.text() == "Your own template is in use, not the file's."
    assert section.difference.isVisible()
    assert "+assistant:" in section.difference.toPlainText()
    desk.wait(lambda: desk.alcove.current_model.model.wishes.chat_template)
    message = Message(Role.USER, "Say hello.")
    parts = [
        event
        for event in desk.alcove.engine.generate([message], max_tokens=4, cancel=never)
        if isinstance(event, TextPart)
    ]
    assert parts
    assert desk.alcove.engine.info is not None
    desk.click(section.reset_button)
    desk.wait(lambda: not desk.alcove.current_model.model.wishes.chat_template)
    assert section.state.text() == "The file's own template is in use."
    assert not section.difference.isVisible()


def test_cancel_leaves_the_template_as_it_was(desk: Desk) -> None:
    section = desk.details().template
    desk.click(section.fold.button)
    desk.wait(section.text.toPlainText)
    before = section.text.toPlainText()
    desk.click(section.edit_button)
    section.text.setPlainText("rubbish")
    desk.click(section.cancel_button)
    assert section.text.toPlainText() == before
    assert section.edit_button.hasFocus()


def test_a_model_that_goes_away_closes_its_page(desk: Desk) -> None:
    path = desk.add(Path("Mine-3B-Q8_0.gguf"), tiny_gguf(9000))
    desk.details("Mine 3B")
    path.unlink()
    desk.refresh()
    assert desk.page.views.is_at_root


def test_delete_tells_what_it_frees_and_can_be_taken_back(desk: Desk) -> None:
    path = desk.add(Path("Mine-3B-Q8_0.gguf"), tiny_gguf(2_000_000))
    page = desk.details("Mine 3B")
    assert page.file.remove_button.text() == "Delete it, frees 2 MB"
    desk.click(page.file.remove_button)
    assert desk.page.views.is_at_root
    assert desk.page.undo_bar.isVisible()
    assert path.exists()
    desk.click(desk.page.undo_bar.button)
    desk.click(desk.details("Mine 3B").file.remove_button)
    desk.page.undo_bar.settle()
    assert not path.exists()


def test_a_model_that_is_deleted_is_not_kept_in_memory(desk: Desk, tmp_path: Path, never) -> None:
    content = tiny_llama(tmp_path / "tiny.gguf").read_bytes()
    path = desk.add(Path("Mine-3B-Q8_0.gguf"), content)
    current = desk.alcove.current_model
    current.select(desk.card("Mine 3B").model)
    list(current.engine.load(cancel=never))
    loaded = current.engine.status().model
    assert loaded is not None
    assert Path(loaded.path) == path
    desk.click(desk.card("Mine 3B").remove_button)
    desk.wait(lambda: current.engine.status().model is None)
    desk.page.undo_bar.settle()
    assert not path.exists()


def test_the_starter_stays(desk: Desk) -> None:
    page = desk.details()
    assert not page.file.remove_button.isVisible()
    assert page.file.stays.text() == "It is a part of Alcove and stays."


def test_a_small_window_shows_everything_in_its_width(desk: Desk) -> None:
    desk.alcove.window.resize(720, 480)
    page = desk.details()
    desk.wait(lambda: page.loading.context.count() > 1)
    desk.qtbot.wait(100)
    for child in page.findChildren(QAbstractButton) + page.findChildren(QComboBox):
        if child.isVisible():
            right = child.mapTo(page, child.rect().topRight()).x()
            assert right <= page.width(), child.accessibleName() or child


def test_nothing_flashes_as_a_window_of_its_own(desk: Desk, qapp: QApplication) -> None:
    watch = WindowWatch(qapp)
    page = desk.details()
    desk.wait(lambda: page.loading.context.count() > 1)
    desk.click(page.template.fold.button)
    desk.refresh()
    desk.page.views.back()
    desk.refresh()
    watch.end()
    assert watch.windows == []


def test_every_part_has_a_place(desk: Desk) -> None:
    """A widget without one is freed when Python collects garbage, in whichever thread that is."""
    desk.details()
    desk.page.shelf.open_comparison()
    desk.page.shelf.open_other_apps()
    windows = QApplication.topLevelWidgets()
    assert [w for w in windows if w.parentWidget() is None] == [desk.alcove.window]
