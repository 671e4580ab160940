"""A lease with headings, as the reader would give it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.documents.document import Block, BlockKind, Document, Page, Section, Sentence, Span
from assistant.documents.sentences import split

LEASE = {
    "1 Parties": (
        "This lease is made between Acme Housing Ltd of 4 Harbour Road, the landlord, and Maria"
        " Keller, the tenant. It covers the flat on the second floor with a cellar of nine square"
        " metres."
    ),
    "2 Rent": (
        "The tenant shall pay 950 euros on the first working day of each month to the account"
        " named by the landlord. Heating and water cost 120 euros more and are settled once a"
        " year. Interest of five percent is due on late payments."
    ),
    "3 Deposit": (
        "A deposit of 1,900 euros is paid before the keys are handed over. It is returned within"
        " six weeks after the tenant has moved out, less the cost of damage."
    ),
    "4 Animals": (
        "Dogs and cats are allowed only with the written consent of the landlord. Small animals"
        " in cages, such as hamsters, need no consent."
    ),
    "5 Repairs": (
        "The landlord maintains the boiler, the roof and the lift. The tenant replaces lamps and"
        " seals, and reports every leak at once."
    ),
    "6 End of the lease": (
        "Either side may end the lease in writing with three months' warning to the end of a"
        " month. The tenant may not do so before the end of the first year. The flat is handed"
        " over clean and painted white."
    ),
}
MIETE = {
    "1 Miete": "Die Miete von 950 Euro ist am dritten Werktag eines Monats zu zahlen.",
    "2 Kündigung": "Beide Seiten können den Vertrag mit einer Frist von drei Monaten kündigen.",
}


def document_of(
    sections: dict[str, str], *, title: str = "Lease", language: str = "en", path: str = "lease.pdf"
) -> Document:
    """Return a document with two sections a page, each with a heading and one paragraph."""
    pages: list[Page] = []
    sentences: list[Sentence] = []
    known = list(sections.items())
    for number in range(0, len(known), 2):
        text = ""
        blocks: list[Block] = []
        for section, (heading, body) in enumerate(known[number : number + 2], start=number):
            text += "\n\n" if text else ""
            blocks.append(Block(BlockKind.HEADING, len(text), len(text) + len(heading), 1))
            text += f"{heading}\n\n"
            start = len(text)
            page = len(pages) + 1
            sentences += [
                Sentence(body[a:b], (Span(page, start + a, start + b),), section)
                for a, b in split(body)
            ]
            text += body
            blocks.append(Block(BlockKind.PARAGRAPH, start, len(text)))
        pages.append(Page(len(pages) + 1, text, tuple(blocks)))
    return Document(
        path=Path(path),
        title=title,
        type="pdf",
        sha256="0" * 64,
        language=language,
        pages=tuple(pages),
        sections=tuple(Section(heading, 1, -1, at // 2 + 1) for at, heading in enumerate(sections)),
        sentences=tuple(sentences),
    )


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """Makes a document of headings and texts."""
    return document_of


@pytest.fixture
def lease() -> Attached:
    """A lease of three pages."""
    return Attached((AttachedDocument(7, document_of(LEASE)),))


@pytest.fixture
def two() -> Attached:
    """An English and a German lease."""
    german = document_of(MIETE, title="Mietvertrag", language="de", path="miete.pdf")
    return Attached((AttachedDocument(7, document_of(LEASE)), AttachedDocument(8, german)))
