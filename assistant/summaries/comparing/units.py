"""What two documents are compared by: their sentences, headings and table rows, in order."""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.document import BlockKind, Document, Page, Span
from assistant.evidence.number_words import LARGE, MONTHS

# The number before an item or heading: it changes when another is put in before.
_ENUMERATOR = re.compile(
    r"^(?:§+\s*)?(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,6}|[IVXLC]{1,6})[.)]|"
    r"\d{1,3}(?:\.\d{1,3})+)\s+(?=\S)"
)
# "12. März" and "3.5 Kilometer" look like an item's number, and are what a comparison is for.
_MAY_COUNT = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<stop>\.?)\s+(?P<next>\S+)")
_COUNTED = frozenset({*MONTHS, *LARGE, "eur", "euro", "euros", "usd", "gbp", "chf", "prozent"})
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
        bare: the same without the number of an item or heading before it.
        key: what two units must share to be the same: without numbering, marks of notes,
            kinds of quotation marks and dashes, and blanks.
        spans: where it stands.
        section: index in `Document.sections`.
        kind: what it is.
    """

    text: str
    bare: str
    key: str
    spans: tuple[Span, ...]
    section: int
    kind: BlockKind


def units_of(document: Document) -> list[Unit]:
    """Return the units of `document` in reading order."""
    numbers = frozenset(_numbers(document))
    headings = list(_headings(document, numbers))
    units: list[Unit] = []
    at = 0
    for sentence in document.sentences:
        start = (sentence.spans[0].page, sentence.spans[0].start)
        while at < len(headings) and _start(headings[at]) < start:
            units.append(headings[at])
            at += 1
        units.append(_unit(sentence.text, sentence.spans, sentence.section, sentence.kind, numbers))
    return units + headings[at:]


def joined(units: Sequence[Unit]) -> Unit:
    """Return neighbours as one unit."""
    if len(units) == 1:
        return units[0]
    return Unit(
        " ".join(unit.text for unit in units),
        " ".join(unit.bare for unit in units),
        "".join(unit.key for unit in units),
        tuple(span for unit in units for span in unit.spans),
        units[0].section,
        units[0].kind,
    )


def _unit(
    text: str, spans: tuple[Span, ...], section: int, kind: BlockKind, numbers: Container[str]
) -> Unit:
    bare = _without_number(text, kind, numbers)
    return Unit(text, bare, _key_of(bare), spans, section, kind)


def _key_of(text: str) -> str:
    """Return what is left of `text` when its looks are taken away."""
    if not text.isascii():
        bare = _NOTE_MARK.sub("", text)
        text = unicodedata.normalize("NFKC", bare).translate(_SAME_SIGNS)
    return "".join(text.split())


def _without_number(text: str, kind: BlockKind, numbers: Container[str]) -> str:
    """Return `text` without the number of an item or heading before it.

    A number counts as one if the document counts up to it, and nothing after it makes it an
    amount or a date. What stands first in a row of a table is a cell like any other.
    """
    if kind is BlockKind.TABLE:
        return text
    match = _MAY_COUNT.match(text)
    if match and (_is_figure(match) or not (kind is BlockKind.HEADING or _follows(match, numbers))):
        return text
    return _ENUMERATOR.sub("", text, count=1)


def _is_figure(match: re.Match[str]) -> bool:
    """Tell whether what follows a number makes it an amount or a date."""
    following = match["next"]
    is_decimal = "." in match["number"] and not match["stop"]
    return (
        following.strip(".,;:").casefold() in _COUNTED
        or (not following[0].isalpha() and following[0] not in "\"'“„«‘([")
        or (is_decimal and following[0].islower())
    )


def _follows(match: re.Match[str], numbers: Container[str]) -> bool:
    """Tell whether a number is the first of its kind, or the one before it is there."""
    above, dot, last = match["number"].rpartition(".")
    return int(last) <= 1 or f"{above}{dot}{int(last) - 1}" in numbers


def _numbers(document: Document) -> Iterator[str]:
    """Yield the numbers with which headings and sentences begin."""
    texts = [text for page in document.pages for _, text in _headings_on(page)]
    texts += [one.text for one in document.sentences if one.kind is not BlockKind.TABLE]
    for text in texts:
        if match := _MAY_COUNT.match(text):
            yield match["number"]


def _headings(document: Document, numbers: Container[str]) -> Iterator[Unit]:
    """Yield the headings; the sections come in the order of theirs."""
    first = 1 if document.sections and document.sections[0].level == 0 else 0
    section = first - 1
    for page in document.pages:
        for span, text in _headings_on(page):
            section += 1
            number = min(section, len(document.sections) - 1)
            yield _unit(text, (span,), number, BlockKind.HEADING, numbers)


def _headings_on(page: Page) -> Iterator[tuple[Span, str]]:
    for block in page.blocks:
        if block.kind is BlockKind.HEADING:
            text = " ".join(page.text[block.start : block.end].split())
            if text:
                yield Span(page.number, block.start, block.end), text


def _start(unit: Unit) -> tuple[int, int]:
    return unit.spans[0].page, unit.spans[0].start
