"""The parts for asking documents in a window of the test's own, on the app's real stores."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assistant.conversations.asking.attached import AttachedDocument
from assistant.documents.document import Document
from assistant.ui.app import Alcove
from assistant.ui.asking.attached_file import FileState
from assistant.ui.asking.desk import AskingDesk
from assistant.ui.asking.evidence_view import EvidenceView
from assistant.ui.asking.home import Home
from assistant.ui.asking.pages_beside import PagesBeside
from assistant.ui.markdown import MarkdownView

SLOW = 20_000  # ms; other work may keep the machine busy


@dataclass
class Bench:
    """A reply with what stands behind it, the strip, and pages beside."""

    desk: AskingDesk
    beside: PagesBeside
    text: MarkdownView
    evidence: EvidenceView
    window: QWidget
    qtbot: QtBot

    def wait_until_read(self) -> None:
        """Wait until every document is ready or failed."""
        self.qtbot.waitUntil(lambda: not self.desk.is_reading, timeout=SLOW)

    def states(self) -> list[FileState]:
        """What the documents are at."""
        return [file.state for file in self.desk.attachments.files]

    def titles(self) -> list[str]:
        """The names on the chips."""
        return [chip.name.text() for chip in self.desk.strip.chips]


def keep(alcove: Alcove, path: Path) -> AttachedDocument:
    """Read a document into the store."""
    *_, document = alcove.reader.read(path, cancel=threading.Event())
    assert isinstance(document, Document)
    return AttachedDocument(alcove.parts.keeping.keep(document), document)


def make_bench(alcove: Alcove, qtbot: QtBot) -> Bench:
    """Build the parts as the chat page does."""
    desk = AskingDesk(alcove.parts, Home.of(alcove.database))
    content = QWidget()
    column = QVBoxLayout(content)
    text = MarkdownView()
    evidence = EvidenceView(text)
    evidence.place_wanted.connect(desk.show_place)
    for widget in (text, evidence):
        column.addWidget(widget)
    column.addStretch(1)
    column.addWidget(desk.strip)
    column.addWidget(desk.attach_button)
    window = QWidget()
    layout = QVBoxLayout(window)
    beside = desk.beside(content)
    layout.addWidget(beside)
    window.resize(1100, 700)
    window.show()
    desk.setParent(window)
    qtbot.addWidget(window, before_close_func=lambda _: desk.close())
    desk.open(None)
    return Bench(desk, beside, text, evidence, window, qtbot)


@pytest.fixture
def bench(alcove: Alcove, qtbot: QtBot) -> Bench:
    """The parts for one chat that has not begun."""
    return make_bench(alcove, qtbot)
