"""How much a document may ask of this computer before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one document. Passing one raises `DocumentError` with `FileFault.TOO_LARGE`.

    Attributes:
        file_bytes: size of the file.
        pages: number of pages.
        characters: text of all pages together.
        markup_bytes: size of a text, Markdown or HTML file, which is held in memory whole.
        archive_entries, archive_bytes: files in a zip container, and their size inflated.
        archive_ratio: inflated by compressed size, for members over `archive_ratio_from_bytes`.
        archives: archives of documents within each other and beside each other, all together.
        message_bytes: size of a message with its attachments.
        nesting: archives and messages within each other; what is deeper is not opened.
        lines: of a text file.
        table_cells: filled cells of all tables of a workbook, or of a file of delimited values.
        picture_pixels: a larger picture of a page is drawn smaller instead.
        picture_bytes: a PNG, JPEG or TIFF may take so much when it is inflated.
        recognition_page_s: a page whose letters take longer to recognise is given up.
        page_bytes: memory that reading one page of a PDF, or opening it, may add (Linux only).
        memory_bytes: address space of the reader's process.
        silence_s: the reader is ended when it says nothing for so long.
        total_s: the reader is ended when one document takes so long; recognising letters does
            not count, since each page of it has its own bound.
    """

    file_bytes: int = 1_000_000_000
    pages: int = 10_000
    characters: int = 50_000_000
    markup_bytes: int = 200_000_000
    archive_entries: int = 5_000
    archive_bytes: int = 300_000_000
    archive_ratio: int = 100
    archive_ratio_from_bytes: int = 10_000_000
    archives: int = 100
    message_bytes: int = 60_000_000
    nesting: int = 3
    lines: int = 1_000_000
    table_cells: int = 1_000_000
    picture_pixels: int = 25_000_000
    picture_bytes: int = 250_000_000
    recognition_page_s: float = 60.0
    page_bytes: int = 120_000_000
    memory_bytes: int = 2_000_000_000
    silence_s: float = 60.0
    total_s: float = 900.0
