"""Databases of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "alcove.sqlite")
    yield opened
    opened.close()
