"""What a document's job is doing, how far it is, what remains, Pause and Stop."""

import time

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.documents.reading import ReadingProgress
from assistant.summaries.summary import Stage, SummaryProgress
from assistant.ui import theme
from assistant.ui.documents import places
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.labels import label, plain_tip

_SOONEST_ESTIMATE_S = 1.5
_STEPS = 1000  # of the bar
_SECTION_SHOWN = 48
# Stages that know how far they are; the others are over in a moment.
_MEASURED = {Stage.LOADING, Stage.PROMPT}


class ProgressLine(QWidget):
    """Names what happens; hidden while nothing does.

    Signals:
        stop_wanted: the person wants it to stop.
        pause_wanted (bool): it is to pause, or to go on.
    """

    stop_wanted = Signal()
    pause_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: object = None
        self._began_s = 0.0  # of the stage
        self._work_began_s = 0.0  # of a thorough summary
        self._share = 0.0
        self._pages_before = 0
        self._is_thorough = False
        self._is_paused = False
        self._paused_s = 0.0
        self._missed: object = None  # progress that came while it was paused
        self.document: Document | None = None  # names the places
        self.words = ElidedLabel("muted")
        self.left = label("", "muted", wraps=False)  # never cut, whatever the line says
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.pause_button = QPushButton()
        self.pause_button.clicked.connect(lambda: self.pause_wanted.emit(not self._is_paused))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop_wanted)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE)
        line = QHBoxLayout()
        line.setSpacing(2 * theme.SPACE)
        line.addWidget(self.words, 1)
        line.addWidget(self.left)
        column.addLayout(line)
        column.addWidget(self.bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(column, 1)
        layout.addWidget(self.pause_button)
        layout.addWidget(self.stop_button)
        self._name_pause()
        self.hide()

    def begin(self, text: str) -> None:
        """Show `text` until there is progress to tell."""
        self._stage = self._missed = None
        self._is_thorough = False
        self._pages_before = 0
        self._is_paused = False
        self._name_pause()
        self.pause_button.setEnabled(True)
        self.stop_button.setEnabled(True)
        self._show(text, "", None)
        self.show()

    def stopping(self) -> None:
        """Say that Stop was heard."""
        self.pause_button.setEnabled(False)
        self.stop_button.setEnabled(False)
        self._show(self.tr("Stopping"), "", None)

    def show_pause(self, *, is_possible: bool, is_paused: bool) -> None:
        """Offer to pause or to go on, and say so while it is paused."""
        self.pause_button.setVisible(is_possible)
        if is_paused is self._is_paused or not self.stop_button.isEnabled():
            return
        self._is_paused = is_paused
        self._name_pause()
        if is_paused:
            self._paused_s = time.monotonic()
            self.words.setText(self.tr("Paused"))
            self.left.clear()
            self.bar.setAccessibleName(self.words.text())
            if not self.bar.maximum():
                self.bar.setRange(0, _STEPS)  # it moves for ever otherwise
                self.bar.setValue(0)
            return
        rested_s = time.monotonic() - self._paused_s
        self._began_s += rested_s
        self._work_began_s += rested_s
        self.words.setText(self.tr("Going on"))
        if self._missed is not None:
            self.show_progress(self._missed)

    def show_progress(self, progress: object) -> None:
        """Show a `ReadingProgress` or a `SummaryProgress`."""
        if self._is_paused:
            self._missed = progress
            return
        if not self.stop_button.isEnabled():
            return
        self._missed = progress
        if isinstance(progress, ReadingProgress):
            self._show_reading(progress)
        else:
            self._show_summary(progress)

    def _name_pause(self) -> None:
        if self._is_paused:
            self.pause_button.setText(self.tr("Resume"))
            self.pause_button.setAccessibleName(self.tr("Resume the summary"))
        else:
            self.pause_button.setText(self.tr("Pause"))
            self.pause_button.setAccessibleName(self.tr("Pause the summary"))

    def _show_reading(self, progress: ReadingProgress) -> None:
        done, total = progress.pages_done, progress.pages_total
        self._note_stage("reading")
        if progress.is_recognising:
            text = self.tr("Recognising the letters of page {page} of {total}")
            text = text.format(page=min(done + 1, max(total, 1)), total=max(total, 1))
        elif total > 1:
            first = min(self._pages_before + 1, done) if done else 1
            text = self.tr("Reading pages {first}–{last} of {total}").format(
                first=first, last=max(done, 1), total=total
            )
        else:
            text = self.tr("Reading")
        self._pages_before = done
        self._show_share(text, done, total)

    def _show_summary(self, progress: object) -> None:
        if not isinstance(progress, SummaryProgress):
            return
        if progress.stage is Stage.CHECKING and self._stage is Stage.WRITING:
            return  # a moment within the writing
        self._note_stage(progress.stage)
        if not self._is_thorough and progress.stage in {Stage.READING, Stage.MERGING}:
            self._is_thorough = True
            self._work_began_s = time.monotonic()
            self._share = 0.0
        if self._is_thorough:
            left_s = progress.left_s
            left = "" if left_s is None else _left_words(left_s)
            self._show(self._what(progress), left, self._share_of_all(left_s))
            return
        done, total = progress.done, progress.total
        if progress.stage not in _MEASURED:
            done = total = 0
        self._show_share(self._what(progress), done, total)

    def _share_of_all(self, left_s: float | None) -> float:
        """Return how much of a thorough summary is done by its time; it never goes back."""
        if left_s is not None:
            elapsed = time.monotonic() - self._work_began_s
            self._share = max(self._share, elapsed / max(elapsed + left_s, 1e-9))
        return self._share

    def _what(self, progress: SummaryProgress) -> str:
        """Say what the model is at, with page and section where it is known."""
        if progress.stage is Stage.READING:
            return self._with_place(self.tr("Reading"), progress)
        if progress.stage is Stage.MERGING:
            return self._with_place(self.tr("Summing up"), progress)
        return {
            Stage.RANKING: self.tr("Finding the sentences that matter"),
            Stage.LOADING: self.tr("Loading the model"),
            Stage.COUNTING: self.tr("Planning the work"),
            Stage.PROMPT: self.tr("The model is reading what the parts say")
            if self._is_thorough
            else self.tr("The model is reading its selection"),
            Stage.WRITING: self.tr("Writing"),
            Stage.CHECKING: self.tr("Looking for the passages"),
            Stage.ASKING: self.tr("Asking the model about its sentences"),
        }[progress.stage]

    def _with_place(self, text: str, progress: SummaryProgress) -> str:
        document = self.document
        section = " ".join(progress.section.split())
        if len(section) > _SECTION_SHOWN:
            section = f"{section[: _SECTION_SHOWN - 1]}…"
        words = text
        if document is not None and 0 < progress.page <= len(document.pages) > 1:
            total = len(document.pages)
            words = self.tr("{what} {place} of {total}").format(
                what=text, place=places.bare(document, progress.page), total=total
            )
        if progress.total:
            steps = (
                self.tr("{done} of {total} parts")
                if progress.stage is Stage.MERGING
                else self.tr("{done} of {total} passages")
            )
            words = f"{words} · {steps.format(done=progress.done, total=progress.total)}"
        if section:  # last: where room is scarce, its end is cut
            words = f"{words} · “{section}”"
        return words

    def _note_stage(self, stage: object) -> None:
        if stage != self._stage:
            self._stage = stage
            self._began_s = time.monotonic()

    def _show_share(self, text: str, done: int, total: int) -> None:
        """Show how much of a stage is done, and when by that it will be over."""
        self._show(text, self._left(done, total), done / total if total else None)

    def _show(self, text: str, left: str, share: float | None) -> None:
        self.words.setText(text)
        self.left.setText(left)
        self.words.setToolTip(plain_tip(text))
        self.bar.setAccessibleName(text)
        if share is not None:
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(round(_STEPS * share))
        elif self.bar.maximum():
            self.bar.setRange(0, 0)

    def _left(self, done: int, total: int) -> str:
        elapsed = time.monotonic() - self._began_s
        if not done or done >= total or elapsed < _SOONEST_ESTIMATE_S:
            return ""
        return _left_words(elapsed * (total - done) / done)


def _left_words(seconds: float) -> str:
    """Return how long it still takes, as roughly as it is known."""
    translate = QCoreApplication.translate
    if seconds < 90:
        text = translate("ProgressLine", "about {seconds} s left")
        shown = max(1, round(seconds)) if seconds < 20 else 5 * round(seconds / 5)
        return text.format(seconds=shown)
    if seconds < 5400:
        return translate("ProgressLine", "about {minutes} min left").format(
            minutes=round(seconds / 60)
        )
    hours = QLocale().toString(round(seconds / 1800) / 2, "f", 1)
    return translate("ProgressLine", "about {hours} h left").format(hours=hours)
