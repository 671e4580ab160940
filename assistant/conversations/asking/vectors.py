"""Vectors of passages, from an embedding model that the person installed."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.conversations.asking.answer import Preparing

if TYPE_CHECKING:
    from assistant.conversations.asking.attached import Attached
    from assistant.engine.embedding import Embedder


class PassageVectors:
    """Makes, keeps and compares vectors with one embedding model.

    Args:
        embedder: with the model chosen.
        model_key: names that model and its file: vectors of another are never mixed with its own.
    """

    def __init__(self, embedder: "Embedder", model_key: str) -> None:
        self.embedder = embedder
        self.model_key = model_key

    def prepare(self, attached: "Attached", *, cancel: threading.Event) -> Iterator[Preparing]:
        """Make the vectors that are not kept yet; may be done before the first question."""
        yield from ()
