"""The chat page: conversations with the model, kept as they grow."""

from collections.abc import Sequence
from pathlib import Path as File

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.engine.client import Engine
from assistant.errors import AssistantError
from assistant.settings import SettingsFile
from assistant.storage.chat_search import Part
from assistant.storage.database import Database
from assistant.storage.presets import PresetStore
from assistant.ui import icons
from assistant.ui.asking.desk import AskingDesk
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.chat_layout import ChatLayout
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.context_meter import ContextMeter
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.draft_keeper import DraftKeeper
from assistant.ui.chat.list_work import ListWork
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.model_notice import ModelNotice
from assistant.ui.chat.options.options_desk import OptionsDesk
from assistant.ui.chat.path import Path
from assistant.ui.chat.replies import Replies
from assistant.ui.chat.shelf import Chat, Shelf
from assistant.ui.chat.start_view import StartView
from assistant.ui.chat.temporary import TemporaryChat
from assistant.ui.chat.tools import TOOL_ICON
from assistant.ui.chat.transcript import Transcript
from assistant.ui.chat.turn_desk import TurnDesk
from assistant.ui.chat.turn_parts import TurnParts
from assistant.ui.current_model import CurrentModel
from assistant.ui.documents.parts import Parts
from assistant.ui.markdown import leaves


