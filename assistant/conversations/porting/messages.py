"""Two plain forms: Claude's export, and lists of roles and contents as many tools write them.

GPT4All's Python library gives such a list (`chat_session` … `current_chat_history`); so do
programs that speak the common chat protocol.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.conversations.porting.chat import PortableChat, PortableMessage
from assistant.conversations.porting.foreign import (
    MOST_MESSAGES,
    CannotTakeError,
    Taken,
    joined,
    line_of,
    list_of,
    mapping_of,
    moment,
    moment_of_text,
    number_of,
    text_of,
    title_of,
    without_thinking,
    written,
)
from assistant.conversations.porting.report import LeftOut, SkipReason

_ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "system": "system",
    "developer": "system",
}


def is_claude(value: Mapping[str, Any]) -> bool:
    """Return whether `value` is one of the conversations of Claude's export."""
    return isinstance(value.get("chat_messages"), list)


def is_message(value: object) -> bool:
    """Return whether `value` is a message with a role and a content."""
    values = mapping_of(value)
    return values.get("role") in (*_ROLES, "tool") and "content" in values


def is_list(value: Mapping[str, Any]) -> bool:
    """Return whether `value` is an object with a list of such messages."""
    messages = list_of(value.get("messages"))
    return bool(messages) and is_message(messages[0])


def read_claude(value: Mapping[str, Any]) -> Taken:
    """Return a conversation of Claude's export.

    Raises:
        CannotTakeError: it is empty or too large.
    """
    title = title_of(value.get("name"))
    begun = moment_of_text(value.get("created_at")) or datetime.now(UTC)
    reader = _Reader(title, begun)
    for entry in list_of(value.get("chat_messages")):
        message = mapping_of(entry)
        role = "user" if message.get("sender") == "human" else "assistant"
        blocks = list_of(message.get("content")) or [{"type": "text", "text": message.get("text")}]
        reader.take(
            role,
            blocks,
            when=moment_of_text(message.get("created_at")),
            files=[*list_of(message.get("attachments")), *list_of(message.get("files"))],
            names=(message.get("uuid"), message.get("parent_message_uuid")),
        )
    changed = moment_of_text(value.get("updated_at")) or begun
    return reader.taken(changed, leaf=value.get("current_leaf_message_uuid"))


def read_object(value: Mapping[str, Any]) -> Taken:
    """Return the conversation of an object that `is_list`.

    Raises:
        CannotTakeError: it is empty or too large.
    """
    begun = value.get("created_at") or value.get("created")
    if begun is None and number_of(value.get("createdAt")):  # LM Studio's before version 0.3
        begun = number_of(value.get("createdAt")) / 1000
    title = value.get("title") or value.get("name")
    return read_list(list_of(value.get("messages")), title=title, begun=begun)


def read_list(messages: Sequence[object], *, title: object = "", begun: object = None) -> Taken:
    """Return the conversation that a list of roles and contents is.

    Raises:
        CannotTakeError: it is empty or too large.
    """
    when = moment(begun) or moment_of_text(begun) or datetime.now(UTC)
    reader = _Reader(title_of(title), when)
    for entry in messages:
        message = mapping_of(entry)
        role = _ROLES.get(str(message.get("role")), "")
        content = message.get("content")
        blocks = list_of(content) or [{"type": "text", "text": content}]
        thinking = {"type": "thinking", "thinking": message.get("reasoning_content")}
        reader.take(role, [*blocks, thinking])
    return reader.taken(when)


class _Reader:
    """Puts messages one below the other, or where the file says that they hang."""

    def __init__(self, title: str, begun: datetime) -> None:
        self._title = title
        self._begun = begun
        self._messages: list[PortableMessage] = []
        self._places: dict[str, int] = {}
        self._settings: dict[str, Any] = {}
        self._left_out: Counter[LeftOut] = Counter()

    def take(
        self,
        role: str,
        blocks: Sequence[object],
        *,
        when: datetime | None = None,
        files: Sequence[object] = (),
        names: tuple[object, object] = (None, None),
    ) -> None:
        """Take a message.

        Args:
            role: one of Alcove's; "" for one that is no part of the conversation.
            blocks: what it consists of.
            when: when it was written, if the file tells.
            files: what was attached to it.
            names: its own name and that of the message it hangs on, if the file tells.
        """
        texts = [self._block(mapping_of(block)) for block in blocks]
        for file in files:
            self._left_out[LeftOut.FILES] += 1
            texts.append((f"[file: {line_of(mapping_of(file).get('file_name'))}]", ""))
        content = joined([text for text, _ in texts])
        thinking = joined([thought for _, thought in texts])
        if role == "assistant" and not thinking:
            content, thinking = without_thinking(content)
        parent = len(self._messages) or None
        own, above = names
        if isinstance(above, str):
            parent = self._places.get(above)
        if role == "system" and not self._messages and content:
            self._settings["system_prompt"] = content
        elif not role:
            self._left_out[LeftOut.TOOLS] += 1
        elif content or thinking:
            self._append(role, content, thinking, parent, when)
            parent = len(self._messages)
        if isinstance(own, str) and parent is not None:
            self._places[own] = parent

    def taken(self, changed: datetime, *, leaf: object = None) -> Taken:
        """Return the conversation.

        Raises:
            CannotTakeError: nothing was said.
        """
        if not self._messages:
            raise CannotTakeError(SkipReason.EMPTY, self._title)
        return Taken(
            chat=PortableChat(
                title=self._title,
                created_at=written(self._begun),
                updated_at=written(changed),
                messages=self._messages,
                active=self._places.get(leaf) if isinstance(leaf, str) else None,
                title_by="person" if self._title else "text",
                settings=self._settings,
            ),
            left_out=self._left_out,
        )

    def _append(
        self, role: str, content: str, thinking: str, parent: int | None, when: datetime | None
    ) -> None:
        if len(self._messages) >= MOST_MESSAGES:
            raise CannotTakeError(SkipReason.TOO_LARGE, self._title)
        self._messages.append(
            PortableMessage(
                id=len(self._messages) + 1,
                parent=parent,
                role=role,
                content=content,
                thinking=thinking,
                created_at=written(when or self._begun),
            )
        )

    def _block(self, block: Mapping[str, Any]) -> tuple[str, str]:
        """Return what a part of a message says, and what it thinks."""
        match block.get("type"):
            case "text" | "input_text" | "output_text":
                return text_of(block.get("text")), ""
            case "thinking":
                return "", text_of(block.get("thinking"))
            case "image" | "image_url" | "input_image":
                self._left_out[LeftOut.PICTURES] += 1
                return "[picture]", ""
            case "tool_use" | "tool_result" | "tool_call":
                self._left_out[LeftOut.TOOLS] += 1
            case "input_audio":
                self._left_out[LeftOut.SOUND] += 1
            case _:
                self._left_out[LeftOut.UNKNOWN] += 1
        return "", ""
