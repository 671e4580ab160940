"""A thorough summary in the window, with the real model: parts, going on, evidence, quotes."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistant.evidence.citation import Flag
from assistant.summaries.summary import Length, Mode, Summary
from assistant.ui.app import Alcove
from assistant.ui.documents.documents_page import DocumentsPage
from assistant.ui.documents.session import DocumentSession
from tests.ui.conftest import Starts

SLOW = 280_000  # ms; other work may keep the machine busy
PARTS = ("Rent", "Repairs", "Notice")


@pytest.fixture
def lease(tmp_path: Path) -> Path:
    """A document of three parts, each long enough for a passage of its own."""
    text = "# Lease of the mill house\n\n"
    for at, part in enumerate(PARTS):
        text += f"## {part}\n\n" + " ".join(
            f"In year {year} the {part.lower()} of the mill house is settled by clause {at + 1}."
            f" The tenant pays {100 * at + year} euros for the {part.lower()} before the first of"
            " May, and the owner answers every letter about it within ten days."
            for year in range(1, 8)
        )
        text += "\n\n"
    path = tmp_path / "lease.md"
    path.write_text(text)
    return path


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def done(qtbot: QtBot, page: DocumentsPage) -> DocumentSession:
    qtbot.waitUntil(lambda: page.session is not None and not page.session.is_working, timeout=SLOW)
    assert page.session is not None
    assert page.session.error is None
    return page.session


def cut_off(alcove: Alcove, page: DocumentsPage) -> None:
    """Leave the stored summary as a crash leaves it: unfinished, and nobody pressed Stop."""
    session = page.session
    assert session is not None
    assert session.record_id is not None
    for kept in alcove.summaries.for_document(session.record_id):
        content = alcove.summaries.content(kept.id)
        assert content is not None
        summary = msgspec.msgpack.decode(content, type=Summary)
        if kept.mode == "thorough":
            cut = msgspec.msgpack.encode(replace(summary, is_stopped=False))
            alcove.database.write(
                lambda c, cut=cut, kept=kept: c.execute(
                    "UPDATE summary_contents SET content = ? WHERE summary_id = ?", (cut, kept.id)
                )
            ).result()


@pytest.mark.timeout(600)  # half a minute on a machine at rest
def test_a_thorough_summary_that_was_cut_off_goes_on_where_it_was(
    qtbot: QtBot, starts: Starts, lease: Path
) -> None:
    alcove = starts()
    page = alcove.documents_page
    page.open_files([lease])
    done(qtbot, page)
    page.view.options.length_actions[Length.SHORT].trigger()
    done(qtbot, page)
    card = page.view.options.cards[Mode.THOROUGH]
    qtbot.waitUntil(lambda: "tokens" in card.accessibleName(), timeout=SLOW)
    assert "passages" in card.accessibleDescription()
    click(qtbot, card)
    session = page.session
    assert session is not None
    qtbot.waitUntil(lambda: "Part by part" in page.view.result.toPlainText(), timeout=SLOW)
    qtbot.waitUntil(lambda: "passages" in page.view.progress.words.text(), timeout=SLOW)
    qtbot.waitUntil(
        lambda: bool(session.summary and any(e.sentences for e in session.summary.outline)),
        timeout=SLOW,
    )
    click(qtbot, page.view.progress.stop_button)
    done(qtbot, page)
    notice = page.view.notices.view("interrupted")
    assert notice is not None
    qtbot.waitUntil(lambda: "passages are read" in _notice(page, "interrupted"), timeout=SLOW)
    told = _notice(page, "interrupted")
    assert told.startswith("Stopped. ")
    cut_off(alcove, page)
    starts.close(alcove)

    page = starts().documents_page
    page.list.chosen.emit(page.list.model.index(0).data(Qt.ItemDataRole.UserRole + 1).key)
    session = done(qtbot, page)
    assert session.mode is Mode.THOROUGH
    qtbot.waitUntil(lambda: "passages are read" in _notice(page, "interrupted"), timeout=SLOW)
    assert _notice(page, "interrupted") == told.replace("Stopped.", "This summary was cut off.")
    notice = page.view.notices.view("interrupted")
    assert notice is not None
    click(qtbot, notice.button)
    session = done(qtbot, page)
    assert _notice(page, "interrupted") == ""
    assert session.summary is not None
    assert [e.title for e in session.summary.outline if e.level == 2] == list(PARTS)
    assert all(entry.is_done for entry in session.summary.outline)
    assert session.summary.sentences
    _step_through(qtbot, page)
    _replace_and_undo(qtbot, page)


def _notice(page: DocumentsPage, key: str) -> str:
    view = page.view.notices.view(key)
    return view.words.text() if view is not None else ""


def _step_through(qtbot: QtBot, page: DocumentsPage) -> None:
    """Go from passage to passage by key and by button, round and round."""
    view, evidence = page.view, page.view.pages.evidence
    view.result.anchorClicked.emit(QUrl("parts:all"))
    count = len(view.result.addresses())
    assert count > len(PARTS)
    view.result.setFocus()
    for key, at in (("N", 1), ("N", 2), ("P", 1), ("P", count)):
        qtbot.keyClick(view.result, getattr(Qt.Key, f"Key_{key}"))
        assert evidence.words.text() == f"Passage {at} of {count}"
        assert len(view.result.extraSelections()) == 1
        assert len(view.pages.text.extraSelections()) == 1
    qtbot.keyClick(view.options.focus, Qt.Key.Key_F3)
    assert evidence.words.text() == f"Passage 1 of {count}"
    qtbot.keyClick(view.pages.text, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    click(qtbot, evidence.back)
    assert evidence.words.text() == f"Passage {count - 1} of {count}"


def _replace_and_undo(qtbot: QtBot, page: DocumentsPage) -> None:
    """Put the document's own words in the place of a marked sentence, and take that back."""
    session = page.session
    assert session is not None
    assert session.summary is not None
    first = replace(session.summary.sentences[0], flags=(Flag.NUMBER,))
    session.summary = replace(session.summary, sentences=(first, *session.summary.sentences[1:]))
    session.summary_grew.emit()
    assert session.document is not None
    page.view.result.anchorClicked.emit(QUrl("replace:0"))
    qtbot.waitUntil(lambda: session.summary.sentences[0].replaced, timeout=SLOW)
    quote = session.summary.sentences[0].text
    assert any(sentence.text == quote for sentence in session.document.sentences)
    qtbot.waitUntil(lambda: f"“{quote}”" in page.view.result.toPlainText(), timeout=SLOW)
    page.view.result.anchorClicked.emit(QUrl("restore:0"))
    assert session.summary.sentences[0] == first
