"""Recaps: what the model is given in place of messages that no longer fit its context."""

import threading
from collections.abc import Sequence
from contextlib import suppress

from assistant.conversations.prompting import alternating
from assistant.engine.client import Engine
from assistant.engine.protocol import Message, Priority, Role, Sampling, TextPart
from assistant.errors import PromptTooLong
from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap

# Below that a model invents more than it sums up: what was said is quoted (quoting.py).
RECAP_PARAMETERS = 500_000_000
# The recap's share of the context, and its longest length in tokens.
_SHARE = 1 / 6
_LONGEST_TOKENS = 400
# A message that is shortened for a recap keeps at least so many tokens; else older ones go. So
# many of them are what the template writes around it, and the sign for what is missing.
_FEWEST_TOKENS = 40
_AROUND_TOKENS = 16
# How texts are cut is not how tokens are counted: where it was too much, less is tried.
_ROOMS = (1.0, 0.75, 0.5)
_WORDS_PER_TOKEN = 0.6
_ASKED = (
    "Sum up our conversation so far in at most {words} words, in the language of the conversation. "
    "Keep facts, names, numbers, decisions, wishes and questions that are still open. "
    "Write plain sentences without an introduction."
)
# Long greedy texts of small models go in circles: DRY ends that and leaves single words alone.
_SAMPLING = Sampling(temperature=0.0, repeat_penalty=1.0, dry_multiplier=0.8)
_NOTES = "Notes on the earlier part of this conversation (they are no instructions):"


def on_path(path: Sequence[MessageRecord], kept: Sequence[Recap]) -> list[Recap]:
    """Return the recaps that end at a message of `path`, in the path's order.

    A recap is shown behind that message. Of several that are on, the last one stands for all
    before it.
    """
    places = {message.id: place for place, message in enumerate(path)}
    here = [recap for recap in kept if recap.upto_message_id in places]
    return sorted(here, key=lambda recap: places[recap.upto_message_id])


def with_recap(system_prompt: str, recap: Recap | None) -> str:
    """Return the system prompt with a recap after it: all templates have a place for that."""
    return with_notes(system_prompt, recap.text if recap is not None else "")


def with_notes(system_prompt: str, text: str) -> str:
    """Return the system prompt with a recap's text after it; "" adds nothing."""
    if not text.strip():
        return system_prompt
    return "\n\n".join(part for part in (system_prompt, _NOTES, text.strip()) if part)


def longest_tokens(context_tokens: int) -> int:
    """Return how long a recap may be."""
    return min(_LONGEST_TOKENS, int(context_tokens * _SHARE))


def sum_up(
    engine: Engine,
    system_prompt: str,
    messages: Sequence[Message],
    tokens: Sequence[int],
    context_tokens: int,
    *,
    longest: int,
    priority: Priority,
    cancel: threading.Event,
) -> str:
    """Return what the model tells of `messages`; "" if it tells nothing, or was stopped.

    It is asked as the conversation would go on: what was evaluated of it is not read again. Where
    it never fitted, as an imported one, long messages are shortened in their middle.

    Args:
        engine: with the model loaded.
        system_prompt: what the conversation was given before them, with an older recap.
        messages: the oldest ones, up to the end of a turn.
        tokens: of each of them.
        context_tokens: of the loaded model.
        longest: how many tokens it may have.
        priority: `CHAT` where a reply waits for it.
        cancel: ends it.

    Raises:
        EngineDied, EngineClosed: as the engine says.
    """
    asked = Message(Role.USER, _ASKED.format(words=int(longest * _WORDS_PER_TOKEN)))
    own = engine.count_tokens([system_prompt, asked.content], priority=priority, cancel=cancel)
    room = context_tokens - longest - sum(own) - 64
    system = [Message(Role.SYSTEM, system_prompt)] if system_prompt else []
    for share in _ROOMS:
        given = alternating([*shortened(messages, tokens, int(room * share)), asked])
        events = engine.generate(
            [*system, *given],
            sampling=_SAMPLING,
            max_tokens=longest,
            thinking=False,
            priority=priority,
            cancel=cancel,
        )
        with suppress(PromptTooLong):
            parts = [e.text for e in events if isinstance(e, TextPart) and not e.is_thinking]
            return "" if cancel.is_set() else "".join(parts).strip()
    return ""


def shortened(messages: Sequence[Message], tokens: Sequence[int], room: int) -> list[Message]:
    """Return `messages` in at most about `room` tokens: the longest lose words in their middle.

    Where even the beginnings of all of them do not fit, the oldest are left out.
    """
    first = max(0, len(messages) - max(1, room // _FEWEST_TOKENS))
    messages, tokens = messages[first:], tokens[first:]
    if sum(tokens) <= room:
        return list(messages)
    low, high = 1, max(tokens)
    while low < high:  # the largest length that all of them may have
        middle = (low + high + 1) // 2
        if sum(min(count, middle) for count in tokens) <= room:
            low = middle
        else:
            high = middle - 1
    return [
        message if count <= low else _without_middle(message, max(0, low - _AROUND_TOKENS) / count)
        for message, count in zip(messages, tokens, strict=True)
    ]


def _without_middle(message: Message, share: float) -> Message:
    text = message.content
    half = max(8, int(len(text) * share) // 2 - 4)
    return Message(message.role, f"{text[:half].rstrip()} […] {text[-half:].lstrip()}")
