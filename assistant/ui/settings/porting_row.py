"""Chats in and out: import of other apps' exports, export of all chats."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QStandardPaths, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant import porting_words
from assistant.conversations.porting.elsewhere import ChatsElsewhere, find_elsewhere
from assistant.conversations.porting.exporting import export_json, export_markdown
from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import ExportReport, ImportReport, PortProgress
from assistant.errors import PortError
from assistant.storage.database import Database
from assistant.ui import theme
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job
from assistant.ui.labels import counted, plain_tip
from assistant.ui.settings.activity import Activity
from assistant.wording import Explanation


class PortingRow(QWidget):
    """Buttons, and what came of them in full below.

    Args:
        database: where the chats are.
        parent: owner.

    Signals:
        imported (ImportReport): there are more chats now.
    """

    imported = Signal(object)

    def __init__(self, database: Database, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self.import_button = QPushButton(self.tr("Import a file…"))
        self.folder_button = QPushButton(self.tr("Import a folder…"))
        self.json_button = QPushButton(self.tr("Export all…"))
        self.json_button.setAccessibleName(self.tr("Export all chats as JSON"))
        self.markdown_button = QPushButton(self.tr("Export to read…"))
        self.markdown_button.setAccessibleName(self.tr("Export all chats as Markdown"))
        self.activity = Activity()
        self._buttons = [
            self.import_button,
            self.folder_button,
            self.json_button,
            self.markdown_button,
        ]
        self.found: list[QPushButton] = []
        self._found_row = QHBoxLayout()
        self._has_looked = False
        self.import_button.clicked.connect(self._choose_file)
        self.folder_button.clicked.connect(self._choose_folder)
        self.json_button.clicked.connect(lambda: self._choose_target("json"))
        self.markdown_button.clicked.connect(lambda: self._choose_target("zip"))
        self.activity.started.connect(lambda: self._enable(False))
        self.activity.ended.connect(lambda: self._enable(True))
        self.activity.succeeded.connect(self._tell)
        self._lay_out()

    def import_from(self, *paths: Path) -> None:
        """Import files or folders, one after the other."""

        def work(cancel: threading.Event) -> Iterator[Any]:
            came = _Came()
            for path in paths:
                try:
                    for event in import_chats(self._database, path, cancel=cancel):
                        if isinstance(event, ImportReport):
                            came.reports.append(event)
                        else:
                            yield event
                except PortError as error:
                    if len(paths) == 1:
                        raise
                    came.errors.append(error)
                if cancel.is_set():
                    break
            yield came

        self.activity.start(self.tr("Importing chats"), work, self._far)

    def export_to(self, path: Path) -> None:
        """Write all chats: JSON, or Markdown in a ZIP or one file, by the name's ending."""
        export = export_json if path.suffix.lower() == ".json" else export_markdown

        def work(cancel: threading.Event) -> Iterator[Any]:
            yield from export(self._database, path, cancel=cancel)

        self.activity.start(self.tr("Exporting chats"), work, self._far)

    def look_elsewhere(self, **where: Any) -> None:
        """Offer the chats that other apps keep here; `where` as `find_elsewhere` takes it."""
        self._has_looked = True
        job = Job(lambda cancel: find_elsewhere(cancel, **where), self)
        job.progressed.connect(self._offer)
        job.start()

    def _offer(self, place: ChatsElsewhere) -> None:
        chats = counted(self.tr("%n chat(s)", "", place.chats), place.chats)
        text = self.tr("Import {chats} of {app}").format(
            chats=chats, app=porting_words.app_name(place.app)
        )
        button = QPushButton(text)
        button.setToolTip(plain_tip(str(place.folder)))
        button.setEnabled(not self.activity.is_running)
        button.clicked.connect(lambda: self.import_from(place.folder))
        self.found.append(button)
        self._buttons.append(button)
        self._found_row.insertWidget(len(self.found) - 1, button)

    def _far(self, value: object) -> tuple[float, str] | None:
        if isinstance(value, PortProgress):
            words = counted(self.tr("%n chat(s)", "", value.conversations), value.conversations)
            return value.done / max(1, value.total), words
        return None

    def _tell(self, result: object) -> None:
        if isinstance(result, _Came):
            self.activity.tell(_lines(result))
            for report in result.reports:
                if report.conversations:
                    self.imported.emit(report)
        elif isinstance(result, ExportReport):
            self.activity.tell([_words(porting_words.told_of_export(result))])

    def _enable(self, is_enabled: bool) -> None:
        for button in self._buttons:
            button.setEnabled(is_enabled)

    def _choose_file(self) -> None:
        kinds = self.tr("Exported chats (*.json *.zip *.chat);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import chats"), _home(), kinds)
        if name:
            self.import_from(Path(name))

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Import a folder"), _home())
        if name:
            self.import_from(Path(name))

    def _choose_target(self, ending: str) -> None:
        suggested = Path(_home()) / f"alcove-chats-{datetime.now().astimezone():%Y-%m-%d}.{ending}"
        kinds = "JSON (*.json)" if ending == "json" else self.tr("Markdown (*.zip *.md)")
        title = self.tr("Export all chats")
        name, _ = QFileDialog.getSaveFileName(self, title, str(suggested), kinds)
        if name:
            path = Path(name)
            self.export_to(path if path.suffix else path.with_suffix(f".{ending}"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        for first, second in (self._buttons[:2], self._buttons[2:]):
            row = QHBoxLayout()
            row.setSpacing(2 * theme.SPACE)
            row.addWidget(first)
            row.addWidget(second)
            row.addStretch(1)
            column.addLayout(row)
        self._found_row.setSpacing(2 * theme.SPACE)
        self._found_row.addStretch(1)
        column.insertLayout(1, self._found_row)
        column.addWidget(self.activity)

    def showEvent(self, event: QShowEvent) -> None:
        """Look, once, for what other apps keep here."""
        super().showEvent(event)
        if not self._has_looked:
            self.look_elsewhere()


@dataclass
class _Came:
    """What came of importing some files."""

    reports: list[ImportReport] = field(default_factory=list)
    errors: list[PortError] = field(default_factory=list)


def _lines(came: _Came) -> list[str]:
    """Return what is said of it; with the files' names where they are several."""
    is_one = len(came.reports) + len(came.errors) == 1
    lines: list[str] = []
    for report in came.reports:
        told = [_words(one) for one in porting_words.told_of_import(report)]
        lines += told if is_one else [f"{report.path.name}: {' '.join(told)}"]
    return lines + [" ".join(explanation(error)) for error in came.errors]


def _words(told: Explanation) -> str:
    what, _ = told.translated(lambda text: QCoreApplication.translate(porting_words.CONTEXT, text))
    return what


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
