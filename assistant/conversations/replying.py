"""The next reply of a conversation, as events."""

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.conversations.events import HistoryCut, ReplyEvent
from assistant.conversations.history import History
from assistant.conversations.prompting import SYSTEM_PROMPT
from assistant.conversations.stores import Stores
from assistant.conversations.structured import Form
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, ModelInfo, Sampling
from assistant.errors import ModelError, ModelFault, PromptTooLong
from assistant.storage.conversations import MessageRecord

# Models below this make things up so often that a person must be told beforehand.
SMALL_PARAMETERS = 1_000_000_000

# A reply may use what the context has left, but at most so much: a small model can go in circles.
REPLY_TOKENS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a reply is made.

    Attributes:
        system_prompt: what stands before the conversation; may be empty.
        sampling: how the model's words are chosen.
        max_tokens: the reply's longest length in tokens.
        thinking: asks for reasoning, or forbids it, where the model's template knows how.
        form: what the reply follows; None for plain text.
        owner: under which name the engine keeps on disk what it evaluated; nothing if empty.
        reply_start: what there is of the reply already.
    """

    system_prompt: str = SYSTEM_PROMPT
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = REPLY_TOKENS
    thinking: bool | None = None
    form: Form | None = None
    owner: str = ""
    reply_start: str = ""


def is_small(parameters: int) -> bool:
    """Whether a model of so many parameters is so small that it makes things up."""
    return 0 < parameters < SMALL_PARAMETERS


def reply(
    engine: Engine,
    path: Sequence[MessageRecord],
    stores: Stores,
    manner: Manner,
    *,
    cancel: threading.Event,
) -> Iterator[ReplyEvent]:
    """Reply to the last message of `path`.

    Where the context cannot hold all of it, the model sums up the oldest turns first. The last
    event is `Finished`, unless `cancel` was set before the engine began.

    Args:
        engine: with the model chosen; it is loaded if needed.
        path: the conversation's active path up to the question.
        stores: where recaps are kept.
        manner: how.
        cancel: stops the reply at once.

    Raises:
        ModelError: the model cannot be loaded, or is a base model that cannot converse.
        PromptTooLong: the last message alone does not fit the context.
        EngineDied, ModelTooLarge, CrashedLastTime, EngineClosed: as the engine says.
    """
    info = yield from loaded(engine, cancel)
    if info is None:
        return
    history = History(
        engine,
        path,
        stores.recaps,
        stores.counts,
        system_prompt=manner.system_prompt,
        reply_start=manner.reply_start,
        reply_tokens=manner.max_tokens,
        info=info,
        cancel=cancel,
    )
    while True:
        fitting = yield from history.fitted()
        if cancel.is_set():
            return
        cuts_recap = history.cuts(fitting.recap)
        if fitting.left_out or cuts_recap:
            yield HistoryCut(fitting.left_out, info.context_tokens, cuts_recap)
        try:
            yield from engine.generate(
                history.messages(fitting),
                sampling=manner.sampling,
                max_tokens=manner.max_tokens,
                thinking=manner.thinking,
                reply_start=manner.reply_start,
                is_continued=bool(manner.reply_start),
                grammar=manner.form.grammar if manner.form else "",
                json_schema=manner.form.json_schema if manner.form else "",
                owner=manner.owner,
                cancel=cancel,
            )
        except PromptTooLong as error:
            if not history.learn(error.prompt_tokens, fitting):
                raise
        else:
            return


def loaded(
    engine: Engine, cancel: threading.Event
) -> Generator[LoadProgress | ModelInfo, None, ModelInfo | None]:
    """Load the chosen model; return what it is, or None if it was stopped.

    Raises:
        ModelError: it cannot be loaded, or is a base model that cannot converse.
        EngineDied, ModelTooLarge, CrashedLastTime, EngineClosed: as the engine says.
    """
    info: ModelInfo | None = None
    for event in engine.load(cancel=cancel):
        yield event
        if isinstance(event, ModelInfo):
            info = event
    if info and not info.has_chat_template:
        raise ModelError(path=Path(info.path), fault=ModelFault.NO_CHAT_TEMPLATE)
    return info
