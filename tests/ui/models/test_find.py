"""Finding models: what is asked, what is shown, and what is not asked before the person agreed."""

import gc
import time
import weakref

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import HubError, HubFault
from assistant.models.hub.connections import ConnectionLog
from assistant.settings import SettingsFile
from assistant.ui.app import Alcove
from assistant.ui.models.finding.found_card import FoundCard
from assistant.ui.models.finding.results import FindResults
from assistant.ui.models.models_page import ModelsPage
from assistant.ui.settings.settings_page import SettingsPage
from tests.models.hub_server import Busy, HubServer, Say
from tests.models.tiny_gguf import tiny_gguf
from tests.ui.models.hub_library import GATED, MYSTERY, QWEN, fill

PATIENCE_MS = 30_000


@pytest.fixture
def library(hub_server: HubServer) -> HubServer:
    """A hub with models of every kind."""
    return fill(hub_server)


@pytest.fixture
def agreed(settings: SettingsFile) -> SettingsFile:
    """The person has read what the hub learns, and agreed."""
    settings.change(hub_terms_read="127.0.0.1")
    return settings


@pytest.fixture
def finding(page: ModelsPage, qtbot: QtBot) -> ModelsPage:
    """The page with its "Find models" view in front."""
    qtbot.mouseClick(page.head.find_button, Qt.MouseButton.LeftButton)
    assert page.find_view.isVisible()
    return page


def look_for(page: ModelsPage, qtbot: QtBot, words: str) -> FindResults:
    """Type words and press Enter, and wait for what comes."""
    view = page.find_view
    view.field.setFocus()
    view.field.clear()
    qtbot.keyClicks(view.field, words)
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    wait(view.results, qtbot)
    return view.results


def wait(results: FindResults, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not results.is_searching, timeout=PATIENCE_MS)


def repos(results: FindResults) -> list[str]:
    return [card.found.repo for card in results.cards()]


def card_of(results: FindResults, repo: str) -> FoundCard:
    (found,) = (card for card in results.cards() if card.found.repo == repo)
    return found


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_opening_the_view_asks_nothing(
    finding: ModelsPage, library: HubServer, log: ConnectionLog, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: finding.access._host != "", timeout=PATIENCE_MS)
    assert finding.find_view.offer.isVisible()
    cards = finding.find_view.offers.cards
    assert [card.model.name for card in cards if card.isVisible()] == ["Coder", "Huge"]
    assert not finding.find_view.results.isVisible()
    assert library.asked == []
    assert log.all() == []


def test_the_first_search_asks_what_may_be_told_and_then_searches(
    finding: ModelsPage,
    library: HubServer,
    settings: SettingsFile,
    log: ConnectionLog,
    qtbot: QtBot,
) -> None:
    view = finding.find_view
    view.field.setFocus()
    qtbot.keyClicks(view.field, "qwen")
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    assert view.terms.isVisible()
    for fact in ("internet address", "words you search for", "names of the models", "token"):
        assert fact in view.terms.points.text()
    assert "127.0.0.1" in view.terms.heading.text()
    assert finding.focusWidget() is view.terms.agree_button
    qtbot.keyClick(view.terms.cancel_button, Qt.Key.Key_Space)
    assert not view.terms.isVisible()
    assert finding.focusWidget() is view.field
    assert library.asked == []
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    qtbot.keyClick(view.terms.agree_button, Qt.Key.Key_Space)
    wait(view.results, qtbot)
    assert repos(view.results) == [QWEN]
    assert settings.value.hub_terms_read == "127.0.0.1"
    assert {one.reason for one in log.all()} == {"model search"}
    look_for(finding, qtbot, "llama")
    assert not view.terms.isVisible()


