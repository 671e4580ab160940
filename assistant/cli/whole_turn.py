"""A turn about the whole of attached documents: the summary job replies in the conversation."""

import threading
from collections.abc import Callable, Iterator

from assistant.cli.whole_answers import answer_whole
from assistant.conversations.asking.answer import Answer, Answered
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.intents import WholeWish
from assistant.conversations.events import RecordedEvent, Working
from assistant.conversations.recording import Row, record
from assistant.conversations.turns import Stores
from assistant.engine.client import Engine
from assistant.engine.protocol import TextPart
from assistant.errors import AssistantError


def take_whole_turn(
    stores: Stores,
    conversation_id: int,
    attached: Attached,
    wish: WholeWish,
    *,
    row: Row,
    engine: Engine | None,
    model: str,
    describe: Callable[[AssistantError], str],
    cancel: threading.Event,
) -> Iterator[RecordedEvent]:
    """Reply to the last message with what the summary job makes of the documents, and keep it.

    Args:
        stores: where the conversation is.
        conversation_id: which one.
        attached: its documents.
        wish: what is wanted of them.
        row: where the reply is kept.
        engine: with the model chosen; None replies with the documents' own sentences.
        model: its name.
        describe: says in words what went wrong, for the reply's row.
        cancel: stops it.

    Raises:
        AssistantError: the engine failed, or the reply cannot be kept.
    """
    events = whole_events(attached, wish, engine, model, cancel)
    yield from record(events, stores.conversations, conversation_id, describe=describe, row=row)


def whole_events(
    attached: Attached,
    wish: WholeWish,
    engine: Engine | None,
    model: str,
    cancel: threading.Event,
) -> Iterator[TextPart | Answered | Working]:
    """Tell what the summary job makes of the documents as a reply does."""
    for event in answer_whole(attached, wish, engine=engine, model=model, cancel=cancel):
        if isinstance(event, Answer):
            yield TextPart(0, "\n\n".join(sentence.text for sentence in event.sentences))
            yield Answered(answer=event)
        else:
            share = event.done / event.total if event.total else None
            yield Working("Summing up", share)
