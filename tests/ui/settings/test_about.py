"""About: the version, all parts with their licences to read, and the crash reports."""

import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from assistant import __version__, parts, paths
from assistant.crash_reports import Reports, Watch
from assistant.crash_reports.report import of_exception
from assistant.errors import CrashNoted, DeathCause, EngineDied
from assistant.ui.app import Alcove
from assistant.ui.crash_notices import CrashNotices
from assistant.ui.crash_view import CrashView
from assistant.ui.errors_view import ErrorView
from assistant.ui.settings.about_card import AboutCard, qt_folder
from assistant.ui.settings.about_parts import PartsDialog
from assistant.ui.settings.settings_page import SettingsPage
from assistant.ui.theme import Appearance
from tests.ui.test_two_starts import Start, end, runtime, start, wait_for

__all__ = ["runtime", "start"]


@pytest.fixture
def reports(own_home: Path) -> Reports:
    """Those of this test's own home."""
    return Reports.of(paths.folders())


def fault(text: str) -> Exception:
    try:
        raise LookupError(text)
    except LookupError as error:
        return error


def words(widget: object) -> str:
    return " ".join(x.text() for x in widget.findChildren(QLabel))


def test_it_says_what_it_is_and_what_it_never_does(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance, own_home: Path
) -> None:
    card = AboutCard(paths.folders())
    qtbot.addWidget(card)
    card.show()
    told = words(card)
    assert f"Alcove {__version__}" in told
    assert "MIT" in told
    assert "LGPL" in told
    assert qt_folder() in told
    assert "never looks for a newer version" in told
    assert str(own_home / "data") in told
    assert not card.reports_button.isVisible()
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    copied = qapp.clipboard().text()
    assert f"Alcove {__version__}, run by Python" in copied
    assert "Qt 6." in copied
    assert all(x.textFormat() is Qt.TextFormat.PlainText for x in card.findChildren(QLabel))


def test_the_libraries_of_qt_are_files_that_can_be_replaced() -> None:
    if sys.platform == "linux":
        assert list(Path(qt_folder()).glob("libQt6Core.so*"))


