"""What the hub will learn of the person: read and agreed to once, before the first request."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from assistant.errors import AssistantError
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.finding.access import HubAccess


class HubTerms(QFrame):
    """The question. Hidden until something is to be asked of a hub that was not agreed to.

    Args:
        access: the hub that is asked.
        parent: owner.

    Signals:
        closed: it was answered and stands there no more.
        failed (Exception): the answer could not be kept, and will be asked for again.
    """

    closed = Signal()
    failed = Signal(Exception)

    def __init__(self, access: HubAccess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._action: Callable[[], object] | None = None
        self._what = self._endpoint = ""
        self._asker: QWidget | None = None
        theme.set_role(self, "banner")
        self.heading = label("", "subject")
        self.points = label()
        self.promise = label(
            self.tr(
                "Your documents, chats and answers stay on this computer. Every connection is "
                "listed under the shield at the foot of the window. You are asked once for each "
                "hub."
            ),
            "muted",
        )
        self.agree_button = QPushButton(self.tr("Agree and connect"))
        theme.set_role(self.agree_button, "primary")
        self.agree_button.clicked.connect(self._agree)
        self.cancel_button = QPushButton(self.tr("Not now"))
        self.cancel_button.clicked.connect(self._close)
        self._lay_out()
        access.changed.connect(self._say)
        self.hide()

    def before(self, action: Callable[[], object], what: str = "", *, endpoint: str = "") -> None:
        """Do `action` at once if the person has agreed, else ask first.

        Args:
            action: asks the hub.
            what: what would be fetched, in words.
            endpoint: of the hub that is asked; "" for the one that the person chose.
        """
        if self._access.is_agreed(endpoint) or self._access.is_closed:
            action()  # a closed hub says so by itself
            return
        self._access.prepare()  # it tells the hub's name
        self._action, self._what, self._endpoint = action, what, endpoint
        self._asker = self.window().focusWidget()
        self._say()
        self.show()
        self.agree_button.setFocus()

    def _say(self) -> None:
        host = self._access.host_of(self._endpoint)
        hub = (
            self.tr("the model hub ({host})").format(host=host)
            if host
            else self.tr("the model hub")
        )
        connects = self.tr("Alcove will connect to {hub}.").format(hub=hub)
        self.heading.setText(f"{connects} {self._what}".strip())
        learns = [
            self.tr("your internet address, like every site you visit"),
            self.tr("the words you search for"),
            self.tr("the names of the models you look at and download"),
            self.tr("your access token, if you entered one in Settings"),
        ]
        points = "\n".join(f"•  {point}" for point in learns)
        self.points.setText(self.tr("The hub learns:") + "\n" + points)
        was_enabled = self.agree_button.isEnabled()
        self.agree_button.setEnabled(bool(host))  # nobody agrees to a hub without a name
        if host and not was_enabled and self.isVisible():
            self.agree_button.setFocus()
        self.setAccessibleName(self.heading.text())

    def _agree(self) -> None:
        action, self._action = self._action, None
        try:
            self._access.agree(self._endpoint)
        except AssistantError as error:
            self.failed.emit(error)
        self._close()
        if action is not None:
            action()

    def _close(self) -> None:
        self._action = None
        self.hide()
        if self._asker is not None and isValid(self._asker):
            self._asker.setFocus()
        self.closed.emit()

    def _lay_out(self) -> None:
        sign = label()
        icons.put(sign, "globe", "warning", 16)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign)
        head.addWidget(self.heading, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.agree_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.points)
        layout.addWidget(self.promise)
        layout.addLayout(buttons)
