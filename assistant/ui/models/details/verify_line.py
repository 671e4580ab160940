"""Verifying a model again: the bar, what was found, and the repair."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.models.downloading.verifying import VerifyProgress
from assistant.ui import icons, theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import counted, label, show_if
from assistant.ui.models.details.verification import Verification, Verified
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.section import button_row
from assistant.wording import size

_PARTS = 1000
_SIGNS = {
    Verified.SOUND: ("circle-check", "success"),
    Verified.REPAIRED: ("circle-check", "success"),
    Verified.FIRST_SUM: ("info", "accent"),
    Verified.DAMAGED: ("circle-alert", "danger"),
}


class VerifyLine(QWidget):
    """Shows one verification; hidden before it was begun.

    Args:
        verification: which one.
        parent: owner.

    Signals:
        repair_wanted: the person wants what is damaged to be fetched again.
    """

    repair_wanted = Signal()

    def __init__(self, verification: Verification, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one = verification
        self.error_view: ErrorView | None = None
        self._sign = QLabel()
        self.words = label()
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(
            self.tr("Verifying {name}").format(name=name_of(verification.model))
        )
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(verification.stop)
        self.repair_button = QPushButton()
        theme.set_role(self.repair_button, "primary")
        self.repair_button.clicked.connect(self.repair_wanted)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self._sign)
        head.addWidget(self.words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * theme.SPACE)
        self._column.addLayout(head)
        self._column.addWidget(self.bar)
        self._column.addLayout(button_row(self.repair_button, self.stop_button))
        verification.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show it as it is now."""
        one = self._one
        show_if(self, one.state is not Verified.NOT_YET)
        self.words.setText(self._in_words())
        self.bar.setVisible(one.is_running)
        progress = one.progress
        done, total = (progress.done_bytes, progress.total_bytes) if progress else (0, 0)
        self.bar.setValue(round(_PARTS * done / max(1, total)))
        self.bar.setAccessibleDescription(self.words.text())
        self.stop_button.setVisible(one.is_running)
        self.repair_button.setVisible(one.can_repair)
        text = self.tr("Fetch {size} again").format(size=size(one.damaged_bytes))
        self.repair_button.setText(text)
        found = _SIGNS.get(one.state)
        self._sign.setVisible(found is not None)
        if found is not None:
            icons.put(self._sign, *found, 16)
        self._show_error()

    def _in_words(self) -> str:
        state = self._one.state
        if state is Verified.SOUND:
            return self.tr("Sound: every byte is as it came.")
        if state is Verified.REPAIRED:
            return self.tr("Repaired: every byte is as it came.")
        if state is Verified.FIRST_SUM:
            return self.tr(
                "It can be read to its end. There was nothing to compare it with; its sums are "
                "kept now, so later damage will show."
            )
        if state is Verified.DAMAGED:
            return self._damage()
        return self._under_way() if self._one.is_running else ""

    def _under_way(self) -> str:
        progress = self._one.progress
        if progress is None:
            return self.tr("Beginning…")
        parts = [self.tr("Fetching what is damaged…")]
        if isinstance(progress, VerifyProgress):
            parts = [self.tr("Reading the file and comparing it…")]
        if progress.total_bytes:
            done, total = size(progress.done_bytes), size(progress.total_bytes)
            parts.append(self.tr("{done} of {total}").format(done=done, total=total))
        left = progress.seconds_left
        if left is not None:
            text = self.tr("{seconds} s left")
            parts.append(text.format(seconds=QLocale().toString(max(1, round(left)))))
        return " · ".join(parts)

    def _damage(self) -> str:
        one = self._one
        result = one.result
        if result is None:
            return ""
        if result.is_located:
            count = len(result.damaged)
            text = self.tr(
                "Damaged in %n place(s), {size} in all: answers may be wrong.", "", count
            )
            what = counted(text, count).format(size=size(one.damaged_bytes))
        else:
            what = self.tr("Damaged, nobody can say where: answers may be wrong.")
        if one.can_repair:
            again = self.tr("Only that is fetched again, from {repo}.").format(repo=one.model.repo)
            return f"{what} {again}"
        if not one.model.is_ours:
            return f"{what} " + self.tr("Fetch it again in the app that it belongs to.")
        return f"{what} " + self.tr("Add the file again from where you have it.")

    def _show_error(self) -> None:
        if self.error_view is not None:
            self.error_view.hide()
            self.error_view.deleteLater()
            self.error_view = None
        if self._one.error is not None:
            again = (self.tr("Try again"), self._again)
            self.error_view = ErrorView(self._one.error, [again])
            self._column.addWidget(self.error_view)

    def _again(self) -> None:
        if self._one.result is not None:
            self.repair_wanted.emit()
        else:
            self._one.start()
