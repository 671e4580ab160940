"""Answers a question about attached documents, with the places behind each sentence.

The passages are searched first. Where none is close enough the answer is that the documents do
not tell, without asking the model, which would make something up. A model that cannot be trusted
with words is not asked either: the documents' own sentences are the answer.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from assistant.conversations.asking import prompts
from assistant.conversations.asking.answer import (
    AnswerMode,
    PassagesFound,
)
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.document_reply import AnswerEvent, Clock, DocumentReply
from assistant.conversations.asking.fitting import Recalled, Turn, fit, latest
from assistant.conversations.asking.retrieval import Found, is_short, search
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import HistoryCut, RecapBegun, RecapMade
from assistant.conversations.prompting import alternating
from assistant.conversations.recaps import with_notes
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    LoadProgress,
    Message,
    ModelInfo,
    Role,
    Sampling,
)
from assistant.errors import ModelNotFound
from assistant.paths import legible

# Below it a model answers worse than the passages it is given: of six questions about R, a 135M
# model answered three with functions that do not exist, and had marks on all but one answer, where
# quotes of the same passages hit the section that answers in 0.9 (benchmarks/retrieval.py).
SMALLEST_WRITER = 500_000_000
_TOKENS = 512

# Given the model, and the tokens that are left for the conversation.
Recall: TypeAlias = Callable[[ModelInfo, int], Generator[RecapBegun | RecapMade, None, Recalled]]


def may_write(parameters: int, *, has_chat_template: bool = True) -> bool:
    """Whether a model of so many parameters may answer in its own words."""
    return has_chat_template and parameters >= SMALLEST_WRITER


def answer(
    engine: Engine | None,
    attached: Attached,
    history: Sequence[Message],
    question: str,
    *,
    owner: str = "",
    vectors: PassageVectors | None = None,
    writes: bool | None = None,
    insists: bool = False,
    wishes: str = "",
    recall: Recall | None = None,
    sampling: Sampling = prompts.SAMPLING,
    thinking: bool | None = None,
    max_tokens: int = _TOKENS,
    cancel: threading.Event,
) -> Iterator[AnswerEvent]:
    """Answer `question` from the attached documents.

    The text comes as `TextPart`s, also where it consists of quotes or says that the documents do
    not tell; so it can be recorded like any reply. The last event is `Answered`, unless it was
    stopped before the first word.

    Args:
        engine: with the model chosen; None answers with the best quotes.
        attached: the documents.
        history: earlier messages of the conversation, without this question.
        question: the person's.
        owner: under which name the engine keeps what it evaluated; nothing if empty.
        vectors: of an embedding model, to search with; None searches by words and letters.
        writes: whether the model may write in its own words; None decides by its size.
        insists: answer from the closest passages even if they do not seem to tell.
        wishes: what the person asks of all replies.
        recall: tells what of the history the model is given; None gives what fits.
        sampling: how the model's words are chosen.
        thinking: asks for reasoning, or forbids it, where the template knows how.
        max_tokens: the answer's longest length in tokens.
        cancel: stops it at once.

    Raises:
        ModelError, ModelTooLarge, EngineDied, CrashedLastTime, EngineClosed: as the engine says.
    """
    clock = Clock()
    if vectors is not None:
        yield from vectors.prepare(attached, cancel=cancel)
    about = _about(question, history)
    found = _search(attached, question, about, vectors, cancel)
    clock.search_s = clock.now()
    if cancel.is_set():
        return
    info = yield from _writer(engine, writes, cancel)
    if cancel.is_set():
        return
    reply = DocumentReply(attached, question, about, found, clock)
    if reply.is_silent(insists=insists, can_read=info is not None):
        yield PassagesFound(passages=found.passages, mode=AnswerMode.PASSAGES)
        yield from reply.silence()
    elif engine is None or info is None:
        yield PassagesFound(passages=found.passages, mode=AnswerMode.PASSAGES)
        yield from reply.quotes()
    else:
        fitted = fit(
            engine,
            attached,
            found.passages,
            Turn(question, reply.silent_words, wishes),
            context_tokens=info.context_tokens,
            max_tokens=max_tokens,
            cancel=cancel,
        )
        if fitted is None:
            return
        if recall is None:
            kept = latest(engine, alternating(history), fitted.room, cancel=cancel)
        else:
            kept = yield from recall(info, fitted.room)
        if cancel.is_set():
            return
        yield PassagesFound(passages=found.passages, mode=fitted.mode)
        if kept.left_out or kept.cuts_recap:
            yield HistoryCut(kept.left_out, info.context_tokens, kept.cuts_recap)
        # After the documents, so that these stay evaluated when the recap becomes another.
        system = Message(Role.SYSTEM, with_notes(fitted.system.content, kept.notes))
        stop = _Stop(cancel)
        events = engine.generate(
            [system, *alternating([*kept.messages, fitted.question])],
            sampling=sampling,
            max_tokens=fitted.reply_tokens,
            stop=prompts.STOP,
            thinking=thinking,
            owner=owner,
            cancel=stop,
        )
        yield from reply.written(events, fitted, legible(Path(info.path).stem), stop)


class _Stop(threading.Event):
    """Is set when it was set itself, or when the person stopped the answer."""

    def __init__(self, cancel: threading.Event) -> None:
        super().__init__()
        self._cancel = cancel

    def is_set(self) -> bool:
        return super().is_set() or self._cancel.is_set()


def _search(
    attached: Attached,
    question: str,
    about: str,
    vectors: PassageVectors | None,
    cancel: threading.Event,
) -> Found:
    """Search for what a question is about, and for the question alone."""
    found = search(attached, about, vectors=vectors, cancel=cancel)
    if about != question and not found.is_told:
        alone = search(attached, question, vectors=vectors, cancel=cancel)
        return alone if alone.is_told else found
    return found


def _about(question: str, history: Sequence[Message]) -> str:
    """Return a question with the one before it, if it says little by itself: "And cats?"."""
    before = [message.content for message in history if message.role is Role.USER]
    return f"{before[-1]}\n{question}" if before and is_short(question) else question


def _writer(
    engine: Engine | None, writes: bool | None, cancel: threading.Event
) -> Generator[LoadProgress | ModelInfo, None, ModelInfo | None]:
    """Load the model; return what it is if it may write in its own words."""
    if engine is None or writes is False:
        return None
    info: ModelInfo | None = None
    try:
        for event in engine.load(cancel=cancel):
            yield event
            if isinstance(event, ModelInfo):
                info = event
    except ModelNotFound as error:
        if error.name:
            raise
        return None  # there is no model at all: the documents speak for themselves
    if info is None or not info.has_chat_template:
        return None
    return info if writes or may_write(info.parameters) else None
