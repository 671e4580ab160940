"""GPT4All's chats: one `gpt4all-….chat` for each, as Qt's QDataStream writes values.

Read off the app's public source (`chatlistmodel.cpp`, `chat.cpp`, `chatmodel.cpp`, `tool.cpp`):
a magic number, the format's version (1 to 12), when the chat was begun, its id and name, the
model, collections of documents, up to version 10 what the model had evaluated (skipped here, it
may be gigabytes), and the items. Numbers are big-endian; a text is its size in bytes and UTF-16,
a size of 0xFFFFFFFF stands for none (https://doc.qt.io/qt-6/datastreamformat.html).
"""

import io
import struct
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO
from urllib.parse import unquote

from assistant.conversations.porting.chat import PortableChat, PortableMessage
from assistant.conversations.porting.foreign import (
    MOST_CHARACTERS,
    MOST_MESSAGES,
    CannotTakeError,
    Taken,
    joined,
    line_of,
    moment,
    text_of,
    title_of,
    without_thinking,
    written,
)
from assistant.conversations.porting.report import LeftOut, SkipReason

MAGIC = bytes.fromhex("F5D553CC")
NEWEST = 12
_NONE = 0xFFFFFFFF
_MOST_LISTED = 100_000
_DEEPEST = 8
_SKIPPED_BYTES = 1 << 20
_DEFAULT_NAMES = ("New Chat", "Server Chat")
# QVariant's types and how many bytes each takes; a text has its own size (QMetaType::Type).
_VARIANT_BYTES = {1: 1, 2: 4, 3: 4, 4: 8, 5: 8, 6: 8}
_VARIANT_TEXT = 10


class VersionError(Exception):
    """The file's version is none that is known; `version` says which."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(slots=True, kw_only=True)
class _Item:
    """A prompt or a reply, or a part of one."""

    kind: str
    text: str
    is_stopped: bool = False
    is_error: bool = False
    sources: int = 0
    files: list[str] = field(default_factory=list)
    parts: list["_Item"] = field(default_factory=list)


def is_chat(head: bytes) -> bool:
    """Return whether a file that begins so is one of GPT4All's chats."""
    return head.startswith(MAGIC)


def read(stream: IO[bytes], size_bytes: int) -> Taken:
    """Return the conversation of a file.

    Raises:
        VersionError: its format is not known.
        CannotTakeError: it is empty, damaged or too large.
        OSError: it cannot be read.
    """
    values = _Values(stream, size_bytes)
    values.skip(len(MAGIC))
    version = values.int32()
    if not 1 <= version <= NEWEST:
        raise VersionError(version)
    begun = moment(values.int64()) or datetime.now(UTC)
    values.text()  # its id
    name = values.text()
    values.text()  # the person's name
    model = values.text()
    if version >= 3:
        values.texts()  # collections of documents
    if version < 11:
        _skip_state(values, version)
    items = [_item(values, version) for _ in range(values.count(values.int32(), MOST_MESSAGES))]
    return _chat(name, begun, line_of(model), items)


def _skip_state(values: "_Values", version: int) -> None:
    """Skip what the model had evaluated."""
    has_state = values.flag() if version >= 6 else True
    if version >= 2:
        values.skip(8)  # the model's kind, and its state's version
    values.text()
    values.text()
    values.skip(4)  # tokens of the last prompt and reply
    if not has_state:
        return
    values.skip(4 if version < 4 else 0)
    values.skip(8 if version >= 7 else 4)  # tokens so far, and from 7 on the context
    if version < 9:
        values.skip(4 * values.count(values.int64(), 1 << 40))
    values.skip(4 * values.count(values.int64(), 1 << 40))
    values.skip_bytes()


def _item(values: "_Values", version: int) -> _Item:
    if version < 12:
        values.skip(4)
    item = _Item(kind=_kind(values.text()), text=values.text())
    if version < 10:
        values.text()
    values.text()  # what the person would have had it say
    values.flag()
    item.is_stopped = values.flag()
    values.skip(2)  # thumbs up, thumbs down
    if version >= 11 and item.kind == "Response":
        item.is_error = values.flag()
    if version >= 8:
        item.sources = values.count(values.int64(), _MOST_LISTED)
        for _ in range(item.sources):
            for _ in range(7):
                values.text()
            values.skip(12)
    elif version >= 3:
        values.text()
        item.sources = values.texts()
    if version >= 10:
        for _ in range(values.count(values.int64(), _MOST_LISTED)):
            item.files.append(values.address())
            values.skip_bytes()
    if version >= 12:
        item.parts = _parts(values, 0)
    return item


def _parts(values: "_Values", depth: int) -> list[_Item]:
    if depth > _DEEPEST:
        raise CannotTakeError(SkipReason.DAMAGED)
    parts: list[_Item] = []
    for _ in range(values.count(values.int64(), _MOST_LISTED)):
        part = _Item(kind=_kind(values.text()), text=values.text())
        if part.kind == "ToolCall":
            _skip_tool_call(values)
        elif part.kind == "Think":
            values.skip(4)  # how long it took
        part.parts = _parts(values, depth + 1)
        parts.append(part)
    return parts


def _skip_tool_call(values: "_Values") -> None:
    values.text()
    for _ in range(values.count(values.int64(), _MOST_LISTED)):
        values.text()
        values.skip(4)
        kind = values.int32()
        values.skip(1)
        if kind == _VARIANT_TEXT:
            values.text()
        elif kind in _VARIANT_BYTES:
            values.skip(_VARIANT_BYTES[kind])
        else:
            raise CannotTakeError(SkipReason.DAMAGED)
    values.text()
    values.skip(4)
    values.text()


