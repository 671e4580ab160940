"""What stands over a locked window: the app's name, a field for the password, and plain words."""

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.conversations import locking
from assistant.ui import icons, theme
from assistant.ui.job import Job
from assistant.ui.labels import label

_WIDTH = 420  # px
_SIGN = 40  # px
_SECOND_MS = 1000


class LockScreen(QFrame):
    """Covers its window until the password is given. Passwords are compared on a thread.

    Args:
        settings_path: the file that the lock stands in, to be named.
        parent: the window.

    Signals:
        opened: the password was right.
    """

    opened = Signal()

    def __init__(self, settings_path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._wrong_tries = 0
        self._wait_s = 0
        self._job: Job | None = None
        theme.set_role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Alcove is locked"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(locking.LONGEST)
        self.field.setAccessibleName(self.tr("Password"))
        self.field.setPlaceholderText(self.tr("Password"))
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhHiddenText
        )
        self.button = QPushButton(self.tr("Unlock"))
        theme.set_role(self.button, "primary")
        self.fault = label("", "danger")
        self.forgot = QPushButton(self.tr("Forgot it?"))
        theme.set_role(self.forgot, "link")
        self.help = label(self._help(settings_path), "muted", selectable=True)
        self.help.hide()
        self._clock = QTimer(self, interval=_SECOND_MS)
        self._clock.timeout.connect(self._tick)
        self.button.clicked.connect(self._try)
        self.field.returnPressed.connect(self._try)
        self.forgot.clicked.connect(lambda: self.help.setVisible(not self.help.isVisible()))
        self._lay_out()

    def ask(self, kept: str) -> None:
        """Ask for the password that `kept` is the sum of."""
        self._kept = kept
        self.field.clear()
        self.help.hide()
        self._show_state()

    def _try(self) -> None:
        password = self.field.text()
        if not password or self._wait_s or self._job is not None:
            return
        kept = self._kept

        def compare(cancel: threading.Event) -> Iterator[bool]:
            del cancel
            yield locking.is_right(password, kept)

        self._job = Job(compare, self)
        self._job.succeeded.connect(self._answer)
        self._job.finished.connect(self._settle)
        self._show_state()
        self._job.start()

    def _answer(self, is_right: bool) -> None:
        self.field.clear()
        if is_right:
            self._wrong_tries = 0
            self._job = None
            self.opened.emit()
            return
        self._wrong_tries += 1
        self._wait_s = round(locking.wait_s(self._wrong_tries))
        if self._wait_s:
            self._clock.start()

    def _settle(self) -> None:
        self._job = None
        self._show_state()

    def _tick(self) -> None:
        self._wait_s = max(0, self._wait_s - 1)
        if not self._wait_s:
            self._clock.stop()
        self._show_state()

    def _show_state(self) -> None:
        is_free = self._job is None and not self._wait_s
        self.button.setEnabled(is_free)
        if self._wait_s:
            text = self.tr("That is not the password. Wait {seconds} s for the next try.")
            self.fault.setText(text.format(seconds=self._wait_s))
        elif self._wrong_tries:
            self.fault.setText(self.tr("That is not the password."))
        else:
            self.fault.setText("")
        self.field.setAccessibleDescription(self.fault.text())

    def _help(self, settings_path: Path) -> str:
        return self.tr(
            "Nobody can tell you the password: only a sum of it is kept. But nothing is encrypted "
            "by it, so nothing is lost either. Close Alcove, open the file {path} with a text "
            'editor, and delete the line that begins with "lock_hash".'
        ).format(path=settings_path)

    def _lay_out(self) -> None:
        sign = QLabel()
        icons.put(sign, "lock", "accent", _SIGN)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout()
        column.setSpacing(3 * theme.SPACE)
        column.addStretch(1)
        column.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        title = label(self.tr("Alcove is locked"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self.fault)
        column.addWidget(self.forgot, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.help)
        column.addStretch(2)
        middle = QFrame()
        middle.setMaximumWidth(_WIDTH)
        middle.setLayout(column)
        sides = QHBoxLayout(self)
        sides.addStretch(1)
        sides.addWidget(middle, 100)
        sides.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Let typing begin at once."""
        super().showEvent(event)
        self.field.setFocus()
