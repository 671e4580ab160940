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
_SHARE_OF_NEW = 1 / 3  # of the room, beside what the person has written
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟])\s")


def quoted(older: Recap | None, messages: Sequence[Message], tokens: int) -> str:
    """Return notes of about `tokens` tokens on `messages`, after those of an older recap.

    What does not fit goes in this order: replies, the ends of long lines, the oldest lines. An
    older recap that the person has edited is left as it is, as long as it leaves room for what is
    new; then what is quoted in it goes before the person's own words.
    """
    room = int(tokens * _CHARACTERS_PER_TOKEN)
    before = older.text.strip().splitlines() if older else []
    new = [line for message in messages if (line := _line(message))]
    if older is None or not older.is_edited:
        return "\n".join(_fitted([*before, *new], room))
    new = _fitted(new, max(room - _size(before), int(room * _SHARE_OF_NEW)))
    left = room - _size(new)
    for role in (Role.ASSISTANT, Role.USER):
        before = _without(role, before, left)
    return "\n".join([*_fitted(before, left), *new])


def _fitted(lines: Sequence[str], room: int) -> list[str]:
    """Return as much of `lines` as `room` characters hold, of most of them the beginning."""
    kept = _without(Role.ASSISTANT, lines, room)
    longest = max((len(line) for line in kept), default=0)
    while _size(kept) > room and longest > _SHORTEST:
        longest = max(_SHORTEST, int(longest * 0.8))
        kept = [_shortened(line, longest) for line in kept]
    while kept and _size(kept) > room:
        del kept[0]
    return kept


def _without(role: Role, lines: Sequence[str], room: int) -> list[str]:
    """Return `lines` without the oldest ones of `role`, as many as are too much for `room`."""
    kept = list(lines)
    begin = f"{_LABELS[role]}: "
    for line in lines:
        if _size(kept) <= room:
            break
        if line.startswith(begin):
            kept.remove(line)
    return kept


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


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
