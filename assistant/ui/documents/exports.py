"""Takes a result out of the app: to the clipboard or to a file."""

import json
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.documents.document import Document
from assistant.summaries.summary import Summary
from assistant.ui.documents import work
from assistant.ui.documents.session import DocumentSession
from assistant.ui.job import Job

_ENDINGS = {"markdown": "md", "text": "txt", "json": "json"}


class Exports(QWidget):
    """Never shown; stands in the page so that its dialogs stand before the window.

    Signals:
        failed (Exception): the file could not be written.
    """

    failed = Signal(Exception)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    def export(self, session: DocumentSession | None, kind: str) -> None:
        """Copy the result ("copy"), or save it as "markdown", "text" or "json"."""
        if session is None or session.document is None or session.summary is None:
            return
        text = _text(session.document, session.summary, kind)
        if kind == "copy":
            QGuiApplication.clipboard().setText(text)
            return
        ending = _ENDINGS[kind]
        suggested = session.path.with_name(f"{session.path.stem} summary.{ending}")
        name, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), self.tr("Save the summary"), str(suggested), f"*.{ending}"
        )
        if name:
            self.save(Path(name), text)

    def save(self, path: Path, text: str) -> None:
        """Write `text` to `path`."""
        job = Job(lambda cancel: work.export(path, text, cancel), self)
        job.failed.connect(self.failed)
        job.start()


def _text(document: Document, summary: Summary, kind: str) -> str:
    from assistant.summaries import exporting  # noqa: PLC0415 - seldom needed

    if kind == "json":
        content = exporting.to_dict(document, summary)
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write = exporting.to_markdown if kind == "markdown" else exporting.to_text
    return write(document, summary)
