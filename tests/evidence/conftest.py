"""A contract in two pages, as the reader would give it."""

from pathlib import Path

import pytest

from assistant.documents.document import Block, BlockKind, Document, Page, Section, Sentence, Span
from assistant.documents.sentences import split

PAGES = (
    (
        "The tenant may not terminate the lease before the end of the first year. "
        "The tenant shall pay a rent of 1,000 euros on the first day of each month. "
        "Acme Housing GmbH must return the deposit within five weeks after the keys are handed "
        "over. Pets are allowed only with the written consent of the landlord. "
        "The landlord may enter the flat with notice of 24 hours, but the tenant need not be"
    ),
    (
        "present during the visit. "
        "Interest of 30 percent is due on late payments. "
        "This agreement was signed on 3 March 2021 in Hamburg by Maria Keller. "
        "Smoking is prohibited in all rooms and on the balcony."
    ),
)


def document_of(pages: tuple[str, ...], language: str = "en") -> Document:
    """Return a document of one paragraph a page; the last sentence of a page without an end
    goes on at the next."""
    sentences: list[Sentence] = []
    for number, text in enumerate(pages, start=1):
        for start, end in split(text):
            span = Span(number, start, end)
            if sentences and not sentences[-1].text.endswith("."):
                before = sentences.pop()
                joined = f"{before.text} {text[start:end]}"
                sentences.append(Sentence(joined, (*before.spans, span), 0))
            else:
                sentences.append(Sentence(text[start:end], (span,), 0))
    return Document(
        path=Path("lease.pdf"),
        title="Lease",
        type="pdf",
        sha256="0" * 64,
        language=language,
        pages=tuple(
            Page(number, text, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
            for number, text in enumerate(pages, start=1)
        ),
        sections=(Section("", 0, -1, 1),),
        sentences=tuple(sentences),
    )


@pytest.fixture
def lease() -> Document:
    """A lease in the words of leases."""
    return document_of(PAGES)
