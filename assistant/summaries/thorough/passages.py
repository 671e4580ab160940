"""Cuts a document into passages along the tree of its headings.

A passage is a whole section with all below it, several small ones after another, or a piece of one
that is too long. Such a piece ends before a paragraph if it can, else before a sentence. Which of
the possible places is taken is decided by the text before it alone: after a change in a file the
cuts fall into step again, and the passages after it are the ones that were read before
(content-defined chunking, Muthitacharoen et al. 2001).
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.document import Document
from assistant.summaries.prompts import harmless
from assistant.summaries.thorough.units import Border, Unit, Units

# A cut is sought in the last part of what a passage may hold.
_FULL = 0.6
# Headings deeper than this belong to the one above them: nobody reads so deep an outline.
_DEEPEST = 6
_TITLE_CHARACTERS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the model reads at once.

    Attributes:
        text: it, with headings on lines of their own and a line for each paragraph.
        way: titles of the sections it stands in, the highest first.
        section: index of the first of the sections it has text of; `sections` are all of them.
        sentences: numbers of its first and its last sentence.
        pages: those it has text of.
        tokens, words: how long it is.
    """

    text: str
    way: tuple[str, ...]
    section: int
    sections: tuple[int, ...]
    sentences: tuple[int, int]
    pages: tuple[int, ...]
    tokens: int
    words: int


@dataclass(frozen=True, slots=True)
class Node:
    """A section that is too long to be read at once, or the whole document.

    Attributes:
        section: its index in `Document.sections`; -1 for the whole.
        parts: its passages (by number) and sections, in reading order.
    """

    section: int
    parts: tuple["int | Node", ...]

    def nodes(self) -> Iterator["Node"]:
        """Yield the sections below and then this one: the order in which they can be merged."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.nodes()
        yield self

    def passages(self) -> Iterator[int]:
        """Yield the numbers of all passages below, in reading order."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.passages()
            else:
                yield part


@dataclass(frozen=True, slots=True)
class Cut:
    """A document in passages.

    Attributes:
        passages: all of them, in reading order.
        root: the tree they are merged along.
    """

    passages: tuple[Passage, ...]
    root: Node


def cut(document: Document, units: Units, size: int) -> Cut:
    """Cut a document into passages of at most `size` tokens."""
    return _Cutter(document, units, size).cut()


def parents(document: Document) -> list[int]:
    """Return the section above each one, where those too deep hang on the deepest that counts."""
    found: list[int] = []
    depth: list[int] = []
    for section in document.sections:
        above = section.parent
        while above >= 0 and depth[above] >= _DEEPEST:
            above = found[above]
        found.append(above)
        depth.append(depth[above] + 1 if above >= 0 else 1)
    return found


class _Cutter:
    """Cuts one document."""

    def __init__(self, document: Document, units: Units, size: int) -> None:
        self._document = document
        self._units = units
        self._size = size
        self._passages: list[Passage] = []
        self._above = parents(document)
        self._below: list[list[int]] = [[] for _ in document.sections]
        self._top: list[int] = []
        for at, above in enumerate(self._above):
            (self._below[above] if above >= 0 else self._top).append(at)
        self._tokens = [
            sum(unit.tokens for unit in own) + (title + 4 if own else 0)
            for own, title in zip(units.of_section, units.titles, strict=True)
        ]
        for at in range(len(self._above) - 1, -1, -1):  # children stand after their parents
            if self._above[at] >= 0:
                self._tokens[self._above[at]] += self._tokens[at]

    def cut(self) -> Cut:
        root = Node(-1, tuple(self._parts((), self._top)))
        while len(root.parts) == 1 and isinstance(root.parts[0], Node):
            root = Node(-1, root.parts[0].parts)  # the summary of all of it is the document's
        return Cut(tuple(self._passages), root)

    def _node(self, section: int) -> "int | Node":
        parts = tuple(self._parts(self._units.of_section[section], self._below[section]))
        return parts[0] if len(parts) == 1 and isinstance(parts[0], int) else Node(section, parts)

    def _parts(self, own: Sequence[Unit], below: Sequence[int]) -> "Iterator[int | Node]":
        """Yield the parts of a section with text of its own and sections below it."""
        pieces = list(_stretches(own, self._size))
        for piece in pieces[:-1]:
            yield self._add(piece)
        together = list(pieces[-1]) if pieces else []
        used = sum(unit.tokens for unit in together)
        for section in below:
            size = self._tokens[section]
            if not size:
                continue
            if together and used + size > self._size:
                yield self._add(together)
                together, used = [], 0
            if size > self._size:
                yield self._node(section)
            else:
                together += self._all_of(section)
                used += size
        if together:
            yield self._add(together)

    def _all_of(self, section: int) -> Iterator[Unit]:
        yield from self._units.of_section[section]
        for below in self._below[section]:
            yield from self._all_of(below)

    def _add(self, units: Sequence[Unit]) -> int:
        """Add a passage and return its number."""
        sentences = self._document.sentences
        numbers = [unit.sentence for unit in units]
        sections = tuple(dict.fromkeys(sentences[number].section for number in numbers))
        text = "\n".join(self._lines(units, has_titles=len(sections) > 1))
        pages = {span.page for number in numbers for span in sentences[number].spans}
        self._passages.append(
            Passage(
                text=text,
                way=self._way(sections),
                section=sections[0],
                sections=sections,
                sentences=(numbers[0], numbers[-1]),
                pages=tuple(sorted(pages)),
                tokens=sum(unit.tokens for unit in units)
                + sum(self._units.titles[section] + 4 for section in sections),
                words=len(text.split()),
            )
        )
        return len(self._passages) - 1

    def _lines(self, units: Sequence[Unit], *, has_titles: bool) -> Iterator[str]:
        section = -1
        line: list[str] = []
        for unit in units:
            found = self._document.sentences[unit.sentence].section
            if line and (unit.border >= Border.PARAGRAPH or found != section):
                yield " ".join(line)
                line = []
            if found != section and has_titles and (title := self._title(found)):
                yield f"## {title}"
            section = found
            line.append(unit.text)
        if line:
            yield " ".join(line)

    def _way(self, sections: Sequence[int]) -> tuple[str, ...]:
        """Return the titles above all of `sections`, with that of the only one."""
        ways = [self._upwards(section) for section in sections]
        common = [
            same[0]
            for same in zip(*ways, strict=False)
            if all(section == same[0] for section in same)
        ]
        return tuple(title for section in common if (title := self._title(section)))

    def _upwards(self, section: int) -> list[int]:
        way: list[int] = []
        while section >= 0:
            way.append(section)
            section = self._above[section]
        return way[::-1]

    def _title(self, section: int) -> str:
        return harmless(self._document.sections[section].title)[:_TITLE_CHARACTERS]


def _stretches(units: Sequence[Unit], size: int) -> Iterator[Sequence[Unit]]:
    """Yield all `units` in stretches of at most `size` tokens."""
    start = 0
    while start < len(units):
        end = _end(units, start, size)
        yield units[start:end]
        start = end


def _end(units: Sequence[Unit], start: int, size: int) -> int:
    """Return where the stretch that begins at `start` ends."""
    used = 0
    places: list[int] = []
    end = start
    while end < len(units) and (end == start or used + units[end].tokens <= size):
        used += units[end].tokens
        end += 1
        if used >= _FULL * size and end < len(units):
            places.append(end)
    if end == len(units):
        return end
    best = max((units[at].border for at in places), default=Border.WORD)
    fit = [at for at in places if units[at].border is best]
    return min(fit, key=lambda at: zlib.crc32(units[at - 1].text.encode()), default=end)
