"""A conversation as Markdown, for people: its active branch, with citations as footnotes."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.conversations.asking.answer import Answer, AnswerCitation
from assistant.conversations.porting.chat import PortableChat, PortableMessage
from assistant.conversations.porting.foreign import line_of, moment_of_text
from assistant.documents.places import place_words

_LONGEST_NAME = 80
# What no file system, or not every one, allows in a name.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
# What steers a terminal that shows the file, and what turns the direction of all that follows.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)
_STATUS = {"stopped": "*(stopped)*", "failed": "*(failed)*"}


def write_markdown(chat: PortableChat) -> str:
    """Return the conversation's active branch."""
    path = _active_path(chat)
    title = line_of(chat.title) or "Chat"
    lines = [f"# {title}", f"*{_when(chat.created_at)} · {_count(len(path), 'message')}*"]
    variants = len(chat.messages) - len(path)
    if variants:
        lines.append(f"*{_count(variants, 'message')} of other branches: in the JSON export only.*")
    prompt = chat.settings.get("system_prompt")
    if isinstance(prompt, str) and prompt.strip():
        lines.append(f"## Instructions\n\n{prompt.strip()}")
    notes = _Notes()
    lines.extend(_message(message, notes) for message in path)
    lines.extend(notes.lines)
    return _STEERING.sub("", "\n\n".join(lines)) + "\n"


def file_name(chat: PortableChat, taken: set[str]) -> str:
    """Return a name for the conversation's file that is none of `taken`, and add it to them."""
    plain = line_of(_UNSAFE.sub(" ", chat.title), _LONGEST_NAME).strip(". ")
    if not plain or _RESERVED.match(plain):
        plain = f"Chat {chat.created_at[:10]}" if not plain else f"Chat {plain}"
    name, number = f"{plain}.md", 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} ({number}).md"
    taken.add(name.casefold())
    return name


def _active_path(chat: PortableChat) -> list[PortableMessage]:
    by_id = {message.id: message for message in chat.messages}
    newest = chat.messages[-1].id if chat.messages else None
    at = chat.active if chat.active is not None else newest
    path: list[PortableMessage] = []
    while at is not None and at in by_id and len(path) < len(by_id):
        path.append(by_id[at])
        at = by_id[at].parent
    return path[::-1]


def _message(message: PortableMessage, notes: "_Notes") -> str:
    who = {"user": "You", "system": "Instructions"}.get(message.role) or message.model
    parts = [f"## {line_of(who) or 'Assistant'}"]
    if message.thinking.strip():
        quoted = "\n".join(f"> {line}".rstrip() for line in message.thinking.strip().splitlines())
        parts.append(f"> *Thought:*\n>\n{quoted}")
    content = _with_notes(message, notes)
    if content.strip():
        parts.append(content.strip("\n"))
    status = _STATUS.get(message.status)
    if status:
        parts.append(f"{status} {' '.join(message.error.split())}".strip())
    return "\n\n".join(parts)


def _with_notes(message: PortableMessage, notes: "_Notes") -> str:
    """Return a message with a footnote mark after each sentence that has a citation."""
    answer = _answer(message.evidence)
    if answer is None:
        return message.content
    pieces: list[str] = []
    at = 0
    for sentence in answer.sentences:
        start = message.content.find(sentence.text, at) if sentence.text else -1
        if start < 0 or not sentence.citations:
            continue
        end = start + len(sentence.text)
        pieces.append(message.content[at:end])
        pieces.extend(notes.mark(citation) for citation in sentence.citations)
        at = end
    return "".join([*pieces, message.content[at:]])


def _answer(evidence: Mapping[str, Any] | None) -> Answer | None:
    if evidence is None:
        return None
    try:
        return msgspec.convert(evidence, type=Answer, strict=False)
    except msgspec.MsgspecError:
        return None


class _Notes:
    """The footnotes of a conversation, numbered through."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[tuple[str, int, str], int] = {}

    def mark(self, citation: AnswerCitation) -> str:
        """Return the mark of the footnote that tells of a citation."""
        key = (citation.path, citation.page, citation.quote)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            place = place_words(citation.unit, citation.page, citation.label)
            quote = " ".join(citation.quote.split())
            self.lines.append(
                f"[^{self._numbers[key]}]: {line_of(citation.title)}, {place}: “{quote}”"
            )
        return f"[^{self._numbers[key]}]"


def _when(text: str) -> str:
    when = moment_of_text(text)
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
