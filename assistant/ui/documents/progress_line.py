"""What a document's job is doing, how far it is, what remains, and Stop."""

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.documents.reading import ReadingProgress
from assistant.ui import theme
from assistant.ui.labels import label

_SOONEST_ESTIMATE_S = 1.5
_STEPS = 1000  # of the bar


class ProgressLine(QWidget):
    """Names what happens; hidden while nothing does.

    Signals:
        stop_wanted: the person wants it to stop.
    """

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: object = None
        self._began_s = 0.0
        self._pages_before = 0
        self.words = label("", "muted", wraps=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop_wanted)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(column, 1)
        layout.addWidget(self.stop_button)
        self.hide()

    def begin(self, text: str) -> None:
        """Show `text` until there is progress to tell."""
        self._stage = None
        self._pages_before = 0
        self.stop_button.setEnabled(True)
        self._show(text, 0, 0)
        self.show()

    def stopping(self) -> None:
        """Say that Stop was heard."""
        self.stop_button.setEnabled(False)
        self._show(self.tr("Stopping"), 0, 0)

    def show_progress(self, progress: object) -> None:
        """Show a `ReadingProgress` or a `SummaryProgress`."""
        if not self.stop_button.isEnabled():
            return
        if isinstance(progress, ReadingProgress):
            self._show_reading(progress)
        else:
            self._show_summary(progress)

    def _show_reading(self, progress: ReadingProgress) -> None:
        done, total = progress.pages_done, progress.pages_total
        self._note_stage("reading")
        if total > 1:
            first = min(self._pages_before + 1, done) if done else 1
            text = self.tr("Reading pages {first}–{last} of {total}").format(
                first=first, last=max(done, 1), total=total
            )
        else:
            text = self.tr("Reading")
        self._pages_before = done
        self._show(text, done, total)

    def _show_summary(self, progress: object) -> None:
        from assistant.summaries.summarizing import Stage, SummaryProgress  # noqa: PLC0415 - numpy

        if not isinstance(progress, SummaryProgress):
            return
        self._note_stage(progress.stage)
        text = {
            Stage.RANKING: self.tr("Finding the sentences that matter"),
            Stage.LOADING: self.tr("Loading the model"),
            Stage.PROMPT: self.tr("The model is reading its selection"),
            Stage.WRITING: self.tr("Writing"),
            Stage.CHECKING: self.tr("Looking for the passages"),
        }[progress.stage]
        known = progress.stage in {Stage.LOADING, Stage.PROMPT}
        self._show(text, progress.done if known else 0, progress.total if known else 0)

    def _note_stage(self, stage: object) -> None:
        if stage != self._stage:
            self._stage = stage
            self._began_s = time.monotonic()

    def _show(self, text: str, done: int, total: int) -> None:
        left = self._left(done, total)
        self.words.setText(f"{text} · {left}" if left else text)
        self.bar.setAccessibleName(text)
        if total:
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(round(_STEPS * done / total))
        elif self.bar.maximum():
            self.bar.setRange(0, 0)

    def _left(self, done: int, total: int) -> str:
        elapsed = time.monotonic() - self._began_s
        if not done or done >= total or elapsed < _SOONEST_ESTIMATE_S:
            return ""
        seconds = elapsed * (total - done) / done
        if seconds < 90:
            return self.tr("about {seconds} s left").format(seconds=max(1, round(seconds)))
        return self.tr("about {minutes} min left").format(minutes=round(seconds / 60))
