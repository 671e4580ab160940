"""Pictures of About, the parts with their licences, crash reports, and notices of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from assistant.crash_reports import Reports, of_child
from assistant.errors import CannotWrite, CrashNoted, NewerData, NothingKept
from assistant.paths import folders
from assistant.ui.crash_view import CrashView
from assistant.ui.errors_view import ErrorView
from assistant.ui.settings.about_parts import PartsDialog
from assistant.ui.settings.settings_page import SettingsPage

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)
_DUMP = """ggml-cpu.c:2093: GGML_ASSERT(node->src[0]->ne[0] == node->ne[0]) failed
Fatal Python error: Aborted

Current thread 0x00007f99f0649b80 (most recent call first):
  File "assistant/engine/llama/context.py", line 141 in decode
  File "assistant/engine/stepping.py", line 208 in step
  File "assistant/engine/scheduler.py", line 96 in run
  File "/usr/lib/python3.11/threading.py", line 982 in run
"""


def photograph_about(camera: "Photographer") -> None:
    """The card, the parts, the reports; what is said above the pages."""
    window = camera.alcove.window
    reports = Reports.of(folders())
    for left in reports.list():  # by the variant before
        reports.remove(left)
    window.show_page("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_part("about")
    camera.take("about")
    for name in ("alcove engine", "alcove reader"):
        reports.add(of_child(name, -6, _DUMP))
    page.about_card.refresh()
    page.show_part("about")
    with camera.size(*NARROW):
        page.show_part("about")
        camera.take("about-narrow")
    page.show_part("quick")
    camera.take("settings-login")
    dialog = PartsDialog(window)
    dialog.show()
    camera.take("about-parts", dialog)
    dialog.filter.setText("lgpl")
    qt = next(i for i in range(dialog.list.count()) if dialog.list.item(i).text() == "Qt")
    dialog.list.setCurrentRow(qt)
    camera.take("about-parts-qt", dialog)
    dialog.close()
    view = CrashView(reports, window)
    view.show()
    camera.take("crash-report", view)
    for _ in range(2):
        view.delete_button.click()
    camera.take("crash-report-none", view)
    view.close()
    _photograph_notices(camera)


def _photograph_notices(camera: "Photographer") -> None:
    window = camera.alcove.window
    window.show_page("documents")
    database = Path("/media/stick/alcove-data/data/alcove.db")
    report = Path("crash-20261123-140000.txt")
    look = ("Look at the report…", lambda: None)
    window.show_notice(CrashNoted(report, was_fatal=True), [look])
    window.show_notice(NothingKept(NewerData(database, found=9, known=5)))
    window.show_notice(
        NothingKept(CannotWrite(database, "Read-only file system"), database.parent.parent)
    )
    camera.take("notices")
    with camera.size(*NARROW):
        camera.take("notices-narrow")
    for notice in window.findChildren(ErrorView):
        if isinstance(notice.error, CrashNoted | NothingKept):
            notice.deleteLater()
    QApplication.processEvents()
