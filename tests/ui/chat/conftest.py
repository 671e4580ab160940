"""A chat page with the real engine, the starter model and a database of the test's own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assistant.checkups.cards import CardFile
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.forecast import SpeedRecords
from assistant.models.keeping.installed import ModelFolder
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.library import LibraryStore
from assistant.storage.queue import QueueStore
from assistant.storage.steps import StepStore
from assistant.storage.summaries import SummaryStore
from assistant.storage.watched_folders import WatchedFolderStore
from assistant.ui.chat.chat_page import ChatPage
from assistant.ui.current_model import CurrentModel
from assistant.ui.documents.parts import Parts
from assistant.ui.job import Job
from assistant.ui.summary_model import SummaryModel
from assistant.ui.theme import Appearance

# Other work may run on the machine.
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine; the page's current model is what it loads."""
    made = Engine(log=tmp_path_factory.mktemp("engine") / "engine.log")
    yield made
    made.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    made = Database(tmp_path / "alcove.db")
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> ConversationStore:
    """The conversations in it."""
    return ConversationStore(database)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The real reader; its process starts with the first document."""
    made = Reader(log=tmp_path_factory.mktemp("reader") / "reader.log")
    yield made
    made.close()


def parts_of(database: Database, reader: Reader, writer: SummaryModel, folder: Path) -> Parts:
    """What documents are worked on with, as the app puts it together."""
    return Parts(
        reader=reader,
        writer=writer,
        documents=DocumentStore(database),
        summaries=SummaryStore(database),
        steps=StepStore(database),
        queue=QueueStore(database),
        watched=WatchedFolderStore(database),
        conversations=ConversationStore(database),
        library=LibraryStore(database),
        speeds=SpeedRecords(folder / "speeds.json"),
    )


@dataclass
class Desk:
    """The page and its list side by side, as in the window."""

    page: ChatPage
    window: QWidget
    qtbot: QtBot

    def wait_for_reply(self) -> None:
        """Wait until no reply is under way."""
        self.qtbot.waitUntil(lambda: self.page.live_reply is None, timeout=PATIENCE_MS)

    def wait_for_words(self, count: int = 1) -> None:
        """Wait until the reply has so many characters."""
        self.qtbot.waitUntil(lambda: self.written() >= count, timeout=PATIENCE_MS)

    def written(self) -> int:
        """How many characters the reply under way has."""
        live = self.page.live_reply
        return len(live.text) if live else 0


@pytest.fixture
def new_desk(
    qtbot: QtBot,
    appearance: Appearance,
    engine: Engine,
    reader: Reader,
    database: Database,
    tmp_path: Path,
) -> Iterator[Callable[..., Desk]]:
    """Build pages on the same database, as restarts of the window do."""

    pages: list[ChatPage] = []

    def build(context_tokens: int = 2048) -> Desk:
        settings = SettingsFile(tmp_path / "settings.json")
        settings.change(threads=1, context_tokens=context_tokens)
        current = CurrentModel(ModelFolder(tmp_path / "models"), engine, settings)
        with qtbot.waitSignal(current.changed, timeout=PATIENCE_MS):
            current.refresh()
        cards = CardFile(tmp_path / "checkups.json")
        writer = SummaryModel(current, engine, settings, cards)
        page = ChatPage(engine, current, database, parts_of(database, reader, writer, tmp_path))
        pages.append(page)
        current.setParent(page)
        writer.setParent(page)
        window = QWidget()
        layout = QHBoxLayout(window)
        layout.addWidget(page.sidebar)
        layout.addWidget(page, 1)
        window.resize(1000, 700)
        window.show()
        qtbot.addWidget(window, before_close_func=lambda _: page.close_page())
        return Desk(page, window, qtbot)

    yield build
    Job.stop_all(timeout=20)
    for page in pages:
        page.end_page()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    """One page."""
    return new_desk()
