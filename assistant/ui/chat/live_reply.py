"""A reply under way: what there is of it now. It goes on when another page is shown."""

import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.conversations.deleting import owner_of
from assistant.conversations.recording import RecordedEvent, ReplyBegun, history_of, record
from assistant.conversations.replying import HistoryCut, reply
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    ModelInfo,
    PromptProgress,
    TextPart,
)
from assistant.storage.conversations import ConversationStore
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job

# Below so many new tokens a prompt is read in a moment: naming it would only flicker.
_LONG_PROMPT_TOKENS = 200


class Stage(StrEnum):
    """What a reply is doing."""

    WAITING = "waiting"
    LOADING = "loading"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


class LiveReply(QObject):
    """One reply from its start to its end; it is kept in the store while it grows.

    Attributes:
        conversation_id: the conversation it belongs to.
        message_id: its row, None at the very start.
        replaces: the older reply that it takes the place of, if any.
        stage, fraction: what it is doing and how much of that is done, from 0 to 1.
        text, thinking: what there is so far.
        left_out: how many of the oldest messages the model is not given.
        finished: the engine's figures, at the end.
        error: what went wrong, for FAILED.

    Signals:
        changed: one of the attributes changed.
        ended: it is complete, stopped or failed; nothing follows.
    """

    changed = Signal()
    ended = Signal()

    def __init__(
        self,
        engine: Engine,
        store: ConversationStore,
        conversation_id: int,
        *,
        model_name: str = "",
        replaces: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._store = store
        self.conversation_id = conversation_id
        self.replaces = replaces
        self.message_id: int | None = None
        self.stage = Stage.WAITING
        self.fraction = 0.0
        self.text = ""
        self.thinking = ""
        self.model_name = model_name
        self.context_tokens = 0
        self.left_out = 0
        self.finished: Finished | None = None
        self.error: Exception | None = None
        self._job = Job(self._work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Whether it is still being written."""
        return self.stage not in {Stage.COMPLETE, Stage.STOPPED, Stage.FAILED}

    def start(self) -> None:
        """Begin."""
        self._job.start()

    def stop(self) -> None:
        """End it with what there is."""
        self._job.cancel()

    def _work(self, cancel: threading.Event) -> Iterator[RecordedEvent]:
        messages = self._store.messages(self.conversation_id)
        history = history_of([m for m in messages if m.id != self.replaces])
        return record(
            reply(self._engine, history, owner=owner_of(self.conversation_id), cancel=cancel),
            self._store,
            self.conversation_id,
            describe=lambda error: " ".join(explanation(error)),
            replaces=self.replaces,
        )

    def _take(self, event: RecordedEvent) -> None:
        match event:
            case ReplyBegun():
                self.message_id = event.message_id
            case LoadProgress():
                self.stage, self.fraction = Stage.LOADING, event.fraction
            case ModelInfo():
                self.stage = Stage.WAITING
                self.model_name = Path(event.path).stem
                self.context_tokens = event.context_tokens
            case HistoryCut():
                self.left_out = event.messages
            case PromptProgress():
                if event.total_tokens - event.reused_tokens >= _LONG_PROMPT_TOKENS:
                    self.stage = Stage.READING
                    self.fraction = event.evaluated_tokens / max(1, event.total_tokens)
            case TextPart(is_thinking=True):
                self.stage = Stage.THINKING
                self.thinking += event.text
            case TextPart():
                self.stage = Stage.WRITING
                self.text += event.text
            case Finished():
                self.finished = event
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.error = error

    def _end(self) -> None:
        if self.error is not None:
            self.stage = Stage.FAILED
        elif self.finished is None or self.finished.reason is FinishReason.STOPPED:
            self.stage = Stage.STOPPED
        else:
            self.stage = Stage.COMPLETE
        self.changed.emit()
        self.ended.emit()
