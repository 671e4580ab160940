"""The access token of the chosen hub: entered, shown as dots, removed; kept by the system."""

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.models.hub.client import Hub
from assistant.models.hub.tokens import VARIABLE, TokenStore, is_token, token_of_environment
from assistant.ui import theme
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job
from assistant.ui.labels import label

_DOTS = "•" * 12


class TokenRow(QWidget):
    """Whether there is a token, a field for one, and where it is kept.

    The keyring is asked on a thread of its own: it may want a password first.

    Args:
        tokens: the system's keyring.
        parent: owner.

    Signals:
        hosts_changed (tuple): the hosts of which the keyring has a token now.
    """

    hosts_changed = Signal(object)

    def __init__(self, tokens: TokenStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._endpoint = ""
        self._host = ""
        self._place: str | None = None
        self._hosts: tuple[str, ...] = ()
        self._job: Job | None = None
        self._make_parts()
        self._lay_out()
        self._show_state()

    @property
    def is_busy(self) -> bool:
        """Whether the keyring is being asked."""
        return self._job is not None

    def show_values(self, endpoint: str, hosts: tuple[str, ...]) -> None:
        """Show the token of the hub at `endpoint`, "" for the usual one."""
        is_other = endpoint != self._endpoint or not self._host
        self._endpoint, self._hosts = endpoint, hosts
        if is_other:
            self._host = Hub(endpoint).host if endpoint else ""
            if self.isVisible():
                self._look()
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Find out what the system has, when it is first seen."""
        super().showEvent(event)
        if not self._host or self._place is None:
            self._look()

    def keep(self) -> None:
        """Give what was entered to the keyring."""
        text = self.field.text().strip()
        if not is_token(text):
            self._say_fault(self.tr("That is no access token: a token is one word."))
            return
        host = self._host
        self._ask(lambda: self._tokens.set(host, text), lambda: self._become({*self._hosts, host}))

    def remove(self) -> None:
        """Let the keyring forget the token."""
        host = self._host
        self._ask(lambda: self._tokens.remove(host), lambda: self._become({*self._hosts} - {host}))

    def _become(self, hosts: set[str]) -> None:
        self._hosts = tuple(sorted(hosts))
        self.field.clear()
        self.hosts_changed.emit(self._hosts)

    def _look(self) -> None:
        endpoint = self._endpoint
        found: list[str] = []

        def look() -> None:
            found[:] = [Hub(endpoint).host, self._tokens.place]

        def take() -> None:
            if endpoint == self._endpoint:
                self._host, self._place = found

        self._ask(look, take)

    def _ask(self, work: Callable[[], None], then: Callable[[], None]) -> None:
        """Do `work` on another thread, then `then` on this one."""
        if self._job is not None:
            return

        def run(cancel: threading.Event) -> Iterator[Callable[[], None]]:
            del cancel
            work()
            yield then

        self._fault.hide()
        self._job = Job(run, self)
        self._job.succeeded.connect(self._do)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()
        self._show_state()

    def _do(self, then: Callable[[], None]) -> None:
        then()

    def _fail(self, error: Exception) -> None:
        self._say_fault(" ".join(explanation(error)))

    def _end(self) -> None:
        self._job = None
        self._show_state()

    def _say_fault(self, text: str) -> None:
        self._fault.setText(text)
        self._fault.show()

    def _show_state(self) -> None:
        has_token = bool(self._host) and self._host in self._hosts
        can_keep = bool(self._host and self._place)
        self.dots.setVisible(has_token)
        self.remove_button.setVisible(has_token)
        self.field.setVisible(not has_token)
        self.keep_button.setVisible(not has_token)
        self.remove_button.setEnabled(not self.is_busy)
        self.field.setEnabled(can_keep and not self.is_busy)
        self.keep_button.setEnabled(can_keep and not self.is_busy and bool(self.field.text()))
        self._where.setText(self._words(has_token))

    def _words(self, has_token: bool) -> str:
        facts = {"host": self._host, "place": self._place, "variable": VARIABLE}
        if self._place is None:
            text = self.tr("Looking for the system's keyring…")
        elif has_token:
            text = self.tr("Kept in {place} and sent to {host} only, never to another address.")
        elif self._place:
            text = self.tr(
                "It will be kept in {place}, not in a file, and sent to {host} only. Most models "
                "need none."
            )
        else:
            text = self.tr(
                "This system has no keyring, so Alcove keeps no token. A terminal can give one "
                "for a while: {variable}."
            )
        if not has_token and token_of_environment():
            text = self.tr("The environment gives one for now ({variable}).") + " " + text
        return text.format(**facts)

    def _make_parts(self) -> None:
        self.dots = label(_DOTS)
        self.dots.setAccessibleName(self.tr("An access token is kept"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("A token that may only read"))
        self.field.setAccessibleName(self.tr("Access token"))
        self.field.textChanged.connect(self._show_state)
        self.field.returnPressed.connect(self.keep)
        self.keep_button = QPushButton(self.tr("Keep"))
        self.keep_button.setAccessibleName(self.tr("Keep the access token in the keyring"))
        self.keep_button.clicked.connect(self.keep)
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the access token"))
        self.remove_button.clicked.connect(self.remove)
        self._fault = label("", "danger")
        self._fault.hide()
        self._where = label("", "muted")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(2 * theme.SPACE)
        line.addWidget(self.dots, 1)
        line.addWidget(self.field, 1)
        line.addWidget(self.keep_button)
        line.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(line)
        layout.addWidget(self._fault)
        layout.addWidget(self._where)
        self.setFocusProxy(self.field)
