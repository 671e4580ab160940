"""Takes values off a file in their order, within bounds, whatever the file claims."""

import struct
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelError, ModelFault

MAX_HEADER_BYTES = 64 * 1024 * 1024
MAX_STRING_BYTES = 16 * 1024 * 1024
MAX_PAIRS = 65_536
MAX_TENSORS = 65_536
MAX_ARRAY = 16_777_216
MAX_KEPT_ARRAY = 4_096  # longer arrays (the vocabulary) are walked over, not kept
MAX_KEPT_VALUES = 262_144  # of all arrays together
MAX_KEPT_STRING_BYTES = 1024 * 1024  # longer ones are passed over: no template is so long
MAX_KEPT_BYTES = 8 * 1024 * 1024  # of all strings together
MAX_STRINGS = 2_000_000  # in arrays: the largest vocabularies have half a million, and merges
MAX_NESTING = 2
_CHUNK_BYTES = 1024 * 1024
MAX_EXTENT = 1 << 62

_SCALARS = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
_STRING, _ARRAY = 8, 9
U32, U64 = _SCALARS[4], _SCALARS[10]


class Source:
    """Takes values off a file in order; every length is checked before it is read."""

    def __init__(self, file: BinaryIO, size_bytes: int, path: Path) -> None:
        self._file = file
        self._limit = min(size_bytes, MAX_HEADER_BYTES)
        self._is_capped = size_bytes > MAX_HEADER_BYTES
        self._path = path
        self._buffer = b""
        self._at = 0
        self._before = 0
        self._kept = self._kept_bytes = self._strings = 0
        self.array_length = 0

    @property
    def path(self) -> Path:
        """The file's name, for errors."""
        return self._path

    @property
    def position(self) -> int:
        """How many bytes were taken."""
        return self._before + self._at

    def damaged(self, detail: str) -> ModelError:
        """Return the error for what cannot be."""
        return ModelError(self._path, ModelFault.DAMAGED, detail)

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self._fill(count)
        self._at += count
        return self._buffer[self._at - count : self._at]

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        while count > _CHUNK_BYTES:
            self.take(_CHUNK_BYTES)
            count -= _CHUNK_BYTES
        self.take(count)

    def number(self, kind: struct.Struct) -> Any:
        """Return the next number of that kind."""
        self._fill(kind.size)
        self._at += kind.size
        return kind.unpack_from(self._buffer, self._at - kind.size)[0]

    def text(self) -> str:
        """Return the next string: its length, then its bytes."""
        length = self.number(U64)
        if length > MAX_STRING_BYTES:
            raise self.damaged("string length")
        if length > MAX_KEPT_STRING_BYTES:
            self.skip(length)
            return ""
        self._kept_bytes += length
        if self._kept_bytes > MAX_KEPT_BYTES:
            raise self.damaged("strings")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int, nesting: int = 0) -> Any:
        """Return a value of type `kind`; None for an array too long to keep."""
        if kind == _STRING:
            return self.text()
        if kind in _SCALARS:
            return self.number(_SCALARS[kind])
        if kind != _ARRAY or nesting == MAX_NESTING:
            raise self.damaged(f"type {kind}")
        element, count = self.number(U32), self.number(U64)
        if count > MAX_ARRAY:
            raise self.damaged("array length")
        self._limit_array(element, count)
        self.array_length = count
        if element == _STRING and count > MAX_KEPT_ARRAY:
            self._skip_texts(count)
            return None
        if element in _SCALARS and count > MAX_KEPT_ARRAY:
            self.skip(_SCALARS[element].size * count)
            return None
        values = [self.value(element, nesting + 1) for _ in range(count)]
        self.array_length = count
        return values

    def _limit_array(self, element: int, count: int) -> None:
        """Refuse arrays that together hold more than any model has, before time is spent."""
        if element == _STRING:
            self._strings += count
        if element == _ARRAY or count <= MAX_KEPT_ARRAY:
            self._kept += count
        if self._strings > MAX_STRINGS or self._kept > MAX_KEPT_VALUES:
            raise self.damaged("array lengths")

    def _skip_texts(self, count: int) -> None:
        """Walk over `count` strings; a vocabulary has hundreds of thousands."""
        unpack = U64.unpack_from
        buffer, at = self._buffer, self._at
        end = len(buffer)
        for _ in range(count):
            if at + 8 <= end:
                length = unpack(buffer, at)[0]
                at += 8 + length
                if at <= end:
                    continue
                at -= 8 + length
            self._at = at
            self._skip_text()
            buffer, at = self._buffer, self._at
            end = len(buffer)
        self._at = at

    def _skip_text(self) -> None:
        """Walk over a string that the buffer does not hold whole."""
        self._fill(8)
        length = U64.unpack_from(self._buffer, self._at)[0]
        if length > MAX_STRING_BYTES:
            raise self.damaged("string length")
        self._fill(8 + length)
        self._at += 8 + length

    def _fill(self, count: int) -> None:
        """Have `count` more bytes in the buffer."""
        if self._at + count <= len(self._buffer):
            return
        if self.position + count > self._limit:
            if self._is_capped:
                raise self.damaged("header too long")
            raise ModelError(self._path, ModelFault.TRUNCATED, "in the header")
        rest = self._buffer[self._at :]
        self._before += self._at
        self._at = 0
        self._buffer = rest + self._file.read(max(count - len(rest), _CHUNK_BYTES))
        if len(self._buffer) < count:
            raise ModelError(self._path, ModelFault.TRUNCATED, "in the header")
