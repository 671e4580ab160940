"""A reply of the model: plain text on the page, what it is doing now, and what went wrong."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.conversations.asking.answer import Answer, decode
from assistant.conversations.figures import MadeWith, ReplyFigures
from assistant.engine.protocol import FinishReason
from assistant.errors import CrashedLastTime
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.ui import theme
from assistant.ui.announcing import announce
from assistant.ui.asking.evidence_view import EvidenceView
from assistant.ui.chat.action_row import ActionRow
from assistant.ui.chat.activity_line import ActivityLine
from assistant.ui.chat.figures_line import FiguresLine
from assistant.ui.chat.link_question import LinkQuestion
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.chat.note_line import NoteLine
from assistant.ui.chat.reply_text import shown_text
from assistant.ui.chat.stored_error import StoredError
from assistant.ui.chat.thinking_view import ThinkingView
from assistant.ui.chat.variants import VariantSwitch
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
        regenerate_wanted: the person wants another reply beside this one.
        retry_wanted: the same after a failure.
        once_more_wanted: the same, with a model that crashed last time.
        anyway_wanted: the documents are to be asked although they do not seem to tell.
        continue_wanted: it is to go on where it was stopped or cut.
        branch_wanted: a new chat is to begin with the conversation up to here.
        variant_chosen (int): the id of the message to show in place of this one.
        place_wanted (object): a `Place` in a document is to be shown.
    """

    regenerate_wanted = Signal()
    retry_wanted = Signal()
    once_more_wanted = Signal()
    anyway_wanted = Signal()
    continue_wanted = Signal()
    branch_wanted = Signal()
    variant_chosen = Signal(int)
    place_wanted = Signal(object)

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
        self._evidence: EvidenceView | None = None
        self._activity: ActivityLine | None = None
        self.notes = NoteLine()
        self.notes.continue_wanted.connect(self.continue_wanted)
        self.variants = VariantSwitch()
        self.variants.chosen.connect(self.variant_chosen)
        self.figures = FiguresLine()
        self.model_label = label("", "small", wraps=False)
        self.action_row = self._make_actions()
        self._error: QWidget | None = None
        self._lay_out()

    @property
    def text(self) -> str:
        """The reply as the model wrote it."""
        return self._text

    @property
    def evidence(self) -> EvidenceView:
        """What stands behind an answer about documents; made when it is first wanted."""
        if self._evidence is None:
            self._evidence = EvidenceView(self.content)
            self._evidence.place_wanted.connect(self.place_wanted)
            self._evidence.anyway_wanted.connect(self.anyway_wanted)
            self._insert_behind(self.content, self._evidence)
        return self._evidence

    @property
    def activity(self) -> ActivityLine:
        """What a reply under way is doing; made when it is first wanted."""
        if self._activity is None:
            self._activity = ActivityLine()
            self._insert_behind(self._evidence or self.content, self._activity)
        return self._activity

    def show_record(self, record: MessageRecord) -> None:
        """Show a reply as it was kept."""
        self.message_id = record.id
        self._text = record.content
        # What stands behind an answer from documents is found in its Markdown.
        form = "" if record.evidence else str(record.stats.get("form", ""))
        self.content.set_text(shown_text(record.content, form))
        seconds = float(record.stats.get("thinking_s", 0))
        self.thinking.show_thoughts(record.thinking, seconds)
        self._show_answer(decode(record.evidence))
        self.model_label.setText(display_name(record.model_name))
        self._show_figures(record.stats, record.created_at)
        self.notes.show_note(
            # A row that is still called streaming was left by a crash.
            is_stopped=record.status in {MessageStatus.STOPPED, MessageStatus.STREAMING},
            is_cut=record.stats.get("reason") == FinishReason.LENGTH,
            left_out=int(record.stats.get("left_out", 0)),
            cuts_recap=bool(record.stats.get("cuts_recap")),
            can_continue=bool(record.content),
        )
        if record.status is MessageStatus.FAILED:
            self._show_error(StoredError(record.error, self.retry_wanted.emit))
        self._finish()

    def follow(self, live: LiveReply) -> None:
        """Show `live` as it grows."""
        self._live = live
        live.changed.connect(self._plan_render)
        live.ended.connect(self._end)
        self.action_row.hide()
        self.variants.hide()
        self._render()

    def set_last(self, is_last: bool) -> None:
        """Offer to go on with the last reply, and keep its buttons in sight."""
        self._is_last = is_last
        self.again_button.setVisible(not self.has_failed)
        self.notes.offer(is_last and self._live is None)
        self.action_row.set_kept(is_last)

    def set_changeable(self, is_changeable: bool) -> None:
        """Offer another reply, or not while one is written."""
        self.again_button.setEnabled(is_changeable)
        if self._evidence is not None:
            self._evidence.anyway_button.setEnabled(is_changeable)

    def show_variants(self, ids: Sequence[int]) -> None:
        """Show which of several replies this is."""
        self.variants.show_variants(ids, self.message_id)

    def _make_actions(self) -> ActionRow:
        row = ActionRow()
        self.copy_button = row.add("copy", self.tr("Copy reply"), self._copy)
        self.again_button = row.add(
            "refresh-cw", self.tr("Write again"), self.regenerate_wanted.emit
        )
        self.branch_button = row.add(
            "git-branch", self.tr("Go on from here in a new chat"), self.branch_wanted.emit
        )
        self.figures_button = row.add("info", self.tr("What this reply took"), self._toggle_figures)
        row.add_widget(self.model_label)
        return row

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.thinking)
        layout.addWidget(self.content)
        layout.addWidget(self.notes)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.SPACE)
        below.addWidget(self.variants)
        below.addWidget(self.action_row)
        below.addStretch(1)
        layout.addLayout(below)
        layout.addWidget(self.figures)

    def _insert_behind(self, part: QWidget, view: QWidget) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(part) + 1, view)

    def _show_answer(self, answer: Answer | None) -> None:
        if answer is not None or self._evidence is not None:
            self.evidence.show_answer(answer)

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
        self.content.set_text(shown_text(live.text, live.form))
        # What is slow to write, such as a long table, is written less often.
        took_ms = 1000 * (time.perf_counter() - began)
        self._timer.setInterval(max(_RENDER_EVERY_MS, round(4 * took_ms)))
        if live.found is not None:
            self.evidence.show_found(live.found)
        if live.thinking:
            self._show_thoughts(live)
        self.activity.show_activity(live)

    def _show_thoughts(self, live: LiveReply) -> None:
        if live.finished is not None:
            seconds = float(live.stats.get("thinking_s", live.finished.thinking_s))
            self.thinking.show_thoughts(live.thinking, seconds)
            return
        seconds = time.monotonic() - (live.thinking_since or time.monotonic())
        self.thinking.show_thoughts(live.thinking, seconds, is_going_on=not live.text)

    def _show_figures(self, stats: Mapping[str, Any], begun_at: datetime) -> None:
        figures = ReplyFigures.kept(stats)
        self.figures.show_figures(figures, MadeWith.kept(stats), begun_at)
        self.figures_button.setVisible(figures is not None)
        self.figures_button.setToolTip(plain_tip(self.figures.words.text()))

    def _toggle_figures(self) -> None:
        self.figures.setVisible(self.figures.isHidden())

    def _show_error(self, view: QWidget) -> None:
        self._error = view
        self._insert_behind(self._activity or self._evidence or self.content, view)
        self.has_failed = True

    def _end(self) -> None:
        live = self._live
        if live is None:
            return
        self._timer.stop()
        self._render()
        self._live = None
        self._show_answer(live.answer)
        self.model_label.setText(display_name(live.model_name))
        self._show_figures(live.stats, live.begun_at)
        self.notes.show_note(
            is_stopped=live.stage is Stage.STOPPED,
            is_cut=live.finished is not None and live.finished.reason is FinishReason.LENGTH,
            left_out=live.left_out,
            cuts_recap=live.cuts_recap,
            can_continue=bool(live.text),
        )
        if live.error is not None:
            retry = (self.tr("Try again"), self.retry_wanted.emit)
            if isinstance(live.error, CrashedLastTime):
                retry = (self.tr("Try it once more"), self.once_more_wanted.emit)
            self._show_error(ErrorView(live.error, [retry]))
        self._finish()
        words = self.content.words or self.notes.words.text() or self.tr("The reply failed.")
        if live.stage is Stage.STOPPED:
            words = self.tr("Stopped. {words}").format(words=words)
        announce(self, words)

    def _finish(self) -> None:
        """Show what can be done with a reply that is whole."""
        if self._activity is not None:
            self._activity.show_activity(None)
        self.action_row.setVisible(bool(self._text) or not self.has_failed)
        self.copy_button.setVisible(bool(self._text))
        self.set_last(self._is_last)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _ask_about_link(self, address: str) -> None:
        for question in self.findChildren(LinkQuestion):
            question.deleteLater()
        question = LinkQuestion(address)
        self._insert_behind(self.content, question)
        question.open_button.setFocus()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer what can be done with the reply."""
        super().enterEvent(event)
        self.action_row.set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the offer away."""
        super().leaveEvent(event)
        self.action_row.set_hovered(False)
