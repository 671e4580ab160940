"""What stands before a conversation, and its messages as chat templates want them."""

from collections.abc import Sequence

from assistant.engine.protocol import Message, Role
from assistant.storage.chat_settings import ChatSettings

# Short, since small models follow long instructions badly and every token of it is evaluated.
SYSTEM_PROMPT = (
    "You are a helpful assistant that runs on the user's own computer, without the internet. "
    "Answer in the user's language. Say so when you do not know something."
)


def system_prompt_of(settings: ChatSettings) -> str:
    """Return what stands before a conversation; its person may have emptied it."""
    return SYSTEM_PROMPT if settings.system_prompt is None else settings.system_prompt


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