def test_a_result_tells_the_verdict_the_warnings_and_the_facts(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    results = look_for(finding, qtbot, "")
    assert repos(results)[:3] == [QWEN, GATED, MYSTERY]
    qwen = card_of(results, QWEN)
    assert qwen.title.text() == "Qwen3 4B Instruct"
    assert "words a second" in qwen.verdict.words.text()
    assert qwen.warnings == []
    facts = qwen.facts.text()
    for fact in ("4 billion", "Apache", "unsloth", "1.2 million downloads", "March 2026", "more"):
        assert fact in facts
    mystery = [line.words.text() for line in card_of(results, MYSTERY).warnings]
    assert any("no licence" in words for words in mystery)
    assert any("somebody" in words for words in mystery)
    gate = [one.text() for one in card_of(results, GATED).findChildren(type(qwen.title))]
    assert "Asks for agreement" in gate


def test_filters_and_order_search_again(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    view = finding.find_view
    results = look_for(finding, qtbot, "")
    press(qtbot, view.filters_button)
    assert view.filters.isVisible()
    view.filters.language.setCurrentIndex(view.filters.language.findData("ar"))
    wait(results, qtbot)
    assert repos(results) == [QWEN]
    assert view.filters_button.text() == "Filters (1)"
    press(qtbot, view.filters.clear_button)
    wait(results, qtbot)
    assert len(results.cards()) > 3
    view.filters.gate.setCurrentIndex(view.filters.gate.findData(True))
    wait(results, qtbot)
    assert repos(results) == [GATED]
    view.filters.clear()
    view.filters.publisher.setText("somebody")
    view.filters.publisher.editingFinished.emit()
    wait(results, qtbot)
    assert repos(results) == [MYSTERY]
    view.filters.licence.setCurrentIndex(view.filters.licence.findData("mit"))
    wait(results, qtbot)
    assert repos(results) == []
    assert "No model was found" in results.words.text()


def test_more_brings_the_next_page_and_the_keyboard_goes_on_there(
    finding: ModelsPage, hub_server: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    for number in range(45):
        repo = f"someone/Model-{number:02}-GGUF"
        hub_server.add(repo, "model-Q4_K_M.gguf", b"GGUF%d" % number)
        hub_server.describe(repo, downloads=1000 - number)
    results = look_for(finding, qtbot, "model")
    assert len(results.cards()) == 20
    results.more_button.setFocus()
    qtbot.keyClick(results.more_button, Qt.Key.Key_Space)
    wait(results, qtbot)
    assert len(results.cards()) == 40
    assert finding.focusWidget() is results.cards()[20].open_button
    press(qtbot, results.more_button)
    wait(results, qtbot)
    assert len(set(repos(results))) == 45
    assert not results.more_button.isVisible()
    assert results.words.text() == "45 models"


def test_tab_goes_through_the_results_as_they_are_read(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    results = look_for(finding, qtbot, "")
    qtbot.wait(50)
    view = finding.find_view
    wanted = [
        view.field,
        view.search_button,
        view.filters_button,
        view.clear_button,
        view.filters.sort,
        *(card.open_button for card in results.cards()),
    ]
    reached = []
    widget = view.field.previousInFocusChain()
    for _ in range(2000):
        widget = widget.nextInFocusChain()
        if widget in wanted:
            reached.append(widget)
        if len(reached) == len(wanted):
            break
    assert reached == wanted


def test_a_search_leaves_no_job_to_the_garbage_collector(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    view = finding.find_view
    gc.disable()  # it may run on any thread, and a job belongs to the window's
    try:
        view.field.setText("qwen")
        view.submit()
        job = weakref.ref(view.results._job)
        wait(view.results, qtbot)
        qtbot.waitUntil(lambda: job() is None, timeout=PATIENCE_MS)
    finally:
        gc.enable()


def test_an_earlier_answer_does_not_take_the_place_of_a_later_one(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    library.delay_s = 0.3
    view = finding.find_view
    view.field.setText("mystery")
    view.submit()
    view.field.setText("qwen")
    view.submit()
    assert view.results.words.text() == "Searching…"
    wait(view.results, qtbot)
    assert repos(view.results) == [QWEN]


def test_the_window_lives_while_the_hub_is_slow(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    look_for(finding, qtbot, "warm up")
    library.delay_s = 0.6
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer(finding, interval=5)
    timer.timeout.connect(tick)
    timer.start()
    look_for(finding, qtbot, "")
    timer.stop()
    assert len(gaps) > 20
    assert max(gaps) < 0.4  # a stalled window would not tick for the hub's 0.6 s


def test_an_offline_hub_is_told_in_its_place_and_asked_again(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    library.fail_facts(Busy(), Busy(), Busy(), Busy(), Busy())
    results = look_for(finding, qtbot, "qwen")
    view = results.error_view
    assert view is not None
    assert isinstance(view.error, HubError)
    assert view.error.fault is HubFault.BUSY
    library._facts_faults.clear()
    (again,) = (one for one in view.findChildren(QPushButton) if one.text() == "Try again")
    press(qtbot, again)
    wait(results, qtbot)
    assert repos(results) == [QWEN]
    assert results.error_view is None


def test_what_no_hub_says_leads_to_settings(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    library.fail_facts(*[Say(b"<html>Please log in</html>")] * 3)
    results = look_for(finding, qtbot, "qwen")
    assert results.error_view is not None
    buttons = [one.text() for one in results.error_view.findChildren(QPushButton)]
    assert "Open Settings" in buttons


def test_a_hostile_name_is_shown_as_plain_text(
    finding: ModelsPage, hub_server: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    hub_server.add("someone/evil", "evil-Q4_K_M.gguf", tiny_gguf(100))
    hub_server.describe("someone/evil", licence="<b>mit</b>", languages=("<img src=x>",))
    results = look_for(finding, qtbot, "evil")
    (card,) = results.cards()
    for shown in (card.title, card.facts):
        assert shown.textFormat() is Qt.TextFormat.PlainText


def test_an_address_opens_the_page_of_its_model(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    view = finding.find_view
    view.field.setText(f"{library.endpoint}/{QWEN}/tree/main")
    with qtbot.waitSignal(view.page_wanted) as wanted:
        press(qtbot, view.search_button)
    assert wanted.args == [QWEN]


def test_the_way_back_to_the_selection(
    finding: ModelsPage, library: HubServer, agreed: SettingsFile, qtbot: QtBot
) -> None:
    look_for(finding, qtbot, "qwen")
    view = finding.find_view
    assert not view.offer.isVisible()
    press(qtbot, view.clear_button)
    assert view.offer.isVisible()
    assert view.field.text() == ""


def test_the_verdicts_of_the_selection_are_foretold(finding: ModelsPage, qtbot: QtBot) -> None:
    view = finding.find_view
    qtbot.waitUntil(view.offer.speed.isVisible, timeout=PATIENCE_MS)
    assert "words a second" in view.offer.speed.text()


def test_settings_open_at_the_network(alcove: Alcove, qtbot: QtBot) -> None:
    alcove.settings.change(never_connects=True)
    alcove.window.show_page("models")
    page = alcove.models_page
    page.show_find()
    press(qtbot, page.find_view.settings_button)
    shown = alcove.window.page("settings")
    assert isinstance(shown, SettingsPage)
    assert shown.isVisible()
    never = shown.network_card.never
    qtbot.waitUntil(lambda: alcove.window.focusWidget() is never, timeout=PATIENCE_MS)
    assert not never.visibleRegion().isEmpty()
