"""A folder in the window: what was found is offered, worked through, and digested."""

import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from pytestqt.qtbot import QtBot

from assistant.batches.watching import Crowded
from assistant.storage.queue import ItemState
from assistant.summaries.summary import Mode
from assistant.ui.app import Alcove
from assistant.ui.batches.list_model import FILE, STATE
from assistant.ui.documents.session import State
from assistant.ui.exporting import ExportKind, content
from tests.ui.conftest import Starts

SLOW = 60_000


@pytest.fixture
def alcove(starts: Starts) -> Alcove:
    return starts()


@pytest.fixture
def folder(tmp_path: Path, files: Path) -> Path:
    """Three documents that can be read, one that cannot, and two that are none."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in ("report.docx", "report.md", "columns.pdf"):
        shutil.copy(files / name, folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / ".hidden.md").write_text("# Hidden", "utf-8")
    (folder / "program.bin").write_bytes(bytes(range(256)) * 20)
    return folder


def test_a_folder_is_offered_worked_through_and_digested(
    qtbot: QtBot, alcove: Alcove, folder: Path
) -> None:
    page, work = alcove.documents_page, alcove.documents_page.desk.work
    alcove.window.show_page("documents")
    page.open_files([folder])
    offer = page.desk.queue.offer
    qtbot.waitUntil(offer.isVisible, timeout=SLOW)
    assert offer.words.text() == "4 documents found"
    assert "1 hidden" in offer.left_out.text()
    assert offer.digest.isChecked()
    offer.start_button.click()
    qtbot.waitUntil(
        lambda: work.queue.batches()[0].has_digest and not work.is_working, timeout=SLOW
    )

    view = page.desk.queue
    assert view.status.text() == "3 of 4 done · 1 failed"
    rows = {
        view.model.index(at, FILE).data(): view.model.index(at, STATE).data() for at in range(4)
    }
    assert rows["report.docx"] == "Done"
    assert "broken.pdf" in rows["broken.pdf"]  # it says what is wrong with it
    assert page.list.queue_button.text() == "Queue: 4 of 4"

    view.digest_button.click()
    digest = page.desk.digest
    assert digest.isVisible()
    assert "papers: Digest of 3 documents" in digest.title.text()
    assert "broken.pdf" in digest.result.text.toPlainText()
    assert digest.digest is not None
    cited = digest.digest.sentences[0].citations[0]
    span = cited.citation.span
    digest.result.text.anchorClicked.emit(
        QUrl(f"file:{cited.file}:{span.page}:{span.start}:{span.end}")
    )
    assert digest.result.pages.isVisible()
    result = digest.exportable()
    assert result is not None
    assert content(result, ExportKind.PDF).startswith(b"%PDF")

    digest.back_button.click()
    row = next(at for at in range(4) if view.model.index(at, FILE).data() == "report.md")
    view.table.activated.emit(view.model.index(row, FILE))
    qtbot.waitUntil(
        lambda: page.session is not None and page.session.state is State.DONE, timeout=SLOW
    )
    assert page.session is not None
    assert page.session.path.name == "report.md"


def test_the_queue_is_steered_and_outlives_the_window(
    qtbot: QtBot, starts: Starts, folder: Path
) -> None:
    alcove = starts()
    page = alcove.documents_page
    work, view = page.desk.work, page.desk.queue
    work.start = lambda: None  # type: ignore[method-assign] # nothing begins: it is steered at rest
    options = page.desk._choices().options(view.offer.mode)
    work.add(sorted(folder.glob("report.*")), options, name="papers", wants_digest=False)
    page.show_queue()
    view.table.setCurrentIndex(view.model.index(1, FILE))
    view._steer("first")
    assert view.model.index(0, STATE).data() == "Next"
    view.table.setCurrentIndex(view.model.index(1, FILE))
    view._steer("hold")
    assert view.model.index(1, STATE).data() == "Passed over"
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert view.model.rowCount() == 1
    starts.close(alcove)

    again = starts().documents_page
    assert again.list.queue_button.text() == "Queue: 0 of 1"
    again.show_queue()
    again.desk.queue.resume_button.click()
    qtbot.waitUntil(lambda: again.desk.work.queue.items()[0].state is ItemState.DONE, timeout=SLOW)


def test_what_comes_into_a_watched_folder_is_summarised(
    qtbot: QtBot, alcove: Alcove, tmp_path: Path, files: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    page = alcove.documents_page
    page.desk.watch(inbox)
    shutil.copy(files / "report.md", inbox)
    states = lambda: [item.state for item in page.desk.work.queue.items()]  # noqa: E731
    begun = time.monotonic()
    qtbot.waitUntil(lambda: states() == [ItemState.DONE], timeout=SLOW)
    assert time.monotonic() - begun < 60
    # What is done is cleared; the folder goes on, and what comes next is noticed.
    work = page.desk.work
    qtbot.waitUntil(lambda: not work.is_working, timeout=SLOW)
    page.show_queue()
    page.desk.queue._clear_done()
    assert states() == []
    (folder,) = work.watched.list()
    # What is not looked at is told where the folder stands.
    work._take_watched(Crowded(folder, 7))
    page.desk.queue._fill_menu()
    entries = [entry.text() for entry in page.desk.queue.menu.actions()]
    assert "Stop watching inbox (7 files too many, not looked at)" in entries
    # Of a queue that was stopped, what joins waits until the person lets it go on.
    work.start = lambda: pytest.fail("nobody let it go on")  # type: ignore[method-assign]
    work._is_stopped = True
    shutil.copy(files / "report.docx", inbox)
    qtbot.waitUntil(lambda: states() == [ItemState.WAITING], timeout=SLOW)
    qtbot.wait(100)
    work.leave_folder(folder)
    assert work.watched.list() == []


def test_a_file_that_joins_as_the_queue_ends_is_not_left_waiting(
    qtbot: QtBot, alcove: Alcove, tmp_path: Path, files: Path
) -> None:
    work = alcove.documents_page.desk.work
    options = alcove.documents_page.desk._choices().options(Mode.KEY_POINTS)
    last = shutil.copy(files / "report.md", tmp_path)
    run = work._runner.run
    work._runner.run = lambda **_: iter(())  # type: ignore[method-assign, assignment]
    with qtbot.waitSignal(work.ended, timeout=SLOW) as ended:
        work.start()
        work._runner.run = run  # type: ignore[method-assign]
        # The job has seen that nothing waits, and the window does not know yet.
        work.add([Path(last)], options, name="", wants_digest=False)
    assert [item.state for item in work.queue.items()] == [ItemState.DONE]
    assert ended.args[0].done == 1
