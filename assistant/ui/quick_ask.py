"""The quick ask window: one question, in a small window that stands above the others.

What is asked there is kept in memory alone, until the person opens it in Alcove.
"""

import contextlib
import threading
from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, ModelInfo
from assistant.engine.status import EngineState
from assistant.errors import AssistantError
from assistant.ui import icons, theme
from assistant.ui.asking.desk import AskingDesk
from assistant.ui.asking.wanted_view import WantedView
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.model_notice import ModelNotice
from assistant.ui.chat.replies import Replies
from assistant.ui.chat.shelf import Chat
from assistant.ui.chat.temporary import TemporaryChat
from assistant.ui.chat.transcript import Transcript
from assistant.ui.chat.turn_desk import TurnDesk
from assistant.ui.chat.turn_parts import TurnParts
from assistant.ui.current_model import CurrentModel
from assistant.ui.documents.parts import Parts
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label

_WIDTH, _HEIGHT, _LEAST_WIDTH = 600, 480, 440
_UPPER = 5  # the window's top is a fifth below that of the screen


class _NoDocuments(AskingDesk):
    """A quick question is put to no document: where it means one, the window is offered.

    Signals:
        window_wanted: the chat is to go on where documents can be attached.
    """

    window_wanted = Signal()

    def wanted_view(self) -> WantedView:
        """Return a card whose ways to a document lead into the window."""
        view = WantedView()
        view.files_wanted.connect(self.window_wanted)
        view.library_wanted.connect(self.window_wanted)
        return view