def test_a_portable_copy_says_so(
    qtbot: QtBot, appearance: Appearance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = paths._within(tmp_path / "alcove-data", is_portable=True)
    card = AboutCard(folders)
    qtbot.addWidget(card)
    assert "a portable copy" in words(card)
    assert str(tmp_path / "alcove-data") in words(card)


def test_every_part_shows_its_licence(qtbot: QtBot, appearance: Appearance) -> None:
    dialog = PartsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    known = parts.parts()
    assert dialog.list.count() == len(known)
    for row, part in enumerate(known):
        dialog.list.setCurrentRow(row)
        assert part.name in dialog.name.text()
        assert part.licence in dialog.facts.text()
        assert len(dialog.text.toPlainText()) > 100, part.name
        assert dialog.note.isVisible() is ("LGPL" in part.licence)


def test_each_library_under_the_lgpl_is_said_to_be_replaceable_where_it_is(
    qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_system = parts.Part(name="util-linux", version="2.38", licence="LGPL-2.1-or-later")
    qt = parts.Part(name="Qt", version="6.11", licence="LGPL-3.0-only")
    monkeypatch.setattr(parts, "parts", lambda: (of_system, qt))
    dialog = PartsDialog()
    qtbot.addWidget(dialog)
    dialog.list.setCurrentRow(0)
    assert str(paths.resources().parent) in dialog.note.text()
    assert "Qt" not in dialog.note.text().replace(qt_folder(), "")
    dialog.list.setCurrentRow(1)
    assert qt_folder() in dialog.note.text()


def test_parts_are_found_by_name_and_licence(qtbot: QtBot, appearance: Appearance) -> None:
    dialog = PartsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.filter, "lgpl")
    shown = [
        dialog.list.item(i).text()
        for i in range(dialog.list.count())
        if not dialog.list.item(i).isHidden()
    ]
    assert "Qt" in shown
    assert "numpy" not in shown
    assert dialog.count.text() == f"{len(shown)} parts"


def test_reports_are_read_copied_saved_and_deleted(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance, reports: Reports, tmp_path: Path
) -> None:
    first = reports.add(of_exception(fault("one"), "window"))
    second = reports.add(of_exception(fault("two"), "terminal"))
    assert first is not None
    assert second is not None
    view = CrashView(reports)
    qtbot.addWidget(view)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    view.show()
    assert view.chooser.isVisible()
    assert view.chooser.count() == 2
    assert {view.chooser.itemText(i).rpartition(" · ")[2] for i in (0, 1)} == {"window", "terminal"}
    text = view.text.toPlainText()
    assert text.startswith("Alcove crash report")
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == text
    view.save_to(tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text("utf-8") == text
    view.save_to(tmp_path / "mine.txt" / "no.txt")
    assert view.findChild(ErrorView) is not None
    for left in (1, 0):
        qtbot.mouseClick(view.delete_button, Qt.MouseButton.LeftButton)
        assert len(reports.list()) == left
    assert "no crash reports" in view.words.text()
    assert not view.text.isVisible()


def test_settings_count_them_and_lead_to_them(
    qtbot: QtBot, alcove: Alcove, reports: Reports
) -> None:
    reports.add(of_exception(fault("x"), "window"))
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    assert page.about_card.reports_words.text() == "1 crash report on this computer"
    page.about_card.reports_button.click()
    view = alcove.window.findChild(CrashView)
    assert view is not None
    view.delete_button.click()
    view.done(0)
    assert page.about_card.reports_words.text() == "None"
    page.about_card.parts_button.click()
    dialog = alcove.window.findChild(PartsDialog)
    assert dialog is not None
    dialog.close()


def test_a_fault_is_told_above_the_page_with_its_report(
    qtbot: QtBot, alcove: Alcove, reports: Reports
) -> None:
    watch = Watch(reports, "window")
    alcove.crashes = CrashNotices(watch, reports, alcove.window)
    watch.note(fault("my own words"))
    notices = alcove.window.findChildren(ErrorView)
    (notice,) = [one for one in notices if isinstance(one.error, CrashNoted)]
    button = next(b for b in notice.findChildren(QPushButton) if "report" in b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    view = alcove.window.findChild(CrashView)
    assert view is not None
    assert "LookupError" in view.text.toPlainText()
    assert "my own words" not in view.text.toPlainText()
    view.close()


def test_erasing_everything_erases_reports_and_goes_on_watching(
    qtbot: QtBot, alcove: Alcove, reports: Reports
) -> None:
    watch = Watch(reports, "window")
    hook = sys.excepthook
    watch.start()
    sys.excepthook = hook  # the test's own
    try:
        alcove.crashes = CrashNotices(watch, reports, alcove.window)
        reports.add(of_exception(fault("x"), "terminal"))
        alcove._erase(False)
        assert reports.list() == []
        assert [path.name[:6] for path in reports.folder.iterdir()] == ["watch-"]
    finally:
        watch.stop()


def test_a_crash_of_the_engine_leads_to_its_report(
    qtbot: QtBot, appearance: Appearance, own_home: Path
) -> None:
    for cause, is_offered in ((DeathCause.CRASHED, True), (DeathCause.KILLED, False)):
        view = ErrorView(EngineDied(cause, Path("x.gguf"), False, -11))
        qtbot.addWidget(view)
        texts = [button.text() for button in view.findChildren(QPushButton)]
        assert ("Crash reports…" in texts) is is_offered


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_after_a_crash_the_next_start_has_a_report(
    start: Start, own_home: Path, runtime: Path, reports: Reports
) -> None:
    first = start()
    wait_for(lambda: list(runtime.glob("*.socket")))
    wait_for(lambda: list(reports.folder.glob("watch-*")))
    first.send_signal(signal.SIGSEGV)
    first.communicate()
    assert first.returncode == -signal.SIGSEGV
    second = start()
    wait_for(reports.list)
    text = reports.read(reports.list()[0])
    assert "Process           window" in text
    assert "assistant/ui/app.py" in text
    end(second)
    assert not list(reports.folder.glob("watch-*"))
