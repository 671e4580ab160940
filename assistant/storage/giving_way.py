"""Long work of the writing thread that stops when something short waits for its turn."""

import contextlib
import threading
from collections.abc import Iterator

from assistant.storage.connection import Connection


class GivingWay:
    """Interrupts one statement, and never another that only began when that one had ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    @contextlib.contextmanager
    def working(self, connection: Connection) -> Iterator[None]:
        """Let what is done meanwhile on `connection` be interrupted."""
        with self._lock:
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None

    def interrupt(self) -> None:
        """Stop the work, if there is any under way: SQLite undoes it and tells so."""
        with self._lock:
            if self._connection is not None:
                self._connection.interrupt()
