"""Recognises the text of pictures, several at once, with what is installed."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from assistant.documents.ocr.languages import better, first_guess, of_script
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
        program: Tesseract or RapidOCR.
        wish: languages asked for.
        page_s: a page that takes longer has failed.
    """

    def __init__(self, program: Tesseract | RapidOcr, wish: OcrWish, page_s: float) -> None:
        self.program = program
        self._wish = wish
        self._page_s = page_s

    @classmethod
    def find(cls, wish: OcrWish, page_s: float) -> "Recogniser | None":
        """Return the recogniser to use, None if none is wanted or installed."""
        if not wish.is_wanted:
            return None
        program = Tesseract.find() or RapidOcr.find()
        return cls(program, wish, page_s) if program else None

    def read(
        self, pictures: Iterable[Picture], likely: str, tick: Callable[[], None]
    ) -> Iterator[Recognised]:
        """Yield each of `pictures` as recognised, in their order, with the number it came with.

        Args:
            pictures: numbers and pictures; taken only as they are needed.
            likely: ISO 639-1 code of the text around them, "" if unknown.
            tick: called every second.
        """
        if isinstance(self.program, RapidOcr):
            yield from self._one_by_one(self.program, pictures, tick)
        else:
            yield from self._side_by_side(self.program, iter(pictures), likely, tick)

    def _one_by_one(
        self, program: RapidOcr, pictures: Iterable[Picture], tick: Callable[[], None]
    ) -> Iterator[Recognised]:
        """RapidOCR uses all cores for one page."""
        with ThreadPoolExecutor(1) as pool:
            for number, picture in pictures:
                future = pool.submit(program.recognise, picture)
                yield number, self._result(future, tick)

    def _side_by_side(
        self, program: Tesseract, pictures: Iterator[Picture], likely: str, tick: Callable[[], None]
    ) -> Iterator[Recognised]:
        first = next(pictures, None)
        if first is None:
            return
        languages = first_guess(program.languages, self._wish.languages, likely)
        at_once = max(1, min(_MOST_AT_ONCE, os.cpu_count() or 1))
        with ThreadPoolExecutor(at_once) as pool:
            number, picture = first
            page = self._result(
                pool.submit(program.recognise, picture, languages, self._page_s), tick
            )
            if not self._wish.languages:
                others = self._other_languages(program, picture, page, languages)
                if others != languages:
                    languages = others
                    again = pool.submit(program.recognise, picture, languages, self._page_s)
                    page = self._result(again, tick)
            yield number, page
            waiting: deque[tuple[int, Future[RecognisedPage]]] = deque()
            for number, picture in pictures:
                future = pool.submit(program.recognise, picture, languages, self._page_s)
                waiting.append((number, future))
                if len(waiting) > at_once:
                    done, result = waiting.popleft()
                    yield done, self._result(result, tick)
            for number, future in waiting:
                yield number, self._result(future, tick)

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
