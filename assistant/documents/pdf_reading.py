"""Reads a PDF into a draft: pages one by one, then what only the whole document tells."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.documents import left_out
from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.formats.pdf import PdfFile, PdfPage
from assistant.documents.headings import Outline
from assistant.documents.language import detect
from assistant.documents.layout import SourcePage, lay_out
from assistant.documents.limits import Limits
from assistant.documents.ocr.typesetting import even_out
from assistant.documents.scans import ScanReader, refuse_if_empty
from assistant.documents.titles import largest_text
from assistant.errors import DocumentError, FileFault

_LEAST_STAMPED = 2  # pages
_FEW_CHARACTERS = 20
_COUNT = re.compile(r"\d+")


def read_pdf(file: PdfFile, limits: Limits, scans: ScanReader) -> Draft:
    """Return the draft of an open PDF.

    Args:
        file: the PDF.
        limits: bounds on pages and text.
        scans: reads the pages that are pictures, and is told of pages done and pages there are.

    Raises:
        DocumentError: it passes a limit, or no page has text.
    """
    total = file.page_count
    if total > limits.pages:
        raise DocumentError(file.path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    pages: list[SourcePage] = []
    pictures: list[int] = []
    stamped: dict[int, PdfPage] = {}
    illustrated: set[int] = set()
    characters = comments = 0
    attached = file.attached_files
    for number in range(1, total + 1):
        page = file.read_page(number)
        comments += page.comments
        attached += page.attached_files
        characters += sum(len(line.text) for line in page.lines)
        check_characters(file.path, characters, limits)
        pages.append(SourcePage(page.lines, page.height, _status(page)))
        if page.is_picture:
            pictures.append(number)
        elif page.may_be_stamped:
            stamped[number] = page
        if page.has_picture:
            illustrated.add(number)
        scans.report(number - len(pictures), total, False)
    for number in _scanned(stamped):
        pictures.append(number)
        pages[number - 1] = replace(pages[number - 1], status=PageStatus.NEEDS_OCR)
    pictures.sort()
    illustrated.difference_update(pictures)
    if pictures and scans.is_ready:
        _recognise(file, limits, scans, pages, pictures)
    refuse_if_empty(file.path, pages)
    scans.report(total, total, False)
    outline = Outline((entry.title, entry.level, entry.page) for entry in file.outline())
    titles = (file.title, largest_text([page.lines for page in pages[:3]]))
    notes = (
        *left_out.counted(left_out.PICTURE_PAGES, len(illustrated)),
        *left_out.counted(left_out.OBJECTS, attached),
        *left_out.counted(left_out.COMMENTS, comments),
    )
    return Draft("pdf", lay_out(pages, outline), titles, notes)


def _recognise(
    file: PdfFile,
    limits: Limits,
    scans: ScanReader,
    pages: list[SourcePage],
    pictures: Sequence[int],
) -> None:
    """Put what can be recognised on `pictures`, numbers of pages, into `pages`."""
    total = len(pages)
    # From here on nothing is read of single pages: the text of all of them may take its room.
    scans.report(total - len(pictures), total, True)
    around = [line for page in pages if page.status is PageStatus.READ for line in page.lines]
    text = "\n".join(line.text for line in around)
    drawn = ((number, file.gray(number, limits.picture_pixels)) for number in pictures)
    done = total - len(pictures)
    for number, page in scans.read(drawn, done=done, total=total, likely=detect(text)):
        pages[number - 1] = page
    even_out([line for number in pictures for line in pages[number - 1].lines], around)


def _scanned(stamped: Mapping[int, PdfPage]) -> Iterator[int]:
    """Yield the numbers of the pages that say nothing but what other scanned pages say, too.

    It is a stamp, such as the number of a signature's envelope or the name of the scanning app:
    what the page itself says is in its picture.
    """
    keys = {number: [_key(line.text) for line in page.lines] for number, page in stamped.items()}
    seen = Counter(key for found in keys.values() for key in set(found))
    for number, found in keys.items():
        if sum(len(key) for key in found if seen[key] < _LEAST_STAMPED) < _FEW_CHARACTERS:
            yield number


def _key(text: str) -> str:
    """Return what a stamp has in common on all pages: it may count them."""
    return _COUNT.sub("#", "".join(text.split()))


def check_characters(path: Path, characters: int, limits: Limits) -> None:
    """Refuse text beyond the limit.

    Raises:
        DocumentError: there are more `characters` than allowed.
    """
    if characters > limits.characters:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"characters {limits.characters}")


def _status(page: PdfPage) -> PageStatus:
    if page.has_failed:
        return PageStatus.FAILED
    if page.is_picture:
        return PageStatus.NEEDS_OCR
    if not page.lines:
        return PageStatus.NO_TEXT
    return PageStatus.READ
