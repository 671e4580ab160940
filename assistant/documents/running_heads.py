"""Finds lines that stand at the head or foot of many pages and belong to none of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.documents.lines import Line

_DEPTH = 3  # lines from the edge that are looked at
_ZONE = 0.16  # of the page's height, from either edge
_DEEPEST = 0.25  # of the height: where the margins are wide, the outermost lines may be so deep
_LEVEL = 0.01  # of the height; lines at one height differ by less
_LEAST_PAGES = 3
_LARGEST = 1.2  # times the usual size; larger lines are headings
_SAME_PLACE = 3.0  # points
_MOST = 0.6  # of a line's occurrences must have the number that their pages have
_NUMBER = re.compile(r"\d+|\b[ivxlcdm]+\b", re.IGNORECASE)
_EDGE_NUMBER = re.compile(r"^\d{1,4}(?=\s|$)|(?<=\s)\d{1,4}$")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|pagina|página|folio|blatt|p|s|pg|стр)\b)?\W*#\W*"
    r"(?:(?:of|von|de|di|sur)?\W*#)?\W*"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the edge of page `index`, with its numbers masked."""

    line: Line
    index: int
    is_head: bool
    masked: str
    numbers: tuple[int, ...]


def without_running_heads(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> list[list[Line]]:
    """Return the lines of each page without running heads, feet and page numbers.

    A line goes if it stands in the same zone on half of all pages, or of the odd or the even
    ones, or at the same place on three pages close to each other (heads that name the chapter).
    Numbers in it must be the same everywhere or go with the pages: a heading such as "Section 3"
    at the top of one page and "Section 7" at the top of another is none.
    """
    sizes = sorted(line.size for lines in pages for line in lines)
    largest = _LARGEST * sizes[len(sizes) // 2] if sizes else 0.0
    zones = _zones(pages, heights)
    edges = [
        edge
        for index, (lines, height) in enumerate(zip(pages, heights, strict=True))
        for edge in _edges(lines, index, height, zones)
        if edge.line.size <= largest
    ]
    alike: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        alike[edge.is_head, edge.masked].append(edge)
    dropped = {*_numbered(edges, len(pages)), *_stamps(pages, largest)}
    for likes in alike.values():
        groups = [likes] if _goes_with_pages(likes) else _by_text(likes)
        for group in groups:
            if _repeats(group, len(pages)):
                dropped.update(id(edge.line) for edge in group)
    return [[line for line in lines if id(line) not in dropped] for lines in pages]


def _zones(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> tuple[float, float]:
    """Return how deep heads and feet may stand, as shares of the height."""
    above, below = [], []
    for lines, height in zip(pages, heights, strict=True):
        middles = [line.middle / max(1.0, height) for line in lines if line.is_upright]
        if middles:
            above.append(min(middles))
            below.append(1 - max(middles))
    return _zone(above), _zone(below)


def _zone(distances: list[float]) -> float:
    if len(distances) < _LEAST_PAGES:
        return _ZONE
    return max(_ZONE, min(_DEEPEST, median(distances) + _LEVEL))


def _edges(
    lines: Sequence[Line], index: int, height: float, zones: tuple[float, float]
) -> Iterator[_Edge]:
    upright = sorted((line for line in lines if line.is_upright), key=lambda line: line.middle)
    for is_head, outermost in ((True, upright[:_DEPTH]), (False, upright[-_DEPTH:])):
        for line in outermost:
            distance = line.middle if is_head else height - line.middle
            masked = _NUMBER.sub("#", line.text).casefold()
            zone = zones[0 if is_head else 1]
            if line is outermost[0 if is_head else -1] and _PAGE_NUMBER.fullmatch(masked):
                zone = _DEEPEST
            if distance < zone * height:
                numbers = tuple(map(_value, _NUMBER.findall(line.text)))
                yield _Edge(line, index, is_head, masked, numbers)


def _stamps(pages: Sequence[Sequence[Line]], largest: float) -> Iterator[int]:
    """Yield the `id` of large or turned lines that are the same on half of the pages: "DRAFT"."""
    same: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for lines in pages:
        for line in lines:
            if line.size > largest or not line.is_upright:
                same[line.text, round(line.left / 5), round(line.top / 5)].append(id(line))
    for found in same.values():
        if len(found) >= max(_LEAST_PAGES, len(pages) / 2):
            yield from found


def _numbered(edges: Iterable[_Edge], page_count: int) -> Iterator[int]:
    """Yield the `id` of lines that begin or end with their page's number.

    Such are heads and feet that name the chapter: "4 Chapter 1. About this manual".
    """
    found: dict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        if _PAGE_NUMBER.fullmatch(edge.masked) and edge.index + 1 in edge.numbers[:1]:
            yield id(edge.line)
        for number in _EDGE_NUMBER.findall(edge.line.text):
            found[int(number) - edge.index].append(edge)
    for group in found.values():
        if len({edge.index for edge in group}) >= max(_LEAST_PAGES, page_count / 2):
            yield from (id(edge.line) for edge in group)


def _repeats(group: Sequence[_Edge], page_count: int) -> bool:
    pages = sorted({edge.index for edge in group})
    if len(pages) < 2:
        return False
    if len(pages) < _LEAST_PAGES:
        middles = [edge.line.middle for edge in group]
        return page_count <= 2 * len(pages) and max(middles) - min(middles) < _SAME_PLACE
    if 2 * len(pages) >= page_count:
        return True
    sides = Counter(index % 2 for index in pages)
    return 4 * max(sides.values()) >= page_count or _stands_still(group)


def _goes_with_pages(group: Sequence[_Edge]) -> bool:
    """Return whether each number in these lines is constant or counts the pages."""
    if len({len(edge.numbers) for edge in group}) > 1:  # a "#" in the text itself
        return False
    least = _MOST * len(group)
    for position in range(len(group[0].numbers)):
        same = Counter(edge.numbers[position] for edge in group)
        counting = Counter(edge.numbers[position] - edge.index for edge in group)
        if max(*same.values(), *counting.values()) < least:
            return False
    return True


def _by_text(group: Iterable[_Edge]) -> list[list[_Edge]]:
    same: dict[str, list[_Edge]] = defaultdict(list)
    for edge in group:
        same[edge.line.text].append(edge)
    return list(same.values())


def _stands_still(group: Sequence[_Edge]) -> bool:
    """Return whether most of these lines are at the same place, on pages close to each other."""
    places = sorted((edge.index, edge.line.middle) for edge in group)
    close = sum(
        following[0] - place[0] <= 4 and abs(following[1] - place[1]) < _SAME_PLACE
        for place, following in pairwise(places)
    )
    return close >= max(2, _MOST * (len(places) - 1))


def _value(number: str) -> int:
    """Return the value of a number in digits or Roman numerals."""
    if number.isdecimal():
        return int(number[:9])
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(
        -value if following > value else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
