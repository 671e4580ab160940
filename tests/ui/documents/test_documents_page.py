"""The Documents page does the main job: real documents, real reader, real database."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import CrashedLastTime, DeathCause, DocumentError, FileFault
from assistant.summaries.summary import Length, Mode
from assistant.ui.app import Alcove
from assistant.ui.documents.documents_page import DocumentsPage
from assistant.ui.documents.exports import exportable
from assistant.ui.documents.list_model import SUBTITLE
from assistant.ui.documents.password_field import PasswordField
from assistant.ui.documents.session import DocumentSession, State
from assistant.ui.errors_view import ErrorView
from assistant.ui.exporting import ExportKind, content
from tests.ui.conftest import Starts

SLOW = 60_000  # ms; other work may keep the machine busy


def wait_done(qtbot: QtBot, page: DocumentsPage) -> DocumentSession:
    """Wait until the shown document has all it will have."""
    qtbot.waitUntil(lambda: page.session is not None and not page.session.is_working, timeout=SLOW)
    assert page.session is not None
    return page.session


def drop(alcove: Alcove, *paths: Path) -> None:
    """Drop files onto the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none, copy = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.DropAction.CopyAction,
    )
    enter = QDragEnterEvent(QPoint(400, 300), copy, data, left, none)
    QApplication.sendEvent(alcove.window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(400, 300), copy, data, left, none)
    QApplication.sendEvent(alcove.window, event)


def error_shown(page: DocumentsPage) -> str:
    """The words of the error on the page, "" if there is none."""
    views = [view for view in page.findChildren(ErrorView) if view.isVisible()]
    return " ".join(label.text() for view in views for label in view.findChildren(QLabel))


def find(page: DocumentsPage, text: str) -> QPushButton:
    """The visible button with this text."""
    return next(b for b in page.findChildren(QPushButton) if b.text() == text and b.isVisible())


