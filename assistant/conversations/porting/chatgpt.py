"""ChatGPT's export: `conversations.json`, or `conversations-000.json` and on, mostly in a ZIP.

Nobody documents it officially; what is read here is what public descriptions agree on. Each
conversation is an object whose `mapping` holds a tree of nodes: `parent`, `children`, `message`.
Much of a tree is not conversation: hidden system messages, calls of tools and what they answer.
Those are left out and counted; what hung on them hangs on the nearest message above.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    number_of,
    text_of,
    title_of,
    written,
)
from assistant.conversations.porting.report import LeftOut, SkipReason

# Marks of citations in private-use characters, which nothing can show: the kind, then what it is
# about. Of names and links the words stay.
_MARK = re.compile("\ue200([a-z_]*)\ue202?([^\ue201]*)\ue201")
_NAMED = re.compile(r'\[\s*"[^"]*"\s*,\s*"([^"]*)"')
_TOOL_TYPES = frozenset(
    {
        "execution_output",
        "tether_quote",
        "tether_browsing_display",
        "tether_browsing_code",
        "system_error",
        "sonic_webpage",
        "computer_output",
        "super_widget",
    }
)
_HIDDEN_TYPES = frozenset({"user_editable_context", "model_editable_context"})
_SOUND_TYPES = frozenset({"audio_asset_pointer", "real_time_user_audio_video_asset_pointer"})
_TO_PEOPLE = ("all", None)
_STATUS = {"in_progress": "stopped", "finished_partial_completion": "stopped"}


@dataclass(slots=True, kw_only=True)
class _Kept:
    """A message that is taken over."""

    role: str
    content: str
    created_at: datetime | None
    thinking: str = ""
    model: str = ""
    status: str = "complete"
    children: list[str] = field(default_factory=list)


def is_chat(value: Mapping[str, Any]) -> bool:
    """Return whether `value` is one of ChatGPT's conversations."""
    return isinstance(value.get("mapping"), dict)


def read(value: Mapping[str, Any]) -> Taken:
    """Return a conversation of the export.

    Raises:
        CannotTakeError: it is empty, damaged or too large.
    """
    title = title_of(value.get("title"))
    nodes = mapping_of(value.get("mapping"))
    if len(nodes) > MOST_MESSAGES:
        raise CannotTakeError(SkipReason.TOO_LARGE, title)
    tree = _Tree(nodes)
    try:
        tree.walk()
    except CannotTakeError as error:
        raise CannotTakeError(error.reason, title) from error
    if not tree.kept:
        raise CannotTakeError(SkipReason.EMPTY, title)
    begun = (
        moment(value.get("create_time"))
        or next((kept.created_at for kept in tree.kept.values() if kept.created_at), None)
        or datetime.now(UTC)
    )
    messages, places = tree.messages(begun)
    return Taken(
        chat=PortableChat(
            title=title,
            created_at=written(begun),
            updated_at=written(moment(value.get("update_time")) or begun),
            messages=messages,
            active=places.get(tree.standing_for(value.get("current_node"))),
            title_by="person" if title else "text",  # no model of ours need find another
            is_pinned=value.get("is_starred") is True or bool(number_of(value.get("pinned_time"))),
            is_archived=value.get("is_archived") is True,
        ),
        left_out=tree.left_out,
    )


