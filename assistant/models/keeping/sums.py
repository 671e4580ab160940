"""The sha256 of models that came without one, summed once and remembered in the cache."""

import hashlib
import threading
from pathlib import Path

from assistant.errors import ModelError, ModelFault
from assistant.models.keeping.installed import InstalledModel
from assistant.paths import as_text
from assistant.record_file import RecordFile

_BLOCK_BYTES = 4 * 1024 * 1024
_KEPT = 200


class ModelSums:
    """Remembered sums.

    Args:
        path: a file in the cache; where it cannot be written, sums are made again.
    """

    def __init__(self, path: Path) -> None:
        self._file = RecordFile(path, dict[str, str], {})

    def of(self, model: InstalledModel, *, cancel: threading.Event) -> str:
        """Return the sha256 of a model's bytes; "" if cancelled before it was known.

        Takes a second or more for each GB the first time.

        Raises:
            ModelError: the file cannot be read.
        """
        if model.sha256:
            return model.sha256
        try:
            facts = model.path.stat()
            key = f"{facts.st_size} {facts.st_mtime_ns} {as_text(model.path)}"
            known = self._file.value
            if key not in known:
                made = _sum(model.path, cancel)
                if not made:
                    return ""
                known = {**known, key: made}
                self._file.write(dict(list(known.items())[-_KEPT:]))
        except OSError as error:
            detail = error.strerror or ""
            raise ModelError(model.path, ModelFault.NOT_ALLOWED, detail) from error
        return known[key]


def _sum(path: Path, cancel: threading.Event) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            if cancel.is_set():
                return ""
            total.update(block)
    return total.hexdigest()
