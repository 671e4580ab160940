"""A recap without a model: what the person said, word for word, and how each reply began.

For models that are too small to sum up: SmolLM2-135M left out the person's name and made up
places (measured); what was said is the better note.
"""

import re
from collections.abc import Sequence

from assistant.engine.protocol import Message, Role
from assistant.storage.recaps import Recap

_CHARACTERS_PER_TOKEN = 3.5
_LABELS = {Role.USER: "User", Role.ASSISTANT: "Assistant"}
_LONGEST = {Role.USER: 240, Role.ASSISTANT: 120}
_SHORTEST = 40
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟])\s")


def quoted(older: Recap | None, messages: Sequence[Message], tokens: int) -> str:
    """Return notes of about `tokens` tokens on `messages`, after those of an older recap.

    What does not fit goes in this order: replies, the ends of long lines, the oldest lines. An
    older recap that the person has edited is left as it is.
    """
    room = int(tokens * _CHARACTERS_PER_TOKEN)
    head = older.text.strip() if older and older.is_edited else ""
    lines = older.text.strip().splitlines() if older and not older.is_edited else []
    lines += [line for message in messages if (line := _line(message))]
    room -= len(head)
    while _size(lines) > room and (place := _reply_in(lines)) is not None:
        del lines[place]
    longest = max((len(line) for line in lines), default=0)
    while _size(lines) > room and longest > _SHORTEST:
        longest = max(_SHORTEST, int(longest * 0.8))
        lines = [_shortened(line, longest) for line in lines]
    while lines and _size(lines) > room:
        del lines[0]
    return "\n".join([head, *lines] if head else lines)


def _line(message: Message) -> str:
    """Return how a message begins, up to the end of a sentence where there is one."""
    longest = _LONGEST[message.role]
    kept = ""
    for sentence in _SENTENCE_END.split(" ".join(message.content.split())):
        if kept and len(kept) + len(sentence) >= longest:
            break
        kept = f"{kept} {sentence}".strip()
        if message.role is Role.ASSISTANT:
            break
    return f"{_LABELS[message.role]}: {_shortened(kept, longest)}" if kept else ""


def _reply_in(lines: Sequence[str]) -> int | None:
    begin = f"{_LABELS[Role.ASSISTANT]}: "
    return next((place for place, line in enumerate(lines) if line.startswith(begin)), None)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
