"""Access tokens of hubs, in the system's keyring. The only importer of keyring.

A token is never on the disk in clear and never in a log: only the keyrings that encrypt what they
keep are used, whatever others are installed or configured. A terminal without one reads the token
from `ALCOVE_HUB_TOKEN`.
"""

import os
import sys
from typing import Any

from assistant.errors import NoKeyring

VARIABLE = "ALCOVE_HUB_TOKEN"
_SERVICE = "Alcove: model hub"
_LONGEST = 1000
_PLACES = {
    "SecretService": "Secret Service",
    "kwallet": "KWallet",
    "macOS": "Keychain",
    "Windows": "Windows Credential Manager",
}


class TokenStore:
    """The tokens that the person gave, one for each hub's host.

    Every method may wait until the person unlocks the keyring: not for the window's own thread.
    """

    def __init__(self) -> None:
        self._found: Any = None

    @property
    def is_available(self) -> bool:
        """Whether this system has a keyring that keeps secrets."""
        return self._backend() is not None

    @property
    def place(self) -> str:
        """What the system calls its keyring; "" if there is none."""
        backend = self._backend()
        return _PLACES[type(backend).__module__.rpartition(".")[2]] if backend else ""

    def get(self, host: str) -> str:
        """Return the token for `host`; "" if there is none, or the keyring stays locked."""
        backend = self._backend()
        try:
            return str(backend.get_password(_SERVICE, host) or "") if backend else ""
        except Exception:  # each keyring has errors of its own; there is no token then
            return ""

    def set(self, host: str, token: str) -> None:
        """Keep the token for `host`.

        Raises:
            NoKeyring: there is none, or it stays locked.
        """
        try:
            self._needed().set_password(_SERVICE, host, token)
        except NoKeyring:
            raise
        except Exception as error:
            raise NoKeyring(type(error).__name__) from error

    def remove(self, host: str) -> None:
        """Forget the token for `host`, if there is one.

        Raises:
            NoKeyring: there is none, or it stays locked.
        """
        backend = self._needed()
        try:
            if backend.get_password(_SERVICE, host) is not None:
                backend.delete_password(_SERVICE, host)
        except Exception as error:
            raise NoKeyring(type(error).__name__) from error

    def _needed(self) -> Any:
        backend = self._backend()
        if backend is None:
            raise NoKeyring
        return backend

    def _backend(self) -> Any:
        self._found = self._found or _best()
        return self._found


def token_of_environment() -> str:
    """Return the token that a terminal was given; "" if none."""
    token = os.environ.get(VARIABLE, "").strip()
    return token if is_token(token) else ""


def is_token(text: str) -> bool:
    """Return whether `text` can be a token: it is sent as one word of a header."""
    return 0 < len(text) <= _LONGEST and text.isascii() and text.isprintable() and " " not in text


def _best() -> Any:
    """Return the best keyring of this system; None if it has none.

    Not `keyring.get_keyring`: that takes whatever plugin is installed or configured, among them
    some that write plain files.
    """
    usable = []
    for kind in _kinds():
        try:
            usable.append((kind.priority, kind))
        except Exception:  # noqa: S112 - it says so in many ways: not here
            continue
    return max(usable, key=lambda one: one[0])[1]() if usable else None


def _kinds() -> list[Any]:
    try:
        if sys.platform == "win32":
            from keyring.backends import Windows  # noqa: PLC0415

            return [Windows.WinVaultKeyring]
        if sys.platform == "darwin":
            from keyring.backends import macOS  # noqa: PLC0415

            return [macOS.Keyring]
        from keyring.backends import SecretService, kwallet  # noqa: PLC0415
    except ImportError:
        return []
    return [SecretService.Keyring, kwallet.DBusKeyring]
