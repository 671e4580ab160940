"""A lock that a stopped request does not wait for."""

import threading

# How often a waiting request looks whether it was stopped. Each look wakes a process beside the
# threads that compute; while text comes, every 40 ms or so, there is none in between.
LOOK_S = 0.025


class Turn:
    """Takes a lock unless stopped meanwhile; `with` tells whether it has it."""

    def __init__(self, lock: threading.Lock, cancel: threading.Event) -> None:
        self._lock = lock
        self._cancel = cancel
        self._has = False

    def __enter__(self) -> bool:
        while not self._has and not self._cancel.is_set():
            self._has = self._lock.acquire(timeout=LOOK_S)
        return self._has

    def __exit__(self, *_: object) -> None:
        if self._has:
            self._lock.release()
