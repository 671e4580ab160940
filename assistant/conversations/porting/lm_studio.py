"""LM Studio's chats: one `….conversation.json` for each, in folders that the person made.

`messages` is a list; each has `versions`, of which one is `currentlySelected`. A version is one
step with `content`, or several `steps`: blocks of text (those with the style "thinking" are
reasoning), calls of tools, and notes for debugging. Times are milliseconds since 1970.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.conversations.porting.chat import ROLES, PortableChat, PortableMessage
from assistant.conversations.porting.foreign import (
    MOST_MESSAGES,
    CannotTakeError,
    Taken,
    joined,
    line_of,
    list_of,
    mapping_of,
    moment,
    number_of,
    text_of,
    title_of,
    without_thinking,
    written,
)
from assistant.conversations.porting.report import LeftOut, SkipReason

_PROMPT_FIELD = "llm.prediction.systemPrompt"
_TEMPERATURE_FIELD = "llm.prediction.temperature"
_TOOL_ITEMS = ("toolCallRequest", "toolCallResult")
_TOOL_STEPS = ("toolStatus", "toolCallRequest", "toolCallResult")


def is_chat(value: Mapping[str, Any]) -> bool:
    """Return whether `value` is one of LM Studio's conversations."""
    messages = value.get("messages")
    if not isinstance(messages, list):
        return False
    if not messages:
        return "usePerChatPredictionConfig" in value or "clientInput" in value
    return any(isinstance(mapping_of(message).get("versions"), list) for message in messages[:5])


def read(value: Mapping[str, Any], *, folder: str = "") -> Taken:
    """Return the conversation of a file.

    Args:
        value: what the file holds.
        folder: the folder the file stands in, or "".

    Raises:
        CannotTakeError: it is empty or too large.
    """
    title = title_of(value.get("name"))
    begun = _moment_ms(value.get("createdAt")) or datetime.now(UTC)
    reader = _Reader(begun)
    for message in list_of(value.get("messages")):
        reader.take(mapping_of(message))
    if not reader.messages:
        raise CannotTakeError(SkipReason.EMPTY, title)
    times = [_moment_ms(value.get(f"{who}LastMessagedAt")) for who in ("user", "assistant")]
    return Taken(
        chat=PortableChat(
            title=title,
            created_at=written(begun),
            updated_at=written(max([begun, *(when for when in times if when)])),
            messages=reader.messages,
            active=reader.leaf,
            title_by="person" if title else "text",
            folder=folder,
            is_pinned=value.get("pinned") is True,
            settings=_settings(value),
            draft=text_of(value.get("clientInput")),
        ),
        left_out=reader.left_out,
    )


