"""One turn of a conversation: the one door for the window and the terminal."""

import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from assistant.conversations.afterwards import after_turn
from assistant.conversations.asking.answering import Recall, answer
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.fitting import Recalled
from assistant.conversations.asking.intents import WholeWish, is_about_whole, means_a_document
from assistant.conversations.asking.prompts import SAMPLING_SETTINGS
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import (
    DocumentWanted,
    RecapBegun,
    RecapMade,
    RecordedEvent,
    ReplyEvent,
)
from assistant.conversations.history import History
from assistant.conversations.prompting import system_prompt_of
from assistant.conversations.recording import Row, history_of, record
from assistant.conversations.replying import REPLY_TOKENS, Manner, reply
from assistant.conversations.sampling import differences, sampling_of
from assistant.conversations.stores import Stores
from assistant.conversations.structured import form_of
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo, Priority, Role, Sampling
from assistant.errors import AssistantError
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore, MessageRecord

__all__ = ["Stores", "after_turn", "take_turn", "whole_wish"]

# A text as long as this in the conversation may be the document that a question means.
_PASTED_CHARACTERS = 600
_ANSWER_TOKENS = 1024


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
    writes: bool | None = None,
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
        answers_anyway: reply also to a question that means a document when none is attached, and
            from the closest passages where the documents do not seem to tell.
        writes: whether the model may answer from documents in its own words; None decides by its
            size.
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
    place = _place(stores.conversations, conversation_id, continues, sibling_of)
    if place is None:
        return
    path, row = place
    is_new = continues is None and sibling_of is None
    if is_new and asking is None and not answers_anyway and _wants_document(path):
        yield DocumentWanted()
        return
    settings = stores.conversations.settings(conversation_id)
    if thinking is not None:
        settings = msgspec.structs.replace(settings, thinking=thinking)
    seed = secrets.randbits(32)
    if asking is None:
        sampling = sampling_of(settings.sampling, seed=seed)
        events = _plain(
            engine, stores, path, row, settings=settings, sampling=sampling, cancel=cancel
        )
    else:
        row = _begun_anew(row)
        # A form has no place for the pages that an answer leads to.
        settings = msgspec.structs.replace(settings, form="")
        sampling = sampling_of({**SAMPLING_SETTINGS, **settings.sampling}, seed=seed)
        events = answer(
            engine,
            asking,
            history_of(path[:-1]),
            path[-1].content,
            owner=stores.owner(conversation_id),
            vectors=vectors,
            writes=writes,
            insists=answers_anyway,
            wishes=settings.system_prompt or "",
            recall=_recall(engine, stores, path, system_prompt_of(settings), cancel),
            sampling=sampling,
            thinking=settings.thinking,
            max_tokens=settings.max_tokens or _ANSWER_TOKENS,
            cancel=cancel,
        )
    row = replace(row, stats=_settings_kept(settings, sampling))
    yield from record(events, stores.conversations, conversation_id, describe=describe, row=row)


def whole_wish(
    store: ConversationStore,
    conversation_id: int,
    *,
    continues: int | None = None,
    sibling_of: int | None = None,
) -> tuple[WholeWish, Row] | None:
    """Return what the question of a turn wants of whole documents, and where the reply is kept.

    The arguments are those of `take_turn`. The summary job, which conversations know nothing of,
    writes the reply, all of it anew.

    Returns:
        None for any other question, or if the messages are gone.
    """
    place = _place(store, conversation_id, continues, sibling_of)
    if place is None or place[0][-1].role != Role.USER:
        return None
    wish = is_about_whole(place[0][-1].content)
    return (wish, _begun_anew(place[1])) if wish is not None else None


def _plain(
    engine: Engine,
    stores: Stores,
    path: Sequence[MessageRecord],
    row: Row,
    *,
    settings: ChatSettings,
    sampling: Sampling,
    cancel: threading.Event,
) -> Iterator[ReplyEvent]:
    """Reply from the conversation alone; what is wrong with its form is the reply's error."""
    manner = Manner(
        system_prompt=system_prompt_of(settings),
        sampling=sampling,
        max_tokens=settings.max_tokens or REPLY_TOKENS,
        thinking=settings.thinking,
        form=form_of(settings),
        owner=stores.owner(path[-1].conversation_id),
        reply_start=row.continues.content if row.continues else "",
    )
    yield from reply(engine, path, stores, manner, cancel=cancel)


def _recall(
    engine: Engine,
    stores: Stores,
    path: Sequence[MessageRecord],
    system_prompt: str,
    cancel: threading.Event,
) -> Recall:
    """Return what tells how much of a conversation fits beside documents; recaps tell the rest."""

    def recall(info: ModelInfo, room: int) -> Generator[RecapBegun | RecapMade, None, Recalled]:
        question = [path[-1].content]
        counts = stores.counts.of(
            engine, info.path, question, priority=Priority.CHAT, cancel=cancel
        )
        history = History(
            engine,
            path,
            stores.recaps,
            stores.counts,
            system_prompt=system_prompt,
            room=room + sum(counts.values()),  # the documents' part has the question in it
            info=info,
            cancel=cancel,
        )
        fitting = yield from history.fitted()
        return Recalled(
            messages=history.said(fitting)[:-1],
            notes=fitting.recap.text if fitting.recap else "",
            left_out=fitting.left_out,
            cuts_recap=history.cuts(fitting.recap),
        )

    return recall


def _place(
    store: ConversationStore, conversation_id: int, continues: int | None, sibling_of: int | None
) -> tuple[list[MessageRecord], Row] | None:
    """Return the messages to reply to, and where the reply is kept; None if they are gone."""
    if store.get(conversation_id) is None:
        return None
    earlier = continues if continues is not None else sibling_of
    if earlier is None:
        path = store.messages(conversation_id)
        is_asked = bool(path) and path[-1].role == Role.USER
        return (path, Row(parent_id=path[-1].id)) if is_asked else None
    branch = store.messages(conversation_id, leaf=earlier)
    if len(branch) < 2 or branch[-1].id != earlier:
        return None
    *path, old = branch
    if continues is None:
        return path, Row(parent_id=old.parent_id, sibling_of=old)
    row = Row(parent_id=old.parent_id, continues=old)
    return path, row if old.content.strip() else _begun_anew(row)


def _begun_anew(row: Row) -> Row:
    """Return `row` with nothing in it yet: thoughts, and answers from documents, begin again."""
    if row.continues is None:
        return row
    empty = replace(row.continues, content="", thinking="", stats={}, evidence=b"")
    return replace(row, continues=empty)


def _wants_document(path: Sequence[MessageRecord]) -> bool:
    """Whether the question means a document that is nowhere in the conversation."""
    *earlier, question = path
    if any(len(one.content) > _PASTED_CHARACTERS or one.evidence for one in path):
        return False
    asked = [one for one in earlier if one.role == Role.USER]
    # Once the person has said to reply anyway, that holds for the conversation.
    return means_a_document(question.content) and not any(
        means_a_document(one.content) for one in asked
    )


def _settings_kept(settings: ChatSettings, sampling: Sampling) -> dict[str, Any]:
    """Return what is kept with a reply of how it was made."""
    kept: dict[str, Any] = {"sampling": differences(sampling)}
    if settings.preset:
        kept["preset"] = settings.preset
    if settings.form:
        kept["form"] = settings.form
    return kept
