"""Takes a result out of the app: to the clipboard, a file or a printer."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from assistant.paths import whole_file
from assistant.summaries.exporting.parts import Part
from assistant.ui.job import Job


class ExportKind(StrEnum):
    """Where a result can go."""

    COPY = "copy"
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"
    JSON = "json"
    PRINT = "print"


_WORDS = {
    ExportKind.COPY: QT_TRANSLATE_NOOP("exports", "Copy"),
    ExportKind.PDF: QT_TRANSLATE_NOOP("exports", "Save as PDF…"),
    ExportKind.DOCX: QT_TRANSLATE_NOOP("exports", "Save as Word document…"),
    ExportKind.HTML: QT_TRANSLATE_NOOP("exports", "Save as web page…"),
    ExportKind.MARKDOWN: QT_TRANSLATE_NOOP("exports", "Save as Markdown…"),
    ExportKind.TEXT: QT_TRANSLATE_NOOP("exports", "Save as text…"),
    ExportKind.JSON: QT_TRANSLATE_NOOP("exports", "Save as JSON…"),
    ExportKind.PRINT: QT_TRANSLATE_NOOP("exports", "Print…"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exportable:
    """A result as it leaves the app.

    Attributes:
        title: what it is called.
        parts: what a person reads of it.
        data: what a program reads of it.
        suggested: where it may be saved; the ending follows from the kind.
        language: ISO 639-1 code of most of its text, or "".
    """

    title: str
    parts: tuple[Part, ...]
    data: Mapping[str, object]
    suggested: Path
    language: str = ""


def words(kind: ExportKind) -> str:
    """Return what a menu calls it."""
    return QCoreApplication.translate("exports", str(_WORDS[kind]))


def add_to(menu: QMenu, wanted: SignalInstance) -> list[QAction]:
    """Add all kinds to `menu`; each is emitted through `wanted`; return their actions."""
    return [_action(menu, kind, wanted) for kind in ExportKind]


def _action(menu: QMenu, kind: ExportKind, wanted: SignalInstance) -> QAction:
    action = QAction(words(kind), menu)
    action.triggered.connect(lambda: wanted.emit(kind))
    menu.addAction(action)
    return action


def content(result: Exportable, kind: ExportKind) -> bytes:
    """Return the bytes of `result` as a file of a kind; `COPY` gives plain text."""
    # Seldom needed: a window starts without them.
    if kind is ExportKind.PDF:
        from assistant.ui.printing import to_pdf  # noqa: PLC0415

        return to_pdf(result.parts, result.title)
    if kind is ExportKind.DOCX:
        from assistant.summaries.exporting.docx import write_docx  # noqa: PLC0415

        return write_docx(result.parts, title=result.title)
    return _text(result, kind).encode("utf-8")


def _text(result: Exportable, kind: ExportKind) -> str:
    from assistant.summaries.exporting.html import write_html  # noqa: PLC0415
    from assistant.summaries.exporting.markdown import write_markdown  # noqa: PLC0415
    from assistant.summaries.exporting.text import write_text  # noqa: PLC0415

    match kind:
        case ExportKind.HTML:
            return write_html(result.parts, title=result.title, language=result.language)
        case ExportKind.MARKDOWN:
            return write_markdown(result.parts)
        case ExportKind.JSON:
            return json.dumps(result.data, ensure_ascii=False, indent=2) + "\n"
        case _:
            return write_text(result.parts)


class Exports(QWidget):
    """Never shown; stands in a page so that its dialogs stand before the window.

    Signals:
        failed (Exception): the file could not be written.
        saved (Path): it was.
    """

    failed = Signal(Exception)
    saved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()

    def export(self, result: Exportable, kind: ExportKind) -> None:
        """Copy, print or save `result`; where to is asked."""
        if kind is ExportKind.COPY:
            QGuiApplication.clipboard().setText(content(result, kind).decode("utf-8"))
        elif kind is ExportKind.PRINT:
            self._print(result)
        else:
            self._ask_and_save(result, kind)

    def save(self, path: Path, data: bytes) -> None:
        """Write `data` to `path`."""
        job = Job(lambda cancel: _write(path, data, cancel), self)
        job.failed.connect(self.failed)
        job.progressed.connect(self.saved)
        job.start()

    def _ask_and_save(self, result: Exportable, kind: ExportKind) -> None:
        suggested = result.suggested.with_suffix(f".{kind.value}")
        name, _ = QFileDialog.getSaveFileName(
            self.parentWidget(), words(kind).rstrip("…"), str(suggested), f"*.{kind.value}"
        )
        if name:
            self.save(Path(name), content(result, kind))

    def _print(self, result: Exportable) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - seldom needed

        from assistant.ui.printing import paint  # noqa: PLC0415

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(result.title)
        dialog = QPrintDialog(printer, self.parentWidget())
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: paint(result.parts, result.title, printer))
        dialog.show()


def _write(path: Path, data: bytes, cancel: threading.Event) -> Iterator[Path]:
    del cancel
    with whole_file(path) as file:
        file.write(data)
    yield path
