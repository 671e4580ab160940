"""The documents that a question is about."""

from dataclasses import dataclass
from functools import cached_property

from assistant.conversations.asking.passages import PassageIndex
from assistant.documents.document import Document


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A document of a conversation; `id` is its row, or any number where it is not stored."""

    id: int
    document: Document


@dataclass(frozen=True)
class Attached:
    """All documents of a conversation.

    Keep it as long as they stay the same: it keeps their index, which takes a second for a
    thousand pages.
    """

    documents: tuple[AttachedDocument, ...]

    @cached_property
    def index(self) -> "PassageIndex":
        """Their passages, to be searched; made at the first question, on the asking thread."""
        return PassageIndex([one.document for one in self.documents])

    def of(self, document_id: int) -> AttachedDocument | None:
        """Return the document with this id."""
        return next((one for one in self.documents if one.id == document_id), None)
