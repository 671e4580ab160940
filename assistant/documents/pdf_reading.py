"""Reads a PDF into a draft: pages one by one, then what only the whole document tells."""

from collections.abc import Callable
from pathlib import Path

from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.formats.pdf import PdfFile, PdfPage
from assistant.documents.headings import Outline
from assistant.documents.layout import SourcePage, lay_out
from assistant.documents.limits import Limits
from assistant.documents.titles import largest_text
from assistant.errors import DocumentError, FileFault


def read_pdf(file: PdfFile, limits: Limits, progress: Callable[[int, int], None]) -> Draft:
    """Return the draft of an open PDF.

    Args:
        file: the PDF.
        limits: bounds on pages and text.
        progress: called with pages done and pages there are.

    Raises:
        DocumentError: it passes a limit, or no page has text.
    """
    total = file.page_count
    if total > limits.pages:
        raise DocumentError(file.path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    pages: list[SourcePage] = []
    characters = 0
    for number in range(1, total + 1):
        page = file.read_page(number)
        characters += sum(len(line.text) for line in page.lines)
        check_characters(file.path, characters, limits)
        pages.append(SourcePage(page.lines, page.height, _status(page)))
        progress(number, total)
    if not any(page.status is PageStatus.READ for page in pages):
        if all(page.status is PageStatus.FAILED for page in pages):
            raise DocumentError(file.path, FileFault.DAMAGED, pages=total)
        raise DocumentError(file.path, FileFault.NO_TEXT, pages=total)
    outline = Outline((entry.title, entry.level, entry.page) for entry in file.outline())
    titles = (file.title, largest_text([page.lines for page in pages[:3]]))
    return Draft("pdf", lay_out(pages, outline), titles)


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
    if page.is_picture or not page.lines:
        return PageStatus.NO_TEXT
    return PageStatus.READ
