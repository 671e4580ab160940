"""A check-up under way on the page: what is measured now, how long it will take, Stop."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label
from assistant.ui.models.checkups.checkup_run import CheckupRun, RunState
from assistant.ui.models.checkups.words import in_plain_words, stage_in_words
from assistant.ui.models.model_facts import name_of

_PARTS = 1000
_MINUTE = 60


class CheckupRow(QFrame):
    """Shows one check-up, and in the end what came of it.

    Args:
        run: which one.
        parent: owner.

    Signals:
        details_wanted: the person wants to see the whole score card.
        dismissed: the row is to be taken away.
    """

    details_wanted = Signal()
    dismissed = Signal()

    def __init__(self, run: CheckupRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self.error_view: ErrorView | None = None
        theme.set_role(self, "card")
        self.title = label(self.tr("Checking {name}").format(name=name_of(run.model)), "subject")
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.title.text())
        self.stop_button = self._button(self.tr("Stop"), run.stop)
        self.details_button = self._button(self.tr("See the score card"), self.details_wanted.emit)
        self.dismiss_button = self._button(self.tr("Put away"), self.dismissed.emit)
        self._lay_out()
        run.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the check-up as it is now."""
        run = self.run
        if run.state is RunState.STOPPED:
            self.dismissed.emit()
            return
        self.words.setText(self._in_words())
        self.bar.setVisible(run.is_running)
        if run.progress is not None:
            self.bar.setValue(round(_PARTS * run.progress.done / max(run.progress.total, 1e-9)))
        self.bar.setAccessibleDescription(self.words.text())
        self.stop_button.setVisible(run.is_running)
        is_done = run.state is RunState.DONE
        self.details_button.setVisible(is_done)
        self.dismiss_button.setVisible(is_done)
        if is_done:
            self.title.setText(self.tr("{name} is checked").format(name=name_of(run.model)))
            theme.set_role(self.words, "")
        if run.state is RunState.FAILED:
            self._show_error()

    def _in_words(self) -> str:
        run = self.run
        if run.state is RunState.WAITING:
            return self.tr("Waiting until the reply that is under way has ended…")
        if run.state is RunState.DONE:
            return " ".join(in_plain_words(run.card)) if run.card else ""
        if run.progress is None:
            return ""
        left = self._time_left(run.progress.total - run.progress.done)
        return f"{stage_in_words(run.progress)} {left}"

    def _time_left(self, seconds: float) -> str:
        if seconds < _MINUTE:
            return self.tr("Less than a minute left.")
        return self.tr("About {count} min left.").format(count=round(seconds / _MINUTE))

    def _show_error(self) -> None:
        if self.error_view is not None or self.run.error is None:
            return
        for part in (self.title, self.words, self.bar, self.stop_button):
            part.hide()
        put_away = (self.tr("Put away"), self.dismissed.emit)
        self.error_view = ErrorView(self.run.error, [put_away])
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.error_view)
        layout.setContentsMargins(0, 0, 0, 0)
        theme.set_role(self, "")

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(f"{text}: {name_of(self.run.model)}")
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        head.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(2 * theme.SPACE)
        foot.addWidget(self.details_button)
        foot.addWidget(self.dismiss_button)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
