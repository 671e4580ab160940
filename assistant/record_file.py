"""A small file of what the app has noticed: it may be lost, and then is noticed again."""

import contextlib
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from assistant.errors import AssistantError
from assistant.paths import write_atomically

T = TypeVar("T")


class RecordFile(Generic[T]):
    """One value in a JSON file.

    Where it cannot be read or written (a damaged file, a read-only home) the value holds for this
    run of the app.

    Args:
        path: the file; None keeps the value for this run only.
        kind: the value's type, for the decoder.
        empty: the value while there is no file.
    """

    def __init__(self, path: Path | None, kind: type[T], empty: T) -> None:
        self._path = path
        self.value: T = empty
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            if path:
                self.value = msgspec.json.decode(path.read_bytes(), type=kind)

    def write(self, value: T) -> None:
        """Keep `value` from now on."""
        self.value = value
        if self._path:
            with contextlib.suppress(AssistantError):
                write_atomically(self._path, msgspec.json.encode(value))
