"""Cuts documents into passages to be searched."""

from collections.abc import Sequence

from assistant.documents.document import Document


class PassageIndex:
    """The passages of several documents."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)
