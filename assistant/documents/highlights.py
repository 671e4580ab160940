"""Finds a quote of clean text among a page's own characters.

Reading mends hyphens, opens ligatures and folds spaces, so only what both sides keep is compared:
letters, digits and signs, without spaces and hyphens. A quote that is not there in one piece (a
page's foot may stand in the middle of it) is found in parts.
"""

from collections.abc import Iterator

from assistant.documents.cleaning import clean, open_ligature

_PART = 24  # characters; long enough to be at one place only
_LEAST_PART = 8
_LEFT_OUT = frozenset("-\u2010\u2011\u00ad\x02\ufffe")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


class PageCharacters:
    """The characters of a page, ready for finding quotes.

    Args:
        text: the page's characters as the file has them, one for each index.
    """

    def __init__(self, text: str) -> None:
        kept: list[str] = []
        self._indices: list[int] = []
        for index, character in enumerate(text):
            for letter in _kept(open_ligature(character)):
                kept.append(letter)
                self._indices.append(index)
        self._text = "".join(kept)

    def find(self, quote: str, before: int = 0) -> list[tuple[int, int]]:
        """Return the ranges of indices that hold `quote`, [] if it is not on the page.

        Args:
            quote: as it stands in `Page.text`.
            before: how often the same words stand there before it; if there are not so many here,
                the last ones count.
        """
        wanted = "".join(_kept(clean(quote)))
        if not wanted:
            return []
        place = self._text.find(wanted)
        if place < 0:
            return self._find_parts(wanted)
        for _ in range(before):
            following = self._text.find(wanted, place + len(wanted))
            if following < 0:
                break
            place = following
        return [self._range(place, place + len(wanted))]

    def count(self, quote: str) -> int:
        """Return how often `quote` stands here."""
        wanted = "".join(_kept(clean(quote)))
        return self._text.count(wanted) if wanted else 0

    def _find_parts(self, wanted: str) -> list[tuple[int, int]]:
        ranges: list[tuple[int, int]] = []
        reached = 0
        for start in range(0, len(wanted), _PART):
            part = wanted[start : start + _PART]
            place = self._text.find(part, reached)
            if place < 0:
                place = self._text.find(part)
            if place < 0 or (len(part) < _LEAST_PART and not ranges):
                continue
            reached = place + len(part)
            ranges.append(self._range(place, reached))
        return list(_merged(ranges))

    def _range(self, start: int, end: int) -> tuple[int, int]:
        return self._indices[start], self._indices[end - 1] + 1


def _kept(text: str) -> Iterator[str]:
    return (
        letter
        for letter in text.translate(_DIGITS)
        if not letter.isspace() and letter not in _LEFT_OUT
    )


def _merged(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges with those that touch, spaces aside, made one."""
    current: tuple[int, int] | None = None
    for start, end in sorted(ranges):
        if current and start - current[1] <= 3:
            current = (current[0], max(current[1], end))
        else:
            if current:
                yield current
            current = (start, end)
    if current:
        yield current
