"""The values of a large JSON file one by one, so that a gigabyte of chats never is in memory.

An export is a list of conversations, or an object that has one. Only the borders of each value
are found here; whether it is JSON is found when it is decoded, for each value alone.
"""

import json
import re
from collections.abc import Iterator
from typing import IO, Any

import msgspec

_CHUNK_BYTES = 1 << 20
# Strings, lists and objects of one value: decoded, each takes about a hundred bytes.
_MOST_PARTS = 4_000_000
_BLANK = b" \t\r\n"
# A string that ends within what is read, or a border: opening, closing, a string that does not end.
_BORDER = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])|(")', re.DOTALL)
_OPENING, _CLOSING = 1, 2
_IN_STRING = re.compile(rb'["\\]')
_SCALAR_END = re.compile(rb"[\s,\]}]")


class NotJsonError(Exception):
    """What was read is no JSON list or object."""


class CutError(Exception):
    """The file ends in the middle of a value."""


class TooLongError(Exception):
    """One value is longer than the limit, or has too many parts."""


def values(stream: IO[bytes], *, list_key: str, limit_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield what stands in the outermost list or object of `stream`, as it is read.

    Yields:
        ("", element) for each of an outermost list; (key, value) for each of an outermost object,
        but (`list_key`, element) for each element where the value at that key is a list.

    Raises:
        NotJsonError: it does not begin as a list or an object, or goes on as none.
        CutError: it ends before that is closed.
        TooLongError: one value is longer than `limit_bytes`, or has millions of parts.
        OSError, DocumentError: as reading `stream` does.
    """
    window = _Window(stream, limit_bytes)
    opening = window.next_byte()
    if opening == b"\xef" and window.skip_mark():
        opening = window.next_byte()
    if opening == b"[":
        window.skip(1)
        for element in _elements(window):
            yield "", element
    elif opening == b"{":
        window.skip(1)
        yield from _members(window, list_key)
    else:
        raise NotJsonError


def decoded(raw: bytes) -> Any:
    """Return the value that `raw` is.

    Raises:
        NotJsonError: it is none.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:  # half of a surrogate pair, which some apps write, is JSON by the letter of RFC 8259
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotJsonError from error


def _elements(window: "_Window") -> Iterator[bytes]:
    """Yield the elements of the list that was just opened, up to its end."""
    if window.next_byte() == b"]":
        window.skip(1)
        return
    while True:
        yield window.take_value()
        if window.take_border(b"]"):
            return


def _members(window: "_Window", list_key: str) -> Iterator[tuple[str, bytes]]:
    if window.next_byte() == b"}":
        return
    while True:
        key = decoded(window.take_value())
        if not isinstance(key, str) or window.next_byte() != b":":
            raise NotJsonError
        window.skip(1)
        if key == list_key and window.next_byte() == b"[":
            window.skip(1)
            for element in _elements(window):
                yield key, element
        else:
            yield key, window.take_value()
        if window.take_border(b"}"):
            return


class _Window:
    """What is read and not yet taken."""

    def __init__(self, stream: IO[bytes], limit_bytes: int) -> None:
        self._stream = stream
        self._limit = limit_bytes
        self._buffer = bytearray()
        self._at = 0
        self._parts = 0

    def next_byte(self) -> bytes:
        """Return the next byte that is no blank, without taking it."""
        while True:
            while self._at < len(self._buffer):
                byte = bytes(self._buffer[self._at : self._at + 1])
                if byte not in _BLANK:
                    return byte
                self._at += 1
            self._more()

    def skip(self, count: int) -> None:
        """Take bytes that were looked at."""
        self._at += count

    def skip_mark(self) -> bool:
        """Take a byte order mark, if one stands here."""
        while len(self._buffer) < self._at + 3:
            self._more()
        is_mark = self._buffer[self._at : self._at + 3] == b"\xef\xbb\xbf"
        self._at += 3 if is_mark else 0
        return is_mark

    def take_border(self, end: bytes) -> bool:
        """Take what stands after a value, and return whether it is the `end` of all values."""
        byte = self.next_byte()
        if byte not in (b",", end):
            raise NotJsonError
        self._at += 1
        return byte == end

    def take_value(self) -> bytes:
        """Take a whole value."""
        self.next_byte()
        self._forget()
        end = self._value_end()
        value = bytes(self._buffer[self._at : end])
        if not value:
            raise NotJsonError
        self._at = end
        return value

    def _value_end(self) -> int:
        first = self._buffer[self._at]
        if first not in b'"[{':
            return self._scalar_end()
        at, depth, is_over = self._at, 0, False
        self._parts = 0
        while not is_over:
            at, depth, is_over, is_in_string = self._scan(at, depth)
            if is_in_string:
                at = self._string_end(at)
                is_over = depth == 0
            elif not is_over:
                self._more()
        return at

    def _scan(self, at: int, depth: int) -> tuple[int, int, bool, bool]:
        """Go through what is read, within `depth` lists and objects.

        Returns:
            where it ended and how deep, whether the value is over, and whether it stands in a
            string.
        """
        for found in _BORDER.finditer(self._buffer, at):
            kind = found.lastindex
            self._parts += 1
            if self._parts > _MOST_PARTS:
                raise TooLongError
            if kind == _OPENING:
                depth += 1
                continue
            if kind == _CLOSING:
                depth -= 1
            elif kind is not None:
                return found.end(), depth, False, True
            if depth <= 0:
                return found.end(), depth, True, False
        return len(self._buffer), depth, False, False

    def _string_end(self, at: int) -> int:
        """Return where a string that stands at `at` ends, read on as far as need be."""
        while True:
            found = _IN_STRING.search(self._buffer, at)
            if found is None:
                at = max(at, len(self._buffer))
                self._more()
                continue
            what, at = found.group(), found.end()
            del found  # it holds the buffer, which grows
            if what == b'"':
                return at
            at += 1  # whatever is escaped ends no string

    def _scalar_end(self) -> int:
        at = self._at
        while True:
            found = _SCALAR_END.search(self._buffer, at)
            if found is not None:
                return found.start()
            at = len(self._buffer)
            self._more()

    def _forget(self) -> None:
        """Let go of what was taken."""
        if self._at > _CHUNK_BYTES:
            del self._buffer[: self._at]
            self._at = 0

    def _more(self) -> None:
        if len(self._buffer) - self._at > self._limit:
            raise TooLongError
        if self._at == len(self._buffer):
            self._buffer.clear()
            self._at = 0
        chunk = self._stream.read(_CHUNK_BYTES)
        if not chunk:
            raise CutError
        self._buffer += chunk
