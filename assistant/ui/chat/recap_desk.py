"""What older messages are summed up to, in the open conversation: shown, changed, switched."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.ui.chat.path import read_path
from assistant.ui.chat.replies import Replies
from assistant.ui.chat.shelf import Chat
from assistant.ui.chat.transcript import Transcript


class RecapDesk(QObject):
    """Joins the recaps of the transcript with the store.

    Args:
        replies: tell when a recap was made.
        transcript: where they are shown.
        chat: returns the open conversation.
        parent: owner.

    Signals:
        shown (object): the `Path` that is shown now.
        failed (object): an AssistantError.
    """

    shown = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        replies: Replies,
        transcript: Transcript,
        chat: Callable[[], Chat | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._chat = chat
        replies.recap_made.connect(self._take)
        transcript.recap_edited.connect(self._edit)
        transcript.recap_switched.connect(self._switch)

    def _take(self, chat: Chat) -> None:
        if chat == self._chat():
            self._do(lambda _: None)

    def _edit(self, recap_id: int, text: str) -> None:
        self._do(lambda chat: chat.shelf.stores.recaps.edit(recap_id, text))

    def _switch(self, recap_id: int, is_off: bool) -> None:
        self._do(lambda chat: chat.shelf.stores.recaps.switch(recap_id, is_off))

    def _do(self, work: Callable[[Chat], object]) -> None:
        """Do something with the recaps of the open conversation, and show them as they are then."""
        chat = self._chat()
        if chat is None:
            return
        try:
            work(chat)
        except AssistantError as error:  # what is stored is shown below
            self.failed.emit(error)
        try:
            path = read_path(chat)
        except AssistantError as error:
            self.failed.emit(error)
            return
        self._transcript.show_recaps(path.recaps)
        self.shown.emit(path)
