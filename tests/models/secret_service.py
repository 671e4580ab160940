"""A Secret Service of our own on a session bus of our own, as a desktop's keyring is one.

    with SecretService() as service:         # DBUS_SESSION_BUS_ADDRESS names its bus meanwhile
        TokenStore().set("hub.example", "hf_…")

It speaks the part of https://specifications.freedesktop.org/secret-service/ that a client needs
to keep, find and delete a secret; it keeps them in memory.
"""

import os
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

_PREFIX = "org.freedesktop.Secret."
_COLLECTION = "/org/freedesktop/secrets/aliases/default"


class SecretService:
    """A bus and a service on it; a context manager.

    Args:
        is_locked: the person does not unlock it.
    """

    def __init__(self, *, is_locked: bool = False) -> None:
        self._is_locked = is_locked
        self._before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")

    def __enter__(self) -> Self:
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        self._bus = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._bus.stdout is not None
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._bus.stdout.readline().strip()
        command = [sys.executable, __file__, "locked" if self._is_locked else "open"]
        self._service = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._service.stdout is not None
        assert self._service.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._service, self._bus):
            process.terminate()
            process.communicate()
        if self._before is None:
            os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        else:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._before


class _Service:
    """Answers one message after the other."""

    def __init__(self, connection: Any, is_locked: bool) -> None:
        self._connection = connection
        self._is_locked = is_locked
        self._items: dict[str, tuple[dict[str, str], bytes]] = {}
        self._count = 0

    def serve(self) -> None:
        from jeepney import HeaderFields, MessageType, new_error, new_method_return

        while True:
            message = self._connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            fields = message.header.fields
            answer = self._answer(
                fields[HeaderFields.path], fields[HeaderFields.member], message.body
            )
            if isinstance(answer, str):
                self._connection.send(new_error(message, answer))
            else:
                self._connection.send(new_method_return(message, *answer))

    def _answer(self, path: str, member: str, body: Any) -> tuple[str, tuple[Any, ...]] | str:
        match member:
            case "OpenSession" if body[0] == "plain":
                return "vo", (("s", ""), "/session/1")
            case "OpenSession":
                return "org.freedesktop.DBus.Error.NotSupported"
            case "Get" if path == _COLLECTION or path in self._items:
                told = {"Locked": ("b", self._is_locked), "Label": ("s", "Test")}
                return "v", (told[body[1]],)
            case "SearchItems":
                wanted = body[0].items()
                return "ao", ([n for n, one in self._items.items() if wanted <= one[0].items()],)
            case "CreateItem":
                return "oo", (self._keep(body), "/")
            case "GetSecret":
                return "(oayays)", (("/session/1", b"", self._items[path][1], "text/plain"),)
            case "Delete":
                del self._items[path]
                return "o", ("/",)
            case "Unlock":
                return "aoo", ([], "/")
        return "org.freedesktop.DBus.Error.UnknownMethod"

    def _keep(self, body: Any) -> str:
        attributes = dict(body[0][f"{_PREFIX}Item.Attributes"][1])
        for name, one in list(self._items.items()):
            if one[0] == attributes:
                del self._items[name]
        self._count += 1
        name = f"/org/freedesktop/secrets/collection/test/{self._count}"
        self._items[name] = (attributes, bytes(body[1][2]))
        return name


def _main() -> None:
    from jeepney import message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    connection = open_dbus_connection(bus="SESSION")
    Proxy(message_bus, connection).RequestName("org.freedesktop.secrets")
    print("ready", flush=True)
    _Service(connection, sys.argv[1] == "locked").serve()


if __name__ == "__main__":
    _main()
