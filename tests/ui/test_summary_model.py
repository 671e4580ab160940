"""Summaries with a model of their own: a second engine, one memory, an honest status bar."""

import shutil
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.checkups import cards
from assistant.checkups.cards import CardFile
from assistant.checkups.fingerprints import fingerprint_of
from assistant.engine import room
from assistant.models.keeping.installed import InstalledModel
from assistant.summaries.summary import Mode
from assistant.ui.app import Alcove
from assistant.ui.documents.session import DocumentSession
from tests.checkups.test_cards import card
from tests.engine.tiny_models import tiny_llama
from tests.ui.conftest import Starts

SLOW = 120_000  # ms


@pytest.fixture
def other(own_home: Path, starter_model: Path) -> Path:
    """A second model: the starter under another name."""
    folder = own_home / "models"
    folder.mkdir()
    return Path(shutil.copy(starter_model, folder / "Second-135M.gguf"))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A short document: what counts is who reads it."""
    path = tmp_path / "letting.txt"
    path.write_text(
        "The tenant pays the rent on the first day of every month. The landlord repairs the roof "
        "and the windows within two weeks.\n\nNotice is given in writing, three months before "
        "the end. The deposit is 1,200 pounds, and it is paid back after six weeks.\n\nPets are "
        "allowed where no neighbour is disturbed. The garden is shared by all, and the tenants "
        "of the ground floor water it in summer.\n"
    )
    return path


def choose(alcove: Alcove, other: Path) -> InstalledModel:
    """Chat with the starter, summarise with the other."""
    installed = {model.path: model for model in alcove.current_model.installed()}
    starter = next(model for model in installed.values() if model.is_starter)
    alcove.current_model.select(starter)
    alcove.summary_model.select(installed[other])
    return installed[other]


def summarise(qtbot: QtBot, alcove: Alcove, sample: Path) -> DocumentSession:
    alcove.settings.change(summary_length="short")
    page = alcove.documents_page
    page.open_files([sample])
    qtbot.waitUntil(lambda: page.session is not None and not page.session.is_working, timeout=SLOW)
    assert page.session is not None
    page.session.mode = Mode.QUICK
    page.session.summarize()
    return page.session


def test_as_in_chat_unless_chosen(other: Path, alcove: Alcove) -> None:
    assert alcove.summary_model.model == alcove.current_model.model
    assert alcove.summary_model.engine is alcove.engine
    assert not alcove.summary_model.is_separate


def test_a_summary_is_written_by_its_own_model(
    other: Path, alcove: Alcove, sample: Path, qtbot: QtBot
) -> None:
    second = choose(alcove, other)
    assert alcove.summary_model.is_separate
    assert alcove.summary_model.engine is alcove.summary_engine
    session = summarise(qtbot, alcove, sample)
    bar = alcove.window.status_bar

    def is_told() -> bool:
        bar.refresh()
        return "summaries: Second 135M, working" in bar.facts.text()

    qtbot.waitUntil(is_told, timeout=SLOW)
    assert bar.model_button.text() == "SmolLM2 135M Instruct"
    qtbot.waitUntil(lambda: not session.is_working, timeout=SLOW)
    assert session.summary is not None
    assert session.summary.model is not None
    assert session.summary.model.name == second.name
    assert alcove.engine.info is None  # the chat's was never asked


def test_the_chat_model_rests_where_both_do_not_fit(
    other: Path,
    alcove: Alcove,
    sample: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(alcove, other)
    alcove.engine.count_tokens([""])
    monkeypatch.setattr(room, "free_memory_bytes", lambda: 0)
    session = summarise(qtbot, alcove, sample)
    qtbot.waitUntil(lambda: alcove.summary_engine.info is not None, timeout=SLOW)
    assert alcove.engine.info is None
    qtbot.waitUntil(lambda: not session.is_working, timeout=SLOW)


def test_the_choice_outlives_the_window_and_can_be_taken_back(other: Path, starts: Starts) -> None:
    first = starts()
    choose(first, other)
    starts.close(first)
    second = starts()
    assert second.summary_model.is_separate
    second.summary_model.select(None)
    assert not second.summary_model.is_separate
    assert second.settings.value.summary_model == ""


def test_a_chosen_model_that_is_gone_leaves_it_to_the_chat(other: Path, starts: Starts) -> None:
    first = starts()
    choose(first, other)
    starts.close(first)
    other.unlink()
    second = starts()
    assert second.summary_model.model == second.current_model.model
    assert second.summary_model.engine is second.engine


def test_models_are_told_apart_in_the_background(
    own_home: Path, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "models").mkdir()
    better = tiny_llama(own_home / "models" / "Better.gguf")
    CardFile(own_home / "data" / "checkups.json").keep(
        card("Better", right=4, fingerprint=fingerprint_of(better))
    )
    told: list[tuple[str, bool]] = []

    def noting(model: Path) -> str:
        told.append((model.name, threading.current_thread() is threading.main_thread()))
        return fingerprint_of(model)

    monkeypatch.setattr(cards, "fingerprint_of", noting)
    alcove = starts()
    alcove.summary_model.reload()
    assert {name for name, _ in told} >= {"Better.gguf"}
    assert not any(is_main for _, is_main in told)


def test_check_ups_choose_where_the_person_did_not(own_home: Path, starts: Starts) -> None:
    (own_home / "models").mkdir()
    better = tiny_llama(own_home / "models" / "Better.gguf")
    CardFile(own_home / "data" / "checkups.json").keep(
        card("Better", right=4, fingerprint=fingerprint_of(better))
    )
    alcove = starts()
    installed = {model.path: model for model in alcove.current_model.installed()}
    alcove.current_model.select(next(model for model in installed.values() if model.is_starter))
    assert alcove.summary_model.model == installed[better]
    assert alcove.summary_model.is_separate
    starter = alcove.current_model.model
    assert starter is not None
    alcove.summary_model.select(starter)
    assert alcove.summary_model.model == starter
