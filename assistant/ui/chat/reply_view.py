"""A reply of the model: plain text on the page, what it is doing now, and what went wrong."""

import time

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.conversations.figures import ReplyFigures
from assistant.engine.protocol import FinishReason
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.ui import theme
from assistant.ui.chat.action_row import ActionRow
from assistant.ui.chat.figures_line import FiguresLine
from assistant.ui.chat.link_question import LinkQuestion
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.thinking_view import ThinkingView
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label, plain_tip
from assistant.ui.markdown import MarkdownView
from assistant.ui.model_words import display_name

_RENDER_EVERY_MS = 40


class ReplyView(QWidget):
    """Shows a stored reply, or follows one under way.

    Args:
        parent: owner.

    Signals:
        regenerate_wanted: the person wants another reply in place of this one.
        retry_wanted: the same after a failure.
    """

    regenerate_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message_id: int | None = None
        self.has_failed = False
        self._is_last = False
        self._text = ""
        self._live: LiveReply | None = None
        self._timer = QTimer(self, singleShot=True, interval=_RENDER_EVERY_MS)
        self._timer.timeout.connect(self._render)
        self.thinking = ThinkingView()
        self.content = MarkdownView()
        self.content.setAccessibleName(self.tr("Reply"))
        self.content.link_chosen.connect(self._ask_about_link)
        self.status = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(60 * theme.SPACE)
        self.note = label("", "small")
        self.action_row = ActionRow()
        self.action_row.add("copy", self.tr("Copy reply"), self._copy)
        self.again_button = self.action_row.add(
            "refresh-cw", self.tr("Write again"), self.regenerate_wanted.emit
        )
        self.figures = FiguresLine()
        self.figures_button = self.action_row.add(
            "info", self.tr("What this reply took"), self._toggle_figures
        )
        self.model_label = label("", "small", wraps=False)
        self.action_row.add_widget(self.model_label)
        self._error: QWidget | None = None
        self._lay_out()

    @property
    def text(self) -> str:
        """The reply in Markdown."""
        return self._text

    def show_record(self, record: MessageRecord) -> None:
        """Show a reply as it was kept."""
        self.message_id = record.id
        self._text = record.content
        self.content.set_text(record.content)
        seconds = float(record.stats.get("thinking_s", 0))
        self.thinking.show_thoughts(record.thinking, seconds)
        self.model_label.setText(display_name(record.model_name))
        self._show_figures(ReplyFigures.kept(record.stats))
        self._show_activity("", None)
        self._show_note(
            # A row that is still called streaming was left by a crash.
            is_stopped=record.status in {MessageStatus.STOPPED, MessageStatus.STREAMING},
            is_cut=record.stats.get("reason") == FinishReason.LENGTH,
            left_out=int(record.stats.get("left_out", 0)),
        )
        if record.status is MessageStatus.FAILED:
            self._show_error(_StoredError(record.error, self.retry_wanted.emit))
        self._finish()

    def follow(self, live: LiveReply) -> None:
        """Show `live` as it grows."""
        self._live = live
        live.changed.connect(self._plan_render)
        live.ended.connect(self._end)
        self.action_row.hide()
        self._render()

    def set_last(self, is_last: bool) -> None:
        """Offer to write the last reply again, and keep its buttons in sight."""
        self._is_last = is_last
        self.again_button.setVisible(is_last and not self.has_failed)
        self.action_row.set_kept(is_last)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for widget in (self.thinking, self.content, self.status, self.bar, self.note):
            layout.addWidget(widget)
        layout.addWidget(self.action_row, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.figures)
        self.status.hide()
        self.bar.hide()
        self.note.hide()

    def _plan_render(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _render(self) -> None:
        live = self._live
        if live is None:
            return
        self.message_id = live.message_id
        self._text = live.text
        began = time.perf_counter()
        self.content.set_text(live.text)
        # What is slow to write, such as a long table, is written less often.
        took_ms = 1000 * (time.perf_counter() - began)
        self._timer.setInterval(max(_RENDER_EVERY_MS, round(4 * took_ms)))
        if live.thinking:
            still = live.is_running and not live.text
            seconds = live.finished.thinking_s if live.finished else 0.0
            self.thinking.show_thoughts(live.thinking, None if still else seconds)
        self._show_activity(*self._activity(live))

    def _activity(self, live: LiveReply) -> tuple[str, float | None]:
        """Return what is happening in words, and how much of it is done."""
        percent = round(live.fraction * 100)
        match live.stage:
            case Stage.WAITING if not live.text and not live.thinking:
                return self.tr("Waiting for the model…"), None
            case Stage.LOADING:
                name = display_name(live.model_name) or self.tr("the model")
                text = self.tr("Loading {name}… {percent}%").format(name=name, percent=percent)
                return text, live.fraction
            case Stage.READING:
                text = self.tr("Reading the conversation… {percent}%").format(percent=percent)
                return text, live.fraction
        return "", None

    def _show_activity(self, text: str, fraction: float | None) -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self.bar.setVisible(fraction is not None)
        self.bar.setAccessibleName(text)
        self.bar.setValue(round((fraction or 0) * 100))

    def _show_note(self, *, is_stopped: bool, is_cut: bool, left_out: int) -> None:
        notes = []
        if is_stopped:
            notes.append(self.tr("Stopped."))
        if is_cut:
            notes.append(self.tr("Cut here: a reply may not be longer, or the context is full."))
        if left_out:
            notes.append(
                self.tr(
                    "Written without the oldest messages (%n): the context is full.", "", left_out
                )
            )
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))

    def _show_figures(self, figures: ReplyFigures | None) -> None:
        self.figures.show_figures(figures)
        self.figures_button.setVisible(figures is not None)
        self.figures_button.setToolTip(plain_tip(self.figures.words.text()))

    def _toggle_figures(self) -> None:
        self.figures.setVisible(self.figures.isHidden())

    def _show_error(self, view: QWidget) -> None:
        self._error = view
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.note), view)
        self.has_failed = True

    def _end(self) -> None:
        live, self._live = self._live, self._live
        if live is None:
            return
        self._timer.stop()
        self._render()
        self._live = None
        self.model_label.setText(display_name(live.model_name))
        self._show_figures(ReplyFigures.of(live.finished) if live.finished else None)
        self._show_note(
            is_stopped=live.stage is Stage.STOPPED,
            is_cut=live.finished is not None and live.finished.reason is FinishReason.LENGTH,
            left_out=live.left_out,
        )
        if live.error is not None:
            retry = (self.tr("Try again"), self.retry_wanted.emit)
            self._show_error(ErrorView(live.error, [retry]))
        self._finish()
        self._announce(live)

    def _finish(self) -> None:
        """Show what can be done with a reply that is whole."""
        self.action_row.setVisible(bool(self._text) or not self.has_failed)
        self.action_row.buttons[0].setVisible(bool(self._text))
        self.set_last(self._is_last)

    def _announce(self, live: LiveReply) -> None:
        """Tell a screen reader the reply as a whole, after what it is saying now."""
        if not QAccessible.isActive():
            return
        words = self.content.words or self.note.text() or self.tr("The reply failed.")
        if live.stage is Stage.STOPPED:
            words = self.tr("Stopped. {words}").format(words=words)
        event = QAccessibleAnnouncementEvent(self, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _ask_about_link(self, address: str) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        for question in self.findChildren(LinkQuestion):
            question.deleteLater()
        question = LinkQuestion(address)
        layout.insertWidget(layout.indexOf(self.content) + 1, question)
        question.open_button.setFocus()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer what can be done with the reply."""
        super().enterEvent(event)
        self.action_row.set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the offer away."""
        super().leaveEvent(event)
        self.action_row.set_hovered(False)


class _StoredError(QFrame):
    """What went wrong with a reply at an earlier time."""

    def __init__(self, words: str, retry: object) -> None:
        super().__init__()
        theme.set_role(self, "error")
        button = QPushButton(self.tr("Try again"))
        button.clicked.connect(retry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(label(words or self.tr("The reply failed."), selectable=True))
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
