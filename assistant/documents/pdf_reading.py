"""Reads a PDF into a draft: pages one by one, then what only the whole document tells."""

from collections.abc import Sequence
from pathlib import Path

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
    characters = 0
    for number in range(1, total + 1):
        page = file.read_page(number)
        characters += sum(len(line.text) for line in page.lines)
        check_characters(file.path, characters, limits)
        pages.append(SourcePage(page.lines, page.height, _status(page)))
        if page.is_picture:
            pictures.append(number)
        scans.report(number - len(pictures), total, False)
    if pictures and scans.is_ready:
        _recognise(file, limits, scans, pages, pictures)
    refuse_if_empty(file.path, pages)
    scans.report(total, total, False)
    outline = Outline((entry.title, entry.level, entry.page) for entry in file.outline())
    titles = (file.title, largest_text([page.lines for page in pages[:3]]))
    return Draft("pdf", lay_out(pages, outline), titles)


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
