"""A reply under way: what there is of it now. It goes on when another page is shown."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.conversations.asking.answer import Answer, Answered, PassagesFound, Preparing
from assistant.conversations.events import (
    DocumentWanted,
    HistoryCut,
    RecapBegun,
    RecapMade,
    RecordedEvent,
    ReplyBegun,
    StatsKept,
    Working,
)
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    ModelInfo,
    PromptProgress,
    TextPart,
)
from assistant.ui.chat.shelf import Chat
from assistant.ui.job import Job

# Below so many new tokens a prompt is read in a moment: naming it would only flicker.
_LONG_PROMPT_TOKENS = 200


class Stage(StrEnum):
    """What a reply is doing."""

    WAITING = "waiting"
    LOADING = "loading"
    SUMMING_UP = "summing-up"
    PREPARING = "preparing"
    WORKING = "working"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


class LiveReply(QObject):
    """One reply from its start to its end; it is kept in the store while it grows.

    Args:
        chat: the conversation it belongs to.
        work: the turn, as `turns.take_turn` makes it.
        model_name: the model that is in use now.
        form: the form that it follows, as `ChatSettings.form`.
        sibling_of: the reply that it becomes a variant of.
        continues: the reply that it goes on with, whose text and thoughts are given, too.
        parent: owner.

    Attributes:
        message_id: its row, None at the very start.
        stage, fraction: what it is doing and how much of that is done, from 0 to 1; below 0
            where that is not known.
        text, thinking: what there is so far.
        working_on: what another part does for it, in words.
        thinking_since: when the thoughts began, of `time.monotonic`; None before them.
        left_out: how many of the oldest messages the model is not given, with no recap for them.
        cuts_recap: of a recap it is given the beginning alone.
        has_recap: older messages were summed up for this reply.
        found: the passages that the model is given, where documents are attached.
        answer: what stands behind an answer about documents, at its end.
        wants_document: the question means a document and none is attached; there is no reply.
        info: the model that is loaded.
        begun_at: when it was begun.
        stats: what is kept with it: how it is made and, at the end, what it took.
        finished: what the engine told at the end.
        error: what went wrong, for FAILED.

    Signals:
        changed: one of the attributes changed.
        recap_made (object): a `Recap` was stored.
        ended: it is complete, stopped or failed; nothing follows.
    """

    changed = Signal()
    recap_made = Signal(object)
    ended = Signal()

    def __init__(
        self,
        chat: Chat,
        work: Callable[[Event], Iterator[RecordedEvent]],
        *,
        model_name: str = "",
        form: str = "",
        sibling_of: int | None = None,
        continues: int | None = None,
        text: str = "",
        thinking: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.chat = chat
        self.sibling_of = sibling_of
        self.continues = continues
        self.message_id = continues
        self.stage = Stage.WAITING
        self.fraction = 0.0
        self.text = text
        self.thinking = thinking
        self._is_anew = False
        self.begun_at = datetime.now(UTC)
        self.stats: Mapping[str, Any] = {}
        self.thinking_since: float | None = None
        self.model_name = model_name
        self.form = form
        self.working_on = ""
        self.context_tokens = 0
        self.left_out = 0
        self.cuts_recap = False
        self.has_recap = False
        self.found: PassagesFound | None = None
        self.answer: Answer | None = None
        self.wants_document = False
        self.info: ModelInfo | None = None
        self.finished: Finished | None = None
        self.error: Exception | None = None
        self._job = Job(work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether it is still being written."""
        return self.stage not in {Stage.COMPLETE, Stage.STOPPED, Stage.FAILED}

    @property
    def is_empty(self) -> bool:
        """Whether it has no word, no thought and no error: it leaves no row."""
        return not (self.text or self.thinking or self.error)

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it with what there is."""
        self._job.cancel()

    def _take(self, event: RecordedEvent) -> None:
        match event:
            case TextPart(is_thinking=True):
                self._begin_anew()
                self.stage = Stage.THINKING
                self.thinking_since = self.thinking_since or time.monotonic()
                self.thinking += event.text
            case TextPart():
                self._begin_anew()
                self.stage = Stage.WRITING
                self.text += event.text
            case Finished():
                self.finished = event
            case _:
                self._note_stage(event)
                self._note_fact(event)
        self.changed.emit()

    def _note_stage(self, event: RecordedEvent) -> None:
        """Take what is done before the first word."""
        match event:
            case LoadProgress():
                self.stage, self.fraction = Stage.LOADING, event.fraction
            case RecapBegun():
                self.stage, self.fraction = Stage.SUMMING_UP, 0.0
            case Preparing():
                self.stage, self.fraction = Stage.PREPARING, event.done / max(1, event.total)
            case Working():
                self.stage, self.working_on = Stage.WORKING, event.words
                self.fraction = -1.0 if event.fraction is None else event.fraction
            case PromptProgress():
                if event.total_tokens - event.reused_tokens >= _LONG_PROMPT_TOKENS:
                    self.stage = Stage.READING
                    self.fraction = event.evaluated_tokens / max(1, event.total_tokens)
            case ModelInfo() | RecapMade() | PassagesFound():
                self.stage = Stage.WAITING

    def _note_fact(self, event: RecordedEvent) -> None:
        """Take what is known from now on."""
        match event:
            case ReplyBegun():
                self.message_id = event.message_id
                self._is_anew = event.is_anew
                self.begun_at = event.begun_at or self.begun_at
                self.stats = event.stats
            case StatsKept():
                self.stats = event.stats
            case ModelInfo():
                self.info = event
                self.model_name = Path(event.path).stem
                self.context_tokens = event.context_tokens
            case RecapMade():
                self.has_recap = True
                self.recap_made.emit(event.recap)
            case HistoryCut():
                self.left_out, self.cuts_recap = event.messages, event.cuts_recap
            case PassagesFound():
                self.found = event
            case Answered():
                self.answer = event.answer
            case DocumentWanted():
                self.wants_document = True

    def _begin_anew(self) -> None:
        """Drop what it was to go on with, once there is a word in its place."""
        if self._is_anew:
            self._is_anew = False
            self.text = self.thinking = ""

    def _fail(self, error: Exception) -> None:
        self.error = error

    def _end(self) -> None:
        is_done = self.answer is not None or self.wants_document
        if self.error is not None:
            self.stage = Stage.FAILED
        elif self.finished is not None:
            is_stopped = self.finished.reason is FinishReason.STOPPED
            self.stage = Stage.STOPPED if is_stopped else Stage.COMPLETE
        else:
            self.stage = Stage.COMPLETE if is_done else Stage.STOPPED
        self.changed.emit()
        self.ended.emit()
