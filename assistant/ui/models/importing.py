"""A model file of the person's own that is being copied in."""

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.wording import size


class ImportRow(QFrame):
    """Copies a file, shows how far it is, and why it was refused.

    Args:
        path: the file.
        folder: where models are kept.
        parent: owner.

    Signals:
        completed (object): the model that is here now.
        dismissed: the row is to be taken away.
    """

    completed = Signal(object)
    dismissed = Signal()

    def __init__(self, path: Path, folder: ModelFolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error_view: ErrorView | None = None
        theme.set_role(self, "card")
        self.title = label(self.tr("Adding {name}").format(name=path.name), "subject")
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.title.text())
        self.stop_button = QPushButton(self.tr("Stop"))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)

        def work(cancel: threading.Event) -> Iterator[CopyProgress | InstalledModel]:
            return folder.add(path, cancel=cancel)

        self._job = Job(work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.cancelled.connect(self.dismissed)
        self._job.succeeded.connect(self._succeed)
        self.stop_button.clicked.connect(self._job.cancel)

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it; nothing is left behind."""
        self._job.cancel()

    def _take(self, event: CopyProgress | InstalledModel) -> None:
        if isinstance(event, CopyProgress):
            self.bar.setValue(round(100 * event.done_bytes / max(1, event.total_bytes)))
            done, total = size(event.done_bytes), size(event.total_bytes)
            self.words.setText(self.tr("{done} of {total}").format(done=done, total=total))

    def _succeed(self, model: InstalledModel) -> None:
        self.completed.emit(model)
        self.dismissed.emit()

    def _fail(self, error: Exception) -> None:
        for part in (self.title, self.words, self.bar, self.stop_button):
            part.hide()
        put_away = (self.tr("Put away"), self.dismissed.emit)
        self.error_view = ErrorView(error, [put_away])
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.error_view)
        layout.setContentsMargins(0, 0, 0, 0)
        theme.set_role(self, "")
