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
        history: earlier messages, taking turns, the user's first.
        question: the person's.
        silence: what the model says if the documents do not tell.
    """

    history: Sequence[Message]
    question: str
    silence: str


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the model is given.

    Attributes:
        messages: the conversation, the question last.
        mode: whether the whole text is in it.
        reply_tokens: how long the answer may be.
        left_out: how many of the oldest messages of the conversation are not in it.
    """

    messages: tuple[Message, ...]
    mode: AnswerMode
    reply_tokens: int
    left_out: int


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
    """Choose between the whole text and passages, and how much of the history goes along.

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
    reply_tokens = max(_LEAST_REPLY, min(max_tokens, context_tokens // 4))
    room = context_tokens - reply_tokens - 2 * _FRAME_TOKENS
    heads = list(_heads(attached, passages, turn))
    counts = engine.count_tokens(
        [message.content for message in (*chain(*(head for _, head in heads)), *turn.history)],
        cancel=cancel,
    )
    if not counts:
        return None
    taken = 0
    for number, (mode, head) in enumerate(heads):
        taken = counts[2 * number] + counts[2 * number + 1]
        most = min(WHOLE_TOKENS, _WHOLE_SHARE * context_tokens)
        if taken <= room and (mode is AnswerMode.PASSAGES or counts[2 * number] <= most):
            kept = _latest(turn.history, counts[2 * len(heads) :], room - taken)
            return Fitted(
                messages=(head[0], *kept, head[1]),
                mode=mode,
                reply_tokens=reply_tokens,
                left_out=len(turn.history) - len(kept),
            )
    raise PromptTooLong(taken + reply_tokens, context_tokens)


def _heads(
    attached: Attached, passages: Sequence[Passage], turn: Turn
) -> Iterator[tuple[AnswerMode, tuple[Message, Message]]]:
    """Yield what could be given beside the history, the most first."""
    # Counted first: to look for orders in all documents of a folder takes seconds.
    pages = (page for one in attached.documents for page in one.document.pages)
    if sum(len(page.text) for page in pages) <= WHOLE_TOKENS * _LONGEST_TOKEN:
        text = prompts.whole_text(attached)
        yield AnswerMode.WHOLE_TEXT, prompts.with_whole_text(text, turn.question, turn.silence)
    for count in range(max(1, len(passages)), 0, -1):
        cut = prompts.with_passages(attached, passages[:count], turn.question, turn.silence)
        yield AnswerMode.PASSAGES, cut


def _latest(history: Sequence[Message], counts: Sequence[int], room: int) -> tuple[Message, ...]:
    """Return the last turns that fit, from a user's message on."""
    first = len(history)
    left = room
    for at in range(len(history) - 1, -1, -1):
        left -= counts[at] + _FRAME_TOKENS
        if left < 0:
            break
        if history[at].role is Role.USER:
            first = at
    return tuple(history[first:])
