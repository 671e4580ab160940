"""Draws a page of a PDF with the places of quotes on it."""

from assistant.documents.formats.pdf import PdfFile
from assistant.documents.highlights import PageCharacters
from assistant.documents.messages import Draw, Drawn
from assistant.errors import DocumentError, FileFault


def draw(file: PdfFile, request: Draw) -> Drawn:
    """Return the picture of a page.

    Raises:
        DocumentError: the file has no such page, or pdfium cannot draw it.
    """
    if not 1 <= request.page <= file.page_count:
        raise DocumentError(file.path, FileFault.DAMAGED, pages=file.page_count)
    picture = file.draw(request.page, request.width_px, request.limits.picture_pixels)
    places: list[tuple[float, float, float, float]] = []
    if request.highlights:
        scale = picture.width_px / picture.page_width
        with file.characters(request.page) as characters:
            page = PageCharacters(characters.text)
            for quote in request.highlights:
                for start, end in page.find(quote):
                    places += characters.rectangles(start, end)
    return Drawn(
        request.id,
        width_px=picture.width_px,
        height_px=picture.height_px,
        bgrx=picture.bgrx,
        highlights=tuple(
            (left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
            for left, top, right, bottom in places
        ),
    )
