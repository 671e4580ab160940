"""Remembers which models took more memory than was estimated, so that it happens once."""

import logging
from pathlib import Path

import msgspec

from assistant.engine.crashes import file_identity
from assistant.engine.link import EngineLink
from assistant.engine.status import resident_bytes
from assistant.paths import as_text
from assistant.record_file import RecordFile

_TOLERANCE = 1.03  # an estimate is within a few per cent: benchmarks/memory.py
_HIGHEST = 3.0  # what is above has another reason than this model
_MOST = 200  # models

_log = logging.getLogger(__name__)


class _Measured(msgspec.Struct, frozen=True):
    path: str
    size_bytes: int
    modified_ns: int
    estimated_bytes: int
    measured_bytes: int

    @property
    def ratio(self) -> float:
        return self.measured_bytes / max(self.estimated_bytes, 1)


class MemoryRecord:
    """What models were measured to take, against what was estimated.

    Only what is too low is kept: a process that takes less may not have evaluated much yet, or
    the system took some of its pages back.

    Args:
        path: the JSON file; None keeps the record for this run of the app only.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = RecordFile(path, list[_Measured], [])

    def correction(self, model: Path) -> float:
        """Return what to multiply an estimate for `model` with, at least 1."""
        size, modified = file_identity(model)
        for one in self._file.value:
            if (one.path, one.size_bytes, one.modified_ns) == (as_text(model), size, modified):
                return min(max(one.ratio, 1.0), _HIGHEST)
        return 1.0

    def note(self, model: Path, estimated_bytes: int, measured_bytes: int) -> None:
        """Take a measurement into account.

        Args:
            model: the file.
            estimated_bytes: what was expected, corrections included.
            measured_bytes: what the process takes.
        """
        if not estimated_bytes or measured_bytes < estimated_bytes * _TOLERANCE:
            return
        plain = round(estimated_bytes / self.correction(model))
        one = _Measured(as_text(model), *file_identity(model), plain, measured_bytes)
        _log.info("memory of %s: %d estimated, %d taken", model.name, plain, measured_bytes)
        others = [other for other in self._file.value if other.path != one.path]
        self._file.write([*others[1 - _MOST :], one])


def note_memory(record: MemoryRecord, link: EngineLink) -> None:
    """Compare what the engine's process takes with what was estimated for its model."""
    info, loaded = link.info, link.loaded
    if info and loaded and not info.gpu_layers:
        record.note(loaded.path, info.estimated_bytes, resident_bytes(link.pid))
