"""A place in a document that an answer leads to."""

from dataclasses import dataclass
from pathlib import Path

from assistant.conversations.asking.answer import AnswerCitation, Passage
from assistant.documents.document import Span
from assistant.paths import from_text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a citation or a passage stands.

    Attributes:
        document_id: the document's row; it may be gone.
        path, title: its file and title, for when it is.
        span: where it stands.
        quote: what is to be marked there.
    """

    document_id: int
    path: Path
    title: str
    span: Span
    quote: str


def place_of(found: AnswerCitation | Passage) -> Place:
    """Return where a citation or a passage stands."""
    quote = found.quote if isinstance(found, AnswerCitation) else found.text
    return Place(found.document_id, from_text(found.path), found.title, found.span, quote)
