"""How much of a long conversation is shown yet: its end first, then more above it."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from assistant.storage.conversations import MessageRecord
from assistant.ui.chat.message_list import MessageList
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.chat.user_view import UserView

# Writing 13 kB of Markdown takes a tenth of a second: a conversation shows its end first, then
# some more when the window has nothing else to do.
_FIRST = 4  # messages, or fewer that fill what is in sight
_LINE_CHARACTERS = 100  # more than stand in a line of the column
_LINE_HEIGHTS = 1.5  # of the window's font: what a line of a message takes with its spacing
_AROUND_LINES = 2  # what stands below a message takes about so much
_FILL_MS = 60  # after what is in sight was painted
_SLICE_S = 0.015  # on the way to a message far above
_AT_ONCE = 20
_AT_ONCE_CHARACTERS = 30_000


class Filling(QObject):
    """Puts messages into the list, from the last one upwards.

    Args:
        list_: the list of the conversation.
        view_of: makes the view of a message.
        parent: owner.

    Signals:
        grown: there are more messages in the list.
    """

    grown = Signal()

    def __init__(
        self,
        list_: MessageList,
        view_of: Callable[[MessageRecord], UserView | ReplyView],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._list = list_
        self._view_of = view_of
        self._earlier: list[MessageRecord] = []
        self._sought: tuple[int, Callable[[], None]] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._fill_up)
        list_.earlier_wanted.connect(self._show_earlier)

    def begin(self, records: Sequence[MessageRecord]) -> None:
        """Show the end of a conversation in the empty list; more follows by and by."""
        self.stop()
        self._earlier = list(records)
        for record in self._take_last(self._count_in_sight(), _AT_ONCE_CHARACTERS):
            self._list.add(self._view_of(record))
        self._timer.start(_FILL_MS)

    def stop(self) -> None:
        """Forget what is not shown yet."""
        self._timer.stop()
        self._earlier, self._sought = [], None

    def stay(self) -> None:
        """Go to no message far above: the person wants something else now."""
        self._sought = None

    def seek(self, message_id: int, show: Callable[[], None]) -> None:
        """Call `show` when a message and all between it and the end are there, if it is known."""
        self._sought = None
        if any(view.message_id == message_id for view in self._shown()):
            show()
        elif any(record.id == message_id for record in self._earlier):
            self._sought = message_id, show
            self._timer.start(0)

    def _shown(self) -> list[UserView | ReplyView]:
        return [view for view in self._list.views() if isinstance(view, UserView | ReplyView)]

    def _fill_up(self) -> None:
        """Show some more messages above the first few, one at a time."""
        if self._sought is not None:
            self._fill_to(*self._sought)
            return
        shown = self._shown()
        if not self._earlier or len(shown) >= _AT_ONCE:
            return
        room = _AT_ONCE_CHARACTERS - sum(len(view.text) for view in shown)
        if len(self._earlier[-1].content) <= room:
            self._put_first(1, _AT_ONCE_CHARACTERS)
            self._timer.start(_FILL_MS)

    def _fill_to(self, message_id: int, show: Callable[[], None]) -> None:
        """Show some more messages on the way to one far above; the window answers between."""
        until = time.monotonic() + _SLICE_S
        views: list[QWidget] = []
        has_come = False
        while self._earlier and not has_come and (not views or time.monotonic() < until):
            (record,) = self._take_last(1, _AT_ONCE_CHARACTERS)
            views.insert(0, self._view_of(record))
            has_come = record.id == message_id
        self._list.put_first(views)
        if not has_come:
            self._timer.start(0)
            return
        self._sought = None
        self.grown.emit()
        show()

    def _show_earlier(self) -> None:
        self._timer.stop()
        self._sought = None
        self._put_first(_AT_ONCE, _AT_ONCE_CHARACTERS)

    def _put_first(self, count: int, characters: int) -> None:
        taken = self._take_last(count, characters)
        self._list.put_first([self._view_of(record) for record in taken])
        self.grown.emit()

    def _count_in_sight(self) -> int:
        """Return how many of the last messages fill what is in sight, by their lines."""
        height = max(self._list.viewport().height(), self._list.minimumSizeHint().height())
        room = height / (_LINE_HEIGHTS * self._list.fontMetrics().lineSpacing())
        count = 0
        for record in self._earlier[: -_FIRST - 1 : -1]:
            if room <= 0 and count >= 2:
                break
            lines = record.content.split("\n")
            room -= sum(1 + len(line) // _LINE_CHARACTERS for line in lines) + _AROUND_LINES
            count += 1
        return count

    def _take_last(self, most: int, most_characters: int) -> list[MessageRecord]:
        """Take as many messages from those not yet shown as can be shown at once."""
        count = characters = 0
        for record in reversed(self._earlier):
            characters += len(record.content)
            if count >= most or (count >= 2 and characters > most_characters):
                break
            count += 1
        first = len(self._earlier) - count
        taken, self._earlier = self._earlier[first:], self._earlier[:first]
        self._list.earlier_button.setVisible(bool(self._earlier))
        return taken
