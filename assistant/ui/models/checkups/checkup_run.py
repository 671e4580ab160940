"""A check-up of one model that is under way, or has ended: whoever shows it may come and go."""

import threading
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from PySide6.QtCore import QLocale, QObject, Signal

from assistant.checkups.card import ScoreCard, Size
from assistant.checkups.cards import CardFile
from assistant.checkups.keeping import keep
from assistant.checkups.languages import LANGUAGES, asked_first
from assistant.checkups.progress import CheckProgress
from assistant.checkups.quality import check
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.engine.status import EngineState
from assistant.forecast import SpeedRecords
from assistant.models.keeping.installed import InstalledModel
from assistant.ui.job import Job
from assistant.ui.models.model_facts import name_of

_LOOK_S = 0.2


class RunState(StrEnum):
    """What a check-up is doing."""

    WAITING = "waiting"  # for a reply or a summary that is under way
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class CheckupRun(QObject):
    """Checks one model on an engine of its own, while the others rest.

    Args:
        model: which one.
        settings: how it is loaded.
        new_engine: makes the engine; it is closed at the end.
        others: the engines that give back their memory first, when they have nothing to do.
        cards: where the score card is kept.
        speeds: where the speeds are kept, for forecasts.
        size: how much is asked.
        parent: owner.

    Attributes:
        state: what it is doing.
        progress: how far it is; None before the first word of it.
        card: what came of it, for DONE.
        error: why it failed, for FAILED.

    Signals:
        changed: one of the attributes changed.
        ended: it is done, stopped or failed.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        model: InstalledModel,
        settings: LoadSettings,
        *,
        new_engine: Callable[[], Engine],
        others: Sequence[Engine],
        cards: CardFile,
        speeds: SpeedRecords,
        size: Size = Size.FULL,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.state = RunState.WAITING
        self.progress: CheckProgress | None = None
        self.card: ScoreCard | None = None
        self.error: Exception | None = None
        self._settings = settings
        self._new_engine = new_engine
        self._others = others
        self._cards = cards
        self._speeds = speeds
        self._size = size
        self._job = Job(self._work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.cancelled.connect(self._stop)
        self._job.succeeded.connect(self._succeed)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state in {RunState.WAITING, RunState.RUNNING}

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it; nothing of it is kept."""
        self._job.cancel()

    def _work(self, cancel: threading.Event) -> Iterator[CheckProgress | ScoreCard]:
        while any(one.status().state is EngineState.WORKING for one in self._others):
            if cancel.wait(_LOOK_S):
                return
        for other in self._others:
            other.rest()
        engine = self._new_engine()
        try:
            last: ScoreCard | None = None
            for event in check(
                engine,
                self.model.path,
                self._settings,
                name=name_of(self.model),
                sha256=self.model.sha256,
                size=self._size,
                languages=asked_first(_own_language()),
                cancel=cancel,
            ):
                last = event if isinstance(event, ScoreCard) else last
                yield event
            if last is not None and not cancel.is_set():
                keep(last, self.model.path, self._cards, self._speeds)
                yield last
        finally:
            engine.close()

    def _take(self, event: CheckProgress | ScoreCard) -> None:
        if isinstance(event, ScoreCard):
            self.card = event
            return
        self.state = RunState.RUNNING
        self.progress = event
        self.changed.emit()

    def _succeed(self, _: object) -> None:
        self._end(RunState.DONE)

    def _stop(self) -> None:
        self.card = None
        self._end(RunState.STOPPED)

    def _fail(self, error: Exception) -> None:
        self.error = error
        self._end(RunState.FAILED)

    def _end(self, state: RunState) -> None:
        self.state = state
        self.changed.emit()
        self.ended.emit()


def _own_language() -> str:
    """Return the person's language, in which half of the questions are asked, if it can be."""
    own = QLocale().bcp47Name().partition("-")[0]
    return own if own in LANGUAGES else "en"
