"""Writes conversations of the list to a file that the person names."""

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.conversations.porting.exporting import export_json, export_markdown
from assistant.storage.database import Database
from assistant.ui.job import Job

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST_NAME = 80
_ENDING = re.compile(r"\*(\.\w+)")


class ListExport(QObject):
    """Asks where to, and writes on a thread.

    Args:
        window: the dialog stands before it.
        database: where the conversations are.

    Signals:
        saved (ExportReport): the file is there, whole.
        failed (Exception): it is not.
    """

    saved = Signal(object)
    failed = Signal(Exception)

    def __init__(self, window: QWidget, database: Database) -> None:
        super().__init__(window)
        self._window = window
        self._database = database

    def ask(self, ids: Sequence[int], title: str) -> None:
        """Ask for a file, and write conversations there; `title` is that of the first."""
        kinds = [self.tr("Markdown, to be read (*.md)"), self.tr("JSON, nothing lost (*.json)")]
        if len(ids) > 1:
            kinds.insert(1, self.tr("Markdown, a file for each (*.zip)"))
        plain = _NOT_IN_NAMES.sub(" ", title)[:_LONGEST_NAME].strip(". ")
        name = plain if plain and len(ids) == 1 else self.tr("Chats")
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, kind = QFileDialog.getSaveFileName(
            self._window, self.tr("Export"), str(Path(folder) / f"{name}.md"), ";;".join(kinds)
        )
        if chosen:
            self.export(ids, _with_ending(Path(chosen), kind))

    def export(self, ids: Sequence[int], path: Path) -> None:
        """Write conversations as JSON, or as Markdown in one file or a ZIP, by the ending."""
        write = export_json if path.suffix.lower() == ".json" else export_markdown

        def work(cancel: threading.Event) -> Iterator[object]:
            yield from write(self._database, path, ids, cancel=cancel)

        job = Job(work, self)
        job.succeeded.connect(self.saved)
        job.failed.connect(self.failed)
        job.start()


def _with_ending(path: Path, kind: str) -> Path:
    """Give a name without an ending that of the kind of file that was chosen."""
    ending = _ENDING.search(kind)
    return path if path.suffix or ending is None else path.with_suffix(ending[1])