def _kind(name: str) -> str:
    kind = name.removesuffix(": ")
    known = ("System", "Prompt", "Response", "Text", "ToolCall", "ToolResponse", "Think")
    if kind not in known:
        raise CannotTakeError(SkipReason.DAMAGED)
    return kind


def _chat(name: str, begun: datetime, model: str, items: list[_Item]) -> Taken:
    title = "" if name in _DEFAULT_NAMES else title_of(name)
    left_out: Counter[LeftOut] = Counter()
    settings: dict[str, object] = {}
    messages: list[PortableMessage] = []
    for item in items:
        message = _message(item, begun, model, left_out)
        if item.kind == "System" and message:
            settings["system_prompt"] = message.content
        elif message:
            message.id = len(messages) + 1
            message.parent = len(messages) or None
            messages.append(message)
    if not messages:
        raise CannotTakeError(SkipReason.EMPTY, title)
    chat = PortableChat(
        title=title,
        created_at=written(begun),
        updated_at=written(begun),
        messages=messages,
        title_by="person" if title else "text",
        settings=settings,
    )
    return Taken(chat=chat, left_out=left_out)


def _message(
    item: _Item, begun: datetime, model: str, left_out: Counter[LeftOut]
) -> PortableMessage | None:
    left_out[LeftOut.FILES] += len(item.files) + item.sources
    is_reply = item.kind == "Response"
    texts, thoughts = _spoken(item, left_out)
    content, thinking = joined(texts), joined(thoughts)
    if is_reply and not thinking:
        content, thinking = without_thinking(content)
    content = joined([content, *(f"[file: {line_of(name)}]" for name in item.files)])
    if not (content or thinking) or item.kind == "ToolResponse":
        return None
    # What failed in GPT4All has the error's words as its text.
    status = (
        "failed" if item.is_error else "stopped" if item.is_stopped and is_reply else "complete"
    )
    return PortableMessage(
        id=0,
        role="assistant" if is_reply else "user",
        content="" if item.is_error else content,
        error=content if item.is_error else "",
        thinking=thinking,
        status=status,
        model=model if is_reply else "",
        created_at=written(begun),
    )


def _spoken(item: _Item, left_out: Counter[LeftOut]) -> tuple[list[str], list[str]]:
    """Return what a reply and its parts say, and what they think, in their order."""
    texts: list[str] = []
    thoughts: list[str] = []
    for part in item.parts:
        if part.kind == "Think":
            thoughts.append(_without_tags(text_of(part.text)))
        elif part.kind in ("ToolCall", "ToolResponse"):
            left_out[LeftOut.TOOLS] += 1
        else:
            more_texts, more_thoughts = _spoken(part, left_out)
            texts += more_texts
            thoughts += more_thoughts
    return [*texts, text_of(item.text)], thoughts


def _without_tags(text: str) -> str:
    return text.strip().removeprefix("<think>").removesuffix("</think>").strip()


class _Values:
    """Takes values off a stream. Nothing is held that is longer than the file is.

    Every method raises `CannotTakeError` where the file ends too early.
    """

    def __init__(self, stream: IO[bytes], size_bytes: int) -> None:
        self._stream = stream
        self._left = size_bytes

    def skip(self, count: int) -> None:
        """Leave out so many bytes."""
        self._take(count)
        if self._stream.seekable():
            self._stream.seek(count, io.SEEK_CUR)
        while count and not self._stream.seekable():  # a member of an archive
            count -= len(self._stream.read(min(count, _SKIPPED_BYTES))) or count

    def int32(self) -> int:
        """Take a signed number of four bytes."""
        number: int = struct.unpack(">i", self._read(4))[0]
        return number

    def int64(self) -> int:
        """Take a signed number of eight bytes."""
        number: int = struct.unpack(">q", self._read(8))[0]
        return number

    def flag(self) -> bool:
        """Take a yes or no."""
        return self._read(1) != b"\0"

    def count(self, number: int, most: int) -> int:
        """Return a number of things that follow, if that can be."""
        if not 0 <= number <= most:
            raise CannotTakeError(SkipReason.DAMAGED)
        return number

    def text(self) -> str:
        """Take a text."""
        size = self._size()
        if size % 2:
            raise CannotTakeError(SkipReason.DAMAGED)
        if size > 2 * MOST_CHARACTERS:
            self.count(size, self._left)
            raise CannotTakeError(SkipReason.TOO_LARGE)
        return self._read(size).decode("utf-16-be", "replace")

    def texts(self) -> int:
        """Take a list of texts and return how many they are."""
        count = self.count(self._size(), _MOST_LISTED)
        for _ in range(count):
            self.text()
        return count

    def address(self) -> str:
        """Take an address and return the name of the file it leads to."""
        size = self._size()
        self.count(size, 1 << 16)
        return unquote(self._read(size).decode("utf-8", "replace").rpartition("/")[2])

    def skip_bytes(self) -> None:
        """Leave out a run of bytes."""
        self.skip(self._size())

    def _size(self) -> int:
        size: int = struct.unpack(">I", self._read(4))[0]
        return 0 if size == _NONE else size

    def _read(self, count: int) -> bytes:
        self._take(count)
        content = self._stream.read(count)
        if len(content) < count:
            raise CannotTakeError(SkipReason.DAMAGED)
        return content

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise CannotTakeError(SkipReason.DAMAGED)
