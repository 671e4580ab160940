"""Crash reports, to be read before anyone else gets to see them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QStandardPaths, Qt, QTimeZone
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.crash_reports import Reports
from assistant.crash_reports.report import process_in
from assistant.errors import AssistantError
from assistant.paths import write_atomically
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label, show_if


class CrashView(QDialog):
    """A window of its own that stands beside the work; it blocks nothing and sends nothing.

    Args:
        reports: where they are kept.
        parent: owner.
        shown: the one that is meant; None for the newest.
    """

    def __init__(
        self, reports: Reports, parent: QWidget | None = None, *, shown: Path | None = None
    ) -> None:
        super().__init__(parent)
        self._reports = reports
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Crash reports"))
        self.resize(760, 560)
        self.words = label()
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(self.tr("Which report"))
        self.chooser.currentIndexChanged.connect(lambda _: self._show())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("The report"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        theme.set_role(self.text, "field")
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.text.toPlainText())
        )
        self.save_button = QPushButton(self.tr("Save as…"))
        self.save_button.clicked.connect(self._save)
        self.delete_button = QPushButton(self.tr("Delete"))
        self.delete_button.clicked.connect(self._delete)
        self._faults = QVBoxLayout()
        self._lay_out()
        self._fill(shown)

    def save_to(self, path: Path) -> None:
        """Save the report that is shown."""
        while (item := self._faults.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        try:
            write_atomically(path, self.text.toPlainText().encode())
        except AssistantError as error:
            self._faults.addWidget(ErrorView(error, is_dismissible=True))

    def _fill(self, shown: Path | None = None) -> None:
        found: Sequence[Path] = self._reports.list()
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for path in found:
            self.chooser.addItem(f"{_when(path)} · {process_in(self._reports.read(path))}", path)
        if shown in found:
            self.chooser.setCurrentIndex(found.index(shown))
        self.chooser.blockSignals(False)
        for widget in (self.text, self.copy_button, self.save_button, self.delete_button):
            show_if(widget, bool(found))
        show_if(self.chooser, len(found) > 1)
        self.words.setText(
            self.tr(
                "Nothing of this is sent anywhere. Read it; if you want to tell somebody of the "
                "fault, copy it into your message."
            )
            if found
            else self.tr("There are no crash reports.")
        )
        self._show()

    def _show(self) -> None:
        path = self.chooser.currentData()
        self.text.setPlainText(self._reports.read(path) if isinstance(path, Path) else "")

    def _save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = Path(folder) / "Alcove crash report.txt"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), str(name))
        if chosen:
            self.save_to(Path(chosen))

    def _delete(self) -> None:
        path = self.chooser.currentData()
        if isinstance(path, Path):
            self._reports.remove(path)
        self._fill()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self.words)
        layout.addWidget(self.chooser)
        layout.addWidget(self.text, 1)
        layout.addLayout(self._faults)
        layout.addLayout(buttons)
        layout.addStretch(0)


def _when(path: Path) -> str:
    """Return when a report was made, from its file's name; the name where that says nothing."""
    stamp = "".join(c for c in path.stem.removeprefix("crash-")[:15] if c.isdigit())
    made = QDateTime.fromString(stamp, "yyyyMMddHHmmss")
    if not made.isValid():
        return path.stem
    made.setTimeZone(QTimeZone.utc())
    return QLocale().toString(made.toLocalTime(), QLocale.FormatType.ShortFormat)
