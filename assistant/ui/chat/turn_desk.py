"""What the person does in the open conversation: send, change, write again, go on, branch."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from assistant.conversations.titles import title_from
from assistant.engine.protocol import Role
from assistant.errors import AssistantError
from assistant.storage.conversations import MessageRecord
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.path import Path, read_path
from assistant.ui.chat.recap_desk import RecapDesk
from assistant.ui.chat.shelf import Chat, Shelf
from assistant.ui.chat.transcript import Transcript
from assistant.ui.chat.turn_parts import TurnParts

T = TypeVar("T")


class TurnDesk(QObject):
    """Joins the transcript with the store and the replies.

    Args:
        made_with: what a turn needs.
        transcript: where the conversation is shown.
        parent: owner.

    Signals:
        begun (object): the open chat has got its row, this `Chat`.
        branched (object): a new `Chat` begins with what was said up to a message.
        sent: a message was stored; the composer can be emptied.
        busy_changed: a reply began or ended in the open conversation.
        shown (object): the `Path` that is shown now.
        failed (object): an AssistantError.
    """

    begun = Signal(object)
    branched = Signal(object)
    sent = Signal()
    busy_changed = Signal()
    shown = Signal(object)
    failed = Signal(object)

    def __init__(
        self, made_with: TurnParts, transcript: Transcript, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._made_with = made_with
        self._transcript = transcript
        self._shelf: Shelf | None = None
        self.chat: Chat | None = None
        made_with.replies.ended.connect(self._end)
        transcript.again_wanted.connect(self.write_again)
        transcript.once_more_wanted.connect(lambda reply: self.write_again(reply, forgives=True))
        transcript.anyway_wanted.connect(lambda reply: self.write_again(reply, insists=True))
        transcript.continue_wanted.connect(self.go_on)
        transcript.branch_wanted.connect(self.branch)
        transcript.variant_chosen.connect(self.choose)
        transcript.changed_message.connect(self.send_changed)
        self._recaps = RecapDesk(made_with.replies, transcript, lambda: self.chat, self)
        self._recaps.shown.connect(self.shown)
        self._recaps.failed.connect(self.failed)

    @property
    def live(self) -> LiveReply | None:
        """The reply under way in the open conversation."""
        return self._made_with.replies.of(self.chat)

    @property
    def can_reply(self) -> bool:
        """Whether a reply can begin: none is under way, and no document is still being read."""
        return self.live is None and not self._made_with.asking.is_reading

    def open(self, shelf: Shelf, conversation_id: int | None) -> bool:
        """Show a conversation from its end; return whether it can be read."""
        if conversation_id is None:
            self._shelf, self.chat = shelf, None
            self._transcript.clear()
            self.busy_changed.emit()
            self.shown.emit(Path())
            return True
        chat = Chat(shelf, conversation_id)
        path = self._guarded(lambda: read_path(chat))
        if path is None:
            return False
        self._shelf, self.chat = shelf, chat
        self._transcript.show_path(path, self.live)
        self.busy_changed.emit()
        self.shown.emit(path)
        return True

    def shows(self, message_id: int) -> bool:
        """Whether a message is on the path that is shown."""
        chat = self.chat
        records = (
            self._guarded(lambda: chat.shelf.conversations.messages(chat.id)) if chat else None
        )
        return any(record.id == message_id for record in records or [])

    # What the person does

    def send(self, text: str) -> None:
        """Keep a message of the person, and begin the reply to it."""
        if self.live is not None or self._shelf is None:
            return
        message_id = self._guarded(lambda: self._keep(text))
        if message_id is None:
            return
        self.sent.emit()
        self._transcript.add_message(text, message_id)
        self._reply()

    def send_changed(self, message_id: int | None, text: str) -> None:
        """Keep a message as a variant of an earlier one, and begin the reply to it."""
        chat = self.chat
        if chat is None or message_id is None or not self.can_reply:
            return

        def keep() -> int | None:
            store = chat.shelf.conversations
            before = next((m for m in store.messages(chat.id) if m.id == message_id), None)
            if before is None:
                return None
            return store.add_message(chat.id, Role.USER, text, parent_id=before.parent_id)

        if self._guarded(keep) is not None:
            self._show_path()
            self._reply()

    def write_again(
        self, message_id: int | None, *, insists: bool = False, forgives: bool = False
    ) -> None:
        """Write another reply beside one; the first one stays as a variant.

        Args:
            message_id: of the reply; None if it was never kept.
            insists: answer from the closest passages, although they do not seem to tell.
            forgives: load the model even if it crashed last time.
        """
        if self.chat is None or not self.can_reply:
            return
        if forgives:
            self._use_model()
            self._made_with.engine.forgive()
        if message_id is not None:
            self._guarded(lambda: self._choose_before(message_id))
        self._reply(sibling_of=message_id, answers_anyway=insists)

    def go_on(self, message_id: int) -> None:
        """Let a reply go on that was stopped, or cut at its longest length."""
        chat = self.chat
        if chat is None or not self.can_reply:
            return
        records = self._guarded(lambda: chat.shelf.conversations.messages(chat.id)) or []
        if records and records[-1].id == message_id:
            self._reply(continues=records[-1])

    def go_on_last(self) -> None:
        """Let the last reply go on, or begin it where there is none yet."""
        chat = self.chat
        if chat is None:
            return
        records = self._guarded(lambda: chat.shelf.conversations.messages(chat.id)) or []
        if records and records[-1].role == Role.ASSISTANT:
            self.go_on(records[-1].id)
        elif records:
            self.write_again(None)

    def reply_anyway(self) -> None:
        """Reply to a question that means a document, although none is attached."""
        if self.chat is not None and self.live is None:
            self._reply(answers_anyway=True)

    def choose(self, message_id: int) -> None:
        """Show a variant, and what followed it."""
        chat = self.chat
        if chat is None or self.live is not None:
            return

        def choose() -> bool:
            chat.shelf.conversations.choose(message_id)
            return True

        if self._guarded(choose):
            self._show_path()

    def branch(self, message_id: int) -> None:
        """Begin a new chat with what was said up to a message."""
        chat = self.chat
        if chat is None:
            return

        def copy() -> int | None:
            record = chat.shelf.conversations.get(chat.id)
            title = record.title if record is not None else ""
            return chat.shelf.conversations.branch(message_id, title)

        made = self._guarded(copy)
        if made is not None:
            self.branched.emit(Chat(chat.shelf, made))

    def stop(self) -> None:
        """End the reply in the open conversation, with what there is."""
        if self.live is not None:
            self.live.stop()

    # How it is done

    def _keep(self, text: str) -> int | None:
        assert self._shelf is not None
        store = self._shelf.conversations
        if self.chat is None:
            title = title_from(text) or self.tr("New chat")
            chat = Chat(self._shelf, store.create(title))
            message_id = store.add_message(chat.id, Role.USER, text)
            self.chat = chat
            self.begun.emit(chat)
            return message_id
        return store.add_message(self.chat.id, Role.USER, text)

    def _use_model(self) -> None:
        """Load for the next turn the model that this conversation wants."""
        self._made_with.current_model.use_for(self._made_with.choices.value.model)

    def _choose_before(self, message_id: int) -> None:
        """Make sure that the reply that gets a variant is the active one."""
        if self.chat is not None:
            self.chat.shelf.conversations.choose(message_id)

    def _reply(
        self,
        *,
        sibling_of: int | None = None,
        continues: MessageRecord | None = None,
        answers_anyway: bool = False,
    ) -> None:
        chat = self.chat
        if chat is None:
            return
        live = self._made_with.prepare(
            chat,
            sibling_of=sibling_of,
            continues=continues,
            answers_anyway=answers_anyway,
            parent=self,
        )
        self._transcript.follow(live)
        self._made_with.replies.begin(live)
        self.busy_changed.emit()

    def _end(self, live: LiveReply) -> None:
        if live.chat != self.chat:
            return
        self.busy_changed.emit()
        if live.wants_document:
            self._ask_for_document()
        elif live.is_empty and live.sibling_of is not None:
            self._show_path()  # it came to nothing: the reply before is there again
        else:
            path = self._guarded(lambda: read_path(live.chat))
            if path is not None:
                self._transcript.show_variants(path.siblings)
                self._transcript.show_recaps(path.recaps)
                self.shown.emit(path)

    def _ask_for_document(self) -> None:
        self._show_path()
        view = self._made_with.asking.wanted_view()
        view.reply_wanted.connect(self.reply_anyway)
        view.document_attached.connect(self._answer)
        self._transcript.show_question(view)

    def _answer(self) -> None:
        """Reply to the last message from the document that it means, which is there now."""
        if self.chat is not None and self.live is None:
            self._reply()

    def _show_path(self) -> None:
        chat = self.chat
        path = self._guarded(lambda: read_path(chat)) if chat is not None else None
        if path is not None:
            self._transcript.change_path(path, self.live)
            self.shown.emit(path)

    def _guarded(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except AssistantError as error:
            self.failed.emit(error)
            return None
