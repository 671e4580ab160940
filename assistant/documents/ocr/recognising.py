"""Recognises the text of pictures, several at once, with what is installed."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice

from assistant.documents.ocr.languages import better, code, first_guess, of_script
from assistant.documents.ocr.rapid import RapidOcr
from assistant.documents.ocr.recognition import GrayPicture, OcrWish, RecognisedPage
from assistant.documents.ocr.tesseract import Tesseract

_TICK_S = 1.0
_UNSURE = 0.6  # a page this badly read may be in another script
_MOST_AT_ONCE = 4

Picture = tuple[int, GrayPicture]
Recognised = tuple[int, RecognisedPage]


class Recogniser:
    """What is installed here, ready to read pictures.

    Args:
        tesseract: read with where there is one: it is many times faster.
        rapid: reads what Tesseract is unsure of, or everything.
        wish: languages asked for.
        page_s: a page that takes longer has failed.
    """

    def __init__(
        self,
        tesseract: Tesseract | None,
        rapid: RapidOcr | None,
        wish: OcrWish,
        page_s: float,
    ) -> None:
        self._tesseract = tesseract
        self._rapid = rapid
        self._wish = wish
        self._page_s = page_s

    @classmethod
    def find(cls, wish: OcrWish, page_s: float) -> "Recogniser | None":
        """Return the recogniser to use, None if none is wanted or installed."""
        if not wish.is_wanted:
            return None
        tesseract, rapid = Tesseract.find(), RapidOcr.find()
        if tesseract and rapid and wish.languages:
            knows = any(code(name) in tesseract.languages for name in wish.languages)
            tesseract = tesseract if knows else None
        return cls(tesseract, rapid, wish, page_s) if tesseract or rapid else None

    def read(
        self, pictures: Iterable[Picture], likely: str, tick: Callable[[], None]
    ) -> Iterator[Recognised]:
        """Yield each of `pictures` as recognised, in their order, with the number it came with.

        Args:
            pictures: numbers and pictures; taken only as they are needed.
            likely: ISO 639-1 code of the text around them, "" if unknown.
            tick: called every second.
        """
        if self._tesseract:
            yield from self._side_by_side(self._tesseract, iter(pictures), likely, tick)
        elif self._rapid:
            for number, picture in pictures:
                yield number, self._by_rapid(self._rapid, picture, tick)

    def _by_rapid(
        self, rapid: RapidOcr, picture: GrayPicture, tick: Callable[[], None]
    ) -> RecognisedPage:
        """Use RapidOCR, which takes all cores for one page."""
        with ThreadPoolExecutor(1) as pool:
            return self._result(pool.submit(rapid.recognise, picture), tick)

    def _side_by_side(
        self, program: Tesseract, pictures: Iterator[Picture], likely: str, tick: Callable[[], None]
    ) -> Iterator[Recognised]:
        """Use Tesseract, which takes one core for a page, for several at once."""
        languages = first_guess(program.languages, self._wish.languages, likely)
        is_known = bool(self._wish.languages) or code(likely) in languages
        at_once = max(1, min(_MOST_AT_ONCE, os.cpu_count() or 1))
        with ThreadPoolExecutor(at_once) as pool:

            def begin(picture: GrayPicture) -> Future[RecognisedPage]:
                return pool.submit(program.recognise, picture, languages, self._page_s)

            for number, picture in () if is_known else islice(pictures, 1):
                page = self._result(begin(picture), tick)
                others = self._other_languages(program, picture, page, languages)
                if others != languages:
                    languages = others
                    page = self._result(begin(picture), tick)
                yield number, self._surer(page, picture, tick)
            waiting: deque[tuple[int, GrayPicture, Future[RecognisedPage]]] = deque()
            while True:
                for number, picture in islice(pictures, at_once + 1 - len(waiting)):
                    waiting.append((number, picture, begin(picture)))
                if not waiting:
                    return
                number, picture, future = waiting.popleft()
                yield number, self._surer(self._result(future, tick), picture, tick)

    def _surer(
        self, page: RecognisedPage, picture: GrayPicture, tick: Callable[[], None]
    ) -> RecognisedPage:
        """Return `page`, or what RapidOCR makes of one that Tesseract is not sure of."""
        if self._rapid is None or (page.lines and page.confidence >= _UNSURE):
            return page
        other = self._by_rapid(self._rapid, picture, tick)
        return other if other.confidence > page.confidence else page

    def _other_languages(
        self,
        program: Tesseract,
        picture: GrayPicture,
        page: RecognisedPage,
        used: tuple[str, ...],
    ) -> tuple[str, ...]:
        """Return the languages that the first page says the others are in."""
        if page.lines and page.confidence >= _UNSURE:
            return better(program.languages, used, page.text)
        return of_script(program.languages, used, program.script(picture, self._page_s))

    def _result(self, future: Future[RecognisedPage], tick: Callable[[], None]) -> RecognisedPage:
        """Wait for `future`. One that outlasts its time is waited for without a sign of life."""
        begun = time.monotonic()
        while not wait([future], timeout=_TICK_S).done:
            if time.monotonic() - begun < 2 * self._page_s:
                tick()
        return future.result()
