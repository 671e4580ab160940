"""The replies under way, each in its conversation, and what is done in the background after one."""

from PySide6.QtCore import QObject, Signal

from assistant.engine.client import Engine
from assistant.ui.chat.aftermath import Aftermath
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.shelf import Chat, Shelf


class Replies(QObject):
    """At most one reply in each conversation.

    Args:
        engine: names conversations and sums up old messages.
        parent: owner.

    Attributes:
        makes_titles: whether the model names conversations.

    Signals:
        ended (object): a `LiveReply` is complete, stopped or failed.
        titled (object): a `Chat` has got a title.
        summing_up (object, bool): in a `Chat` older messages are being summed up in the
            background, or no longer.
        settled: what followed a reply in the background is done.
        recap_made (object): a recap of a `Chat` was stored.
    """

    ended = Signal(object)
    titled = Signal(object)
    summing_up = Signal(object, bool)
    recap_made = Signal(object)
    settled = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.makes_titles = True
        self._engine = engine
        self._live: dict[Chat, LiveReply] = {}
        self._after: dict[Chat, Aftermath] = {}

    @property
    def live(self) -> list[LiveReply]:
        """All replies under way."""
        return list(self._live.values())

    def of(self, chat: Chat | None) -> LiveReply | None:
        """Return the reply under way in a conversation."""
        return self._live.get(chat) if chat is not None else None

    def busy_shelves(self) -> set[Shelf]:
        """Return where replies, or what follows them, still write."""
        return {chat.shelf for chat in (*self._live, *self._after)}

    def begin(self, live: LiveReply) -> None:
        """Start a reply."""
        if live.chat in self._after:
            self._after[live.chat].stop()
        self._live[live.chat] = live
        live.ended.connect(lambda: self._end(live))
        live.recap_made.connect(lambda _: self.recap_made.emit(live.chat))
        live.start()

    def stop_in(self, chat: Chat) -> None:
        """End what goes on in a conversation, because it goes away."""
        if chat in self._live:
            self._live[chat].stop()
        if chat in self._after:
            self._after[chat].stop()

    def stop(self) -> None:
        """End everything, with what there is."""
        for live in self._live.values():
            live.stop()
        for after in self._after.values():
            after.stop()

    def _end(self, live: LiveReply) -> None:
        self._live.pop(live.chat, None)
        self.ended.emit(live)
        if live.stage in {Stage.COMPLETE, Stage.STOPPED} and live.text:
            self._go_on_after(live.chat)
        live.deleteLater()

    def _go_on_after(self, chat: Chat) -> None:
        after = Aftermath(self._engine, chat, makes_title=self.makes_titles, parent=self)
        self._after[chat] = after
        after.titled.connect(lambda: self.titled.emit(chat))
        after.summing_up.connect(lambda is_working: self.summing_up.emit(chat, is_working))
        after.recap_made.connect(lambda: self.recap_made.emit(chat))
        after.ended.connect(lambda: self._end_after(after))
        after.start()

    def _end_after(self, after: Aftermath) -> None:
        if self._after.get(after.chat) is after:
            del self._after[after.chat]
        after.deleteLater()
        self.settled.emit()
