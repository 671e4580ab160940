"""Makes a document's pages, sections and sentences out of its draft."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.cleaning import fold
from assistant.documents.document import (
    Block,
    BlockKind,
    Page,
    Section,
    Sentence,
    Span,
)
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.sentences import split

_BETWEEN = "\n\n"
_FLOWING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_BY_ROW = frozenset({BlockKind.TABLE, BlockKind.CODE})


@dataclass(slots=True)
class _Unit:
    """Text that is cut into sentences together: a block, or one that goes on after a page."""

    kind: BlockKind
    section: int
    spans: list[Span]


class Assembler:
    """Takes draft pages in their order and gives pages, sections and sentences."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.pages: list[Page] = []
        self._units: list[_Unit] = []
        self._flowing: _Unit | None = None

    def add(self, draft: DraftPage) -> Page:
        """Add the next page and return it."""
        number = len(self.pages) + 1
        texts: list[str] = []
        blocks: list[Block] = []
        start = 0
        for block in draft.blocks:
            text = block.text.strip()
            if not text:
                continue
            end = start + len(text)
            blocks.append(Block(block.kind, start, end, block.level, block.continues))
            texts.append(text)
            self._take(block, text, Span(number, start, end))
            start = end + len(_BETWEEN)
        page = Page(
            number,
            _BETWEEN.join(texts),
            tuple(blocks),
            draft.status,
            label=fold(draft.label),
            confidence=draft.confidence,
        )
        self.pages.append(page)
        return page

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences of all pages added, in reading order."""
        for unit in self._units:
            if unit.kind in _BY_ROW:
                yield from self._rows(unit)
            else:
                yield from self._prose(unit)

    def _take(self, block: DraftBlock, text: str, span: Span) -> None:
        if block.kind is BlockKind.HEADING:
            self._open_section(fold(text), max(1, block.level), span.page)
            return
        if not self.sections:
            self.sections.append(Section("", 0, -1, span.page))
        if block.continues and self._flowing:
            self._flowing.spans.append(span)
            return
        unit = _Unit(block.kind, len(self.sections) - 1, [span])
        self._units.append(unit)
        if block.kind in _FLOWING:
            self._flowing = unit

    def _open_section(self, title: str, level: int, page: int) -> None:
        parent = len(self.sections) - 1
        while parent >= 0 and self.sections[parent].level >= level:
            parent = self.sections[parent].parent
        if parent >= 0 and self.sections[parent].level == 0:
            parent = -1
        self.sections.append(Section(title, level, parent, page))

    def _text(self, span: Span) -> str:
        return self.pages[span.page - 1].text[span.start : span.end]

    def _rows(self, unit: _Unit) -> Iterator[Sentence]:
        (span,) = unit.spans
        start = span.start
        for row in self._text(span).split("\n"):
            text = fold(row)
            if text:
                begin = start + len(row) - len(row.lstrip())
                place = Span(span.page, begin, start + len(row.rstrip()))
                yield Sentence(text, (place,), unit.section, unit.kind)
            start += len(row) + 1

    def _prose(self, unit: _Unit) -> Iterator[Sentence]:
        texts = [self._text(span) for span in unit.spans]
        for start, end in split(" ".join(texts)):
            places = tuple(_places(unit.spans, texts, start, end))
            text = " ".join(fold(self._text(place)) for place in places)
            yield Sentence(text, places, unit.section, unit.kind)


def _places(spans: Sequence[Span], texts: Sequence[str], start: int, end: int) -> Iterator[Span]:
    """Yield where `start` to `end` of the joined `texts` stands on each page."""
    begin = 0
    for span, text in zip(spans, texts, strict=True):
        first, last = max(start - begin, 0), min(end - begin, len(text))
        if first < last:
            yield Span(span.page, span.start + first, span.start + last)
        begin += len(text) + 1
