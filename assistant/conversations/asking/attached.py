"""The documents that a question is about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from assistant.conversations.asking.index import PassageIndex
from assistant.documents.document import Document, Span
from assistant.evidence.index import EvidenceIndex


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A document of a conversation.

    Attributes:
        id: its row, or any number where it is not stored; no two in a conversation share one.
        document: what was read.
    """

    id: int
    document: Document


@dataclass(frozen=True)
class Attached:
    """All documents of a conversation.

    Keep it as long as they stay the same: it keeps their index, which takes a second for a
    thousand pages.

    Attributes:
        documents: in their order.
        finds_orders: returns the passages of a document that give orders to an assistant; no
            model is given them. None looks for none.
    """

    documents: tuple[AttachedDocument, ...]
    finds_orders: Callable[[Document], Iterable[Span]] | None = field(
        default=None, repr=False, compare=False
    )
    _orders: dict[int, tuple[Span, ...]] = field(default_factory=dict, repr=False, compare=False)
    _evidence: dict[int, EvidenceIndex] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def index(self) -> PassageIndex:
        """Their passages, to be searched; made at the first question, on the asking thread."""
        return PassageIndex([one.document for one in self.documents])

    def of(self, document_id: int) -> AttachedDocument | None:
        """Return the document with this id."""
        return next((one for one in self.documents if one.id == document_id), None)

    def orders(self, one: AttachedDocument) -> tuple[Span, ...]:
        """Return the passages of a document that no model is given."""
        if one.id not in self._orders:
            found = self.finds_orders(one.document) if self.finds_orders else ()
            self._orders[one.id] = tuple(found)
        return self._orders[one.id]

    def evidence(self, number: int) -> EvidenceIndex:
        """Return the sentences of a document, by its place in `documents`, to cite them."""
        found = self._evidence.get(number)
        if found is None:
            document = self.documents[number].document
            found = EvidenceIndex(document.sentences, document)
            self._evidence[number] = found
        return found
