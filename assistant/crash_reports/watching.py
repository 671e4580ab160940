"""Sees crashes of this process: exceptions that nobody caught, and faults of native code.

Native code cannot be asked afterwards, so a file is open for Python's faulthandler from the start.
A process that ends as it should removes it; one that crashed leaves it to the next start.
"""

import contextlib
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from assistant import __version__
from assistant.crash_reports import report
from assistant.crash_reports.keeping import Reports
from assistant.left_behind import is_stale
from assistant.paths import ensure_folder

_PREFIX = "watch-"
_MOST_OF_A_RUN = 5
_LONGEST_BYTES = 500_000

Told = Callable[[Path], object]


class Watch:
    """Watches this process from `start` to `stop`.

    Args:
        reports: where reports go.
        process: what this process is called in them.
        told: hears of each new report; from any thread.
        has_native_code: it runs code that may crash without a word; else no file is opened.
    """

    def __init__(
        self,
        reports: Reports,
        process: str,
        told: Told = lambda _: None,
        *,
        has_native_code: bool = True,
    ) -> None:
        self._reports = reports
        self._has_native_code = has_native_code
        self._process = process
        self.told = told
        self._file: TextIO | None = None
        self._seen: set[tuple[str, ...]] = set()
        self._hooks = (sys.excepthook, threading.excepthook)

    def start(self) -> None:
        """Begin. Where no file can be made, only exceptions are seen."""
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._take
        threading.excepthook = self._take_of_thread
        self._open()

    def stop(self) -> None:
        """End as this process ends as it should."""
        sys.excepthook, threading.excepthook = self._hooks
        self._close()

    def pause(self) -> None:
        """Let go of the file: "Erase everything" is about to delete all there is."""
        self._close()

    def go_on(self) -> None:
        """Make the file again."""
        self._open()

    def note(self, error: BaseException) -> Path | None:
        """Write down an exception that nobody expected, once of each kind and place."""
        made = report.of_exception(error, self._process)
        kind = tuple(made.stack)
        if kind in self._seen or len(self._seen) >= _MOST_OF_A_RUN:
            return None
        self._seen.add(kind)
        path = self._reports.add(made)
        if path is not None:
            self.told(path)
        return path

    def _open(self) -> None:
        if not self._has_native_code:
            return
        place = self._reports.folder / f"{_PREFIX}{os.getpid()}.txt"
        with contextlib.suppress(Exception):  # a start never fails for this
            ensure_folder(place.parent)
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8")
            began = datetime.now(UTC).isoformat(timespec="seconds")
            self._file.write(f"{self._process}\t{__version__}\t{began}\n")
            self._file.flush()
            faulthandler.enable(self._file, all_threads=True)

    def _close(self) -> None:
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        self._reports.remove(self._reports.folder / f"{_PREFIX}{os.getpid()}.txt")

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._hooks[0](kind, error, trace)
        if isinstance(error, Exception):
            with contextlib.suppress(Exception):  # what tells of faults must not add one
                self.note(error)

    def _take_of_thread(self, args: threading.ExceptHookArgs) -> None:
        self._hooks[1](args)
        if isinstance(args.exc_value, Exception):
            with contextlib.suppress(Exception):
                self.note(args.exc_value)


def collect(reports: Reports) -> list[Path]:
    """Make reports of what crashed processes left behind, and return their files."""
    made = []
    for left in sorted(reports.folder.glob(f"{_PREFIX}*.txt")):
        number = left.stem.removeprefix(_PREFIX)
        if number.isdecimal() and not is_stale(left, number):
            continue
        head, _, dump = _read(left).partition("\n")
        process, version, _ = [*head.split("\t"), "", "", ""][:3]
        if dump.strip() and process in {"window", "terminal"}:
            happened = datetime.fromtimestamp(left.stat().st_mtime, UTC)
            path = reports.add(report.of_dump(process, version[:20], happened, dump))
            made += [path] if path else []
        reports.remove(left)
    return made


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
