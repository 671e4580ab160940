"""Tells the person, above all pages, of faults that were written down."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.crash_reports import Reports, Watch, collect
from assistant.errors import CrashNoted
from assistant.ui.job import Job
from assistant.ui.main_window import MainWindow


class CrashNotices(QObject):
    """Shows a notice for each new report: of this run, and of one that ended by a crash.

    Args:
        watch: watches this process.
        reports: where reports are kept.
        window: shows the notices.
    """

    _noted = Signal(object)

    def __init__(self, watch: Watch, reports: Reports, window: MainWindow) -> None:
        super().__init__(window)
        self._watch = watch
        self._reports = reports
        self._window = window
        self._noted.connect(self._show)
        watch.told = self._noted.emit  # from any thread; the signal brings it to this one

    def look_back(self) -> None:
        """Look whether an earlier run crashed."""
        job = Job(self._collect, self)
        job.progressed.connect(partial(self._show, was_fatal=True))
        job.start()

    def pause(self) -> None:
        """Let go of the file, for everything is about to be erased."""
        self._watch.pause()

    def go_on(self) -> None:
        """Watch again."""
        self._watch.go_on()

    def close(self) -> None:
        """Let faults that follow be written down without a word: the window is gone."""
        self._watch.told = lambda _: None

    def _collect(self, cancel: threading.Event) -> Iterator[Path]:
        del cancel
        yield from collect(self._reports)[-1:]

    def _show(self, report: Path, *, was_fatal: bool = False) -> None:
        look = (self.tr("Look at the report…"), partial(self._look_at, report))
        self._window.show_notice(CrashNoted(report, was_fatal), [look])

    def _look_at(self, report: Path) -> None:
        from assistant.ui.crash_view import CrashView  # noqa: PLC0415 - seldom needed

        CrashView(self._reports, self._window, shown=report).show()
