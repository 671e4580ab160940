"""Reads pictures of text into lines: whole files of them, and the pages of a PDF that need it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.formats.picture import PictureFile
from assistant.documents.headings import Outline
from assistant.documents.layout import SourcePage, lay_out
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognising import Picture, Recogniser
from assistant.documents.ocr.recognition import OcrWish, RecognisedPage
from assistant.documents.ocr.typesetting import even_out, lines_of
from assistant.documents.titles import largest_text
from assistant.errors import DocumentError, FileFault

_POINTS = 72.0

ReportPages = Callable[[int, int, bool], None]


class ScanReader:
    """Recognises pages for one document, if a program for that is installed and wanted.

    Args:
        wish: how pictures are to be read.
        limits: bounds on a page.
        report: called with the pages done, those there are, and whether letters are being
            recognised; every second while they are.
    """

    def __init__(self, wish: OcrWish, limits: Limits, report: ReportPages) -> None:
        self.report = report
        self._wish = wish
        self._page_s = limits.recognition_page_s

    @cached_property
    def _recogniser(self) -> Recogniser | None:
        return Recogniser.find(self._wish, self._page_s)

    @property
    def is_ready(self) -> bool:
        """Whether pictures can be read; looked for at the first question."""
        return self._recogniser is not None

    def read(
        self, pictures: Iterable[Picture], *, done: int, total: int, likely: str = ""
    ) -> Iterator[tuple[int, SourcePage]]:
        """Yield the number and the lines of each of `pictures`.

        Args:
            pictures: numbers and pictures of pages; taken as they are needed.
            done: how many pages were read before.
            total: how many there are.
            likely: ISO 639-1 code of the other pages' language, "" if unknown.
        """
        if self._recogniser is None:
            return

        def tick() -> None:
            self.report(done, total, True)

        tick()
        for number, page in self._recogniser.read(pictures, likely, tick):
            done += 1
            tick()
            yield number, _source_page(page)


def read_picture(path: Path, limits: Limits, kind: str, reader: ScanReader) -> Draft:
    """Return the draft of a PNG, JPEG or TIFF.

    Raises:
        DocumentError: it is damaged, passes a limit, has no text, or nothing here reads pictures.
    """
    file = PictureFile(path, limits)
    try:
        if not reader.is_ready:
            raise DocumentError(path, FileFault.NEEDS_OCR, pages=file.page_count)
        read = reader.read(file.pages(), done=0, total=file.page_count)
        pages = [page for _, page in read]
    finally:
        file.close()
    refuse_if_empty(path, pages)
    even_out([line for page in pages for line in page.lines])
    title = largest_text([page.lines for page in pages[:3]])
    return Draft(kind, lay_out(pages, Outline([])), (title,))


def refuse_if_empty(path: Path, pages: list[SourcePage]) -> None:
    """Refuse a document without text.

    Raises:
        DocumentError: no page was read.
    """
    statuses = {page.status for page in pages}
    if PageStatus.READ in statuses:
        return
    if PageStatus.NEEDS_OCR in statuses:
        raise DocumentError(path, FileFault.NEEDS_OCR, pages=len(pages))
    if all(page.status is PageStatus.FAILED and page.confidence is None for page in pages):
        raise DocumentError(path, FileFault.DAMAGED, pages=len(pages))
    raise DocumentError(path, FileFault.NO_TEXT, pages=len(pages))


def _source_page(page: RecognisedPage) -> SourcePage:
    height = page.height_px * _POINTS / page.dpi
    if page.has_failed:
        return SourcePage([], height, PageStatus.FAILED, confidence=0.0)
    lines = lines_of(page)
    if not lines:
        return SourcePage([], height, PageStatus.NO_TEXT)
    return SourcePage(lines, height, PageStatus.READ, page.confidence)
