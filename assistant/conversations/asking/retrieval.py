"""Finds the passages of attached documents that are closest to a question."""

import threading

from assistant.conversations.asking.answer import Passage
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors


def find(
    attached: Attached,
    question: str,
    *,
    vectors: PassageVectors | None = None,
    cancel: threading.Event,
) -> tuple[Passage, ...]:
    """Return the passages closest to `question`, the best first; () when stopped.

    Args:
        attached: where to look.
        question: a person's question.
        vectors: of an embedding model, prepared; without it words and letters are compared.
        cancel: stops it.
    """
    return ()
