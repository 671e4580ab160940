"""What of documents and of a conversation fits into the model's context."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.conversations.asking import prompts
from assistant.conversations.asking.answer import AnswerMode, Passage
from assistant.conversations.asking.attached import Attached
from assistant.engine.client import Engine
from assistant.engine.protocol import Message, Role
from assistant.errors import PromptTooLong

# Documents up to so many tokens are given whole. More would fit many a context, but is slow to
# read the first time, and models neglect the middle of long texts (arXiv 2410.23609).
WHOLE_TOKENS = 4_500
_WHOLE_SHARE = 0.7  # of the context, at most
_LONGEST_TOKEN = 12  # characters: a text with more a token need not be counted
# What a chat template writes around a message, with room to spare.
_FRAME_TOKENS = 16
_LEAST_REPLY = 128


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked.

    Attributes:
        question: the person's.
        silence: what the model says if the documents do not tell.
        wishes: what the person asks of all replies; "" for nothing.
    """

    question: str
    silence: str
    wishes: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the model is given of the documents.

    Attributes:
        system: stands before the conversation.
        question: stands after it.
        mode: whether the whole text is in them.
        reply_tokens: how long the answer may be.
        room: tokens that are left for the conversation.
    """

    system: Message
    question: Message
    mode: AnswerMode
    reply_tokens: int
    room: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the model is given of the conversation before the question.

    Attributes:
        messages: word for word.
        notes: a recap of what came before them; "" for none.
        left_out: how many of the oldest messages neither are given nor told of.
        cuts_recap: only the beginning of the recap is given.
    """

    messages: Sequence[Message] = ()
    notes: str = ""
    left_out: int = 0
    cuts_recap: bool = False


def fit(
    engine: Engine,
    attached: Attached,
    passages: Sequence[Passage],
    turn: Turn,
    *,
    context_tokens: int,
    max_tokens: int,
    cancel: threading.Event,
) -> Fitted | None:
    """Choose between the whole text and passages.

    Args:
        engine: with the model loaded.
        attached: the documents.
        passages: what was found in them.
        turn: what is asked.
        context_tokens: the model's context.
        max_tokens: the answer's longest length.
        cancel: stops it; None is returned then.

    Raises:
        PromptTooLong: the question with one passage does not fit.
    """
    reply_tokens = min(max_tokens, max(_LEAST_REPLY, context_tokens // 4))
    room = context_tokens - reply_tokens - 2 * _FRAME_TOKENS
    heads = list(_heads(attached, passages, turn))
    counts = engine.count_tokens(
        [message.content for message in chain(*(head for _, head in heads))], cancel=cancel
    )
    if not counts:
        return None
    taken = 0
    for number, (mode, head) in enumerate(heads):
        taken = counts[2 * number] + counts[2 * number + 1]
        most = min(WHOLE_TOKENS, _WHOLE_SHARE * context_tokens)
        if taken <= room and (mode is AnswerMode.PASSAGES or counts[2 * number] <= most):
            return Fitted(*head, mode=mode, reply_tokens=reply_tokens, room=room - taken)
    raise PromptTooLong(taken + reply_tokens, context_tokens)


def _heads(
    attached: Attached, passages: Sequence[Passage], turn: Turn
) -> Iterator[tuple[AnswerMode, tuple[Message, Message]]]:
    """Yield what could be given beside the history, the most first."""
    asked = prompts.instructions(turn.silence, turn.wishes)
    # Counted first: to look for orders in all documents of a folder takes seconds.
    pages = (page for one in attached.documents for page in one.document.pages)
    if sum(len(page.text) for page in pages) <= WHOLE_TOKENS * _LONGEST_TOKEN:
        text = prompts.whole_text(attached)
        yield AnswerMode.WHOLE_TEXT, prompts.with_whole_text(asked, text, turn.question)
    for count in range(max(1, len(passages)), 0, -1):
        cut = prompts.with_passages(asked, attached, passages[:count], turn.question)
        yield AnswerMode.PASSAGES, cut


def latest(
    engine: Engine, history: Sequence[Message], room: int, *, cancel: threading.Event
) -> Recalled:
    """Return the last turns that fit `room` tokens, from a user's message on."""
    counts = engine.count_tokens([message.content for message in history], cancel=cancel)
    if len(counts) < len(history):
        return Recalled()  # stopped
    first = len(history)
    left = room
    for at in range(len(history) - 1, -1, -1):
        left -= counts[at] + _FRAME_TOKENS
        if left < 0:
            break
        if history[at].role is Role.USER:
            first = at
    return Recalled(messages=history[first:], left_out=first)
