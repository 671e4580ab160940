"""Ends the reader's process when a parser of untrusted bytes takes memory without end.

A limit on address space cannot tell a page that unfolds to a gigabyte from a long document that
is held in memory for good reasons. So what is bounded is how much one step may add; native code
cannot be stopped from inside, but a process can end.
"""

import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EXIT_CODE = 87  # says why to the app, which reads no log for that
_EVERY_S = 0.004
_STATUS = Path("/proc/self/statm")


class MemoryWatch:
    """Watches how much memory this process adds from one step to the next, as a context.

    Does nothing where the system does not tell cheaply (only Linux does).

    Args:
        most_bytes: what one step may add; 0 for no bound.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._base = 0
        self._is_paused = False
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._most and _STATUS.exists():
            self._base = _resident_bytes()
            self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        if self._thread:
            self._thread.join()

    def step(self, *, is_paused: bool = False) -> None:
        """Begin the next step; one that is paused may take what it likes."""
        if self._thread:
            self._base = _resident_bytes()
            self._is_paused = is_paused

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            if not self._is_paused and _resident_bytes() - self._base > self._most:
                sys.stderr.write("MemoryError: one step took too much\n")
                sys.stderr.flush()
                os._exit(EXIT_CODE)


def _resident_bytes() -> int:
    return int(_STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
