"""One conversation on the page: what was said, and the reply under way."""

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.engine.protocol import Role
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.storage.recaps import Recap
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.message_list import MessageList
from assistant.ui.chat.path import Path
from assistant.ui.chat.recap_view import RecapView
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.chat.user_view import UserView

# Writing 13 kB of Markdown takes a tenth of a second: a conversation shows its end first, then
# some more when the window has nothing else to do.
_FIRST = 4  # messages, or fewer that fill what is in sight
_LINE_CHARACTERS = 100  # more than stand in a line of the column
_AROUND_LINES = 2  # what stands below a message takes about so much
_FILL_MS = 60  # after what is in sight was painted
_SLICE_S = 0.015  # on the way to a message far above
_AT_ONCE = 20
_AT_ONCE_CHARACTERS = 30_000


class Transcript(QWidget):
    """Shows messages and says what the person wants done with them.

    Signals:
        again_wanted (object): the id of a reply, to be written again; None if it was never kept.
        continue_wanted (int): the id of a reply that is to go on.
        branch_wanted (int): the id of the message that a new chat is to end with.
        variant_chosen (int): the id of a message to show in place of its variant.
        changed_message (object, str): a message's id, and the text to send in its place.
        recap_edited (int, str): a recap's id and its new text.
        recap_switched (int, bool): a recap's id, and whether it is off.
        place_wanted (object): a `Place` in a document is to be shown.
    """

    again_wanted = Signal(object)
    continue_wanted = Signal(int)
    branch_wanted = Signal(int)
    variant_chosen = Signal(int)
    changed_message = Signal(object, str)
    recap_edited = Signal(int, str)
    recap_switched = Signal(int, bool)
    place_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = MessageList()
        self.list.earlier_wanted.connect(self._show_earlier)
        self._earlier: list[MessageRecord] = []
        self._siblings: Mapping[int, Sequence[int]] = {}
        self._recaps: Sequence[Recap] = ()
        self._question: QWidget | None = None
        self._sought: tuple[int, Callable[[], None]] | None = None
        self._is_busy = False
        self._can_reply = True
        self._fill = QTimer(self, singleShot=True)
        self._fill.timeout.connect(self._fill_up)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    # What is shown

    def show_path(self, path: Path, live: LiveReply | None) -> None:
        """Show a conversation from its end, the reply under way in place of its row."""
        self.clear()
        self._siblings, self._recaps = path.siblings, path.recaps
        self._earlier = _without(path.records, live)
        for record in self._take_last(self._count_in_sight(), _AT_ONCE_CHARACTERS):
            self.list.add(self._view_of(record))
        if live is not None:
            self.follow(live)
        self._settle()
        self.list.go_to_end()
        self._fill.start(_FILL_MS)

    def change_path(self, path: Path, live: LiveReply | None) -> None:
        """Show another path through the same conversation; what both have in common stays."""
        self._take_question()
        self._siblings, self._recaps = path.siblings, path.recaps
        wanted = _without(path.records, live)
        places = {record.id: place for place, record in enumerate(wanted)}
        views = self._messages()
        first = places.get(views[0].message_id or 0) if views else None
        if first is None:
            self.show_path(path, live)
            return
        same = 0
        while (
            same < min(len(views), len(wanted) - first)
            and views[same].message_id == wanted[first + same].id
        ):
            same += 1
        for view in views[same:]:
            self.list.remove(view)
        for record in wanted[first + same :]:
            self.list.add(self._view_of(record))
        if live is not None:
            self.follow(live)
        self._settle()

    def clear(self) -> None:
        """Show nothing."""
        self._fill.stop()
        self._earlier, self._siblings, self._recaps = [], {}, ()
        self._question = self._sought = None
        self.list.clear()

    def add_message(self, text: str, message_id: int | None = None) -> None:
        """Append a message of the person."""
        self._take_question()
        self._sought = None
        self.list.add(self._user_view(text, message_id))
        self.list.go_to_end()

    def follow(self, live: LiveReply) -> None:
        """Append a reply under way, in place of the one that it goes on with or stands beside."""
        self._take_question()
        self._take_from({live.sibling_of, live.continues} - {None})
        view = self._reply_view()
        view.follow(live)
        self.list.add(view)
        self._mark_last()
        self.list.go_to_end()

    def show_variants(self, siblings: Mapping[int, Sequence[int]]) -> None:
        """Show which of several variants each message is."""
        self._siblings = siblings
        self._settle()

    def set_busy(self, is_busy: bool, *, can_reply: bool = True) -> None:
        """Let nothing be changed while a reply is written, or could not be."""
        state = (is_busy, can_reply and not is_busy)
        if state != (self._is_busy, self._can_reply):
            self._is_busy, self._can_reply = state
            self._settle()

    def show_recaps(self, recaps: Sequence[Recap]) -> None:
        """Show what older messages are summed up to, each behind the last of them."""
        self._recaps = recaps
        self._place_recaps()

    def show_recap(self) -> None:
        """Bring the last recap into sight and unfold it."""
        if self._recaps:
            last = self._recaps[-1]
            self._seek(last.upto_message_id, lambda: self._open_recap(last.id))

    def show_message(self, message_id: int) -> None:
        """Bring a message into sight, such as one that a search found."""
        self._seek(message_id, lambda: self._show_view(message_id))

    def show_question(self, view: QWidget) -> None:
        """Append something that the person is asked; it goes when the path changes."""
        self._take_question()
        self._question = view
        self.list.add(view)
        self.list.go_to_end()

    def edit_last(self) -> None:
        """Let the person change their last message."""
        users = [view for view in self._messages() if isinstance(view, UserView)]
        if users:
            users[-1].edit()
            self.list.show_view(users[-1])

    def replies(self) -> list[ReplyView]:
        """Return the replies that are shown, from top to bottom."""
        return [view for view in self._messages() if isinstance(view, ReplyView)]

    def last_message(self) -> str:
        """Return what the person wrote last; empty if they did not."""
        texts = [view.text for view in self._messages() if isinstance(view, UserView)]
        return texts[-1] if texts else ""

    # Its parts

    def _messages(self) -> list[UserView | ReplyView]:
        return [v for v in self.list.views() if isinstance(v, UserView | ReplyView)]

    def _recap_views(self) -> list[RecapView]:
        return [view for view in self.list.views() if isinstance(view, RecapView)]

    def _take_question(self) -> None:
        if self._question is not None:
            self.list.remove(self._question)
            self._question = None

    def _take_from(self, replaced: set[int | None]) -> None:
        """Take away the reply that another takes the place of, and what followed it."""
        views = self.list.views()
        places = [i for i, v in enumerate(views) if getattr(v, "message_id", None) in replaced]
        last = views[-1] if views else None
        if not replaced and isinstance(last, ReplyView):  # it was never kept
            places = [len(views) - 1]
        for view in views[places[0] :] if places else ():
            self.list.remove(view)

    def _settle(self) -> None:
        """Bring what depends on several messages up to date."""
        for view in self._messages():
            ids = () if self._is_busy else self._siblings.get(view.message_id or 0, ())
            view.set_changeable(self._can_reply)
            if isinstance(view, ReplyView):
                view.show_variants(ids)
            else:
                view.variants.show_variants(ids, view.message_id)
        self._mark_last()
        self._place_recaps()

    def _mark_last(self) -> None:
        messages = self._messages()
        for view in messages:
            if isinstance(view, ReplyView):
                view.set_last(view is messages[-1])

    def _place_recaps(self) -> None:
        known = {view.recap.id: view for view in self._recap_views()}
        wanted = {recap.upto_message_id: recap for recap in self._recaps}
        kept = {recap.id for recap in wanted.values()}
        for recap_id, view in known.items():
            if recap_id not in kept:
                self.list.remove(view)
        for message in self._messages():
            recap = wanted.get(message.message_id or 0)
            if recap is not None and recap.id in known:
                known[recap.id].show_recap(recap)
            elif recap is not None:
                self.list.put_behind(message, self._recap_view(recap))

    def _fill_up(self) -> None:
        """Show some more messages above the first few, one at a time."""
        if self._sought is not None:
            self._fill_to(*self._sought)
            return
        shown = len(self._messages())
        if not self._earlier or shown >= _AT_ONCE:
            return
        room = _AT_ONCE_CHARACTERS - sum(len(view.text) for view in self._messages())
        if len(self._earlier[-1].content) <= room:
            self._put_first(1, _AT_ONCE_CHARACTERS)
            self._fill.start(_FILL_MS)

    def _seek(self, message_id: int, show: Callable[[], None]) -> None:
        """Let `show` bring a message into sight, when all between it and the end is there."""
        self._sought = None
        if any(view.message_id == message_id for view in self._messages()):
            show()
        elif any(record.id == message_id for record in self._earlier):
            self._sought = message_id, show
            self._fill.start(0)

    def _fill_to(self, message_id: int, show: Callable[[], None]) -> None:
        """Show some more messages on the way to one far above; the window answers between."""
        until = time.monotonic() + _SLICE_S
        views: list[QWidget] = []
        has_come = False
        while self._earlier and not has_come and (not views or time.monotonic() < until):
            (record,) = self._take_last(1, _AT_ONCE_CHARACTERS)
            views.insert(0, self._view_of(record))
            has_come = record.id == message_id
        self.list.put_first(views)
        if not has_come:
            self._fill.start(0)
            return
        self._sought = None
        self._settle()
        show()

    def _show_view(self, message_id: int) -> None:
        for view in self._messages():
            if view.message_id == message_id:
                self.list.show_view(view)

    def _open_recap(self, recap_id: int) -> None:
        for view in self._recap_views():
            if view.recap.id == recap_id:
                view.open_text()
                view.read_button.setFocus()
                self.list.show_view(view)

    def _show_earlier(self) -> None:
        self._fill.stop()
        self._sought = None
        self._put_first(_AT_ONCE, _AT_ONCE_CHARACTERS)

    def _put_first(self, count: int, characters: int) -> None:
        taken = self._take_last(count, characters)
        self.list.put_first([self._view_of(record) for record in taken])
        self._settle()

    def _count_in_sight(self) -> int:
        """Return how many of the last messages fill what is in sight, by their lines."""
        height = max(self.list.viewport().height(), self.list.minimumSizeHint().height())
        room = height / self.fontMetrics().lineSpacing()
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
        self.list.earlier_button.setVisible(bool(self._earlier))
        return taken

    def _view_of(self, record: MessageRecord) -> QWidget:
        if record.role == Role.USER:
            return self._user_view(record.content, record.id)
        view = self._reply_view()
        view.show_record(record)
        return view

    def _user_view(self, text: str, message_id: int | None) -> UserView:
        view = UserView(text, message_id)
        view.changed.connect(lambda changed: self.changed_message.emit(view.message_id, changed))
        view.variant_chosen.connect(self.variant_chosen)
        return view

    def _reply_view(self) -> ReplyView:
        view = ReplyView()
        view.regenerate_wanted.connect(lambda: self.again_wanted.emit(view.message_id))
        view.retry_wanted.connect(lambda: self.again_wanted.emit(view.message_id))
        view.continue_wanted.connect(lambda: self.continue_wanted.emit(view.message_id))
        view.branch_wanted.connect(lambda: self.branch_wanted.emit(view.message_id))
        view.variant_chosen.connect(self.variant_chosen)
        view.place_wanted.connect(self.place_wanted)
        return view

    def _recap_view(self, recap: Recap) -> RecapView:
        view = RecapView(recap)
        view.edited.connect(self.recap_edited)
        view.switched.connect(self.recap_switched)
        return view


def _without(records: Sequence[MessageRecord], live: LiveReply | None) -> list[MessageRecord]:
    """Return `records` up to the row of a reply under way, or the one that it stands beside.

    Its row may be there before the reply knows of it.
    """
    if live is None:
        return list(records)
    hidden = {live.message_id, live.sibling_of}
    is_end = [r.id in hidden or r.status is MessageStatus.STREAMING for r in records]
    return list(records[: is_end.index(True)] if any(is_end) else records)
