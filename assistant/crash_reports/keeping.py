"""Where reports are kept: text files in a folder of the logs, the newest few."""

import contextlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from assistant.crash_reports.report import Report
from assistant.errors import AssistantError
from assistant.paths import Folders, ensure_folder, write_atomically

FOLDER = "crash-reports"  # among the logs
_MOST = 10
_NAME = re.compile(r"crash-\d{8}-\d{6}(?:-\d+)?\.txt")
_LONGEST_BYTES = 200_000


class Reports:
    """The reports of one folder.

    Args:
        folder: where they are; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, folders: Folders) -> "Reports":
        """Return the reports of this user, or of the portable copy."""
        return cls(folders.logs / FOLDER)

    def list(self) -> "list[Path]":
        """Return the files, the newest first."""
        try:
            found = [
                path
                for path in self.folder.iterdir()
                if _NAME.fullmatch(path.name) and path.stat().st_size  # else it is being written
            ]
        except OSError:
            return []
        return sorted(found, key=lambda path: path.name, reverse=True)

    def add(self, report: Report) -> Path | None:
        """Keep a report, and let go of the oldest; return its file, None where none can be."""
        try:
            path = self._new_file()
            write_atomically(path, report.text().encode("utf-8", "replace"))
        except (AssistantError, OSError):
            return None
        for old in self.list()[_MOST:]:
            self.remove(old)
        return path

    def read(self, path: Path) -> str:
        """Return a report's text; "" if it is gone."""
        try:
            with path.open("rb") as file:
                return file.read(_LONGEST_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def remove(self, path: Path) -> None:
        """Delete a report."""
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)

    def _new_file(self) -> Path:
        """Make an empty file that nobody else takes: two processes may crash in one second.

        Raises:
            AssistantError, OSError: there can be none.
        """
        ensure_folder(self.folder)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        for number in range(_MOST):
            path = self.folder / f"crash-{stamp}{f'-{number}' if number else ''}.txt"
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                return path
        raise FileExistsError(stamp)  # ten in a second: they will be alike