class _Reader:
    """Turns messages with versions into a tree: each hangs on the one chosen before it."""

    def __init__(self, begun: datetime) -> None:
        self.messages: list[PortableMessage] = []
        self.leaf: int | None = None
        self.left_out: Counter[LeftOut] = Counter()
        self._begun = begun

    def take(self, message: Mapping[str, Any]) -> None:
        """Take a message with all its versions."""
        versions = list_of(message.get("versions"))
        chosen = int(number_of(message.get("currentlySelected")))
        if not 0 <= chosen < len(versions):
            chosen = len(versions) - 1
        parent = self.leaf
        for number, version in enumerate(versions):
            made = self._version(mapping_of(version), parent)
            if made is None:
                continue
            if len(self.messages) >= MOST_MESSAGES:
                raise CannotTakeError(SkipReason.TOO_LARGE)
            self.messages.append(made)
            if number == chosen or self.leaf == parent:
                self.leaf = made.id

    def _version(self, version: Mapping[str, Any], parent: int | None) -> PortableMessage | None:
        steps = [mapping_of(step) for step in list_of(version.get("steps"))] or [version]
        role = version.get("role")
        texts: list[str] = []
        thoughts: list[str] = []
        for step in steps:
            text = self._step(step)
            is_thought = mapping_of(step.get("style")).get("type") == "thinking"
            (thoughts if is_thought else texts).append(text)
        content, thinking = joined(texts), joined(thoughts)
        if role == "assistant" and not thinking:
            content, thinking = without_thinking(content)
        if role not in ROLES or not (content or thinking):
            return None
        info = next((i for step in reversed(steps) if (i := mapping_of(step.get("genInfo")))), {})
        stats = mapping_of(info.get("stats"))
        sender = mapping_of(version.get("senderInfo")).get("senderName")
        return PortableMessage(
            id=len(self.messages) + 1,
            parent=parent,
            role=str(role),
            content=content,
            thinking=thinking,
            status="stopped" if stats.get("stopReason") == "userStopped" else "complete",
            model=line_of(info.get("identifier")) or line_of(sender) if role != "user" else "",
            created_at=written(_moment_of_step(steps) or self._begun),
            stats=_figures(stats),
        )

    def _step(self, step: Mapping[str, Any]) -> str:
        if step.get("type") in _TOOL_STEPS:
            self.left_out[LeftOut.TOOLS] += 1
            return ""
        content = step.get("content")
        if isinstance(content, str):
            return text_of(content)
        return "".join(self._item(mapping_of(item)) for item in list_of(content))

    def _item(self, item: Mapping[str, Any]) -> str:
        kind = item.get("type")
        if kind == "text":
            return text_of(item.get("text"))
        if kind == "file":
            is_picture = item.get("fileType") == "image"
            self.left_out[LeftOut.PICTURES if is_picture else LeftOut.FILES] += 1
            return "\n[picture]\n" if is_picture else f"\n[file: {_file_name(item)}]\n"
        self.left_out[LeftOut.TOOLS if kind in _TOOL_ITEMS else LeftOut.UNKNOWN] += 1
        return ""


def _file_name(item: Mapping[str, Any]) -> str:
    """Return a file's name; its identifier begins with the time it was added."""
    _, dash, name = line_of(item.get("fileIdentifier")).partition(" - ")
    return name if dash else line_of(item.get("fileIdentifier"))


def _settings(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the system prompt and the temperature, as a conversation's settings have them."""
    config = mapping_of(value.get("perChatPredictionConfig"))
    fields = {
        mapping_of(entry).get("key"): mapping_of(entry).get("value")
        for entry in list_of(config.get("fields"))
        if isinstance(mapping_of(entry).get("key"), str)
    }
    settings: dict[str, Any] = {}
    prompt = text_of(fields.get(_PROMPT_FIELD)) or text_of(value.get("systemPrompt"))
    if prompt.strip():
        settings["system_prompt"] = prompt
    temperature = fields.get(_TEMPERATURE_FIELD)
    if 0 < number_of(temperature) <= 2:
        settings["sampling"] = {"temperature": number_of(temperature)}
    return settings


def _figures(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reply cost, named as Alcove names it."""
    generated = int(number_of(stats.get("predictedTokensCount")))
    speed = number_of(stats.get("tokensPerSecond"))
    figures = {
        "prompt_tokens": int(number_of(stats.get("promptTokensCount"))),
        "generated_tokens": generated,
        "first_token_s": round(number_of(stats.get("timeToFirstTokenSec")), 3),
        "generation_s": round(generated / speed, 3) if speed > 0 else 0.0,
    }
    return {name: number for name, number in figures.items() if number > 0}


def _moment_ms(value: object) -> datetime | None:
    return moment(number_of(value) / 1000) if number_of(value) else None


def _moment_of_step(steps: Sequence[Mapping[str, Any]]) -> datetime | None:
    """Return when a reply was begun: the identifiers of its steps start with that time."""
    identifier = str(steps[0].get("stepIdentifier", ""))[:20].partition("-")[0]
    return _moment_ms(int(identifier)) if identifier.isdecimal() and len(identifier) == 13 else None
