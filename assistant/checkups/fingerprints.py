"""Tells model files apart without reading all of them."""

import hashlib
from pathlib import Path

from assistant.errors import ModelError, ModelFault
from assistant.gguf import files_of

_END_BYTES = 1024 * 1024


def fingerprint(model: Path) -> str:
    """Return a sum over a model's length, first and last MiB, in hexadecimal digits.

    A model keeps it when it is moved or renamed, and a copy has the same. It tells models apart
    that people have; a file that was damaged in its middle keeps it, so it proves nothing.

    Args:
        model: the file; of a model cut into parts the first, and all are looked at.

    Raises:
        ModelError: a file cannot be read.
    """
    total = hashlib.sha256()
    for path in files_of(model):
        try:
            with path.open("rb") as file:
                length = file.seek(0, 2)
                total.update(length.to_bytes(8, "little"))
                file.seek(0)
                total.update(file.read(_END_BYTES))
                file.seek(max(0, length - _END_BYTES))
                total.update(file.read(_END_BYTES))
        except OSError as error:
            fault = ModelFault.MISSING if not path.exists() else ModelFault.NOT_ALLOWED
            raise ModelError(path, fault, error.strerror or "") from error
    return total.hexdigest()
