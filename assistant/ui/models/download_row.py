"""A download on the page: a bar, its speed, the time left, Pause; and what went wrong."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.models.download import DownloadProgress, DownloadStage
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label
from assistant.ui.models.downloads import Download, State
from assistant.wording import size

_PARTS = 1000
_MINUTE, _HOUR = 60, 3600


class DownloadRow(QFrame):
    """Shows one download.

    Args:
        download: which one.
        parent: owner.

    Signals:
        discard_wanted: the person does not want it any more.
        use_wanted: the person wants to use the model that came.
    """

    discard_wanted = Signal()
    use_wanted = Signal()

    def __init__(self, download: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._download = download
        self._error: ErrorView | None = None
        theme.set_role(self, "card")
        self.title = label(download.wanted.title, "subject", wraps=False)
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.pause_button = self._button(self.tr("Pause"), download.pause)
        self.go_button = self._button(self.tr("Continue"), download.start)
        self.use_button = self._button(self.tr("Use"), self.use_wanted.emit)
        self.discard_button = self._button(self.tr("Discard"), self.discard_wanted.emit)
        self._lay_out()
        download.changed.connect(self.show_state)
        self.show_state()

    @property
    def error_view(self) -> ErrorView | None:
        """What went wrong, while it is shown."""
        return self._error

    def show_state(self) -> None:
        """Show the download as it is now."""
        one = self._download
        progress = one.progress
        self.bar.setValue(round(_PARTS * progress.done_bytes / max(1, progress.total_bytes)))
        has_begun = one.state is not State.FAILED or progress.total_bytes > 0
        self.bar.setVisible(one.state is not State.COMPLETE and has_begun)
        self.words.setText(self._words())
        self.bar.setAccessibleName(f"{one.wanted.title}: {self.words.text()}")
        self.pause_button.setVisible(one.state is State.RUNNING)
        self.go_button.setVisible(one.state is State.PAUSED)
        self.use_button.setVisible(one.state is State.COMPLETE)
        self.discard_button.setVisible(one.state in {State.PAUSED, State.FAILED})
        self._show_error()

    def _words(self) -> str:
        one = self._download
        if one.state is State.RUNNING:
            return self._running(one.progress)
        if one.state is State.COMPLETE:
            return self.tr("Downloaded and checked.")
        words = self.tr("Paused.") if one.state is State.PAUSED else ""
        if one.progress.done_bytes:
            here = self.tr("{done} are here.").format(done=_of(one.progress))
            return f"{words} {here}".strip()
        return words

    def _running(self, progress: DownloadProgress) -> str:
        if progress.stage is DownloadStage.ASKING:
            return self.tr("Asking the hub…")
        if progress.stage is DownloadStage.CHECKING:
            return self.tr("Checking what is here already…")
        if progress.stage is DownloadStage.WAITING:
            return self.tr("{done}. Trying again in {seconds} s.").format(
                done=_of(progress), seconds=round(progress.wait_s)
            )
        parts = [_of(progress)]
        if progress.bytes_per_s:
            parts.append(self.tr("{size} a second").format(size=size(progress.bytes_per_s)))
        if progress.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=self._time(progress.seconds_left)))
        return " · ".join(part for part in parts if part)

    def _time(self, seconds: float) -> str:
        if seconds < _MINUTE:
            return self.tr("less than a minute")
        if seconds < _HOUR:
            return self.tr("about {count} min").format(count=round(seconds / _MINUTE))
        hours = QLocale().toString(seconds / _HOUR, "f", 1)
        return self.tr("about {count} h").format(count=hours)

    def _show_error(self) -> None:
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        if self._download.error is not None and self._download.state is State.FAILED:
            retry = (self.tr("Try again"), self._download.start)
            self._error = ErrorView(self._download.error, [retry])
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self._error)

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"{text}: {self._download.wanted.title}")
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addWidget(self.title)
        words.addWidget(self.words)
        head.addLayout(words, 1)
        for button in (self.pause_button, self.go_button, self.use_button, self.discard_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.bar)


def _of(progress: DownloadProgress) -> str:
    """Return "1.2 of 5.0 GB", both in the unit of the whole."""
    if not progress.total_bytes:
        return ""
    total = size(progress.total_bytes)
    number, unit = total.split(" ")
    scale = {"kB": 1e3, "MB": 1e6, "GB": 1e9}[unit]
    digits = len(number.partition(".")[2])
    return f"{progress.done_bytes / scale:.{digits}f} / {total}"
