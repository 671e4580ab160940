"""Finds where quotes stand on a picture of a page, by recognising its letters once more.

What was recognised is kept for the last few pages, so that turning to the next quote is quick.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence

from assistant.documents.highlights import PageCharacters
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognising import Recogniser
from assistant.documents.ocr.recognition import GrayPicture, OcrWish, RecognisedPage, Word

_KEPT = 12
_PAGE_S = 25.0  # somebody waits for the picture

Box = tuple[float, float, float, float]


class ScannedPlaces:
    """Recognises pages for their words' places."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, RecognisedPage | None] = OrderedDict()

    def find(
        self,
        key: Hashable,
        quotes: Sequence[str],
        picture: Callable[[], GrayPicture],
        limits: Limits,
        *,
        before: Sequence[int],
    ) -> list[Box]:
        """Return left, top, right and bottom of what holds `quotes`, as shares of the page.

        Args:
            key: the file and the page.
            quotes: as they stand in `Page.text`; those not found are left out.
            picture: draws the page for recognising.
            limits: bounds on a page.
            before: how often the words of each quote stand on the page before it.
        """
        if key not in self._pages:
            self._pages[key] = _recognised(picture(), limits)
        self._pages.move_to_end(key)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        page = self._pages[key]
        return [] if page is None else list(_places(page, quotes, before))


def _recognised(picture: GrayPicture, limits: Limits) -> RecognisedPage | None:
    seconds = min(_PAGE_S, limits.recognition_page_s)
    recogniser = Recogniser.find(OcrWish(), seconds)
    if recogniser is None:
        return None
    for _, page in recogniser.read([(1, picture)], "", lambda: None):
        return page if page.lines and not page.angle else None
    return None


def _places(page: RecognisedPage, quotes: Sequence[str], before: Sequence[int]) -> Iterator[Box]:
    words: list[Word] = []
    lines: list[int] = []
    text = ""
    owners: list[int] = []  # of each character, the index of its word
    for number, line in enumerate(page.lines):
        for word in line.words:
            owners += [len(words)] * (len(word.text) + 1)
            text += word.text + " "
            words.append(word)
            lines.append(number)
    characters = PageCharacters(text)
    for quote, count in zip(quotes, before, strict=True):
        for start, end in characters.find(quote, count):
            found: dict[int, list[Word]] = {}
            for index in sorted(set(owners[start:end])):
                found.setdefault(lines[index], []).append(words[index])
            for row in found.values():
                yield (
                    min(word.left for word in row) / page.width_px,
                    min(word.top for word in row) / page.height_px,
                    max(word.right for word in row) / page.width_px,
                    max(word.bottom for word in row) / page.height_px,
                )
