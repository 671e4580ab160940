"""One conversation on the page: what was said, and the reply under way."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.engine.protocol import Role
from assistant.storage.chat_search import Part
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.storage.recaps import Recap
from assistant.ui.chat.filling import Filling
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.message_list import MessageList
from assistant.ui.chat.path import Path
from assistant.ui.chat.recap_view import RecapView
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.chat.user_view import UserView


class Transcript(QWidget):
    """Shows messages and says what the person wants done with them.

    Signals:
        again_wanted (object): the id of a reply, to be written again; None if it was never kept.
        once_more_wanted (object): the same, with a model that crashed last time.
        anyway_wanted (int): the id of an answer that documents do not tell; they are to be asked
            all the same.
        continue_wanted (int): the id of a reply that is to go on.
        branch_wanted (int): the id of the message that a new chat is to end with.
        variant_chosen (int): the id of a message to show in place of its variant.
        changed_message (object, str): a message's id, and the text to send in its place.
        recap_edited (int, str): a recap's id and its new text.
        recap_switched (int, bool): a recap's id, and whether it is off.
        place_wanted (object): a `Place` in a document is to be shown.
    """

    again_wanted = Signal(object)
    once_more_wanted = Signal(object)
    anyway_wanted = Signal(int)
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
        self._filling = Filling(self.list, self._view_of, self)
        self._filling.grown.connect(self._settle)
        self._siblings: Mapping[int, Sequence[int]] = {}
        self._recaps: Sequence[Recap] = ()
        self._question: QWidget | None = None
        self._is_busy = False
        self._can_reply = True
        self._can_branch = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    def offer_branches(self, is_offered: bool) -> None:
        """Offer to go on from a reply in a new chat, in what is shown from now on."""
        self._can_branch = is_offered

    # What is shown

    def show_path(self, path: Path, live: LiveReply | None) -> None:
        """Show a conversation from its end, the reply under way in place of its row."""
        self.clear()
        self._siblings, self._recaps = path.siblings, path.recaps
        self._filling.begin(_without(path.records, live))
        if live is not None:
            self.follow(live)
        self._settle()
        self.list.go_to_end()

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
        self._filling.stop()
        self._siblings, self._recaps = {}, ()
        self._question = None
        self.list.clear()

    def add_message(self, text: str, message_id: int | None = None) -> None:
        """Append a message of the person."""
        self._take_question()
        self._filling.stay()
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
            last = self._recaps[-1].upto_message_id
            self._filling.seek(last, lambda: self._open_recap(last))

    def show_message(self, message_id: int, part: Part = Part.TEXT) -> None:
        """Bring a message into sight, such as one that a search found, or unfold a part of it."""
        show = self._open_recap if part is Part.RECAP else partial(self._show_view, part=part)
        self._filling.seek(message_id, lambda: show(message_id))

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

    def _show_view(self, message_id: int, part: Part) -> None:
        for view in self._messages():
            if view.message_id == message_id:
                if part is Part.THINKING and isinstance(view, ReplyView):
                    view.thinking.unfold()
                self.list.show_view(view)

    def _open_recap(self, upto_message_id: int) -> None:
        for view in self._recap_views():
            if view.recap.upto_message_id == upto_message_id:
                view.open_text()
                view.read_button.setFocus()
                self.list.show_view(view)

    def _view_of(self, record: MessageRecord) -> UserView | ReplyView:
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
        view.once_more_wanted.connect(lambda: self.once_more_wanted.emit(view.message_id))
        view.anyway_wanted.connect(lambda: self.anyway_wanted.emit(view.message_id))
        view.continue_wanted.connect(lambda: self.continue_wanted.emit(view.message_id))
        view.branch_button.setVisible(self._can_branch)
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
