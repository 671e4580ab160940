"""The Network card: addresses are checked in place, tokens go to the keyring, or nothing does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from assistant.models.hub.tokens import VARIABLE, TokenStore
from assistant.settings import Settings
from assistant.ui.settings.network_card import NetworkCard
from tests.models.secret_service import SecretService

SETTINGS = Settings(hub_endpoint="https://hub.example")


@pytest.fixture
def keyring() -> Iterator[TokenStore]:
    with SecretService():
        yield TokenStore()


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> TokenStore:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return TokenStore()


class Shown:
    """A card in a window, which does what the page does with its changes."""

    def __init__(self, qtbot: QtBot, tokens: TokenStore, settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.changes: list[tuple[str, object]] = []
        self.card = NetworkCard(tokens)
        self.card.changed.connect(self._take)
        qtbot.addWidget(self.card)
        self.card.show_values(settings)
        self.card.show()
        self.wait(qtbot)

    def wait(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: not self.card.token.is_busy, timeout=10_000)

    def _take(self, name: str, value: object) -> None:
        from dataclasses import replace

        self.changes.append((name, value))
        self.settings = replace(self.settings, **{name: value})
        self.card.show_values(self.settings)


def _enter(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_token_goes_to_the_keyring_and_is_shown_as_dots(
    qtbot: QtBot, keyring: TokenStore, own_home: Path
) -> None:
    shown = Shown(qtbot, keyring)
    row = shown.card.token
    assert row.field.echoMode() is QLineEdit.EchoMode.Password
    assert not row.keep_button.isEnabled()
    assert "Secret Service" in row._where.text()
    assert "hub.example" in row._where.text()
    _enter(qtbot, row.field, "hf_mine")
    shown.wait(qtbot)
    assert shown.changes == [("token_hosts", ("hub.example",))]
    assert keyring.get("hub.example") == "hf_mine"
    assert row.dots.isVisible()
    assert not row.field.isVisible()
    assert row.field.text() == ""
    assert set(row.dots.text()) == {"•"}
    qtbot.mouseClick(row.remove_button, Qt.MouseButton.LeftButton)
    shown.wait(qtbot)
    assert shown.changes[-1] == ("token_hosts", ())
    assert keyring.get("hub.example") == ""
    assert row.field.isVisible()
    assert not any(b"hf_mine" in f.read_bytes() for f in own_home.rglob("*") if f.is_file())


def test_each_hub_has_a_token_of_its_own(qtbot: QtBot, keyring: TokenStore) -> None:
    keyring.set("hub.example", "hf_mine")
    shown = Shown(qtbot, keyring, Settings(hub_endpoint="https://hub.example"))
    assert not shown.card.token.dots.isVisible()  # nobody said that there is one
    shown.card.show_values(
        Settings(hub_endpoint="https://hub.example", token_hosts=("hub.example",))
    )
    assert shown.card.token.dots.isVisible()
    shown.card.show_values(
        Settings(hub_endpoint="https://other.example", token_hosts=("hub.example",))
    )
    shown.wait(qtbot)
    assert not shown.card.token.dots.isVisible()
    assert "other.example" in shown.card.token._where.text()


def test_what_is_no_token_is_said_in_place(qtbot: QtBot, keyring: TokenStore) -> None:
    shown = Shown(qtbot, keyring)
    _enter(qtbot, shown.card.token.field, "two words")
    assert shown.card.token._fault.isVisible()
    assert shown.changes == []
    assert shown.card.token.field.text() == "two words"


def test_without_a_keyring_the_terminals_way_is_named(
    qtbot: QtBot, no_keyring: TokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown(qtbot, no_keyring)
    assert not shown.card.token.field.isEnabled()
    assert VARIABLE in shown.card.token._where.text()
    monkeypatch.setenv(VARIABLE, "hf_env")
    shown.card.show_values(SETTINGS)
    assert "environment" in shown.card.token._where.text()


def test_a_mirror_without_encryption_is_refused_in_place(
    qtbot: QtBot, no_keyring: TokenStore
) -> None:
    shown = Shown(qtbot, no_keyring, Settings())
    card = shown.card
    for typed, said in (
        ("http://mirror.example", "encryption"),
        ("not an address", "no address"),
        ("https://me:word@mirror.example", "password"),
    ):
        _enter(qtbot, card.endpoint, typed)
        assert card.endpoint_fault.isVisible()
        assert said in card.endpoint_fault.text()
        assert card.endpoint.accessibleDescription() == card.endpoint_fault.text()
        assert shown.changes == []
    _enter(qtbot, card.endpoint, "mirror.example/")
    assert shown.changes == [("hub_endpoint", "https://mirror.example")]
    assert card.endpoint.text() == "https://mirror.example"
    assert not card.endpoint_fault.isVisible()
    shown.wait(qtbot)


def test_a_proxy_is_checked_and_keeps_no_password(qtbot: QtBot, no_keyring: TokenStore) -> None:
    shown = Shown(qtbot, no_keyring)
    card = shown.card
    _enter(qtbot, card.proxy, "http://me:word@proxy.example:8080")
    assert "password" in card.proxy_fault.text()
    assert card.proxy_fault.isVisible()
    _enter(qtbot, card.proxy, "proxy.example:8080")
    assert shown.changes == [("proxy", "http://proxy.example:8080")]
    _enter(qtbot, card.proxy, "")
    assert shown.changes[-1] == ("proxy", "")


def test_never_connect_is_one_click_and_closes_the_rest(
    qtbot: QtBot, no_keyring: TokenStore
) -> None:
    shown = Shown(qtbot, no_keyring)
    shown.card.never.click()
    assert shown.changes == [("never_connects", True)]
    assert not shown.card.endpoint.isEnabled()
    shown.card.never.click()
    assert shown.changes[-1] == ("never_connects", False)
    assert shown.card.endpoint.isEnabled()
