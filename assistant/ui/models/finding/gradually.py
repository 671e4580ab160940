"""Building a long page bit by bit, so that the window lives on meanwhile."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal


class Gradually(QObject):
    """Takes a few steps, lets the window draw and listen, and takes the next few.

    Args:
        at_once: steps before the window has its turn.
        parent: owner; the steps end with it.

    Signals:
        stepped: some steps were taken.
    """

    stepped = Signal()

    def __init__(self, at_once: int, parent: QObject) -> None:
        super().__init__(parent)
        self._at_once = at_once
        self._steps: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._take_some)

    @property
    def is_building(self) -> bool:
        """Whether steps are left."""
        return bool(self._steps)

    def start(self, steps: list[Callable[[], object]]) -> None:
        """Take the first of `steps` now, and the others after those that are left."""
        is_first = not self._steps
        self._steps.extend(steps)
        if is_first:
            self._take_some()

    def stop(self) -> None:
        """Forget the steps that are left."""
        self._steps.clear()
        self._timer.stop()

    def _take_some(self) -> None:
        for _ in range(min(self._at_once, len(self._steps))):
            self._steps.popleft()()
        if self._steps:
            self._timer.start()
        else:
            self._timer.stop()
        self.stepped.emit()
