"""Finished steps of a summary: found again by what they were made from, or computed.

A key covers everything that a step's result depends on: its kind, the text, the model, the wording
of the prompt and all parameters. Whatever changes gives another key, so a stored result is never
wrong, and what did not change is never computed again.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping

from assistant.errors import AssistantError
from assistant.storage.steps import StepStore


def step_key(
    kind: str, text: str, model: str, version: int, parameters: Mapping[str, str]
) -> bytes:
    """Return the key of a step: the same for the same work, in every process and release.

    Args:
        kind: what is done, such as "note" or "merge".
        text: all that the model is given.
        model: fingerprint of its file.
        version: of the prompt's wording.
        parameters: whatever else decides the result.
    """
    digest = hashlib.sha256()
    named = [item for pair in sorted(parameters.items()) for item in pair]
    for part in (kind, model, str(version), text, *named):
        content = part.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.digest()


class Steps:
    """The finished steps of one document; any thread may use it.

    What cannot be stored is kept as long as this object: the work goes on, and `fault` says why
    it would have to be done again after a stop.

    Args:
        store: where they are kept; None keeps them as long as this object.
        document_id: the document's row in that database.

    Attributes:
        fault: why a step could not be stored; None if all are.
    """

    def __init__(self, store: StepStore | None = None, document_id: int = 0) -> None:
        self.fault: AssistantError | None = None
        self._store = store
        self._document_id = document_id
        self._lock = threading.Lock()
        self._known: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """Return a finished step, of this document or an equal one; None if there is none."""
        with self._lock:
            found = self._known.get(key)
        if found is None and self._store is not None:
            try:
                found = self._store.get(self._document_id, key)
            except AssistantError as error:
                self.fault = error
        return found

    def put(self, key: bytes, content: bytes) -> None:
        """Keep a finished step; one that is there stays as it is."""
        with self._lock:
            self._known.setdefault(key, content)
        if self._store is not None:
            try:
                self._store.put(self._document_id, key, content)
            except AssistantError as error:
                self.fault = error

    def has(self, keys: Iterable[bytes]) -> int:
        """Return how many of `keys` are finished."""
        return sum(self.get(key) is not None for key in keys)
