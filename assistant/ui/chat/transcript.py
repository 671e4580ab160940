"""One conversation on the page: what was said, and the reply under way."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.engine.protocol import Role
from assistant.storage.conversations import MessageRecord
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.message_list import MessageList
from assistant.ui.chat.reply_view import ReplyView
from assistant.ui.chat.user_view import UserView

# Writing 13 kB of Markdown takes a tenth of a second: a long conversation shows its end first.
_AT_ONCE = 20  # messages
_AT_ONCE_CHARACTERS = 30_000


class Transcript(QWidget):
    """Shows messages and says what the person wants done with them.

    Signals:
        again_wanted (object): the id of the last reply, to be written again; None if it was
            never kept.
        edit_wanted (str): a message's text, to be changed and sent again.
    """

    again_wanted = Signal(object)
    edit_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = MessageList()
        self.list.earlier_wanted.connect(self._show_earlier)
        self._earlier: list[MessageRecord] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    def show_conversation(self, records: Sequence[MessageRecord], live: LiveReply | None) -> None:
        """Show `records`, and `live` at their end in place of its row and of what it replaces."""
        self.list.clear()
        hidden = {live.message_id, live.replaces} if live else set()
        shown = [record for record in records if record.id not in hidden]
        self._earlier = shown
        for record in self._take_last():
            self.list.add(self._view_of(record))
        if live is not None:
            self.follow(live)
        self._mark_last()
        self.list.go_to_end()

    def add_message(self, text: str) -> None:
        """Append a message of the person."""
        self.list.add(self._user_view(text))
        self.list.go_to_end()

    def follow(self, live: LiveReply) -> None:
        """Append a reply under way, in place of a reply that stands at the end."""
        before = self.list.views()[-1:]
        for last in before:
            if isinstance(last, ReplyView):
                self.list.remove(last)
        view = self._reply_view()
        view.follow(live)
        self.list.add(view)
        self._mark_last()
        self.list.go_to_end()

    def replies(self) -> list[ReplyView]:
        """Return the replies that are shown, from top to bottom."""
        return [view for view in self.list.views() if isinstance(view, ReplyView)]

    def last_message(self) -> str:
        """Return what the person wrote last; empty if they did not."""
        texts = [view.text for view in self.list.views() if isinstance(view, UserView)]
        return texts[-1] if texts else ""

    def _mark_last(self) -> None:
        views = self.list.views()
        for view in views:
            if isinstance(view, ReplyView):
                view.set_last(view is views[-1])

    def _show_earlier(self) -> None:
        self.list.put_first([self._view_of(record) for record in self._take_last()])
        self._mark_last()

    def _take_last(self) -> list[MessageRecord]:
        """Take as many messages from those not yet shown as can be shown at once."""
        count = characters = 0
        for record in reversed(self._earlier):
            characters += len(record.content)
            if count >= _AT_ONCE or (count >= 2 and characters > _AT_ONCE_CHARACTERS):
                break
            count += 1
        first = len(self._earlier) - count
        taken, self._earlier = self._earlier[first:], self._earlier[:first]
        self.list.earlier_button.setVisible(bool(self._earlier))
        return taken

    def _view_of(self, record: MessageRecord) -> QWidget:
        if record.role == Role.USER:
            return self._user_view(record.content)
        view = self._reply_view()
        view.show_record(record)
        return view

    def _user_view(self, text: str) -> UserView:
        view = UserView(text)
        view.edit_wanted.connect(self.edit_wanted)
        return view

    def _reply_view(self) -> ReplyView:
        view = ReplyView()
        view.regenerate_wanted.connect(lambda: self.again_wanted.emit(view.message_id))
        view.retry_wanted.connect(lambda: self.again_wanted.emit(view.message_id))
        return view
