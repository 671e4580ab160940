"""An end that comes from outside or from within."""

import threading


class Ending(threading.Event):
    """Is set by itself when there is enough, and with the reader's own `cancel`."""

    def __init__(self, cancel: threading.Event) -> None:
        super().__init__()
        self._cancel = cancel

    def is_set(self) -> bool:
        """Whether either is."""
        return super().is_set() or self._cancel.is_set()
