"""The sentences of a document as pieces with their tokens: what passages are cut from."""

import math
import threading
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from assistant.documents.document import BlockKind, Document, Sentence
from assistant.summaries.prompts import harmless
from assistant.summaries.sections import SectionRole, roles
from assistant.summaries.stopping import until

CountTokens = Callable[[Sequence[str]], tuple[int, ...]]

# Of a list (references, contents, an index) and of long tables so much is given on each page:
# enough to say what it is. The receipt names those pages.
_LIST_TOKENS = 48
_TABLE_ROWS = 24
# What stands in the place of a sentence that gives orders to the model.
ORDERS = "(A sentence here tells whoever reads it what to do; it was left out.)"
# Texts counted by one message, so that a stop is heard.
_COUNTED = 2_000


class Border(IntEnum):
    """What a piece begins; a cut is best before what begins most."""

    WORD = 0  # the rest of a sentence that is too long for a passage
    SENTENCE = 1
    PARAGRAPH = 2
    SECTION = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or a piece of one that is too long.

    Attributes:
        sentence: its number in `Document.sentences`.
        text: what the model reads of it.
        tokens: how many that has.
        border: what it begins.
    """

    sentence: int
    text: str
    tokens: int
    border: Border


@dataclass(frozen=True, slots=True)
class Units:
    """All that is to be read of a document.

    Attributes:
        of_section: the units of each section's own text, in reading order.
        titles: tokens of each section's title.
        shortened: pages of which only the beginning of a list or table is among them.
        words: how many words they have.
    """

    of_section: tuple[tuple[Unit, ...], ...]
    titles: tuple[int, ...]
    shortened: tuple[int, ...]
    words: int

    @property
    def tokens(self) -> int:
        """All tokens of the text."""
        return sum(unit.tokens for units in self.of_section for unit in units)


def units_of(
    document: Document,
    *,
    longest: int,
    count: CountTokens,
    orders: Container[int] = (),
    cancel: threading.Event | None = None,
) -> Units:
    """Return what is to be read of `document`.

    Args:
        document: what was read.
        longest: a unit has at most so many tokens.
        count: tokens of several texts; () when it was stopped.
        orders: numbers of sentences that give orders to who reads them: the model is told that
            there is such a sentence, and not what it says.
        cancel: stops it.

    Raises:
        RankingStopped: it was stopped.
    """
    kept, shortened = _kept(document)
    titles = [harmless(section.title) for section in document.sections]
    texts = [
        " " + (ORDERS if at in orders else harmless(document.sentences[at].text)) for at in kept
    ]
    counts = list(_counted([*titles, *texts], count, cancel))
    of_titles, of_texts = counts[: len(titles)], counts[len(titles) :]
    of_section: list[list[Unit]] = [[] for _ in document.sections]
    before: Sentence | None = None
    budget: dict[int, int] = {}
    role = roles(document)
    cut_short: set[int] = set(shortened)
    for at, text, tokens in zip(kept, texts, of_texts, strict=True):
        sentence = document.sentences[at]
        if role[sentence.section] is SectionRole.LISTING:
            used = budget.get(sentence.page, 0)
            if used >= _LIST_TOKENS:
                cut_short.add(sentence.page)
                continue
            budget[sentence.page] = used + tokens
        unit = Unit(at, text.strip(), max(1, tokens), _border(document, before, sentence))
        of_section[sentence.section] += _cut(unit, longest, count)
        before = sentence
    return Units(
        of_section=tuple(tuple(units) for units in of_section),
        titles=tuple(of_titles),
        shortened=tuple(sorted(cut_short)),
        words=sum(len(unit.text.split()) for units in of_section for unit in units),
    )


def _kept(document: Document) -> tuple[list[int], set[int]]:
    """Return the sentences that are read, without all but the first rows of tables on a page."""
    kept: list[int] = []
    shortened: set[int] = set()
    rows: dict[int, int] = {}
    for at, sentence in enumerate(document.sentences):
        if sentence.kind is BlockKind.TABLE:
            seen = rows[sentence.page] = rows.get(sentence.page, 0) + 1
            if seen > _TABLE_ROWS:
                shortened.add(sentence.page)
                continue
        kept.append(at)
    return kept, shortened


def _counted(
    texts: Sequence[str], count: CountTokens, cancel: threading.Event | None
) -> Iterator[int]:
    for start in until(cancel, range(0, len(texts), _COUNTED)):
        chunk = texts[start : start + _COUNTED]
        counts = count(chunk)
        if len(counts) < len(chunk):  # stopped
            yield from (0 for _ in chunk)
        else:
            yield from counts


def _border(document: Document, before: Sentence | None, sentence: Sentence) -> Border:
    """Return what `sentence` begins, after `before`."""
    if before is None or before.section != sentence.section:
        return Border.SECTION
    last, first = before.spans[-1], sentence.spans[0]
    if before.kind is not sentence.kind or last.page != first.page:
        return Border.PARAGRAPH
    between = document.pages[first.page - 1].text[last.end : first.start]
    return Border.PARAGRAPH if "\n" in between else Border.SENTENCE


def _cut(unit: Unit, longest: int, count: CountTokens) -> Iterator[Unit]:
    """Yield `unit`, in pieces of at most `longest` tokens: at blanks where there are any."""
    if unit.tokens <= longest:
        yield unit
        return
    size = max(1, math.floor(len(unit.text) * longest * 0.8 / unit.tokens))
    texts = list(_pieces(unit.text, size))
    counts = count(texts) or tuple(longest for _ in texts)
    for number, (text, tokens) in enumerate(zip(texts, counts, strict=True)):
        border = Border.WORD if number else unit.border
        piece = replace(unit, text=text, tokens=max(1, tokens), border=border)
        if tokens > longest and len(text) > 1:
            yield from _cut(piece, longest, count)
        else:
            yield piece


def _pieces(text: str, size: int) -> Iterator[str]:
    """Yield all of `text` in pieces of at most `size` characters, cut at blanks if possible."""
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):
            blank = text.rfind(" ", start + size // 2, end)
            end = blank + 1 if blank > 0 else end
        if piece := text[start:end].strip():
            yield piece
        start = end
