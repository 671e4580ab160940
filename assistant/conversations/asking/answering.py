"""Answers a question about attached documents, with the places behind each sentence."""

import threading
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from assistant.conversations.asking.answer import Answered, PassagesFound, Preparing
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    LoadProgress,
    Message,
    ModelInfo,
    PromptProgress,
    TextPart,
)

AnswerEvent: TypeAlias = (
    LoadProgress
    | ModelInfo
    | PromptProgress
    | TextPart
    | Finished
    | Preparing
    | PassagesFound
    | Answered
)


def answer(
    engine: Engine | None,
    attached: Attached,
    history: Sequence[Message],
    question: str,
    *,
    owner: str = "",
    vectors: PassageVectors | None = None,
    writes: bool | None = None,
    thinking: bool | None = None,
    max_tokens: int = 1024,
    cancel: threading.Event,
) -> Iterator[AnswerEvent]:
    """Answer `question` from the attached documents.

    The text comes as `TextPart`s, also where it consists of quotes or says that the documents do
    not tell; so it can be recorded like any reply. The last event is `Answered`.

    Args:
        engine: with the model chosen; None answers with the best quotes.
        attached: the documents.
        history: earlier messages of the conversation, without this question.
        question: the person's.
        owner: under which name the engine keeps what it evaluated; nothing if empty.
        vectors: of an embedding model, to search with; None searches by words and letters.
        writes: whether the model may write in its own words; None decides by its size.
        thinking: asks for reasoning, or forbids it, where the template knows how.
        max_tokens: the answer's longest length in tokens.
        cancel: stops it at once.

    Raises:
        ModelError, ModelTooLarge, EngineDied, CrashedLastTime, EngineClosed: as the engine says.
    """
    yield from ()
