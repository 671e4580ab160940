"""Saves what grows a moment after it changed, also where nothing more comes for long."""

import threading
from collections.abc import Callable


class TimedSave:
    """Calls `save` on a thread of its own; to be closed before what is saved is let go.

    Args:
        save: writes what there is now; what it raises comes out of the next `note`.
        after_s: how long after the first change that is not saved yet.
    """

    def __init__(self, save: Callable[[], None], after_s: float) -> None:
        self._save = save
        self._after_s = after_s
        self._timer: threading.Timer | None = None
        self._error: Exception | None = None
        self._is_closed = False
        self._saving = threading.Lock()

    def note(self) -> None:
        """Take note that something changed.

        Raises:
            what the last `save` raised.
        """
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._timer is None:
            timer = threading.Timer(self._after_s, self._run)
            timer.daemon = True
            self._timer = timer
            timer.start()

    def close(self) -> None:
        """Save no more; returns when nothing is being saved."""
        if (timer := self._timer) is not None:
            timer.cancel()
        with self._saving:
            self._is_closed = True

    def _run(self) -> None:
        with self._saving:
            self._timer = None  # what changes from now on is saved by another
            if self._is_closed:
                return
            try:
                self._save()
            except Exception as error:  # the thread that noted the change is told
                self._error = error
