"""Cuts documents into passages to be searched: some sentences of one section on one page."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.documents.document import BlockKind, Document, Sentence
from assistant.evidence.terms import count_words

# Part of the key of kept vectors: count up when passages are cut differently.
CUT_VERSION = 1
# A passage ends after so many words at the next paragraph, and after so many in any case.
_AIM_WORDS = 90
_MOST_WORDS = 150
# What is left of a section goes with the passage before it if it is shorter.
_LEAST_WORDS = 25
# "2.1 What is it? ..... 3"
_LAST_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}$")
_TAIL = 6
_CONTENTS_LINES, _CONTENTS_SHARE = 6, 0.6
_HEADING_GLUE = " › "
_LONGEST_HEADING = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a page that is found as one.

    Attributes:
        document: its place among the documents that are searched.
        page, start, end: where it stands.
        first, last: its sentences in `Document.sentences`, the last one included.
        section: its place in `Document.sections`.
    """

    document: int
    page: int
    start: int
    end: int
    first: int
    last: int
    section: int


def cut(document: Document, number: int = 0) -> Iterator[Piece]:
    """Yield the passages of a document, in reading order; `number` is its place among others.

    The lines of a table of contents are left out: they ask what is answered elsewhere.
    """
    titles = {_folded(section.title) for section in document.sections}
    contents = _contents_pages(document)
    run: list[int] = []
    for at, sentence in enumerate(document.sentences):
        if sentence.page in contents or _is_contents_line(sentence.text, titles):
            continue
        if run and not _belongs(document.sentences[run[0]], sentence):
            yield from _pieces(document, number, run)
            run = []
        run.append(at)
    if run:
        yield from _pieces(document, number, run)


def heading_of(document: Document, section: int) -> str:
    """Return the titles of a section and of those above it, the highest first."""
    titles: list[str] = []
    while section >= 0 and len(titles) < len(document.sections):
        one = document.sections[section]
        if one.title:
            titles.append(" ".join(one.title.split()))
        section = one.parent
    return _HEADING_GLUE.join(reversed(titles))[:_LONGEST_HEADING]


def _contents_pages(document: Document) -> set[int]:
    """Return the pages on which most lines end in the number of a page, in order."""
    numbers: dict[int, list[int]] = {}
    counts: Counter[int] = Counter()
    for sentence in document.sentences:
        counts[sentence.page] += 1
        _, number = _contents_line(sentence.text)
        if number:
            numbers.setdefault(sentence.page, []).append(number)
    return {
        page
        for page, found in numbers.items()
        if len(found) >= max(_CONTENTS_LINES, _CONTENTS_SHARE * counts[page])
        and all(one <= other for one, other in pairwise(found))
    }


def _is_contents_line(text: str, titles: set[str]) -> bool:
    title, number = _contents_line(text)
    return number > 0 and _folded(title) in titles


def _contents_line(text: str) -> tuple[str, int]:
    """Return the title and the page of a line of a table of contents; 0 for other lines."""
    match = _LAST_NUMBER.search(text[-_TAIL:]) if len(text) <= _LONGEST_HEADING else None
    if match is None:
        return "", 0
    title = text[: len(text) - len(match[0])].rstrip(" .…·\t")
    return (title, int(match[0])) if any(c.isalpha() for c in title) else ("", 0)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .…")


def _belongs(first: Sentence, sentence: Sentence) -> bool:
    return first.page == sentence.page and first.section == sentence.section


def _pieces(document: Document, number: int, run: list[int]) -> Iterator[Piece]:
    """Cut sentences of one section on one page into passages."""
    sentences = document.sentences
    taken: list[list[int]] = [[]]
    words = 0
    for at in run:
        length = count_words(sentences[at].text)
        is_full = words + length > _MOST_WORDS
        ends = words >= _AIM_WORDS and _begins_paragraph(document, at)
        if taken[-1] and (is_full or ends):
            taken.append([])
            words = 0
        taken[-1].append(at)
        words += length
    if len(taken) > 1 and words < _LEAST_WORDS:
        rest = taken.pop()
        taken[-1] += rest
    for group in taken:
        spans = [sentences[at].spans[0] for at in group]
        yield Piece(
            document=number,
            page=spans[0].page,
            start=min(span.start for span in spans),
            end=max(span.end for span in spans),
            first=group[0],
            last=group[-1],
            section=sentences[group[0]].section,
        )


def _begins_paragraph(document: Document, at: int) -> bool:
    """Tell whether a sentence begins a paragraph, a list item or a table's row."""
    before, here = document.sentences[at - 1], document.sentences[at]
    if before.kind is not here.kind or here.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE}:
        return True
    between = document.pages[here.page - 1].text[before.spans[-1].end : here.spans[0].start]
    return "\n" in between
