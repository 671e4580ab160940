"""Remembers which model files ended the engine while they were loaded."""

from pathlib import Path

import msgspec

from assistant.errors import CrashedLastTime, DeathCause
from assistant.gguf import files_of
from assistant.paths import as_text
from assistant.record_file import RecordFile


class _Crash(msgspec.Struct, frozen=True):
    path: str
    size_bytes: int
    modified_ns: int
    cause: DeathCause


class CrashRecord:
    """A list of files that crashed the engine, kept until one of them loads.

    An entry is written when the engine's death is seen, never before: closing the app while a
    model loads brands nobody. A file that was replaced since is another file.

    Args:
        path: the JSON file; None keeps the list for this run of the app only.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = RecordFile(path, list[_Crash], [])

    def check(self, model: Path) -> None:
        """Raise if this very file crashed the engine.

        Raises:
            CrashedLastTime: it did.
        """
        size, modified = file_identity(model)
        for crash in self._file.value:
            known = (crash.path, crash.size_bytes, crash.modified_ns)
            if known == (as_text(model), size, modified):
                raise CrashedLastTime(model, crash.cause)

    def add(self, model: Path, cause: DeathCause) -> None:
        """Remember that loading `model` ended the engine."""
        others = [crash for crash in self._file.value if crash.path != as_text(model)]
        self._file.write([*others, _Crash(as_text(model), *file_identity(model), cause)])

    def forget(self, model: Path) -> None:
        """Forget what is known of `model`: it loaded."""
        others = [crash for crash in self._file.value if crash.path != as_text(model)]
        if len(others) < len(self._file.value):
            self._file.write(others)


def file_identity(model: Path) -> tuple[int, int]:
    """Return the size in bytes and the last change in ns of a model's files; zeros if unseen."""
    try:
        facts = [path.stat() for path in files_of(model)]
    except OSError:
        return 0, 0
    return sum(one.st_size for one in facts), max(one.st_mtime_ns for one in facts)
