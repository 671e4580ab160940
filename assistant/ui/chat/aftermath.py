"""What is done in the background after a reply: a title, and a summary of what is old."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from assistant.conversations.events import AfterEvent, RecapBegun, RecapMade, TitleMade
from assistant.conversations.turns import after_turn
from assistant.engine.client import Engine
from assistant.ui.chat.shelf import Chat
from assistant.ui.job import Job


class Aftermath(QObject):
    """One run after one reply; an error in it concerns nobody, the next reply tries again.

    Args:
        engine: with the model that replied.
        chat: the conversation.
        makes_title: whether the model names it.
        parent: ends it when it is deleted.

    Signals:
        titled: the conversation has got a title.
        summing_up (bool): older messages are being summed up, or no longer.
        recap_made: a summary was stored.
        ended: nothing follows.
    """

    titled = Signal()
    summing_up = Signal(bool)
    recap_made = Signal()
    ended = Signal()

    def __init__(
        self, engine: Engine, chat: Chat, *, makes_title: bool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.chat = chat

        def work(cancel: threading.Event) -> Iterator[AfterEvent]:
            return after_turn(
                engine, chat.shelf.stores, chat.id, makes_title=makes_title, cancel=cancel
            )

        self._job = Job(work, self)
        self._job.progressed.connect(self._take)
        self._job.finished.connect(self._end)

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it as soon as can be."""
        self._job.cancel()

    def _take(self, event: AfterEvent) -> None:
        match event:
            case TitleMade():
                self.titled.emit()
            case RecapBegun():
                self.summing_up.emit(True)
            case RecapMade():
                self.summing_up.emit(False)
                self.recap_made.emit()

    def _end(self) -> None:
        self.summing_up.emit(False)
        self.ended.emit()
