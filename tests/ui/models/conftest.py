"""A models page on folders of the test's own, with a hub of our own to download from."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.engine.client import Engine
from assistant.models.finding.catalog import CatalogModel
from assistant.models.hub.connections import ConnectionLog
from assistant.models.keeping.installed import ModelFolder
from assistant.settings import SettingsFile
from assistant.ui.current_model import CurrentModel
from assistant.ui.job import Job
from assistant.ui.models.models_page import ModelsPage
from assistant.ui.theme import Appearance
from tests.models.hub_server import HubServer

PATIENCE_MS = 30_000


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine that nobody asks to load."""
    made = Engine(log=tmp_path / "engine.log")
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path, hub_server: HubServer) -> SettingsFile:
    """Settings that name the hub of our own."""
    made = SettingsFile(tmp_path / "settings.json")
    made.change(hub_endpoint=hub_server.endpoint)
    return made


@pytest.fixture
def log(tmp_path: Path) -> ConnectionLog:
    """The list of connections."""
    return ConnectionLog(tmp_path / "connections.jsonl")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The folder of the person's models."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def offer(**changes: object) -> CatalogModel:
    """A model of the catalog, as small as can be."""
    facts: dict[str, object] = {
        "id": "tiny",
        "name": "Tiny Offer",
        "repo": "someone/tiny",
        "file": "Tiny-Instruct-Q8_0.gguf",
        "quantization": "Q8_0",
        "size_bytes": 300_000,
        "sha256": None,
        "revision": None,
        "parameters": "2B",
        "active_parameters": None,
        "context_tokens": 4096,
        "architecture": "llama",
        "licence": "apache-2.0",
        "languages": ("en",),
        "languages_note": "",
        "thinking": "none",
        "publisher": "Someone",
        "base_model": "",
        "released": None,
        "hallucination_rate": None,
        "good_for": ("chat", "summaries"),
        "recommended_ram_gb": 1,
        "default_for_ram_gb": None,
        "note": "",
    }
    return CatalogModel(**(facts | changes))  # type: ignore[arg-type]


def is_whole(page: ModelsPage) -> bool:
    """Whether every card is there as it stays: new ones are shown by the next turn of the loop."""
    return not page.shelf.is_reading and all(card.isVisible() for card in page.shelf.cards())


@pytest.fixture
def new_page(
    qtbot: QtBot,
    appearance: Appearance,
    engine: Engine,
    settings: SettingsFile,
    log: ConnectionLog,
    models: Path,
) -> Iterator[Callable[[], ModelsPage]]:
    """Build pages on the same folders, as restarts of the window do."""

    def build() -> ModelsPage:
        folder = ModelFolder(models)
        current = CurrentModel(folder, engine, settings)
        offers = [
            offer(),
            offer(id="code", name="Coder", repo="someone/code", good_for=("code",)),
            offer(id="huge", name="Huge", repo="someone/huge", size_bytes=10**15),
        ]
        page = ModelsPage(current, folder, log, settings, offers=offers)
        current.setParent(page)
        page.resize(900, 700)
        page.show()
        qtbot.addWidget(page, before_close_func=lambda _: page.close_page())
        with qtbot.waitSignal(current.changed, timeout=PATIENCE_MS):
            current.refresh()
        qtbot.waitUntil(lambda: is_whole(page), timeout=PATIENCE_MS)
        return page

    yield build
    Job.stop_all(timeout=20)


@pytest.fixture
def page(new_page: Callable[[], ModelsPage]) -> ModelsPage:
    """One page."""
    return new_page()