class _Tree:
    """The nodes of a conversation, of which only what was said is kept."""

    def __init__(self, nodes: Mapping[str, Any]) -> None:
        self._nodes = nodes
        self._stand_in: dict[str, str] = {}  # a node → the kept one that it belongs to, or ""
        self.kept: dict[str, _Kept] = {}
        self.roots: list[str] = []
        self.left_out: Counter[LeftOut] = Counter()

    def walk(self) -> None:
        """Go through the tree from its roots, and keep what was said.

        Raises:
            CannotTakeError: nodes hang on each other in a ring.
        """
        children = self._children()
        waiting = [(name, "", "") for name in reversed(children[""])]
        while waiting:
            name, above, thoughts = waiting.pop()
            if name in self._stand_in:
                raise CannotTakeError(SkipReason.DAMAGED)
            node = mapping_of(self._nodes[name])
            message = mapping_of(node.get("message"))
            thoughts = joined((thoughts, _thoughts_of(message)))
            kept = self._read(message) if message else None
            if kept is not None:
                if kept.role == "assistant":
                    kept.thinking = thoughts
                thoughts = ""
                self.kept[name] = kept
                (self.kept[above].children if above else self.roots).append(name)
                above = name
            self._stand_in[name] = above
            waiting.extend((child, above, thoughts) for child in reversed(children.get(name, ())))
        if len(self._stand_in) < len(self._nodes):
            raise CannotTakeError(SkipReason.DAMAGED)
        self._join_replies()

    def standing_for(self, node: object) -> str:
        """Return the kept node that `node` belongs to, or ""."""
        return self._stand_in.get(node, "") if isinstance(node, str) else ""

    def messages(self, begun: datetime) -> tuple[list[PortableMessage], dict[str, int]]:
        """Return the messages, each after the one it hangs on, and the number of each node's."""
        made: list[PortableMessage] = []
        places: dict[str, int] = {}
        waiting: list[tuple[str, int | None, datetime]] = [
            (name, None, begun) for name in reversed(self.roots)
        ]
        while waiting:
            name, parent, earlier = waiting.pop()
            kept = self.kept[name]
            when = kept.created_at or earlier
            number = places[name] = len(made) + 1
            made.append(
                PortableMessage(
                    id=number,
                    parent=parent,
                    role=kept.role,
                    content=kept.content,
                    thinking=kept.thinking,
                    status=kept.status,
                    model=kept.model,
                    created_at=written(when),
                )
            )
            waiting.extend((child, number, when) for child in reversed(kept.children))
        for node, kept_name in self._stand_in.items():
            if kept_name in places:
                places.setdefault(node, places[kept_name])
        return made, places

    def _children(self) -> dict[str, list[str]]:
        """Return what hangs on each node, in order; on "" what begins the conversation.

        The parents decide: lists of children may name what is not there, or leave something out.
        """
        children: dict[str, list[str]] = {"": []}
        for name, node in self._nodes.items():
            parent = mapping_of(node).get("parent")
            is_known = isinstance(parent, str) and parent in self._nodes
            children.setdefault(str(parent) if is_known else "", []).append(name)
        for parent, names in children.items():
            listed = list_of(mapping_of(self._nodes.get(parent)).get("children"))
            order = {child: i for i, child in enumerate(listed) if isinstance(child, str)}
            names.sort(key=lambda name: order.get(name, len(order)))
        return children

    def _join_replies(self) -> None:
        """Make one reply of what the model said before and after it used a tool."""
        joined_to: dict[str, str] = {}
        for name, kept in self.kept.items():
            if name in joined_to or kept.role != "assistant":
                continue
            run = [kept]
            while len(run[-1].children) == 1 and self._is_reply(run[-1].children[0]):
                joined_to[run[-1].children[0]] = name
                run.append(self.kept[run[-1].children[0]])
            kept.content = joined([one.content for one in run])
            kept.thinking = joined([one.thinking for one in run])
            kept.model = next((one.model for one in reversed(run) if one.model), "")
            kept.status, kept.children = run[-1].status, run[-1].children
        self.kept = {name: kept for name, kept in self.kept.items() if name not in joined_to}
        for node, stand_in in self._stand_in.items():
            self._stand_in[node] = joined_to.get(stand_in, stand_in)

    def _is_reply(self, name: str) -> bool:
        return self.kept[name].role == "assistant"

    def _read(self, message: Mapping[str, Any]) -> _Kept | None:
        """Return what was said in a message; None for one that is no part of the conversation."""
        metadata = mapping_of(message.get("metadata"))
        content = mapping_of(message.get("content"))
        role = mapping_of(message.get("author")).get("role")
        kind = _kind(content)
        if role == "tool" or kind in _TOOL_TYPES or message.get("recipient") not in _TO_PEOPLE:
            self._leave_out(message, LeftOut.TOOLS)
            return None
        is_hidden = metadata.get("is_visually_hidden_from_conversation") is True
        if role not in ("user", "assistant") or is_hidden or kind in _HIDDEN_TYPES:
            self._leave_out(message, LeftOut.HIDDEN)
            return None
        if kind in ("thoughts", "reasoning_recap"):
            return None
        text = self._text_of(content, metadata)
        if not text.strip():
            return None
        return _Kept(
            role=str(role),
            content=text,
            created_at=moment(message.get("create_time")),
            model=line_of(metadata.get("model_slug")) if role == "assistant" else "",
            status=_STATUS.get(str(message.get("status")), "complete"),
        )

    def _leave_out(self, message: Mapping[str, Any], what: LeftOut) -> None:
        """Count a message that had something in it."""
        content = mapping_of(message.get("content"))
        has_parts = any(isinstance(p, str) and p.strip() for p in list_of(content.get("parts")))
        if has_parts or any(
            text_of(content.get(key)) for key in ("text", "result", "user_profile")
        ):
            self.left_out[what] += 1

    def _text_of(self, content: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
        kind = _kind(content)
        parts = [self._part(part) for part in list_of(content.get("parts"))]
        if kind == "code":
            language = line_of(content.get("language"), 20)
            language = language if language.isalnum() and language != "unknown" else ""
            parts.append(_fenced(text_of(content.get("text")), language))
        elif not parts and isinstance(content.get("text"), str):
            parts.append(text_of(content["text"]))
        for attachment in list_of(metadata.get("attachments")):
            name = line_of(mapping_of(attachment).get("name"))
            is_picture = str(mapping_of(attachment).get("mime_type")).startswith("image/")
            if name and not is_picture:  # a picture is among the parts, too
                self.left_out[LeftOut.FILES] += 1
                parts.append(f"[file: {name}]")
        return _without_marks(joined(parts), metadata)

    def _part(self, part: object) -> str:
        if isinstance(part, str):
            return text_of(part)
        values = mapping_of(part)
        kind = _kind(values)
        if kind == "image_asset_pointer":
            self.left_out[LeftOut.PICTURES] += 1
            return "[picture]"
        if kind == "audio_transcription":
            return text_of(values.get("text"))
        if kind in _SOUND_TYPES:
            self.left_out[LeftOut.SOUND] += 1
            return ""
        self.left_out[LeftOut.UNKNOWN] += 1
        return text_of(values.get("text"))


def _kind(content: Mapping[str, Any]) -> str:
    kind = content.get("content_type")
    return kind if isinstance(kind, str) else ""


def _thoughts_of(message: Mapping[str, Any]) -> str:
    """Return the reasoning that a message consists of, or ""."""
    content = mapping_of(message.get("content"))
    if _kind(content) != "thoughts":
        return ""
    thoughts = [mapping_of(thought) for thought in list_of(content.get("thoughts"))]
    return joined(
        [joined((text_of(t.get("summary")), text_of(t.get("content")))) for t in thoughts]
    )


def _without_marks(text: str, metadata: Mapping[str, Any]) -> str:
    """Return `text` with the marks of its citations replaced by what they stand for."""
    if "\ue200" not in text:
        return text
    alternatives = {
        mapping_of(reference).get("matched_text"): text_of(mapping_of(reference).get("alt"))
        for reference in list_of(metadata.get("content_references"))
        if isinstance(mapping_of(reference).get("matched_text"), str)
    }
    return _MARK.sub(_replacement(alternatives), text)


def _replacement(alternatives: Mapping[Any, str]) -> Callable[[re.Match[str]], str]:
    def replace(mark: re.Match[str]) -> str:
        if alternatives.get(mark.group()):
            return alternatives[mark.group()]
        kind, about = mark.groups()
        if kind == "entity":
            named = _NAMED.match(about)
            return named.group(1) if named else ""
        return about.partition("\ue202")[0] if kind == "url" else ""

    return replace


def _fenced(code: str, language: str) -> str:
    """Return code as a block of Markdown, whatever fences it has itself."""
    longest = max((len(run) for run in re.findall("`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}" if code.strip() else ""
