"""A download on the page: how far and how fast it is, what can be done, and what went wrong."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.errors import DownloadError, DownloadFault, NetworkClosed
from assistant.models.downloading.download import DownloadProgress, DownloadStage
from assistant.ui import icons, theme
from assistant.ui.announcing import announce
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.labels import label
from assistant.ui.models.downloads.downloads import Download, State
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
        start_wanted: it is to go on.
        start_now_wanted: it is to go before the one that runs.
        move_wanted (int): before (-1) or behind (1) its neighbour in the queue.
        dismissed: the row of a complete download is to be taken away.
        settings_wanted: the next step is to be taken in Settings.
    """

    discard_wanted = Signal()
    use_wanted = Signal()
    start_wanted = Signal()
    start_now_wanted = Signal()
    move_wanted = Signal(int)
    dismissed = Signal()
    settings_wanted = Signal()

    def __init__(self, download: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.download = download
        self._error: ErrorView | None = None
        theme.set_role(self, "card")
        self.title = label(download.wanted.title, "subject")
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.pause_button = self._button(self.tr("Pause"), download.pause)
        self.now_button = self._button(self.tr("Start now"), self.start_now_wanted.emit)
        self.go_button = self._button(self.tr("Resume"), self.start_wanted.emit)
        self.use_button = self._button(self.tr("Use"), self.use_wanted.emit)
        self.stop_button = self._button(self.tr("Stop"), self.discard_wanted.emit)
        self.discard_button = self._button(self.tr("Discard"), self.discard_wanted.emit)
        self.done_button = self._button(self.tr("Put away"), self.dismissed.emit)
        self.up_button = self._arrow("arrow-up", self.tr("Earlier"), -1)
        self.down_button = self._arrow("arrow-down", self.tr("Later"), 1)
        self._lay_out()
        self._told = download.state
        download.changed.connect(self.show_state)
        self.show_state()

    @property
    def error_view(self) -> ErrorView | None:
        """What went wrong, while it is shown."""
        return self._error

    def show_moves(self, *, can_rise: bool, can_sink: bool) -> None:
        """Offer the places before and behind it that it could take."""
        is_waiting = self.download.state is State.WAITING
        for button, can in ((self.up_button, can_rise), (self.down_button, can_sink)):
            button.setVisible(is_waiting and (can_rise or can_sink))
            button.setEnabled(can)

    def show_state(self) -> None:
        """Show the download as it is now."""
        one, state = self.download, self.download.state
        progress = one.progress
        self.bar.setValue(round(_PARTS * progress.done_bytes / max(1, progress.total_bytes)))
        has_begun = state is State.RUNNING or progress.done_bytes > 0
        self.bar.setVisible(state is not State.COMPLETE and has_begun)
        self.words.setText(self._words())
        self.words.setVisible(bool(self.words.text()))
        self.bar.setAccessibleName(f"{one.wanted.title}: {self.words.text()}")
        had_focus = any(button.hasFocus() for button in self._buttons())
        for button, states in (
            (self.pause_button, {State.RUNNING}),
            (self.now_button, {State.WAITING}),
            (self.go_button, {State.PAUSED}),
            (self.use_button, {State.COMPLETE}),
            (self.done_button, {State.COMPLETE}),
            (self.stop_button, {State.RUNNING, State.WAITING}),
            (self.discard_button, {State.PAUSED, State.FAILED}),
        ):
            button.setVisible(state in states)
        if state is not State.WAITING:
            self.show_moves(can_rise=False, can_sink=False)
        if had_focus and not any(button.hasFocus() for button in self._buttons()):
            self._focus_first()
        self._show_error()
        self._announce()

    def _announce(self) -> None:
        """Tell a screen reader that it ended, not how far it is."""
        state, before = self.download.state, self._told
        self._told = state
        if state is not before and state in {State.COMPLETE, State.FAILED} and self.isVisible():
            words = self._error.accessibleName() if self._error else self.words.text()
            announce(self, f"{self.download.wanted.title}: {words}")

    def _buttons(self) -> list[QPushButton]:
        return [
            self.pause_button,
            self.now_button,
            self.go_button,
            self.use_button,
            self.done_button,
            self.stop_button,
            self.discard_button,
        ]

    def _focus_first(self) -> None:
        """Keep the keyboard on the row when the button under it went away."""
        shown = next((button for button in self._buttons() if not button.isHidden()), None)
        if shown is not None:
            shown.setFocus()

    def _words(self) -> str:
        one = self.download
        if one.state is State.RUNNING:
            return self._running(one.progress)
        if one.state is State.COMPLETE:
            return self.tr("Downloaded and checked.")
        words = {
            State.WAITING: self.tr("Waiting for the download before it."),
            State.PAUSED: self.tr("Paused."),
        }.get(one.state, "")
        if one.progress.done_bytes:
            here = self.tr("{done} are here.").format(done=_of(one.progress))
            return f"{words} {here}".strip()
        if one.progress.total_bytes and one.state is not State.FAILED:
            return f"{words} {size(one.progress.total_bytes)}.".strip()
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
        error = self.download.error if self.download.state is State.FAILED else None
        if self._error is not None and self._error.error is error:
            return
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        if error is not None:
            self._error = ErrorView(error, self._next_steps(error))
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self._error)

    def _next_steps(self, error: Exception) -> list[Action]:
        """Return the buttons that take the next step, the likeliest first."""
        retry = (self.tr("Try again"), self.download.start)
        if isinstance(error, NetworkClosed):
            return [(self.tr("Open Settings"), self.settings_wanted.emit), retry]
        if isinstance(error, DownloadError) and error.fault is DownloadFault.GATED:
            return [(self.tr("Enter access token…"), self.settings_wanted.emit), retry]
        return [retry]

    def _button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"{text}: {self.download.wanted.title}")
        button.clicked.connect(lambda _=False: slot())
        return button

    def _arrow(self, icon: str, text: str, by: int) -> QToolButton:
        button = QToolButton()
        icons.put(button, icon, size=16)
        button.setToolTip(text)
        button.setAccessibleName(f"{text}: {self.download.wanted.title}")
        button.clicked.connect(lambda: self.move_wanted.emit(by))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addWidget(self.title)
        words.addWidget(self.words)
        head.addLayout(words, 1)
        for button in (self.up_button, self.down_button, *self._buttons()):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.bar)


def _of(progress: DownloadProgress) -> str:
    """Return "1.2 / 5.0 GB", both in the unit of the whole."""
    if not progress.total_bytes:
        return ""
    total = size(progress.total_bytes)
    number, unit = total.split(" ")
    scale = {"kB": 1e3, "MB": 1e6, "GB": 1e9}[unit]
    digits = len(number.partition(".")[2])
    return f"{progress.done_bytes / scale:.{digits}f} / {total}"
