"""Bringing what arrives to the disk while more of it comes, so that the end need not wait."""

import contextlib
import os
from concurrent.futures import Future, ThreadPoolExecutor

_EVERY_BYTES = 64 * 1024 * 1024


class Flusher:
    """Syncs a growing file now and then, on a thread of its own.

    A model's bytes must be on the disk before the model takes its name. If they all wait in
    memory until then, a download at a hundred percent stands still for as long as the disk needs.
    """

    def __init__(self) -> None:
        self._waiting_bytes = 0
        self._running: Future[None] | None = None
        self._thread: ThreadPoolExecutor | None = None

    def wrote(self, count: int, descriptor: int) -> None:
        """Note that so much was written, and begin to sync if it is time."""
        self._waiting_bytes += count
        if self._waiting_bytes < _EVERY_BYTES or (self._running and not self._running.done()):
            return
        self._waiting_bytes = 0
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="flushing")
        self._running = self._thread.submit(_sync, descriptor)

    def close(self) -> None:
        """Wait for what runs, before the file is closed."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = self._running = None
        self._waiting_bytes = 0


def _sync(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # whoever syncs at the end is told
        os.fsync(descriptor)
