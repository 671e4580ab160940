"""What the tests of imports and exports share."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import ImportReport
from assistant.storage.database import Database

Imports = Callable[[Path], ImportReport]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    opened = Database(tmp_path / "data" / "alcove.db")
    yield opened
    opened.close()


@pytest.fixture
def imports(database: Database) -> Imports:
    """Import a file, and give what came of it."""

    def run(path: Path) -> ImportReport:
        *_, report = import_chats(database, path, cancel=threading.Event())
        assert isinstance(report, ImportReport)
        return report

    return run
