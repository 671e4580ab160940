"""The app lock in Settings: a password is set, changed or removed; when it is asked for."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.conversations import locking
from assistant.settings import Settings
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import label

_MINUTES = (0, 1, 5, 15, 60)


class LockRow(QWidget):
    """Whether the window asks for a password. The password itself is never kept.

    Args:
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
        lock_wanted: the window should be locked now.
    """

    changed = Signal(str, object)
    lock_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._job: Job | None = None
        self.set_button = QPushButton()
        self.lock_button = QPushButton(self.tr("Lock now"))
        self.minutes = QComboBox()
        self.minutes.setAccessibleName(self.tr("Lock by itself"))
        for minutes in _MINUTES:
            self.minutes.addItem(self._minutes_words(minutes), minutes)
        self.at_start = QCheckBox(self.tr("Ask for it when Alcove starts"))
        self.form = self._make_form()
        self.done = label("", "muted")
        self.done.hide()
        self.set_button.clicked.connect(self._open_form)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.minutes.currentIndexChanged.connect(
            lambda _: self.changed.emit("lock_minutes", self.minutes.currentData())
        )
        self.at_start.toggled.connect(lambda is_on: self.changed.emit("locks_at_start", is_on))
        self._lay_out()
        self.show_values(Settings())

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        self._kept = settings.lock_hash
        has_password = bool(self._kept)
        self.set_button.setText(
            self.tr("Change the password…") if has_password else self.tr("Set a password…")
        )
        for widget in (self.lock_button, self.minutes, self.at_start):
            widget.setVisible(has_password)
        self.minutes.blockSignals(True)
        index = self.minutes.findData(settings.lock_minutes)
        if index < 0:  # edited by hand
            self.minutes.addItem(self._minutes_words(settings.lock_minutes), settings.lock_minutes)
            index = self.minutes.count() - 1
        self.minutes.setCurrentIndex(index)
        self.minutes.blockSignals(False)
        self.at_start.blockSignals(True)
        self.at_start.setChecked(settings.locks_at_start)
        self.at_start.blockSignals(False)

    def _open_form(self) -> None:
        has_password = bool(self._kept)
        for field in (self.current, self.first, self.second):
            field.clear()
        self.fault.hide()
        self.done.hide()
        self.current.setVisible(has_password)
        self.remove_button.setVisible(has_password)
        self.set_button.setEnabled(False)
        self.form.show()
        (self.current if has_password else self.first).setFocus()

    def _close_form(self) -> None:
        for field in (self.current, self.first, self.second):
            field.clear()  # nothing of a password stays in the window
        self.form.hide()
        self.set_button.setEnabled(True)
        self.set_button.setFocus()

    def _save(self) -> None:
        password = self.first.text()
        if not password:
            self._say(self.tr("Type a password first."))
        elif password != self.second.text():
            self._say(self.tr("The two are not the same. Type them again."))
        else:
            self._apply(password)

    def _apply(self, password: str) -> None:
        """Keep the sum of a password, "" for none, if the present one was given rightly."""
        if self._job is not None:
            return
        kept, current = self._kept, self.current.text()

        def work(cancel: threading.Event) -> Iterator[str | None]:
            del cancel
            if kept and not locking.is_right(current, kept):
                yield None
            else:
                yield locking.hashed(password) if password else ""

        self.form.setEnabled(False)
        self._job = Job(work, self)
        self._job.succeeded.connect(self._take)
        self._job.finished.connect(self._settle)
        self._job.start()

    def _take(self, made: str | None) -> None:
        if made is None:
            self.current.clear()
            self._say(self.tr("The present password is another one."))
            return
        self._close_form()
        self.changed.emit("lock_hash", made)
        self.done.setText(
            self.tr("The window can be locked now: Ctrl+L.")
            if made
            else self.tr("The password was removed.")
        )
        self.done.show()

    def _settle(self) -> None:
        self._job = None
        self.form.setEnabled(True)
        if self.form.isVisible():
            (self.current if self.current.isVisible() else self.first).setFocus()

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.show()

    def _minutes_words(self, minutes: int) -> str:
        if minutes <= 0:
            return self.tr("Only when I lock it")
        if minutes == 1:
            return self.tr("After a minute without a key or click")
        return self.tr("After {minutes} minutes without a key or click").format(minutes=minutes)

    def _make_form(self) -> QWidget:
        self.current = _field(self.tr("Present password"))
        self.first = _field(self.tr("New password"))
        self.second = _field(self.tr("The same once more"))
        self.fault = label("", "danger")
        self.save_button = QPushButton(self.tr("Set"))
        theme.set_role(self.save_button, "primary")
        self.remove_button = QPushButton(self.tr("Remove the password"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.save_button.clicked.connect(self._save)
        self.second.returnPressed.connect(self._save)
        self.remove_button.clicked.connect(lambda: self._apply(""))
        self.cancel_button.clicked.connect(self._close_form)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        for button in (self.save_button, self.remove_button, self.cancel_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, theme.SPACE, 0, theme.SPACE)
        column.setSpacing(theme.SPACE)
        for widget in (self.current, self.first, self.second, self.fault):
            column.addWidget(widget)
        column.addLayout(buttons)
        form.hide()
        return form

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.set_button)
        row.addWidget(self.lock_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.form)
        column.addWidget(self.done)
        column.addWidget(self.minutes)
        column.addWidget(self.at_start)


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setMaxLength(locking.LONGEST)
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    return made