def test_a_dropped_sample_gives_key_points_in_place(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    drop(alcove, sample)
    page = alcove.documents_page
    session = wait_done(qtbot, page)
    assert session.error is None
    assert session.document is not None
    assert session.summary is not None
    text = page.view.result.toPlainText()
    assert len(session.summary.key_points) > 2
    assert all(point.text in text for point in session.summary.key_points)
    assert page.view.head.receipt.text().startswith("19 pages · 18 ranked, no model")
    assert page.list.model.rowCount() == 1
    assert page.list.view.currentIndex().isValid()


def test_the_first_page_offers_the_sample(qtbot: QtBot, alcove: Alcove) -> None:
    page = alcove.documents_page
    assert page.start.isVisible()
    qtbot.mouseClick(page.start.sample_button, Qt.MouseButton.LeftButton)
    assert wait_done(qtbot, page).title.startswith("The Constitution")


def _click_link(qtbot: QtBot, page: DocumentsPage, address: str) -> None:
    """Click a link in the text where it stands, when everything has its place."""
    QApplication.processEvents()
    view = page.view.result
    cursor = QTextCursor(view.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        if cursor.charFormat().anchorHref() == address:
            view.setTextCursor(cursor)
            view.ensureCursorVisible()
            # From before it: behind the last one of a line is the beginning of the next.
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
            place = view.cursorRect(cursor).center() + QPoint(2, -2)
            qtbot.mouseMove(view.viewport(), place)
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            return
    pytest.fail(f"no link {address}")


def test_a_click_on_a_citation_opens_the_page_with_the_sentence_marked(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    session = wait_done(qtbot, page)
    assert session.summary is not None
    number, point = next(
        (i, p) for i, p in enumerate(session.summary.key_points) if p.span.page > 1
    )
    _click_link(qtbot, page, f"point:{number}")
    assert page.view.pages.number == point.span.page
    picture = page.view.pages.picture
    qtbot.waitUntil(
        lambda: picture.picture is not None and len(picture.picture.highlights) > 0, timeout=SLOW
    )
    assert picture.picture is not None
    ratio = page.devicePixelRatioF()
    assert picture.picture.image.width() == pytest.approx(picture.sheet_width(1.0) * ratio, abs=2)


def test_a_citation_opens_by_keyboard_and_says_why_it_was_chosen(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    wait_done(qtbot, page)
    view = page.view.result
    view.setFocus()
    with qtbot.waitSignal(view.cited):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert "Central to the document" in view.toPlainText()
    _click_link(qtbot, page, "why:0")
    assert "Central to the document" not in view.toPlainText()


def test_a_text_document_shows_its_text_with_the_sentence_marked(
    qtbot: QtBot, alcove: Alcove, files: Path
) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    session = wait_done(qtbot, page)
    assert session.summary is not None
    _click_link(qtbot, page, "point:0")
    marked = page.view.pages.text.extraSelections()
    assert len(marked) == 1
    words = marked[0].cursor.selectedText()  # type: ignore[attr-defined]
    assert " ".join(words.split()) == session.summary.key_points[0].text
    assert "¶" in page.view.result.toPlainText()


def test_everything_is_there_after_a_restart(qtbot: QtBot, starts: Starts, sample: Path) -> None:
    first = starts()
    first.documents_page.open_files([sample])
    wait_done(qtbot, first.documents_page)
    first.documents_page.view.options.length_actions[Length.SHORT].trigger()
    summary = wait_done(qtbot, first.documents_page).summary
    starts.close(first)
    second = starts()
    page = second.documents_page
    assert page.list.model.rowCount() == 1
    index = page.list.model.index(0)
    place = page.list.view.visualRect(index).center()
    qtbot.mouseClick(page.list.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    session = wait_done(qtbot, page)
    assert session.summary == summary
    assert session.choices.length is Length.SHORT
    assert session.title.startswith("The Constitution")


@pytest.mark.parametrize(
    ("content", "fault", "words"),
    [
        (b"", FileFault.EMPTY, "empty"),
        (b"%PDF-1.7\n" + b"\x00rubbish" * 99, FileFault.DAMAGED, "damaged"),
        (bytes(range(256)) * 40, FileFault.UNKNOWN_TYPE, "type Alcove cannot read"),
        (None, FileFault.MISSING, "no such file"),
    ],
    ids=["empty", "damaged", "rubbish", "missing"],
)
def test_a_file_that_cannot_be_read_says_so_in_place(
    qtbot: QtBot,
    alcove: Alcove,
    tmp_path: Path,
    content: bytes | None,
    fault: FileFault,
    words: str,
) -> None:
    path = tmp_path / "Lease <b>.pdf"
    if content is not None:
        path.write_bytes(content)
    page = alcove.documents_page
    page.open_files([path])
    session = wait_done(qtbot, page)
    assert isinstance(session.error, DocumentError)
    assert session.error.fault is fault
    assert words in error_shown(page)
    assert "Lease <b>.pdf" in error_shown(page)
    assert page.list.model.rowCount() == 1
    find(page, "Remove from the list").click()
    assert page.list.model.rowCount() == 0
    assert page.start.isVisible()


def test_a_scan_says_what_it_is(
    qtbot: QtBot,
    alcove: Alcove,
    tmp_path: Path,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no Tesseract there
    page = alcove.documents_page
    page.open_files([files / "pictures.pdf"])
    wait_done(qtbot, page)
    assert "only pictures of text" in error_shown(page)
    assert "tesseract" in error_shown(page)


def test_a_password_is_asked_for_in_place_and_never_stored(
    qtbot: QtBot, alcove: Alcove, files: Path, own_home: Path
) -> None:
    page = alcove.documents_page
    page.open_files([files / "password.pdf"])
    wait_done(qtbot, page)
    assert "protected with a password" in error_shown(page)
    field = page.view.findChild(PasswordField)
    assert field is not None
    for password in ("wrong", "open-sesame"):
        field = next(f for f in page.view.findChildren(PasswordField) if f.isVisible())
        qtbot.keyClicks(field.field, password)
        qtbot.keyClick(field.field, Qt.Key.Key_Return)
        session = wait_done(qtbot, page)
        if password == "wrong":
            assert "does not open with this password" in error_shown(page)
            QApplication.processEvents()
    assert session.summary is not None
    assert error_shown(page) == ""
    qtbot.waitUntil(lambda: page.view.pages.picture.picture is not None, timeout=SLOW)
    everything = b"".join(f.read_bytes() for f in own_home.rglob("*") if f.is_file())
    assert b"open-sesame" not in everything


def test_a_file_that_was_moved_still_shows_its_text(
    qtbot: QtBot, alcove: Alcove, sample: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.pdf"
    shutil.copy(sample, copy)
    page = alcove.documents_page
    page.open_files([copy])
    wait_done(qtbot, page)
    copy.unlink()
    _click_link(qtbot, page, "point:1")
    qtbot.waitUntil(page.view.pages.notice.isVisible, timeout=SLOW)
    assert page.view.pages.notice.text().startswith("copy.pdf was moved or deleted.")
    assert len(page.view.pages.text.extraSelections()) == 1


def test_a_file_that_was_changed_is_not_shown_as_the_one_that_was_read(
    qtbot: QtBot, alcove: Alcove, sample: Path, files: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.pdf"
    shutil.copy(sample, copy)
    page = alcove.documents_page
    page.open_files([copy])
    first = wait_done(qtbot, page)
    first_id = first.record_id
    assert first_id is not None
    shutil.copy(files / "columns.pdf", copy)
    _click_link(qtbot, page, "point:1")
    qtbot.waitUntil(page.view.pages.notice.isVisible, timeout=SLOW)
    assert "has changed since" in page.view.pages.notice.text()
    notice = page.view.notices.view("changed")
    assert notice is not None
    qtbot.mouseClick(notice.button, Qt.MouseButton.LeftButton)
    again = wait_done(qtbot, page)
    assert again is first
    assert again.title != "The Constitution of the United States of America"
    qtbot.waitUntil(lambda: page.view.pages.picture.picture is not None, timeout=SLOW)
    assert not page.view.pages.notice.isVisible()
    assert page.list.model.rowCount() == 2
    page.open_record(first_id)
    assert wait_done(qtbot, page).title == "The Constitution of the United States of America"


def test_a_removed_document_comes_back_with_undo(qtbot: QtBot, alcove: Alcove, files: Path) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    wait_done(qtbot, page)
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    assert page.list.model.rowCount() == 0
    assert page.undo_bar.isVisible()
    qtbot.mouseClick(page.undo_bar.button, Qt.MouseButton.LeftButton)
    assert page.list.model.rowCount() == 1
    assert page.session is not None
    page.list.view.setFocus()
    qtbot.keyClick(page.list.view, Qt.Key.Key_Delete)
    page.undo_bar.settle()
    qtbot.waitUntil(
        lambda: alcove.database.query("SELECT count(*) FROM documents") == [(0,)], timeout=SLOW
    )


def test_the_list_is_searched_by_title_and_file(qtbot: QtBot, alcove: Alcove, files: Path) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx", files / "pages.txt"])
    qtbot.waitUntil(
        lambda: len(alcove.documents.list()) == 2 and page.list.model.rowCount() == 2, timeout=SLOW
    )
    qtbot.keyClicks(page.list.search, "pages.t")
    assert page.list.model.rowCount() == 1
    page.list.search.setText("nothing has this")
    assert page.list.nothing.isVisible()
    page.list.search.clear()
    assert page.list.model.rowCount() == 2


def test_a_focus_changes_the_key_points(qtbot: QtBot, alcove: Alcove, sample: Path) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    before = wait_done(qtbot, page).summary
    qtbot.keyClicks(page.view.options.focus, "slavery")
    qtbot.keyClick(page.view.options.focus, Qt.Key.Key_Return)
    session = wait_done(qtbot, page)
    assert session.choices.focus == "slavery"
    assert session.summary is not None
    assert before is not None
    assert session.summary.key_points != before.key_points
    assert any("slavery" in point.text.casefold() for point in session.summary.key_points)


def test_the_result_is_copied_and_saved(
    qtbot: QtBot, qapp: QApplication, alcove: Alcove, files: Path, tmp_path: Path
) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    session = wait_done(qtbot, page)
    assert session.summary is not None
    page.view.head.exports[0].trigger()
    assert session.summary.key_points[0].text[:30] in " ".join(qapp.clipboard().text().split())
    result = exportable(session)
    assert result is not None
    for kind in ExportKind:
        if kind in {ExportKind.COPY, ExportKind.PRINT}:
            continue
        saved = tmp_path / f"summary.{kind.value}"
        page.exports.save(saved, content(result, kind))
        qtbot.waitUntil(saved.exists, timeout=SLOW)
        assert saved.stat().st_size > 500
    page.exports.save(files / "report.docx" / "no.md", b"x")
    qtbot.waitUntil(lambda: "cannot be written" in error_shown(page), timeout=SLOW)


def test_quick_streams_above_the_key_points_and_stops(
    qtbot: QtBot, starts: Starts, files: Path, tmp_path: Path
) -> None:
    words = (files / "pages.txt").read_text().split()[:500]
    (tmp_path / "constitution.txt").write_text(" ".join(words))
    alcove = starts()
    page = alcove.documents_page
    page.open_files([tmp_path / "constitution.txt"])
    wait_done(qtbot, page)
    page.view.options.mode_actions[Mode.QUICK].trigger()
    session = page.session
    assert session is not None
    qtbot.waitUntil(
        lambda: session.error is not None or bool(session.summary and session.summary.sentences),
        timeout=120_000,
    )
    assert session.error is None
    assert session.summary is not None
    text = page.view.result.toPlainText
    qtbot.waitUntil(lambda: session.summary.sentences[0].text in text(), timeout=SLOW)
    assert text().index("Summary") < text().index("Key points")
    assert "Experimental" in text()
    if session.is_working:
        qtbot.mouseClick(page.view.progress.stop_button, Qt.MouseButton.LeftButton)
    wait_done(qtbot, page)
    assert session.error is None
    summary = session.summary
    assert "model given a selection" in page.view.head.receipt.text()
    starts.close(alcove)
    again = starts()
    again.documents_page.open_record(again.documents.list()[0].id)
    kept = wait_done(qtbot, again.documents_page)
    assert kept.summary == summary
    assert kept.mode is Mode.QUICK


def test_a_summary_that_another_version_wrote_is_made_anew(
    qtbot: QtBot, starts: Starts, files: Path
) -> None:
    alcove = starts()
    alcove.documents_page.open_files([files / "report.md"])
    summary = wait_done(qtbot, alcove.documents_page).summary
    assert summary is not None
    alcove.database.write(
        lambda c: c.execute("UPDATE summary_contents SET content = ?", (b"\x93\x01\x02\x03",))
    ).result()
    starts.close(alcove)
    again = starts()
    again.documents_page.open_record(again.documents.list()[0].id)
    made = wait_done(qtbot, again.documents_page)
    assert made.error is None
    assert made.summary is not None
    assert made.summary.key_points == summary.key_points


def test_stop_in_the_prompt_keeps_the_key_points(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    wait_done(qtbot, page)
    page.view.options.mode_actions[Mode.QUICK].trigger()
    qtbot.waitUntil(
        lambda: "reading its selection" in page.view.progress.words.text(), timeout=SLOW
    )
    qtbot.mouseClick(page.view.progress.stop_button, Qt.MouseButton.LeftButton)
    session = wait_done(qtbot, page)
    assert session.is_stopped
    assert session.summary is not None
    assert session.summary.key_points
    assert page.view.notices.view("interrupted") is not None
    assert not page.view.progress.isVisible()


def test_reading_goes_on_while_another_page_is_shown(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    session = page.session
    assert session is not None
    alcove.window.show_page("settings")
    qtbot.waitUntil(lambda: session.state is State.DONE, timeout=SLOW)
    assert session.summary is not None


def test_a_model_that_crashed_offers_another_or_once_more(
    qtbot: QtBot, alcove: Alcove, files: Path, starter_model: Path
) -> None:
    page = alcove.documents_page
    page.open_files([files / "report.docx"])
    session = wait_done(qtbot, page)
    session.error = CrashedLastTime(starter_model, DeathCause.CRASHED)
    session.changed.emit()
    assert "crashed last time" in error_shown(page)
    assert page.view.result.isVisible()
    with qtbot.waitSignal(page.models_wanted):
        find(page, "Choose another model").click()
    alcove.window.show_page("documents")
    session.mode = Mode.QUICK
    find(page, "Try it once more").click()
    qtbot.waitUntil(
        lambda: session.summary is not None and session.summary.model is not None, timeout=120_000
    )
    session.stop()
    wait_done(qtbot, page)
    assert session.error is None


def test_a_summary_pauses_and_goes_on_where_it_was(
    qtbot: QtBot, alcove: Alcove, sample: Path
) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    wait_done(qtbot, page)
    progress = page.view.progress
    page.view.options.mode_actions[Mode.QUICK].trigger()
    session = page.session
    assert session is not None
    qtbot.waitUntil(lambda: "reading its selection" in progress.words.text(), timeout=SLOW)
    assert progress.pause_button.isVisible()
    assert progress.pause_button.text() == "Pause"
    qtbot.mouseClick(progress.pause_button, Qt.MouseButton.LeftButton)
    assert session.is_paused
    assert progress.words.text() == "Paused"
    assert progress.pause_button.text() == "Resume"
    assert progress.pause_button.accessibleName() == "Resume the summary"
    assert page.list.model.index(0).data(SUBTITLE) == "Paused"
    qtbot.wait(500)  # a step that was under way ends
    told: list[object] = []
    session.progressed.connect(told.append)
    session.summary_grew.connect(lambda: told.append("sentence"))
    qtbot.wait(1500)
    assert told == []
    assert session.is_working
    page.list.chosen.emit(session.record_id)  # it is shown again, still paused
    assert progress.words.text() == "Paused"
    progress.pause_button.setFocus()
    qtbot.keyClick(progress.pause_button, Qt.Key.Key_Space)
    assert not session.is_paused
    assert progress.pause_button.text() == "Pause"
    assert progress.words.text() != "Paused"
    qtbot.waitUntil(lambda: bool(told), timeout=SLOW)
    qtbot.mouseClick(progress.pause_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(progress.stop_button, Qt.MouseButton.LeftButton)  # Stop works while paused
    assert wait_done(qtbot, page).is_stopped
    assert not progress.isVisible()


def test_reading_and_key_points_have_no_pause(qtbot: QtBot, alcove: Alcove, sample: Path) -> None:
    page = alcove.documents_page
    page.open_files([sample])
    assert page.view.progress.isVisible()
    assert not page.view.progress.pause_button.isVisible()
    wait_done(qtbot, page)
