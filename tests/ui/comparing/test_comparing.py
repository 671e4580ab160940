"""Two versions of a contract in the window: what differs, and the page of either side."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from assistant.ui.app import Alcove
from assistant.ui.comparing.view import ComparisonView
from assistant.ui.documents.session import State
from assistant.ui.exporting import ExportKind, content
from tests.ui.conftest import Starts

SLOW = 30_000
OLD = """# Lease

The tenant must pay 780 euros each month.

The landlord may enter with two days' notice. The kitchen is shared.

## Term

The lease begins on 1 March 2025 and ends on 28 February 2027.
"""
NEW = """# Lease

The tenant must pay 820 euros each month.

The landlord may not enter without two days' notice.

## Term

The lease begins on 1 March 2025 and ends on 28 February 2027. Pets are allowed.
"""


@pytest.fixture
def alcove(starts: Starts) -> Alcove:
    return starts()


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "lease 2025.md", tmp_path / "lease 2026.md"
    old.write_text(OLD, "utf-8")
    new.write_text(NEW, "utf-8")
    return old, new


def test_versions_are_compared_with_the_page_of_either_side(
    qtbot: QtBot, alcove: Alcove, versions: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = versions
    page = alcove.documents_page
    alcove.window.show_page("documents")
    page.open_files([old])
    qtbot.waitUntil(
        lambda: page.session is not None and page.session.state is State.DONE, timeout=SLOW
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(new), ""))
    page.view.head.compare_action.trigger()
    view = page.comparison
    qtbot.waitUntil(
        lambda: view.session.result is not None and not view.session.is_working, timeout=SLOW
    )
    text = view.result.text.toPlainText()
    assert view.title.text() == "lease 2025.md → lease 2026.md"
    assert "1 number or date differs" in view.status.text()
    for words in ("780", "820", "Pets are allowed.", "The kitchen is shared."):
        assert words in text
    for side, words in (("old", "780 euros"), ("new", "820 euros")):
        address = next(a for a in _addresses(view) if a.startswith(side))
        view.result.text.anchorClicked.emit(QUrl(address))
        assert view.result.pages.isVisibleTo(view)
        assert words in view.result.pages.text.toPlainText()
    result = view.exportable()
    assert result is not None
    assert json.loads(content(result, ExportKind.JSON))["figures"][0]["new"] == "820 euros"
    view.swap_button.click()
    qtbot.waitUntil(lambda: view.title.text().startswith("lease 2026"), timeout=SLOW)
    view.back_button.click()
    assert page.session is not None


def test_a_version_that_cannot_be_read_says_why(
    qtbot: QtBot, alcove: Alcove, versions: tuple[Path, Path], tmp_path: Path
) -> None:
    page = alcove.documents_page
    page.open_files([versions[0]])
    qtbot.waitUntil(
        lambda: page.session is not None and page.session.state is State.DONE, timeout=SLOW
    )
    empty = tmp_path / "empty.pdf"
    empty.touch()
    page.compare_with(empty)
    view = page.comparison
    qtbot.waitUntil(
        lambda: view.session.error is not None and not view.session.is_working, timeout=SLOW
    )
    assert view.error.count() == 1
    assert view.result.isHidden()


def _addresses(view: ComparisonView) -> list[str]:
    found = []
    block = view.result.text.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            if address := pieces.fragment().charFormat().anchorHref():
                found.append(address)
            pieces += 1
        block = block.next()
    return found
