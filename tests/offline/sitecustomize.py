"""Loaded by every Python process of a test that puts this folder on PYTHONPATH.

It forbids internet sockets and name look-ups, and writes down each try.
"""

import os
import socket
import sys
from pathlib import Path

_LOG = Path(os.environ["ALCOVE_TEST_SOCKET_LOG"])
_INTERNET = {socket.AF_INET, socket.AF_INET6}


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    opens = event == "socket.__new__" and arguments[1] in _INTERNET
    asks = event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
    if opens or asks:
        with _LOG.open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()} {event}\n")
        raise OSError("internet sockets are forbidden in this test")


with _LOG.open("a", encoding="utf-8") as started:
    started.write(f"{os.getpid()} started\n")
sys.addaudithook(_forbid)