class QuickAsk(QWidget):
    """Asks, answers, and hands over to the window what is to be kept.

    Args:
        engine: replies.
        current_model: which model is in use.
        parts: what turns of a chat are made with.

    Signals:
        keep_wanted (object, bool): the `Chat` is to be kept and opened in the window, and
            whether its reply was stopped only for that, and is to go on there.
        models_wanted: the person wants to see the models.
        hidden: it was closed.
    """

    keep_wanted = Signal(object, bool)
    models_wanted = Signal()
    hidden = Signal()

    def __init__(self, engine: Engine, current_model: CurrentModel, parts: Parts) -> None:
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.WindowStaysOnTopHint)
        self._engine = engine
        self._current_model = current_model
        self._temporary = TemporaryChat()
        self._pending = ""
        self._is_opening = False
        self._was_placed = False
        self._warming: Job | None = None
        self._error: ErrorView | None = None
        self._replies = Replies(engine, self)
        self._replies.makes_titles = False  # nobody sees one before it is kept
        self._asking = _NoDocuments(parts, self._temporary.begin().home, self)
        self._choices = ChatChoices(self)
        self.notice = ModelNotice()
        self.transcript = Transcript()
        self.composer = Composer()
        made_with = TurnParts(
            engine=engine,
            current_model=current_model,
            parts=parts,
            asking=self._asking,
            choices=self._choices,
            replies=self._replies,
        )
        self._desk = TurnDesk(made_with, self.transcript, self)
        self.promise = label("", "small")
        self.new_button = self._button("message-square-plus", self.tr("New question"), "Ctrl+N")
        self.open_button = self._button("external-link", self.tr("Open in Alcove"), "Ctrl+Return")
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self.begin_anew()
        self._take_model()

    @property
    def chat(self) -> Chat | None:
        """What was asked since the last new question."""
        return self._desk.chat

    @property
    def live_reply(self) -> LiveReply | None:
        """The reply under way."""
        return self._desk.live

    def come_to_front(self) -> None:
        """Show it above the others, ready to write."""
        if not self.isVisible():
            self._place()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.composer.setFocus()
        QTimer.singleShot(0, self, self._fit)  # its fonts and margins are known now
        self._warm_up()

    def ask(self, question: str) -> None:
        """Ask something new at once; while a reply is written it waits in the field."""
        if self.live_reply is not None:
            self.composer.set_text(question)
            return
        self.begin_anew()
        self.composer.set_text(question)
        self._pending = question
        self._send_pending()

    def begin_anew(self) -> None:
        """Forget what was asked, for another question."""
        self._clear_error()
        if self.chat is not None:
            self._replies.stop_in(self.chat)
        self._is_opening = False
        self._pending = ""
        self._temporary.end()
        shelf = self._temporary.begin()
        self._choices.open(shelf, None)
        self._asking.open(None, shelf.home)
        self._desk.open(shelf, None)
        self.composer.set_text("")
        self._fit()
        self._release()

    def open_in_alcove(self) -> None:
        """Keep the conversation and go on with it in the window, also with a reply under way."""
        if self.chat is None or self._is_opening:
            return
        if self.live_reply is not None:
            self._is_opening = True  # it is handed over when the reply has ended
            self._desk.stop()
        else:
            self.keep_wanted.emit(self.chat, False)

    def show_error(self, error: Exception) -> None:
        """Say what could not be done; the conversation is as it was."""
        self._clear_error()
        self._error = ErrorView(error, is_dismissible=True)
        self._column.insertWidget(self._column.indexOf(self.composer), self._error)

    def close_for_good(self) -> None:
        """Stop what goes on, as the app ends; `end` follows when its threads are done."""
        self._replies.stop()
        self._asking.close()
        self.close()

    def end(self) -> None:
        """Let go of what was asked, when nothing works on it any more."""
        self._temporary.close()

    # What happens

    def _note_end(self, live: LiveReply) -> None:
        if self._is_opening and live.chat == self.chat:
            self._is_opening = False
            self.keep_wanted.emit(live.chat, live.stage is Stage.STOPPED)
        self._release()

    def _release(self) -> None:
        self._temporary.release(self._replies.busy_shelves())

    def _take_model(self) -> None:
        can_converse = self.notice.show_for(
            self._current_model.model, is_known=self._current_model.is_known
        )
        self.composer.set_sendable(can_converse)
        self._send_pending()

    def _forget_pending(self) -> None:
        """Leave a question that waits for a model to the person who is changing it."""
        self._pending = ""

    def _send_pending(self) -> None:
        """Send what a start with a question brought, as soon as the model is known."""
        model = self._current_model.model
        if self._pending and model is not None and model.has_chat_template:
            text, self._pending = self._pending, ""
            self._desk.send(text)

    def _begin(self, chat: Chat) -> None:
        self._choices.begin(chat.id)
        self._asking.begin(chat.id)
        self._show_state()
        self._fit()

    def _warm_up(self) -> None:
        """Load the model while the person writes."""
        model = self._current_model.model
        is_off = self._engine.status().state in {EngineState.OFF, EngineState.RESTING}
        is_idle = self._warming is None or not self._warming.is_running
        if is_idle and is_off and model is not None and model.has_chat_template:
            self._warming = Job(self._load, self)
            self._warming.start()

    def _load(self, cancel: threading.Event) -> Iterator[LoadProgress | ModelInfo]:
        # What goes wrong is told with the question that needs the model.
        with contextlib.suppress(AssistantError):
            yield from self._engine.load(cancel=cancel)

    # What is shown

    def _show_state(self) -> None:
        has_chat = self.chat is not None
        self.composer.set_busy(self.live_reply is not None)
        for part in (self.transcript, self.new_button, self.open_button):
            part.setVisible(has_chat)
        self.promise.setText(
            self.tr("Not kept until you open it in Alcove.")
            if has_chat
            else self.tr("Enter asks · Esc closes · what you ask here is not kept")
        )

    def _clear_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            with contextlib.suppress(RuntimeError):  # it was put away
                error.deleteLater()

    def _place(self) -> None:
        """Stand in the upper middle of the pointer's screen, or where the person put it there."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        if self._was_placed and screen is self.screen():
            return
        self._was_placed = True
        room = screen.availableGeometry()
        width = min(_WIDTH, room.width())
        left = room.left() + (room.width() - width) // 2
        self.move(QPoint(left, room.top() + room.height() // _UPPER))
        self.resize(width, self.height())
        self._fit()

    def _fit(self) -> None:
        """Be as high as the field where there is no answer, else leave room for one.

        A window that the person made larger for an answer stays as it is.
        """
        layout = self.layout()
        assert layout is not None
        layout.activate()
        room = self.screen().availableGeometry().bottom() - self.y()
        if self.chat is None:
            wrapped = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(wrapped, layout.totalMinimumSize().height()))
        elif self.height() < min(_HEIGHT, room):
            self.resize(self.width(), min(_HEIGHT, room))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop the reply, or close the window, with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            (self.close if self.live_reply is None else self._desk.stop)()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it was closed; an answer under way goes on, and is there again."""
        super().hideEvent(event)
        self.hidden.emit()

    # Parts

    def _button(self, icon: str, text: str, keys: str) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "quiet")
        icons.put(button, icon, size=18)
        sequence = QKeySequence(keys)
        shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(self.tr("{action} ({keys})").format(action=text, keys=shown))
        shortcut = QShortcut(sequence, self)
        shortcut.activated.connect(button.click)
        return button

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("Quick ask – Alcove"))
        self.setWindowIcon(icons.app_icon())
        self.setMinimumWidth(_LEAST_WIDTH)
        theme.set_role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.composer.field.setPlaceholderText(self.tr("Ask something"))
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.SPACE, 0, 0, 0)
        foot.setSpacing(theme.SPACE)
        foot.addWidget(self.promise, 1)
        foot.addWidget(self.new_button)
        foot.addWidget(self.open_button)
        around = 3 * theme.SPACE
        self._column.setContentsMargins(around, around, around, 2 * theme.SPACE)
        self._column.setSpacing(2 * theme.SPACE)
        self._column.addWidget(self.transcript, 1)
        for part in (self.notice, self.composer):
            self._column.addWidget(part)
        self._column.addLayout(foot)

    def _connect(self) -> None:
        self.composer.changed.connect(self._forget_pending)
        self.composer.submitted.connect(self._desk.send)
        self.composer.stop_wanted.connect(self._desk.stop)
        self.composer.last_wanted.connect(self.transcript.edit_last)
        self.new_button.clicked.connect(self.begin_anew)
        self.open_button.clicked.connect(self.open_in_alcove)
        self.notice.models_wanted.connect(self.models_wanted)
        self._asking.window_wanted.connect(self.open_in_alcove)
        self._desk.begun.connect(self._begin)
        self._desk.branched.connect(lambda chat: self.keep_wanted.emit(chat, False))
        self._desk.sent.connect(lambda: self.composer.set_text(""))
        self._desk.sent.connect(self._clear_error)
        self._desk.busy_changed.connect(self._show_state)
        self._desk.failed.connect(self.show_error)
        self._replies.ended.connect(self._note_end)
        self._replies.settled.connect(self._release)
        self._current_model.changed.connect(self._take_model)
