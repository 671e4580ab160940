"""Which model a score card is of."""

from pathlib import Path

from assistant.errors import ModelError, ModelFault
from assistant.gguf import fingerprint


def fingerprint_of(model: Path) -> str:
    """Return the fingerprint of a model that is here: it stays when the file is moved or renamed.

    Raises:
        ModelError: a file cannot be read.
    """
    try:
        return fingerprint(model)
    except OSError as error:
        fault = ModelFault.MISSING if not model.exists() else ModelFault.NOT_ALLOWED
        raise ModelError(model, fault, error.strerror or "") from error