class ChatPage(QWidget):
    """Joins the list, the conversation that is open, its documents, and the composer.

    Args:
        engine: replies.
        current_model: which model is in use.
        database: where conversations are kept.
        parts: what documents are worked on with.
        settings: say whether the model names chats; it does if there are none.
        parent: owner.

    Signals:
        models_wanted: the person wants to see the models.
        document_wanted (int): a document is to be opened in Documents.
    """

    models_wanted = Signal()
    document_wanted = Signal(int)

    def __init__(
        self,
        engine: Engine,
        current_model: CurrentModel,
        database: Database,
        parts: Parts,
        *,
        settings: SettingsFile | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._current_model = current_model
        self._settings = settings
        self._kept = Shelf.of(database)
        self._shelf = self._kept
        self._temporary = TemporaryChat()
        self.title = self.tr("Chat")
        self.drop_words = self.tr("Let go to attach to this chat")
        self.sidebar = ConversationList()
        self.notice = ModelNotice()
        self.start = StartView()
        self.transcript = Transcript()
        self.composer = Composer()
        self.meter = ContextMeter()
        self.asking = AskingDesk(parts, self._kept.home, self)
        self.choices = ChatChoices(self)
        self.replies = Replies(engine, self)
        self.drafts = DraftKeeper(self.composer, self)
        self.list_work = ListWork(self.sidebar, self._kept.conversations, database, engine, self)
        made_with = TurnParts(
            engine=engine,
            current_model=current_model,
            parts=parts,
            asking=self.asking,
            choices=self.choices,
            replies=self.replies,
        )
        self.turns = TurnDesk(made_with, self.transcript, self)
        presets = PresetStore(database)
        self.options = OptionsDesk(
            self.choices,
            presets,
            engine=engine,
            current_model=current_model,
            start=self.start,
            parent=self,
        )
        self._layout = ChatLayout(self.start, self.transcript, self.composer)
        self._lay_out()
        self._connect()
        self._take_model()
        self.refresh_list()
        self.new_chat()

    @property
    def conversation_id(self) -> int | None:
        """The conversation that is open; None for one that has not begun."""
        return self.turns.chat.id if self.turns.chat is not None else None

    @property
    def live_reply(self) -> LiveReply | None:
        """The reply under way in the conversation that is open."""
        return self.turns.live

    @property
    def is_temporary(self) -> bool:
        """Whether what is open is never stored."""
        return self._shelf.is_temporary

    def new_chat(self) -> None:
        """Begin another conversation; it is kept from its first message on."""
        self._open(self._kept, None)

    def open_conversation(self, conversation_id: int) -> None:
        """Show a conversation."""
        if conversation_id != self.conversation_id or self.is_temporary:
            self._open(self._kept, conversation_id)

    def show_message(self, conversation_id: int, message_id: int, part: Part = Part.TEXT) -> None:
        """Show a conversation with a message, or a part of it, in sight, on whatever branch."""
        self.open_conversation(conversation_id)
        if not self.turns.shows(message_id):
            self.turns.choose(message_id)
        self.transcript.show_message(message_id, part)

    def open_temporary(self) -> None:
        """Show the chat that is never stored, begun now if there is none."""
        self._open(self._temporary.begin(), self._temporary.conversation_id)

    def close_temporary(self) -> None:
        """Forget the chat that is never stored."""
        chat, shelf = self._temporary.chat, self._temporary.shelf
        if chat is not None:
            self.replies.stop_in(chat)
        was_open = self.is_temporary
        self._temporary.end()
        if was_open:
            self.new_chat()
        if shelf is not None:
            self.asking.attachments.forget_home(shelf.home)
        self._show_temporary()
        self._release_temporary()

    def send(self, text: str) -> None:
        """Keep a message of the person, and begin the reply to it."""
        self._layout.show_error(None)
        self.turns.send(text)

    def attach(self, files: list[File]) -> None:
        """Attach files to the open conversation."""
        self.asking.attach(files)

    def ask_documents(self, document_ids: Sequence[int]) -> None:
        """Begin a chat about documents that were read before."""
        self.new_chat()
        self.asking.attachments.clear()
        self.asking.attach_stored(document_ids)

    def leave(self, ids: Sequence[int]) -> None:
        """Let go of conversations that are about to be removed."""
        for conversation_id in ids:
            self.replies.stop_in(Chat(self._kept, conversation_id))
        if not self.is_temporary and self.conversation_id in ids:
            self.new_chat()

    def refresh_list(self) -> None:
        """Read the list of conversations anew."""
        self.list_work.refresh()

    def stop(self) -> None:
        """End all replies, with what there is."""
        self.replies.stop()

    def start_over(self) -> None:
        """Show nothing of what was erased."""
        self.drafts.forget()
        self.asking.start_over()
        self.close_temporary()
        self.new_chat()
        self.refresh_list()

    def close_page(self) -> None:
        """End all replies and deletions before the window closes."""
        self.replies.stop()
        self.drafts.close()
        self.list_work.close()
        self.asking.close()

    def end_page(self) -> None:
        """Free what is in memory only, when all jobs are done."""
        self._temporary.close()

    # What is open

    def _open(self, shelf: Shelf, conversation_id: int | None) -> None:
        self._layout.show_error(None)
        try:
            self.drafts.open(shelf.drafts, conversation_id)
            self.choices.open(shelf, conversation_id)
        except AssistantError as error:
            self._layout.show_error(error)
            return
        # There is one temporary chat at a time: a second one could not be gone back to.
        self.transcript.offer_branches(not shelf.is_temporary)
        if not self.turns.open(shelf, conversation_id):
            return
        self._shelf = shelf
        # After the messages: a question for a document may stand among those of the chat before.
        self.asking.open(conversation_id, shelf.home)
        self._layout.show_start(conversation_id is None, is_temporary=shelf.is_temporary)
        self.sidebar.select(None if shelf.is_temporary else conversation_id)
        self._show_temporary()
        if self.isVisible():
            self.composer.setFocus()

    def _begin(self, chat: Chat) -> None:
        """Take note that the open chat has got its row."""
        self.asking.begin(chat.id)
        self.choices.begin(chat.id)
        self.drafts.begin(chat.id)
        self._layout.show_start(False, is_temporary=chat.shelf.is_temporary)

    def _take_sent(self) -> None:
        """Empty the composer: what stood in it is stored."""
        if self._settings is not None:
            self.replies.makes_titles = self._settings.value.makes_titles
        self.composer.field.clear()
        self.drafts.keep()
        if not self.is_temporary and self.conversation_id is not None:
            self.list_work.update(self.conversation_id)
            self.sidebar.select(self.conversation_id)

    def _branch(self, chat: Chat) -> None:
        self._open(chat.shelf, chat.id)
        if not chat.shelf.is_temporary:
            self.list_work.update(chat.id)
            self.sidebar.select(chat.id)

    # What happens meanwhile

    def _take_busy(self) -> None:
        self.composer.set_busy(self.live_reply is not None)
        self._take_asking()
        kept = [live.chat.id for live in self.replies.live if not live.chat.shelf.is_temporary]
        self.sidebar.show_working(frozenset(kept))

    def _take_end(self, live: LiveReply) -> None:
        self._take_busy()
        self.options.show_models()
        if not live.chat.shelf.is_temporary:
            self.list_work.update(live.chat.id)
        self._release_temporary()

    def _take_asking(self) -> None:
        """Let a reply begin only when all documents of the chat are known."""
        self.transcript.set_busy(self.live_reply is not None, can_reply=self.turns.can_reply)

    def _take_title(self, chat: Chat) -> None:
        if not chat.shelf.is_temporary:
            self.list_work.update(chat.id)

    def _take_model(self) -> None:
        model = self._current_model.wanted(self.choices.value.model)
        can_converse = self.notice.show_for(model, is_known=self._current_model.is_known)
        if can_converse and self.asking.is_reading:
            self.composer.set_sendable(False, self.tr("The documents are still being read."))
        else:
            self.composer.set_sendable(can_converse)

    def _name_field(self) -> None:
        """Say in the empty field what a message is put to."""
        has_documents = bool(self.asking.attachments.files)
        text = self.tr("Ask about the documents") if has_documents else self.tr("Write a message")
        self.composer.field.setPlaceholderText(text)

    def _show_use(self, path: Path) -> None:
        stats = next((r.stats for r in reversed(path.records) if r.stats.get("prompt_tokens")), {})
        used = stats.get("prompt_tokens", 0) + stats.get("generated_tokens", 0)
        self.meter.show_use(
            used,
            stats.get("context_tokens", 0),
            stats.get("left_out", 0),
            has_recap=bool(path.active_recaps),
        )

    def _show_summing_up(self, chat: Chat, is_working: bool) -> None:
        if chat == self.turns.chat:
            self.meter.set_working(is_working)

    def _show_temporary(self) -> None:
        self.sidebar.show_temporary(self._temporary.is_there, is_open=self.is_temporary)

    def _release_temporary(self) -> None:
        self._temporary.release(self.replies.busy_shelves())

    def _lay_out(self) -> None:
        icons.put(self.asking.attach_button, "paperclip", "text_muted", TOOL_ICON)
        for tool in (
            self.asking.attach_button,
            self.options.options_button,
            self.options.think_button,
        ):
            self.composer.add_tool(tool)
        self._layout.put_beside(self.options.view)
        self._layout.put_above(self.notice)
        self._layout.put_over_composer(self.asking.strip)
        self._layout.put_below(self.meter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.asking.beside(self._layout))

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.open_conversation)
        self.sidebar.found.connect(self.show_message)
        self.sidebar.new_wanted.connect(self.new_chat)
        self.sidebar.temporary_wanted.connect(self.open_temporary)
        self.sidebar.temporary_closed.connect(self.close_temporary)
        self.list_work.leaving.connect(self.leave)
        self.list_work.returned.connect(self.open_conversation)
        self.start.example_chosen.connect(self.composer.set_text)
        self.composer.submitted.connect(self.send)
        self.composer.stop_wanted.connect(self.turns.stop)
        self.composer.last_wanted.connect(self.transcript.edit_last)
        self.transcript.place_wanted.connect(self.asking.show_place)
        self.turns.begun.connect(self._begin)
        self.turns.sent.connect(self._take_sent)
        self.turns.branched.connect(self._branch)
        self.turns.busy_changed.connect(self._take_busy)
        self.turns.shown.connect(self._show_use)
        self.replies.ended.connect(self._take_end)
        self.replies.settled.connect(self._release_temporary)
        self.replies.titled.connect(self._take_title)
        self.replies.summing_up.connect(self._show_summing_up)
        self.meter.recap_wanted.connect(self.transcript.show_recap)
        self.asking.changed.connect(self._take_model)
        self.asking.changed.connect(self._take_asking)
        self.asking.changed.connect(self._name_field)
        self.asking.document_wanted.connect(self.document_wanted)
        self.notice.models_wanted.connect(self.models_wanted)
        self._current_model.changed.connect(self._take_model)
        self.choices.changed.connect(self._take_model)
        sources = (self.list_work, self.turns, self.drafts, self.choices, self.options, self.asking)
        for part in sources:
            part.failed.connect(self._layout.show_error)
        for owner in (self, self.sidebar):
            shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.New), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.new_chat)

    def showEvent(self, event: QShowEvent) -> None:
        """Be ready to write."""
        super().showEvent(event)
        self.composer.setFocus()
        QTimer.singleShot(200, self, leaves.warm_up)
