"""The chat page: conversations with the model, kept as they grow."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.conversations.deleting import purge
from assistant.conversations.titles import title_from
from assistant.engine.client import Engine
from assistant.engine.protocol import Role
from assistant.errors import AssistantError
from assistant.storage.conversations import ConversationStore, MessageRecord, MessageStatus
from assistant.ui import theme
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.context_meter import ContextMeter
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.message_list import column_margins
from assistant.ui.chat.model_notice import ModelNotice
from assistant.ui.chat.start_view import StartView
from assistant.ui.chat.transcript import Transcript
from assistant.ui.current_model import CurrentModel
from assistant.ui.errors_view import ErrorView
from assistant.ui.markdown import leaves

T = TypeVar("T")


class ChatPage(QWidget):
    """Joins the list, the conversation that is open, and the composer.

    Args:
        engine: replies.
        current_model: which model is in use.
        conversations: where they are kept.
        parent: owner.

    Signals:
        models_wanted: the person wants to see the models.
    """

    models_wanted = Signal()

    def __init__(
        self,
        engine: Engine,
        current_model: CurrentModel,
        conversations: ConversationStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._current_model = current_model
        self._store = conversations
        self._current: int | None = None
        self._live: dict[int, LiveReply] = {}
        self._error: ErrorView | None = None
        self.title = self.tr("Chat")
        self.sidebar = ConversationList()
        self.notice = ModelNotice()
        self.start = StartView()
        self.transcript = Transcript()
        self.composer = Composer()
        self.meter = ContextMeter()
        self._pages = QStackedWidget()
        self._column = QVBoxLayout()
        self._lay_out()
        self._connect()
        self._take_model()
        self.refresh_list()

    @property
    def conversation_id(self) -> int | None:
        """The conversation that is open; None for one that has not begun."""
        return self._current

    @property
    def live_reply(self) -> LiveReply | None:
        """The reply under way in the conversation that is open."""
        return self._live.get(self._current) if self._current is not None else None

    def new_chat(self) -> None:
        """Begin another conversation; it is kept from its first message on."""
        self._clear_error()
        self._current = None
        self._show_start()
        self.sidebar.select(None)
        self.composer.setFocus()

    def open_conversation(self, conversation_id: int) -> None:
        """Show a conversation."""
        if conversation_id == self._current:
            return
        self._clear_error()
        records = self._guarded(lambda: self._store.messages(conversation_id))
        if records is None:
            return
        self._current = conversation_id
        self._pages.setCurrentWidget(self.transcript)
        self.transcript.show_conversation(records, self.live_reply)
        self.sidebar.select(conversation_id)
        self._show_use_of(records)
        self._take_live()
        self.composer.setFocus()

    def send(self, text: str) -> None:
        """Keep a message of the person, and begin the reply to it."""
        if self.live_reply is not None:
            return
        self._clear_error()
        kept = self._guarded(lambda: self._keep(text))
        if kept is None:
            return
        self._current = kept
        self.composer.set_text("")
        self._pages.setCurrentWidget(self.transcript)
        self.transcript.add_message(text)
        self._reply()
        self.refresh_list()

    def refresh_list(self) -> None:
        """Read the list of conversations anew."""
        records = self._guarded(self._store.list)
        if records is not None:
            self.sidebar.show_records(records, self._current)

    def stop(self) -> None:
        """End the reply in the conversation that is open, with what there is."""
        if self.live_reply is not None:
            self.live_reply.stop()

    def close_page(self) -> None:
        """End all replies and deletions before the window closes."""
        for live in self._live.values():
            live.stop()
        self.sidebar.undo_bar.settle()

    def _keep(self, text: str) -> int:
        conversation_id = self._current
        if conversation_id is None:
            conversation_id = self._store.create(title_from(text) or self.tr("New chat"))
        self._store.add_message(conversation_id, Role.USER, text)
        return conversation_id

    def _reply(self, *, replaces: int | None = None) -> None:
        conversation_id = self._current
        if conversation_id is None:
            return
        model = self._current_model.model
        live = LiveReply(
            self._engine,
            self._store,
            conversation_id,
            model_name=model.name if model else "",
            replaces=replaces,
            parent=self,
        )
        self._live[conversation_id] = live
        live.ended.connect(lambda: self._end(live))
        self.transcript.follow(live)
        self._take_live()
        live.start()

    def _reply_again(self, message_id: int | None) -> None:
        """Write the last reply again; the old one goes when the new one has its first word."""
        if self.live_reply is not None or self._current is None:
            return
        current = self._current
        records = self._guarded(lambda: self._store.messages(current)) or []
        old = next((record for record in records if record.id == message_id), None)
        if old is not None and old.status is MessageStatus.FAILED and not old.content:
            failed = old.id
            self._guarded(lambda: self._store.remove_message(failed))
            old = None
        self._reply(replaces=old.id if old else None)

    def _end(self, live: LiveReply) -> None:
        self._live.pop(live.conversation_id, None)
        if live.conversation_id == self._current:
            self._take_live()
            if live.finished:
                used = live.finished.prompt_tokens + live.finished.generated_tokens
                self.meter.show_use(used, live.context_tokens, live.left_out)
            if live.replaces is not None and not (live.text or live.thinking or live.error):
                self._show_again()
        self.refresh_list()
        live.deleteLater()

    def _show_again(self) -> None:
        """Show the conversation as it is kept: a reply that came to nothing replaced none."""
        current = self._current
        if current is not None:
            records = self._guarded(lambda: self._store.messages(current))
            self.transcript.show_conversation(records or [], None)

    def _take_live(self) -> None:
        self.composer.set_busy(self.live_reply is not None)

    def _take_model(self) -> None:
        can_converse = self.notice.show_for(
            self._current_model.model, is_known=self._current_model.is_known
        )
        self.composer.set_sendable(can_converse)

    def _show_start(self) -> None:
        self._pages.setCurrentWidget(self.start)
        self.transcript.list.clear()
        self.meter.show_use(0, 0, 0)
        self._take_live()

    def _show_use_of(self, records: list[MessageRecord]) -> None:
        stats = next((r.stats for r in reversed(records) if r.stats.get("prompt_tokens")), {})
        used = stats.get("prompt_tokens", 0) + stats.get("generated_tokens", 0)
        self.meter.show_use(used, stats.get("context_tokens", 0), stats.get("left_out", 0))

    def _delete(self, conversation_id: int) -> None:
        record = self._guarded(lambda: self._store.get(conversation_id))
        if record is None:
            return
        if conversation_id in self._live:
            self._live[conversation_id].stop()
        self._guarded(lambda: self._store.remove(conversation_id))
        if conversation_id == self._current:
            self.new_chat()
        self.refresh_list()
        self.sidebar.undo_bar.offer(
            self.tr("Deleted “{title}”").format(title=record.title),
            lambda: self._restore(conversation_id),
            self._purge,
        )

    def _restore(self, conversation_id: int) -> None:
        self._guarded(lambda: self._store.restore(conversation_id))
        self.refresh_list()
        self.open_conversation(conversation_id)

    def _purge(self) -> None:
        self._guarded(lambda: purge(self._store, self._engine))

    def _rename(self, conversation_id: int, title: str) -> None:
        self._guarded(lambda: self._store.rename(conversation_id, title))
        self.refresh_list()

    def _fetch_last(self) -> None:
        text = self.transcript.last_message() if self._current is not None else ""
        if text:
            self.composer.set_text(text)

    def _guarded(self, work: Callable[[], T]) -> T | None:
        """Do `work` with the store; show above the composer what went wrong."""
        try:
            return work()
        except AssistantError as error:
            self._clear_error()
            self._error = ErrorView(error)
            self._column.insertWidget(0, self._error)
            return None

    def _clear_error(self) -> None:
        if self._error is not None:
            self._error.deleteLater()
            self._error = None

    def _lay_out(self) -> None:
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.transcript)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE)
        self._column.addWidget(self.composer)
        self._column.addWidget(self.meter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(_centred(self.notice, 2))
        layout.addWidget(self._pages, 1)
        below = QWidget()
        below.setLayout(self._column)
        layout.addLayout(_centred(below, 0))

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.open_conversation)
        self.sidebar.new_wanted.connect(self.new_chat)
        self.sidebar.renamed.connect(self._rename)
        self.sidebar.delete_wanted.connect(self._delete)
        self.start.example_chosen.connect(self.composer.set_text)
        self.transcript.again_wanted.connect(self._reply_again)
        self.transcript.edit_wanted.connect(self.composer.set_text)
        self.composer.submitted.connect(self.send)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.last_wanted.connect(self._fetch_last)
        self.notice.models_wanted.connect(self.models_wanted)
        self._current_model.changed.connect(self._take_model)
        for owner in (self, self.sidebar):
            shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.New), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.new_chat)

    def showEvent(self, event: QShowEvent) -> None:
        """Be ready to write."""
        super().showEvent(event)
        self.composer.setFocus()
        QTimer.singleShot(200, self, leaves.warm_up)


def _centred(widget: QWidget, around: int) -> QHBoxLayout:
    """Put `widget` into a column as wide as the messages."""
    widget.setMaximumWidth(theme.READING_WIDTH)
    row = QHBoxLayout()
    left, right = column_margins()
    row.setContentsMargins(left, around * theme.SPACE, right, around * theme.SPACE)
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row
