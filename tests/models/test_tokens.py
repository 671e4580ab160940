"""Tokens stand in the system's keyring or nowhere."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import NoKeyring
from assistant.models.hub.access import hub_of
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.tokens import VARIABLE, TokenStore, is_token, token_of_environment
from assistant.settings import Settings
from tests.models.hub_server import HubServer, Redirect
from tests.models.secret_service import SecretService
from tests.models.tiny_gguf import tiny_gguf

HOST = "hub.example"


@pytest.fixture
def keyring() -> Iterator[TokenStore]:
    with SecretService():
        yield TokenStore()


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> TokenStore:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return TokenStore()


def test_a_token_is_kept_replaced_and_forgotten(keyring: TokenStore, own_home: Path) -> None:
    assert keyring.is_available
    assert keyring.place == "Secret Service"
    assert keyring.get(HOST) == ""
    keyring.set(HOST, "hf_first")
    keyring.set("other.example", "hf_other")
    keyring.set(HOST, "hf_second")
    assert TokenStore().get(HOST) == "hf_second"
    keyring.remove(HOST)
    keyring.remove(HOST)
    assert TokenStore().get(HOST) == ""
    assert TokenStore().get("other.example") == "hf_other"
    assert list(own_home.rglob("*")) == []


def test_without_a_keyring_nothing_is_kept(no_keyring: TokenStore, own_home: Path) -> None:
    assert not no_keyring.is_available
    assert no_keyring.place == ""
    assert no_keyring.get(HOST) == ""
    for act in (lambda: no_keyring.set(HOST, "hf_x"), lambda: no_keyring.remove(HOST)):
        with pytest.raises(NoKeyring):
            act()
    assert list(own_home.rglob("*")) == []


# The library leaves the connection to a locked keyring to the garbage collection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_keyring_that_stays_locked_gives_nothing() -> None:
    with SecretService(is_locked=True):
        store = TokenStore()
        assert store.is_available
        assert store.get(HOST) == ""
        with pytest.raises(NoKeyring) as caught:
            store.set(HOST, "hf_secretword")
        assert "secretword" not in str(caught.value)
        del caught
        gc.collect()


def test_a_plain_file_is_no_keyring_whatever_is_configured(tmp_path: Path) -> None:
    (tmp_path / "plainfile.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 99\n"
        "    def set_password(self, *it): open('kept', 'w').write(str(it))\n"
        "    def get_password(self, *it): return 'from a file'\n"
    )
    code = (
        "import plainfile\n"
        "from assistant.models.hub.tokens import TokenStore\n"
        "store = TokenStore()\n"
        "print(store.is_available, repr(store.get('hub.example')))\n"
    )
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {
        "PYTHON_KEYRING_BACKEND": "plainfile.Keyring",
        "PYTHONPATH": f"{tmp_path}:{root}",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "False ''\n", done.stderr
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "hf_é", "x" * 1001, "a\ttab"])
def test_what_cannot_be_a_token(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_token(text)
    monkeypatch.setenv(VARIABLE, text)
    assert token_of_environment() == ""


def test_a_token_goes_to_the_host_that_it_is_for(keyring: TokenStore) -> None:
    log = ConnectionLog(None)
    content = tiny_gguf(2000)
    with HubServer() as server, HubServer(name="localhost") as store:
        server.add("owner/name", "a.gguf", content, gated="auto")
        store.add("owner/name", "a.gguf", content)
        server.fail(Redirect(store.endpoint + "{path}"))
        keyring.set("127.0.0.1", "hf_mine")
        settings = Settings(hub_endpoint=server.endpoint, token_hosts=("127.0.0.1",))
        hub = hub_of(settings, log, keyring)
        assert server.asked == []
        with hub.open(hub.file_facts("owner/name", "a.gguf"), 0) as body:
            assert b"".join(body.chunks()) == content
        assert [one.headers["authorization"] for one in server.asked] == ["Bearer hf_mine"] * 2
        assert "authorization" not in store.asked[0].headers
        # Another hub gets none, though it be asked by the same person.
        hub = hub_of(settings, log, keyring, store.endpoint)
        hub.file_facts("owner/name", "a.gguf")
        assert "authorization" not in store.asked[1].headers


def test_the_token_of_the_environment_goes_to_no_hub_that_a_record_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "hf_mine")
    log, mirror = ConnectionLog(None), "https://mirror.example"
    settings = Settings(hub_endpoint=mirror)
    own = {"authorization": "Bearer hf_mine"}
    assert hub_of(settings, log).headers() == own
    assert hub_of(settings, log, recorded=mirror).headers() == own
    assert hub_of(settings, log, endpoint="https://named.example").headers() == own
    recorded = hub_of(settings, log, recorded="https://mirror.example:444")
    assert (recorded.endpoint, recorded.headers()) == ("https://mirror.example:444", {})


def test_the_keyring_is_asked_only_for_hosts_that_have_a_token(
    monkeypatch: pytest.MonkeyPatch, hub_server: HubServer
) -> None:
    asked: list[str] = []

    class Watched(TokenStore):
        def get(self, host: str) -> str:
            asked.append(host)
            return ""

    monkeypatch.setenv(VARIABLE, "hf_env")
    hub_server.add("owner/name", "a.gguf", tiny_gguf(100))
    log = ConnectionLog(None)
    hub_of(Settings(), log, Watched(), hub_server.endpoint).file_facts("owner/name", "a.gguf")
    assert asked == []
    settings = Settings(token_hosts=("127.0.0.1",))
    hub = hub_of(settings, log, Watched(), hub_server.endpoint)
    assert asked == []
    facts = hub.file_facts("owner/name", "a.gguf")
    with hub.open(facts, 0) as body:
        list(body.chunks())
    assert asked == ["127.0.0.1"]
    assert {one.headers["authorization"] for one in hub_server.asked} == {"Bearer hf_env"}
