"""One turn of a conversation: the one door for the window and the terminal."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import AfterEvent, RecordedEvent
from assistant.engine.client import Engine
from assistant.errors import AssistantError
from assistant.storage.conversations import ConversationStore
from assistant.storage.recaps import RecapStore


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a turn reads and writes.

    Attributes:
        conversations, recaps: of one database.
        is_temporary: that database is in memory: what the engine evaluates is not kept either.
    """

    conversations: ConversationStore
    recaps: RecapStore
    is_temporary: bool = False


def take_turn(
    engine: Engine,
    stores: Stores,
    conversation_id: int,
    *,
    describe: Callable[[AssistantError], str],
    asking: Attached | None = None,
    vectors: PassageVectors | None = None,
    thinking: bool | None = None,
    continues: int | None = None,
    sibling_of: int | None = None,
    answers_anyway: bool = False,
    cancel: threading.Event,
) -> Iterator[RecordedEvent]:
    """Reply to the last message of a conversation's active path, and keep the reply.

    The conversation's settings say how: system prompt, sampling, longest reply, form, thinking.

    Args:
        engine: with the model chosen; it is loaded if needed.
        stores: where the conversation is.
        conversation_id: which one; nothing happens if it is gone.
        describe: says in words what went wrong, for the reply's row.
        asking: the documents that are attached; the reply is an answer from them.
        vectors: of an embedding model, to search the documents with.
        thinking: asks for reasoning or forbids it; None leaves it to the conversation's settings.
        continues: a reply that was stopped, or reached its longest length: it goes on in its row.
        sibling_of: a reply that gets a variant beside it. It stays the active one if the new one
            is stopped before its first word; one that failed without a word is deleted.
        answers_anyway: reply also to a question that means a document when none is attached.
        cancel: stops it at once with what there is.

    Yields:
        `ReplyBegun` first, then what `replying` and `asking` tell; `Finished` is the last but
        for `Answered`, unless it was stopped before the engine began.

    Raises:
        PromptTooLong: the last message alone does not fit the context.
        GrammarError: the form's schema cannot be followed.
        ModelError, EngineDied, ModelTooLarge, CrashedLastTime, EngineClosed: as the engine says.
        NoSpace, CannotWrite, DamagedData: it cannot be kept.
    """
    yield from ()


def after_turn(
    engine: Engine,
    stores: Stores,
    conversation_id: int,
    *,
    makes_title: bool = True,
    cancel: threading.Event,
) -> Iterator[AfterEvent]:
    """Do in the background what makes the next turn better: a title, a recap of what is old.

    To be run after each reply; mostly there is nothing to do. It gives way to any other request,
    and what the conversation has evaluated stays. With a recap the next turn's prompt is read
    beforehand, so that it begins as fast as without.

    Args:
        engine: with the model that replied; none is loaded for this.
        stores: where the conversation is.
        conversation_id: which one.
        makes_title: whether the person wants titles by the model.
        cancel: ends it.
    """
    yield from ()
