"""What a model is given of a conversation: a system prompt, and as much history as fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.engine.protocol import Message, Role

# Short, since small models follow long instructions badly and every token of it is evaluated.
SYSTEM_PROMPT = (
    "You are a helpful assistant that runs on the user's own computer, without the internet. "
    "Answer in the user's language. Say so when you do not know something."
)

# After a cut so much of the room is filled: the next turns then share their beginning with this
# prompt, and the engine need not evaluate the whole history again at every turn.
_KEPT_AFTER_CUT = 2 / 3


@dataclass(frozen=True, slots=True)
class History:
    """The part of a conversation that the model is given.

    Attributes:
        messages: it begins with a user's message and ends with one; roles alternate.
        left_out: how many of the oldest messages the model no longer sees.
    """

    messages: tuple[Message, ...]
    left_out: int


def alternating(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return `messages` as chat templates want them: user first, taking turns, none empty.

    A reply that failed leaves two questions in a row: they become one message.
    """
    taken: list[Message] = []
    for message in messages:
        if not message.content.strip():
            continue
        if taken and taken[-1].role is message.role:
            joined = f"{taken[-1].content}\n\n{message.content}"
            taken[-1] = Message(message.role, joined)
        elif taken or message.role is Role.USER:
            taken.append(message)
    return tuple(taken)


def fit(messages: Sequence[Message], tokens: Sequence[int], room: int) -> History:
    """Leave out the oldest turns of `messages` until the rest has at most `room` tokens.

    A turn is a user's message and what follows it up to the next. The last turn always stays:
    whether it fits alone is the engine's to say. The cut depends on the older messages only, so
    it stays where it is while a conversation grows, until the room is used up again.

    Args:
        messages: the whole conversation.
        tokens: tokens of each message as the template writes it.
        room: tokens that the history may take.
    """
    turns = [i for i, message in enumerate(messages) if message.role is Role.USER]
    first = 0
    for turn, start in enumerate(turns):
        end = turns[turn + 1] if turn + 1 < len(turns) else len(messages)
        if sum(tokens[first:end]) <= room:
            continue
        later = [i for i in turns if first < i <= start]
        fitting = (i for i in later if sum(tokens[i:end]) <= room * _KEPT_AFTER_CUT)
        first = next(fitting, start)
    return History(alternating(messages[first:]), left_out=first)
