"""A model's page: verdict, files, terms and card; what cannot run; what is asked before a link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import HubError, HubFault
from assistant.models.hub.connections import ConnectionLog
from assistant.settings import SettingsFile
from assistant.ui.chat.link_question import LinkQuestion
from assistant.ui.markdown.code_view import CodeView
from assistant.ui.models.downloads.downloads import State
from assistant.ui.models.finding.readme import RemoteCard
from assistant.ui.models.finding.remote_facts import (
    RemoteFacts,
    RemoteLicence,
    RemoteWarnings,
    RepoLinks,
)
from assistant.ui.models.finding.remote_memory import RemoteMemory
from assistant.ui.models.finding.remote_page import RemotePage
from assistant.ui.models.fold import Fold
from assistant.ui.models.models_page import ModelsPage
from tests.models.hub_server import HubServer
from tests.ui.models.hub_library import (
    GATED,
    MYSTERY,
    PYTORCH,
    QWEN,
    QWEN_BASE,
    SMOL,
    TEMPLATE,
    add_smol,
    fill,
)

PATIENCE_MS = 30_000


@pytest.fixture
def library(hub_server: HubServer) -> HubServer:
    """A hub with models of every kind."""
    return fill(hub_server)


@pytest.fixture
def finding(page: ModelsPage, library: HubServer, settings: SettingsFile) -> Iterator[ModelsPage]:
    """The page, of a person who agreed to what the hub learns."""
    settings.change(hub_terms_read="127.0.0.1")
    page.show_find()
    yield page
    for opened in page.findChildren(RemotePage):
        opened.stop()


def open_page(finding: ModelsPage, qtbot: QtBot, repo: str) -> RemotePage:
    shown = finding.open_model(repo)
    qtbot.waitUntil(
        lambda: not shown.is_loading and not shown.verdict.is_looking, timeout=PATIENCE_MS
    )
    return shown


def buttons(part: object, text: str) -> list[QPushButton]:
    return [one for one in part.findChildren(QPushButton) if text in one.text()]  # type: ignore[attr-defined]


def press(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_result_opens_its_page_and_the_keyboard_leads_back(
    finding: ModelsPage, qtbot: QtBot
) -> None:
    view = finding.find_view
    view.field.setText("qwen3")
    view.submit()
    qtbot.waitUntil(lambda: not view.results.is_searching, timeout=PATIENCE_MS)
    card = view.results.cards()[0]
    card.open_button.setFocus()
    qtbot.keyClick(card.open_button, Qt.Key.Key_Space)
    opened = finding.views.top
    assert isinstance(opened, RemotePage)
    assert opened.repo == QWEN
    assert not finding.head.isVisible()
    qtbot.waitUntil(lambda: not opened.is_loading, timeout=PATIENCE_MS)
    finding.activateWindow()
    qtbot.waitUntil(finding.isActiveWindow, timeout=PATIENCE_MS)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert finding.views.is_at_root
    assert view.results.isVisible()
    assert finding.focusWidget() is card.open_button


def test_what_another_hub_said_is_left_when_the_hub_is_changed(
    finding: ModelsPage, library: HubServer, settings: SettingsFile, qtbot: QtBot
) -> None:
    view = finding.find_view
    view.field.setText("qwen3")
    view.submit()
    qtbot.waitUntil(lambda: not view.results.is_searching, timeout=PATIENCE_MS)
    press(qtbot, view.results.cards()[0].open_button)
    settings.change(hub_endpoint="https://mirror.example")
    finding.follow_network()
    assert finding.views.is_at_root
    assert not view.results.isVisible()
    view.submit()
    assert view.terms.isVisible()
    assert "mirror.example" in view.terms.heading.text()


def test_what_a_page_tells(finding: ModelsPage, log: ConnectionLog, qtbot: QtBot) -> None:
    shown = open_page(finding, qtbot, QWEN)
    assert shown.title.text() == "Qwen3 4B Instruct"
    assert "unsloth" in shown.by.text()
    assert not shown.findChildren(RemoteWarnings)
    facts = shown.findChildren(RemoteFacts)[0].grid.text()
    for fact in ("unsloth", QWEN, "4 billion", "262144 tokens", "qwen3", "English", "March 2026"):
        assert fact in facts
    licence = shown.findChildren(RemoteLicence)[0]
    assert "paid work are allowed" in licence.permission.text()
    (base,) = shown.findChildren(RepoLinks)[0].buttons
    assert base.text() == QWEN_BASE
    assert {one.host for one in log.all()} == {"127.0.0.1"}


def test_the_files_are_told_in_words_and_all_stand_behind_files(
    finding: ModelsPage, qtbot: QtBot
) -> None:
    files = open_page(finding, qtbot, QWEN).files
    assert files is not None
    assert [row.title.text() for row in files.rows] == ["Balanced", "Smallest", "Best quality"]
    assert "2.5 GB" in files.rows[0].facts.text()
    assert "Q4_K_M" in files.rows[0].facts.text()
    assert not files.all_rows
    files.fold.button.setFocus()
    qtbot.keyClick(files.fold.button, Qt.Key.Key_Space)
    assert [row.title.text() for row in files.all_rows] == [
        "Q2_K",
        "Q4_K_M",
        "Q6_K",
        "Q8_0",
        "BF16",
    ]


def test_warnings_stand_at_the_top_and_a_download_is_followed_there(
    finding: ModelsPage, qtbot: QtBot
) -> None:
    shown = open_page(finding, qtbot, MYSTERY)
    words = [line.words.text() for line in shown.findChildren(RemoteWarnings)[0].lines]
    assert any("no licence" in one for one in words)
    assert any("no model card" in one for one in words)
    assert shown.verdict.words.text() != ""
    assert shown.files is not None
    row = shown.files.rows[0]
    press(qtbot, row.button)
    (download,) = finding.downloads.all()
    assert shown.downloads.rows()[0].download is download
    assert not row.button.isVisible()
    qtbot.waitUntil(lambda: download.state is State.COMPLETE, timeout=PATIENCE_MS)
    assert row.state.text() == "Here already"
    qtbot.waitUntil(lambda: len(finding.shelf.models()) == 2, timeout=PATIENCE_MS)
    press(qtbot, shown.downloads.rows()[0].use_button)
    current = finding._current.model
    assert current is not None
    assert current.repo == MYSTERY


def test_a_verdict_comes_from_the_header_of_the_file(
    finding: ModelsPage, library: HubServer, qtbot: QtBot
) -> None:
    shown = open_page(finding, qtbot, MYSTERY)
    assert "well" in shown.verdict.words.text()
    assert "words a second" in shown.verdict.speed.text()
    asked = [one for one in library.content_requests if one.path.endswith(".gguf")]
    assert len(asked) == 1
    assert asked[0].headers["range"].startswith("bytes=0-")


def test_what_the_memory_is_for_follows_the_context(
    finding: ModelsPage, library: HubServer, starter_model: Path, qtbot: QtBot
) -> None:
    add_smol(library, starter_model.read_bytes())
    shown = open_page(finding, qtbot, SMOL)
    fold = shown.verdict.memory
    press(qtbot, fold.button)
    memory = fold.content
    assert isinstance(memory, RemoteMemory)
    assert memory.context.currentData() == 8192
    before = memory.words.text()
    assert "97 MB for the model" in before
    memory.context.setCurrentIndex(memory.context.findData(2048))
    assert memory.words.text() != before
    assert not memory.warning.isVisible()


def test_a_model_that_cannot_run_is_named_with_those_made_from_it(
    finding: ModelsPage, qtbot: QtBot
) -> None:
    shown = open_page(finding, qtbot, PYTORCH)
    assert shown.files is None
    assert not shown.verdict.isVisible()
    (link,) = buttons(shown, "bartowski/opt-125m-GGUF")
    assert "cannot run" in link.parent().parent().accessibleName()
    assert "PyTorch" in link.parent().parent().accessibleName()
    with qtbot.waitSignal(shown.repo_wanted) as wanted:
        press(qtbot, link)
    assert wanted.args == ["bartowski/opt-125m-GGUF"]
    assert finding.views.top is not shown
    finding.views.back()
    assert finding.views.top is shown


def test_a_gated_model_says_what_is_asked_before(finding: ModelsPage, qtbot: QtBot) -> None:
    shown = open_page(finding, qtbot, GATED)
    assert "words a second" in shown.verdict.speed.text()  # by its size: no header is to be had
    (token,) = buttons(shown, "Enter access token")
    with qtbot.waitSignal(finding.settings_wanted):
        press(qtbot, token)


def test_the_card_has_no_pictures_and_its_links_ask_first(
    finding: ModelsPage, library: HubServer, qtbot: QtBot
) -> None:
    shown = open_page(finding, qtbot, QWEN)
    card = shown.findChildren(RemoteCard)[0]
    words = card.view.words
    assert "follows instructions" in words
    assert "logo.png" not in words
    assert "Part 149" not in words
    press(qtbot, card.more_button)
    qtbot.waitUntil(lambda: "Part 149" in card.view.words, timeout=PATIENCE_MS)
    asked = len(library.asked)
    card.view.link_chosen.emit("https://papers.example/qwen3")
    (question,) = finding.findChildren(LinkQuestion)
    assert question.address == "https://papers.example/qwen3"
    qtbot.waitUntil(question.isVisible, timeout=PATIENCE_MS)
    assert len(library.asked) == asked


def test_the_template_is_folded_away_and_plain(finding: ModelsPage, qtbot: QtBot) -> None:
    shown = open_page(finding, qtbot, QWEN)
    (fold,) = (one for one in shown.findChildren(Fold) if one.button.text() == "Chat template")
    assert fold.content is None
    press(qtbot, fold.button)
    assert isinstance(fold.content, CodeView)
    (text,) = fold.content.findChildren(QPlainTextEdit)
    assert text.toPlainText() == TEMPLATE


def test_a_model_that_is_not_there_is_told_in_its_place(
    finding: ModelsPage, library: HubServer, qtbot: QtBot
) -> None:
    shown = open_page(finding, qtbot, "someone/gone")
    assert shown.error_view is not None
    assert isinstance(shown.error_view.error, HubError)
    assert shown.error_view.error.fault is HubFault.NOT_FOUND
    library.add("someone/gone", "Gone-Q8_0.gguf", b"GGUF")
    press(qtbot, buttons(shown.error_view, "Try again")[0])
    qtbot.waitUntil(lambda: shown.model is not None, timeout=PATIENCE_MS)
    assert shown.error_view is None


def test_a_closed_hub_is_told_on_the_page(
    finding: ModelsPage, library: HubServer, settings: SettingsFile, qtbot: QtBot
) -> None:
    settings.change(never_connects=True)
    asked = len(library.asked)
    shown = open_page(finding, qtbot, QWEN)
    assert shown.error_view is not None
    assert buttons(shown.error_view, "Open Settings")
    assert len(library.asked) == asked


def test_a_page_that_is_left_asks_no_more(
    finding: ModelsPage, library: HubServer, qtbot: QtBot, qapp: QApplication
) -> None:
    library.delay_s = 0.4
    shown = finding.open_model(QWEN)
    job = shown._job
    assert job is not None
    finding.views.back()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert job.is_cancelled
    qtbot.waitUntil(lambda: not job.is_running, timeout=PATIENCE_MS)


def test_the_back_button_of_a_mouse_leads_back(
    finding: ModelsPage, qtbot: QtBot, qapp: QApplication
) -> None:
    shown = open_page(finding, qtbot, QWEN)
    place = QPointF(5, 5)
    press_event = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        place,
        shown.title.mapToGlobal(place),
        Qt.MouseButton.BackButton,
        Qt.MouseButton.BackButton,
        Qt.KeyboardModifier.NoModifier,
    )
    qapp.sendEvent(shown.title, press_event)
    assert finding.views.is_at_root


def test_a_gated_model_with_a_token_asks_for_none(
    finding: ModelsPage, settings: SettingsFile, qtbot: QtBot
) -> None:
    settings.change(token_hosts=("127.0.0.1",))
    shown = open_page(finding, qtbot, GATED)
    assert not buttons(shown, "Enter access token")


def test_a_kind_that_llama_cpp_does_not_know_is_named_in_results_and_on_its_page(
    finding: ModelsPage, library: HubServer, qtbot: QtBot
) -> None:
    library.add("someone/fancy-GGUF", "fancy-Q8_0.gguf", b"GGUF")
    library.describe(
        "someone/fancy-GGUF",
        gguf={"total": 10**9, "architecture": "fancynet", "context_length": 4096},
    )
    view = finding.find_view
    view.field.setText("fancy")
    view.submit()
    qtbot.waitUntil(lambda: not view.results.is_searching, timeout=PATIENCE_MS)
    (card,) = view.results.cards()
    assert "fancynet" in card.verdict.words.text()
    shown = open_page(finding, qtbot, "someone/fancy-GGUF")
    assert shown.files is None
    assert not shown.verdict.isVisible()


def test_tab_goes_through_a_page_as_it_is_read(
    finding: ModelsPage, library: HubServer, starter_model: Path, qtbot: QtBot
) -> None:
    add_smol(library, starter_model.read_bytes())
    shown = open_page(finding, qtbot, SMOL)
    assert shown.files is not None
    qtbot.wait(50)
    names = tabbed(finding)
    wanted = [
        "Back",
        "What the memory is for",
        "Download Balanced, 98 MB",
        "Download Smallest, 88 MB",
        "Download Best quality, 145 MB",
        "Files: 3 formats",
        "Details of HuggingFaceTB/SmolLM2-135M-Instruct",
        "Its page on the hub…",
        "Chat template",
    ]
    assert [name for name in names if name in wanted] == wanted


def tabbed(page: ModelsPage) -> list[str]:
    """The names of what Tab reaches, from the first to the last."""
    shown = []
    widget = page.head.here_button.nextInFocusChain()
    while widget is not page.head.here_button:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            shown.append(widget.accessibleName() or text)
        widget = widget.nextInFocusChain()
    return shown
