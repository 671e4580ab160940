"""Draws a page of a PDF, or a picture, with the places of quotes on it."""

from collections.abc import Hashable, Iterable, Iterator

from assistant.documents.formats.pdf import PdfFile
from assistant.documents.formats.picture import PictureFile
from assistant.documents.highlights import PageCharacters
from assistant.documents.messages import Draw, Drawn
from assistant.documents.scanned_places import ScannedPlaces
from assistant.errors import DocumentError, FileFault

Box = tuple[float, float, float, float]


def draw(file: PdfFile, request: Draw, scanned: ScannedPlaces, key: Hashable) -> Drawn:
    """Return the picture of a page.

    Args:
        file: the PDF.
        request: what to draw, and the quotes to find.
        scanned: finds them on a page that is a picture itself.
        key: names the file as it is now.

    Raises:
        DocumentError: the file has no such page, or pdfium cannot draw it.
    """
    if not 1 <= request.page <= file.page_count:
        raise DocumentError(file.path, FileFault.DAMAGED, pages=file.page_count)
    limits = request.limits
    picture = file.draw(request.page, request.width_px, limits.picture_pixels)
    places: list[Box] = []
    scale_x = scale_y = picture.width_px / picture.page_width
    page = file.read_page(request.page) if request.highlights else None
    if page and not page.is_picture:
        with file.characters(request.page) as characters:
            text = PageCharacters(characters.text)
            for quote, before in zip(request.highlights, request.before, strict=True):
                for start, end in text.find(quote, before):
                    places += characters.rectangles(start, end)
    if page and not places and (page.is_picture or page.may_be_stamped):
        places = scanned.find(
            (key, request.page),
            request.highlights,
            lambda: file.gray(request.page, limits.picture_pixels),
            limits,
            before=request.before,
        )
        scale_x, scale_y = float(picture.width_px), float(picture.height_px)
    return Drawn(
        request.id,
        width_px=picture.width_px,
        height_px=picture.height_px,
        bgrx=picture.bgrx,
        highlights=tuple(_scaled(places, scale_x, scale_y)),
    )


def draw_picture(file: PictureFile, request: Draw, scanned: ScannedPlaces, key: Hashable) -> Drawn:
    """Return a page of a PNG, JPEG or TIFF; for the arguments see `draw`.

    Raises:
        DocumentError: the file has no such page, is damaged, or passes a limit.
    """
    width, height, pixels = file.draw(request.page, request.width_px)
    places: list[Box] = []
    if request.highlights:
        places = scanned.find(
            (key, request.page),
            request.highlights,
            lambda: file.page(request.page),
            request.limits,
            before=request.before,
        )
    highlights = tuple(_scaled(places, float(width), float(height)))
    return Drawn(request.id, width, height, pixels, highlights)


def _scaled(places: Iterable[Box], x: float, y: float) -> Iterator[Box]:
    """Yield left, top, width and height in pixels."""
    for left, top, right, bottom in places:
        yield left * x, top * y, (right - left) * x, (bottom - top) * y
