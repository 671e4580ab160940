"""What the person may choose of the network: none at all, a mirror, a proxy, an access token."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from assistant.models.hub.addresses import AddressError, AddressFault, as_endpoint, as_proxy
from assistant.models.hub.tokens import TokenStore
from assistant.settings import Settings
from assistant.ui.labels import label
from assistant.ui.settings.cards import Choice, card
from assistant.ui.settings.token_row import TokenRow


class NetworkCard(QWidget):
    """A card of choices. Nothing here connects to anything.

    Args:
        tokens: the system's keyring.
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
    """

    changed = Signal(str, object)

    def __init__(self, tokens: TokenStore | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings()
        self.never = QCheckBox(self.tr("Never connect"))
        self.endpoint, self.endpoint_fault = _address(self.tr("The hub itself"))
        self.proxy, self.proxy_fault = _address(self.tr("As the system says"))
        self.token = TokenRow(tokens or TokenStore())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card(self.tr("Network"), self._choices()))
        self._connect()

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        self._settings = settings
        self.never.blockSignals(True)
        self.never.setChecked(settings.never_connects)
        self.never.blockSignals(False)
        self.endpoint.setText(settings.hub_endpoint)
        self.proxy.setText(settings.proxy)
        self.endpoint_fault.hide()
        self.proxy_fault.hide()
        self.token.show_values(settings.hub_endpoint, settings.token_hosts)
        self._show_closed()

    def _choices(self) -> list[Choice]:
        return [
            Choice(
                self.tr("Connections"),
                self.never,
                self.tr(
                    "Models can then neither be searched for nor downloaded. All else works as "
                    "before: it needs no network anyway."
                ),
            ),
            Choice(
                self.tr("Address of a mirror"),
                self.endpoint,
                self.tr("A copy of the hub that is to be asked in its place. Encrypted (https)."),
                self.endpoint_fault,
            ),
            Choice(
                self.tr("Proxy"),
                self.proxy,
                self.tr(
                    "Such as http://proxy.example:8080. It learns which hub is asked and how much "
                    "comes, not what."
                ),
                self.proxy_fault,
            ),
            Choice(self.tr("Access token"), self.token),
            Choice(
                self.tr("What the hub learns"),
                label(
                    self.tr(
                        "Your internet address, the words you search for, the names of the models "
                        "you look at and download, and the token if you gave one. Nothing else: "
                        "no documents, no chats, nothing about this computer. Each connection is "
                        "listed under the shield."
                    ),
                    "muted",
                ),
            ),
        ]

    def _connect(self) -> None:
        self.never.toggled.connect(lambda is_on: self._change("never_connects", is_on))
        self.endpoint.editingFinished.connect(
            lambda: self._take("hub_endpoint", self.endpoint, self.endpoint_fault, as_endpoint)
        )
        self.proxy.editingFinished.connect(
            lambda: self._take("proxy", self.proxy, self.proxy_fault, as_proxy)
        )
        self.token.hosts_changed.connect(lambda hosts: self.changed.emit("token_hosts", hosts))

    def _take(
        self, name: str, field: QLineEdit, fault: QLabel, checked: Callable[[str], str]
    ) -> None:
        """Take an address that was entered, or say beside it why not."""
        try:
            address = checked(field.text())
        except AddressError as error:
            fault.setText(self._words(error.fault, is_proxy=name == "proxy"))
            fault.show()
            field.setAccessibleDescription(fault.text())
            return
        fault.hide()
        field.setAccessibleDescription("")
        field.setText(address)
        self._change(name, address)

    def _change(self, name: str, value: object) -> None:
        if getattr(self._settings, name) != value:
            self.changed.emit(name, value)

    def _show_closed(self) -> None:
        for widget in (self.endpoint, self.proxy):
            widget.setEnabled(not self._settings.never_connects)

    def _words(self, fault: AddressFault, *, is_proxy: bool) -> str:
        if fault is AddressFault.INSECURE:
            return self.tr(
                "Without encryption anybody on the way could change what comes. Use an address "
                "that begins with https://."
            )
        if fault is AddressFault.HAS_PASSWORD:
            return (
                self.tr(
                    "A password would stand in a file that can be read. Give it to the system's "
                    "own proxy settings, and leave this empty."
                )
                if is_proxy
                else self.tr("Leave the name and the password out of the address.")
            )
        if is_proxy:
            return self.tr("That is no address of a proxy. It has the form http://host:port.")
        return self.tr("That is no address. It begins with https:// and names a host.")


def _address(placeholder: str) -> tuple[QLineEdit, QLabel]:
    """Return a field for an address, and the place for what is wrong with it."""
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setClearButtonEnabled(True)
    fault = label("", "danger")
    fault.hide()
    return field, fault
