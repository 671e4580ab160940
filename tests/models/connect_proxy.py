"""A proxy of our own: it joins a client to one server, whatever host the client names.

with ConnectProxy(server.endpoint) as proxy:
    Hub("https://hub.test", log, proxy=proxy.address)
"""

import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class ConnectProxy:
    """A proxy that knows CONNECT (RFC 9110, 9.3.6) and nothing else; a context manager.

    Attributes:
        asked: the first line of each request.
        refuses: it answers 403.
    """

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        assert parts.hostname
        assert parts.port
        self._target = (parts.hostname, parts.port)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self.asked: list[str] = []
        self.refuses = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        for one in self._open:
            one.close()
        for thread in self._threads:
            thread.join(5)
        self._socket.close()

    def _start(self, work, *arguments) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(client)
            self._start(self._join, client)

    def _join(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        self.asked.append(head.split(b"\r\n")[0].decode())
        if self.refuses or not head.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            client.close()
            return
        server = socket.create_connection(self._target)
        self._open.append(server)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        self._start(_pump, client, server)
        _pump(server, client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
