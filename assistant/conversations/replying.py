"""The next reply of a conversation, as events. The window and the terminal both use it."""

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assistant.conversations.prompting import SYSTEM_PROMPT, fit
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    LoadProgress,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    Sampling,
    TextPart,
)
from assistant.errors import ModelError, ModelFault, PromptTooLong

# Models below this make things up so often that a person must be told beforehand.
SMALL_PARAMETERS = 1_000_000_000

# A reply may use what the context has left, but at most so much: a small model can go in circles.
REPLY_TOKENS = 4096
# So much of the context is kept free for the reply, at most a third of it.
_RESERVED_TOKENS = 1024
# What a chat template writes around a message, before the engine tells the real figure.
_FRAME_TOKENS = 8


@dataclass(frozen=True, slots=True)
class HistoryCut:
    """The model is not given the whole conversation.

    Attributes:
        messages: how many of the oldest messages it no longer sees.
        context_tokens: the context that they did not fit into.
    """

    messages: int
    context_tokens: int


ReplyEvent: TypeAlias = LoadProgress | ModelInfo | HistoryCut | PromptProgress | TextPart | Finished


def is_small(parameters: int) -> bool:
    """Whether a model of so many parameters is so small that it makes things up."""
    return 0 < parameters < SMALL_PARAMETERS


def reply(
    engine: Engine,
    history: Sequence[Message],
    *,
    system_prompt: str = SYSTEM_PROMPT,
    sampling: Sampling = Sampling(),  # noqa: B008 - frozen
    max_tokens: int = REPLY_TOKENS,
    thinking: bool | None = None,
    owner: str = "",
    cancel: threading.Event,
) -> Iterator[ReplyEvent]:
    """Reply to the last message of `history`.

    The oldest turns are left out where the context cannot hold them all; `HistoryCut` says so
    before the first word. The last event is `Finished`, unless `cancel` was set before the
    engine began.

    Args:
        engine: with the model chosen; it is loaded if needed.
        history: user's and assistant's messages in their order, the last one the user's.
        system_prompt: what stands before the conversation; may be empty.
        sampling: how the model's words are chosen.
        max_tokens: the reply's longest length in tokens.
        thinking: asks for reasoning, or forbids it, where the model's template knows how.
        owner: under which name the engine keeps on disk what it evaluated; nothing if empty.
        cancel: stops the reply at once.

    Raises:
        ModelError: the model cannot be loaded, or is a base model that cannot converse.
        PromptTooLong: the last message alone does not fit the context.
        EngineDied, ModelTooLarge, CrashedLastTime, EngineClosed: as the engine says.
    """
    info: ModelInfo | None = None
    for event in engine.load(cancel=cancel):
        yield event
        if isinstance(event, ModelInfo):
            info = event
    if info is None:
        return
    if not info.has_chat_template:
        raise ModelError(path=Path(info.path), fault=ModelFault.NO_CHAT_TEMPLATE)
    system = (Message(Role.SYSTEM, system_prompt),) if system_prompt else ()
    counts = engine.count_tokens([m.content for m in (*system, *history)], cancel=cancel)
    if cancel.is_set():
        return
    reserved = min(_RESERVED_TOKENS, info.context_tokens // 3, max_tokens or _RESERVED_TOKENS)
    room = info.context_tokens - reserved
    frame = _FRAME_TOKENS
    while True:
        tokens = [count + frame for count in counts]
        fitted = fit(history, tokens[len(system) :], room - sum(tokens[: len(system)]))
        if fitted.left_out:
            yield HistoryCut(fitted.left_out, info.context_tokens)
        try:
            yield from engine.generate(
                (*system, *fitted.messages),
                sampling=sampling,
                max_tokens=max_tokens,
                thinking=thinking,
                owner=owner,
                cancel=cancel,
            )
        except PromptTooLong as error:
            learned = _frame(error.prompt_tokens, counts, len(system), fitted.left_out)
            if learned <= frame or fitted.left_out >= len(history) - 1:
                raise
            frame = learned
        else:
            return


def _frame(prompt_tokens: int, counts: Sequence[int], system: int, left_out: int) -> int:
    """Return what the chat template wrote around each message of a prompt, in tokens."""
    sent = [*counts[:system], *counts[system + left_out :]]
    return math.ceil((prompt_tokens - sum(sent)) / len(sent))
