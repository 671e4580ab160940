"""Finds lines that stand at the head or foot of many pages and belong to none of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.documents.lines import Line

_DEPTH = 3  # lines from the edge that are looked at
_ZONE = 0.16  # of the page's height, from either edge
_LEAST_PAGES = 3
_SAME_PLACE = 3.0  # points
_NUMBER = re.compile(r"\d+|\b[ivxlcdm]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:\w{1,7}\s)?\W*#\W*(?:(?:of|von|de|/)?\W*#)?\W*")

_Key = tuple[bool, str]


def without_running_heads(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> list[list[Line]]:
    """Return the lines of each page without running heads, feet and page numbers.

    A line goes if, with its numbers masked, it stands in the same zone on half of all pages, or
    of the odd or the even ones, or at the same place on three pages close to each other (heads
    that name the chapter).
    """
    seen: dict[_Key, list[tuple[int, float]]] = defaultdict(list)
    candidates = [list(_edges(lines, height)) for lines, height in zip(pages, heights, strict=True)]
    for number, edges in enumerate(candidates):
        for line, key in edges:
            seen[key].append((number, line.middle))
    repeated = {key for key, places in seen.items() if _repeats(key, places, len(pages))}
    result = []
    for lines, edges in zip(pages, candidates, strict=True):
        dropped = {id(line) for line, key in edges if key in repeated}
        result.append([line for line in lines if id(line) not in dropped])
    return result


def _edges(lines: Sequence[Line], height: float) -> Iterator[tuple[Line, _Key]]:
    """Yield the outermost lines of a page, each with what would be the same on other pages."""
    upright = sorted((line for line in lines if line.is_upright), key=lambda line: line.middle)
    for is_head, edge in ((True, upright[:_DEPTH]), (False, upright[-_DEPTH:])):
        for line in edge:
            distance = line.middle if is_head else height - line.middle
            if distance < _ZONE * height:
                yield line, (is_head, _NUMBER.sub("#", line.text).casefold())


def _repeats(key: _Key, places: list[tuple[int, float]], page_count: int) -> bool:
    numbers = sorted({number for number, _ in places})
    if len(numbers) == 2 and page_count <= 4:
        tops = [middle for _, middle in places]
        return max(tops) - min(tops) < _SAME_PLACE
    if len(numbers) < _LEAST_PAGES:
        return False
    if _PAGE_NUMBER.fullmatch(key[1]) or 2 * len(numbers) >= page_count:
        return True
    sides = Counter(number % 2 for number in numbers)
    if any(4 * count >= page_count for count in sides.values()):
        return True
    return _stands_still(places)


def _stands_still(places: list[tuple[int, float]]) -> bool:
    """Return whether most of these places are the same, on pages close to each other."""
    places = sorted(places)
    close = sum(
        following[0] - place[0] <= 4 and abs(following[1] - place[1]) < _SAME_PLACE
        for place, following in pairwise(places)
    )
    return close >= max(2, 0.6 * (len(places) - 1))
