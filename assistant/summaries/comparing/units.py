"""What two documents are compared by: their sentences, headings and table rows, in order."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.document import BlockKind, Document, Page, Span

# The number before an item or heading: it changes when another is put in before.
_ENUMERATOR = re.compile(
    r"^(?:§+\s*)?(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,6}|[IVXLC]{1,6})[.)]|"
    r"\d{1,3}(?:\.\d{1,3})+)\s+(?=\S)"
)
# The mark of a note after a word or stop, as some formats keep it; "m²" is none.
_NOTE_MARK = re.compile(
    r"(?<=[^\W\d_]{3})[\u00b9\u00b2\u00b3\u2070-\u2079]+"
    r"|(?<=[.,;:!?)\"\u201d])[\u00b9\u00b2\u00b3\u2070-\u2079]+"
)
_SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´′", "'"),  # noqa: RUF001 - quotation marks of all kinds
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 - dashes of every length
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
    }
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a heading or a row of a table.

    Attributes:
        text: white space folded.
        key: what two units must share to be the same: without numbering, marks of notes,
            kinds of quotation marks and dashes, and blanks.
        spans: where it stands.
        section: index in `Document.sections`.
        kind: what it is.
    """

    text: str
    key: str
    spans: tuple[Span, ...]
    section: int
    kind: BlockKind


def units_of(document: Document) -> list[Unit]:
    """Return the units of `document` in reading order."""
    headings = list(_headings(document))
    units: list[Unit] = []
    at = 0
    for sentence in document.sentences:
        start = (sentence.spans[0].page, sentence.spans[0].start)
        while at < len(headings) and _start(headings[at]) < start:
            units.append(headings[at])
            at += 1
        units.append(
            Unit(
                sentence.text,
                key_of(sentence.text),
                sentence.spans,
                sentence.section,
                sentence.kind,
            )
        )
    return units + headings[at:]


def key_of(text: str) -> str:
    """Return what is left of `text` when its looks are taken away."""
    if not text.isascii():
        bare = _NOTE_MARK.sub("", text)
        text = unicodedata.normalize("NFKC", bare).translate(_SAME_SIGNS)
    return "".join(without_number(text).split())


def without_number(text: str) -> str:
    """Return `text` without the number of an item or heading before it."""
    return _ENUMERATOR.sub("", text, count=1)


def _headings(document: Document) -> Iterator[Unit]:
    """Yield the headings; the sections come in the order of theirs."""
    first = 1 if document.sections and document.sections[0].level == 0 else 0
    section = first - 1
    for page in document.pages:
        for span, text in _headings_on(page):
            section += 1
            number = min(section, len(document.sections) - 1)
            yield Unit(text, key_of(text), (span,), number, BlockKind.HEADING)


def _headings_on(page: Page) -> Iterator[tuple[Span, str]]:
    for block in page.blocks:
        if block.kind is BlockKind.HEADING:
            text = " ".join(page.text[block.start : block.end].split())
            if text:
                yield Span(page.number, block.start, block.end), text


def _start(unit: Unit) -> tuple[int, int]:
    return unit.spans[0].page, unit.spans[0].start
