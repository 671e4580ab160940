"""What a button of Settings started: a bar with Stop, then what came of it or what went wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job, Work
from assistant.ui.labels import label

_PARTS = 1000

# Of a value that the work yields: how far it is from 0 to 1, and what that is in words; None for
# one that is the result.
Progress = Callable[[Any], tuple[float, str] | None]


class Activity(QWidget):
    """One piece of work at a time; hidden while there is none and nothing was said.

    Signals:
        started: buttons that would start more should rest.
        succeeded (object): the result; also one of work that was stopped and has one.
        ended: whatever came of it.
    """

    started = Signal()
    succeeded = Signal(object)
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._result: object = None
        self._progress: Progress = lambda _: None
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.words = label("", "muted", wraps=False)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop)
        self._running = QWidget()
        row = QHBoxLayout(self._running)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        row.addWidget(self.stop_button)
        self._said = QVBoxLayout()
        self._said.setSpacing(theme.SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        column.addWidget(self._running)
        column.addLayout(self._said)
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    @property
    def lines(self) -> list[str]:
        """What stands there now."""
        return [widget.text() for widget in self._widgets() if isinstance(widget, QLabel)]

    @property
    def error(self) -> Exception | None:
        """What went wrong, if that stands there now."""
        return next((w.error for w in self._widgets() if isinstance(w, ErrorView)), None)

    def start(self, name: str, work: Work, progress: Progress) -> None:
        """Begin, unless something is under way.

        Args:
            name: what is done, for screen readers.
            work: what is done, as `Job` takes it.
            progress: how far a value says that it is.
        """
        if self._job is not None:
            return
        self.clear()
        self._progress = progress
        self._result = None
        self.bar.setAccessibleName(name)
        self.bar.setValue(0)
        self.words.setText("")
        self.stop_button.setEnabled(True)
        self._running.show()
        self.show()
        self._job = Job(work, self)
        self._job.progressed.connect(self._follow)
        self._job.succeeded.connect(lambda _: self._tell_result())
        self._job.cancelled.connect(self._tell_result)
        self._job.failed.connect(self.fail)
        self._job.finished.connect(self._settle)
        self.started.emit()
        self._job.start()

    def stop(self) -> None:
        """Stop what is under way."""
        if self._job is not None:
            self.stop_button.setEnabled(False)
            self._job.cancel()

    def tell(self, lines: Sequence[str]) -> None:
        """Say what came of it."""
        self.clear()
        for number, text in enumerate(lines):
            self._said.addWidget(label(text, "" if number == 0 else "muted", selectable=True))
        self.setAccessibleDescription(" ".join(lines))
        self.setVisible(bool(lines))

    def fail(self, error: Exception) -> None:
        """Say what went wrong."""
        self.clear()
        self._said.addWidget(ErrorView(error))
        self.show()

    def clear(self) -> None:
        """Take away what was said."""
        while (item := self._said.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.setVisible(self.is_running)

    def _widgets(self) -> list[QWidget]:
        items = (self._said.itemAt(i) for i in range(self._said.count()))
        return [widget for item in items if item and (widget := item.widget())]

    def _follow(self, value: object) -> None:
        far = self._progress(value)
        if far is None:
            self._result = value
        else:
            self.bar.setValue(round(_PARTS * min(1.0, far[0])))
            self.words.setText(far[1])

    def _tell_result(self) -> None:
        if self._result is None:
            self.tell([self.tr("Stopped; nothing was changed.")])
        else:
            self.succeeded.emit(self._result)

    def _settle(self) -> None:
        self._job = None
        self._running.hide()
        self.setVisible(self._said.count() > 0)
        self.ended.emit()
