"""What is done in the background after a reply: a title, and a recap of what is old."""

import threading
from collections.abc import Iterator, Sequence

from assistant.conversations.events import AfterEvent, RecapBegun, RecapMade, TitleMade
from assistant.conversations.fitting import Fitting
from assistant.conversations.history import History
from assistant.conversations.prompting import system_prompt_of
from assistant.conversations.replying import REPLY_TOKENS
from assistant.conversations.stores import Stores
from assistant.conversations.titles import TITLE_PARAMETERS, title_by_model
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Message, Priority, Role
from assistant.errors import PromptTooLong
from assistant.storage.conversations import (
    ConversationStore,
    MessageRecord,
    MessageStatus,
    TitleBy,
)

# A title that the model could not give after so many replies is not asked for again.
_TITLE_REPLIES = 3


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
    info = engine.info
    if info is None or not info.has_chat_template:
        return
    path = stores.conversations.messages(conversation_id)
    if not path or not _is_said(path[-1]):
        return
    settings = stores.conversations.settings(conversation_id)
    history = History(
        engine,
        path,
        stores.recaps,
        stores.counts,
        system_prompt=system_prompt_of(settings),
        reply_tokens=settings.max_tokens or REPLY_TOKENS,
        info=info,
        priority=Priority.ASIDE,
        cancel=cancel,
    )
    fitting = history.fit(looks_ahead=True)
    # With documents the room for the conversation is another, and so is the prompt: a recap is
    # made when it is needed, and what is evaluated of the documents stays.
    has_documents = bool(stores.conversations.attached(conversation_id))
    if makes_title and info.parameters >= TITLE_PARAMETERS and not stores.is_temporary:
        yield from _titled(engine, stores.conversations, path, history.messages(fitting), cancel)
    if fitting.to_sum_up and not has_documents and not cancel.is_set():
        yield RecapBegun(len(fitting.to_sum_up))
        recap = history.sum_up(fitting)
        if recap is None:
            return
        yield RecapMade(recap)
        if stores.conversations.get(conversation_id) is None:
            return  # deleted meanwhile: nothing of it is to be kept again
        messages = history.messages(Fitting(first=fitting.first, recap=recap))
        _read_beforehand(engine, messages, stores.owner(conversation_id), cancel)


def _titled(
    engine: Engine,
    store: ConversationStore,
    path: Sequence[MessageRecord],
    messages: Sequence[Message],
    cancel: threading.Event,
) -> Iterator[TitleMade]:
    """Let the model name a conversation that has only its first words for a title."""
    conversation_id = path[-1].conversation_id
    record_ = store.get(conversation_id)
    replies = sum(one.role == Role.ASSISTANT for one in path)
    if record_ is None or record_.title_by is not TitleBy.TEXT or replies > _TITLE_REPLIES:
        return
    try:
        title = title_by_model(engine, messages, cancel=cancel)
    except PromptTooLong:
        return
    if title:
        store.set_title(conversation_id, title, TitleBy.MODEL)
        yield TitleMade(conversation_id, title)


def _read_beforehand(
    engine: Engine, messages: Sequence[Message], owner: str, cancel: threading.Event
) -> None:
    """Evaluate a prompt that ends with a reply: the next turn then begins with it."""
    *before, reply_ = messages
    if reply_.role is not Role.ASSISTANT:
        return
    for _ in engine.generate(
        before,
        sampling=GREEDY,
        max_tokens=1,
        reply_start=reply_.content,
        is_continued=True,
        priority=Priority.ASIDE,
        owner=owner,
        cancel=cancel,
    ):
        pass


def _is_said(message: MessageRecord) -> bool:
    is_over = message.status in {MessageStatus.COMPLETE, MessageStatus.STOPPED}
    return message.role == Role.ASSISTANT and is_over and bool(message.content.strip())
