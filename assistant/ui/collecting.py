"""Keeps Python's garbage collector on the window's thread.

Left alone it runs on whichever thread allocates next. Parts of the window that only refer to each
other any more would then be destroyed by a background thread, while the window's thread holds
Python's lock and waits for one of Qt's: both wait for ever.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 2_000


class Collector(QObject):
    """Collects from a timer of the window's thread, and nowhere else.

    Args:
        parent: owner; the collecting ends with it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=_EVERY_MS)
        timer.timeout.connect(collect_due)
        timer.start()


def collect_due() -> int | None:
    """Collect the generation that is due by the interpreter's own thresholds.

    Returns:
        Which one, from 0 (the youngest) to 2; None if none is due.
    """
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = next((i for i in (2, 1, 0) if counts[i] > thresholds[i]), None)
    if due is not None:
        gc.collect(due)
    return due
