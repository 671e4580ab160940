"""Reads PDF: lines with their place and font, the outline, metadata, and pictures of pages.

The only importer of pypdfium2. Fonts are asked for at two or three characters of a line, never at
each: that would cost three times as much as the text itself.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw
from pypdfium2 import PdfiumError

from assistant.documents import leftwards
from assistant.documents.cleaning import clean
from assistant.documents.fields import filled_in
from assistant.documents.formats.pdf_fields import read_annotations
from assistant.documents.formats.pdf_geometry import Font, Frame
from assistant.documents.leftwards import Glyph
from assistant.documents.lines import HYPHEN, Line, Piece, joined
from assistant.documents.ocr.recognition import GrayPicture
from assistant.errors import DocumentError, FileFault

library: Any = pypdfium2  # has no types
pdfium: Any = pypdfium2.raw

# A line without the spaces around it. pdfium writes a hyphen that ends a line as one of two
# characters that are no text, and no line break then.
_SEGMENT = re.compile(
    r"(?P<text>[^\s\x02\ufffe](?:[^\r\n\x02\ufffe]*[^\s\x02\ufffe])?)[^\S\r\n]*(?P<hyphen>[\x02\ufffe])?"
)
_GAP = 1.0  # font sizes; few justified lines have spaces so wide
_WORD = re.compile(r"\S+")
_STRETCHED = 0.52  # font sizes a character; text has 0.36 to 0.5, the rows of a table more
_FEW_CHARACTERS = 20
_LEAST_COVERED = 0.05  # of the page: a logo alone is less
_STAMP_CHARACTERS = 300  # a stamp on a scanned page has no more, and a line or two of real text
_MOSTLY_COVERED = 0.5  # of the page, by a scan of it
_LARGE = 0.15  # of the page; it may be a table or a chart
_FULL_PAGE_CHARACTERS = 2_000
_OTHER_SIZE = 0.2  # points; less is rounding
# Digits first: looking behind at every character costs a third of reading a page.
_MARK = re.compile(r"\d{1,3}(?=[\s.,;:)]|$)")
_BEFORE_MARK = frozenset('.,;:)]”’"')
_MARK_SIZE = 0.87  # of the line's; browsers' are 0.83, Word's and LaTeX's 0.58 to 0.75
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_POINTS = 72.0  # in an inch
_OCR_DPI = 300.0  # what Tesseract's models were made for
_LONGEST_PAGE = 1_200.0  # points; A3 has 1,191
_PAGE_INCHES = 11.7  # the longer side of A4
_BGRX = pdfium.FPDFBitmap_BGRx
_IMAGE_OR_FORM = frozenset({pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM})


@dataclass(slots=True)
class PdfPage:
    """What stands on a page.

    Attributes:
        lines: in the file's order.
        width, height: in points, as shown.
        has_failed: pdfium could not read it.
        is_picture: it has an image and hardly any text.
        may_be_stamped: an image covers it, and its text may be what was stamped on a scan.
        has_picture: a large image stands beside its text.
        comments: how many remarks were put onto it.
        attached_files: how many files are pinned to it.
    """

    lines: list[Line]
    width: float = 0.0
    height: float = 0.0
    has_failed: bool = False
    is_picture: bool = False
    may_be_stamped: bool = False
    has_picture: bool = False
    comments: int = 0
    attached_files: int = 0


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the file's own table of contents; `page` counts from 1, 0 if unknown."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class PagePixels:
    """A drawn page: four bytes a pixel (blue, green, red, unused), without padding.

    Attributes:
        page_width: the page's width in points.
    """

    width_px: int
    height_px: int
    bgrx: bytes
    page_width: float


class PdfFile:
    """An open PDF.

    Raises:
        DocumentError: it is damaged, has no pages, or needs another password.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self.path = path
        self._fonts: dict[bytes, Font] = {}
        try:
            self._document = library.PdfDocument(path, password=password)
        except PdfiumError as error:
            raise DocumentError(path, _fault(error, password)) from error
        with suppress(PdfiumError):  # a damaged form is none
            self._document.init_forms()
        if not len(self._document):
            self._document.close()
            raise DocumentError(path, FileFault.EMPTY)

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return len(self._document)

    @property
    def title(self) -> str:
        """The title in its metadata, or ""."""
        return clean(self._document.get_metadata_value("Title")).strip()

    @property
    def attached_files(self) -> int:
        """How many files are embedded in it."""
        count: int = pdfium.FPDFDoc_GetAttachmentCount(self._document)
        return max(0, count)

    def outline(self) -> list[OutlineEntry]:
        """Return its table of contents, empty if it has none or a damaged one."""
        entries = []
        try:
            for bookmark in self._document.get_toc(max_depth=6):
                destination = bookmark.get_dest()
                index = destination.get_index() if destination else None
                title = clean(bookmark.get_title()).strip()
                page = 0 if index is None else index + 1
                entries.append(OutlineEntry(title, bookmark.level + 1, page))
        except (PdfiumError, UnicodeDecodeError, ValueError):
            pass
        return entries

    def read_page(self, number: int) -> PdfPage:
        """Return page `number`, counted from 1."""
        try:
            page = self._document[number - 1]
        except PdfiumError:
            return PdfPage([], has_failed=True)
        try:
            text_page = page.get_textpage()
        except PdfiumError:
            page.close()
            return PdfPage([], has_failed=True)
        try:
            width, height = page.get_size()
            frame = _frame(page)
            reader = _PageReader(text_page, frame, self._fonts)
            lines = joined(list(reader.lines()))
            put_on = read_annotations(pdfium, page, self._document.formenv, frame)
            if put_on.fields:
                lines = filled_in(lines, put_on.fields)
            count = reader.visible_characters
            # Looking costs time for each word, and a page full of text has room for no picture.
            covered = _covered(page) if count < _FULL_PAGE_CHARACTERS else 0.0
            return PdfPage(
                lines,
                width,
                height,
                is_picture=count < _FEW_CHARACTERS and covered > _LEAST_COVERED,
                may_be_stamped=_FEW_CHARACTERS <= count < _STAMP_CHARACTERS
                and covered > _MOSTLY_COVERED,
                has_picture=count >= _FEW_CHARACTERS and covered > _LARGE,
                comments=put_on.comments,
                attached_files=put_on.attached_files,
            )
        finally:
            text_page.close()
            page.close()

    def draw(self, number: int, width_px: int, most_pixels: int) -> PagePixels:
        """Draw page `number`, `width_px` wide unless that passes `most_pixels`.

        Raises:
            DocumentError: pdfium refuses the page.
        """
        page = self._page(number)
        try:
            width, height = page.get_size()
            scale = _scale(max(1, width_px) / max(1.0, width), width, height, most_pixels)
            bitmap = page.render(scale=scale, prefer_bgrx=True, force_bitmap_format=_BGRX)
            picture = PagePixels(bitmap.width, bitmap.height, _bytes(bitmap, 4), width)
            bitmap.close()
            return picture
        except PdfiumError as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error
        finally:
            page.close()

    def gray(self, number: int, most_pixels: int) -> GrayPicture:
        """Draw page `number` for recognising its letters.

        Raises:
            DocumentError: pdfium refuses the page.
        """
        page = self._page(number)
        try:
            width, height = page.get_size()
            per_inch = _POINTS
            if max(width, height) > _LONGEST_PAGE:  # made of pixels, one a point
                per_inch = max(width, height) / _PAGE_INCHES
            scale = _scale(_OCR_DPI / per_inch, width, height, most_pixels)
            bitmap = page.render(scale=scale, force_bitmap_format=pdfium.FPDFBitmap_Gray)
            picture = GrayPicture(
                width_px=bitmap.width,
                height_px=bitmap.height,
                pixels=_bytes(bitmap, 1),
                dpi=scale * per_inch,
            )
            bitmap.close()
            return picture
        except PdfiumError as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error
        finally:
            page.close()

    @contextmanager
    def characters(self, number: int) -> Iterator["PageText"]:
        """Give the characters of page `number` for finding quotes.

        Raises:
            DocumentError: pdfium refuses the page.
        """
        page = self._page(number)
        try:
            text_page = page.get_textpage()
            try:
                yield PageText(text_page, _frame(page))
            finally:
                text_page.close()
        finally:
            page.close()

    def close(self) -> None:
        """Close the file."""
        self._document.close()

    def _page(self, number: int) -> Any:
        try:
            return self._document[number - 1]
        except PdfiumError as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error


class PageText:
    """A page's characters, one for each of pdfium's indices, and their rectangles."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self._page = text_page.raw
        self._frame = frame
        count = pdfium.FPDFText_CountChars(self._page)
        codes = (pdfium.FPDFText_GetUnicode(self._page, index) for index in range(count))
        self.text = "".join(chr(code) if code < 0x110000 else " " for code in codes)

    def rectangles(self, start: int, end: int) -> Iterator[tuple[float, float, float, float]]:
        """Yield left, top, right, bottom in points of what holds characters start to end."""
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        for index in range(pdfium.FPDFText_CountRects(self._page, start, end - start)):
            pdfium.FPDFText_GetRect(self._page, index, left, top, right, bottom)
            rect = pdfium.FS_RECTF(left.value, top.value, right.value, bottom.value)
            yield self._frame.place(rect)


class _PageReader:
    """Reads the lines of one page through pdfium's functions on characters."""

    def __init__(self, text_page: Any, frame: Frame, fonts: dict[bytes, Font]) -> None:
        self._page = text_page.raw
        self._frame = frame
        self._fonts = fonts
        self._rect = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()
        self._edges = tuple(ctypes.c_double() for _ in range(4))
        self.visible_characters = 0
        self._count = pdfium.FPDFText_CountChars(self._page)
        buffer = (ctypes.c_ushort * (self._count * 2 + 2))()
        length = pdfium.FPDFText_GetText(self._page, 0, self._count, buffer)
        raw = bytes(memoryview(buffer).cast("B")[: 2 * max(0, length - 1)])
        self._text = raw.decode("utf-16-le", "replace")
        # pdfium counts UTF-16 units, and characters that have no text besides.
        self._is_plain = len(self._text) == self._count

    def lines(self) -> Iterator[Line]:
        """Yield the lines in the file's order."""
        before: Line | None = None
        for match in _SEGMENT.finditer(self._text):
            start, end = match.span("text")
            self.visible_characters += end - start
            line = self._line(start, end, HYPHEN if match["hyphen"] else "")
            if not line.text.strip():  # it may have had nothing but what cannot be seen
                continue
            if (
                not line.is_somewhere
            ):  # damage puts words nowhere: they stay where the file has them
                line = line.put_below(before)
            yield line
            before = line

    def _line(self, start: int, end: int, hyphen: str) -> Line:
        """Measure the line `text[start:end]`."""
        first, last = self._index(start), self._index(end - 1)
        left, top, right, bottom = self._box(first)
        size = self._size(first)
        is_upright = self._frame.is_upright(self._matrix.a, self._matrix.b)
        font = self._font(first)
        if last > first:
            box = self._box(last)
            left, right = min(left, box[0]), max(right, box[2])
            other = self._size(last)
            if abs(other - size) > _OTHER_SIZE:  # a large initial, or a mark at either end
                size = sorted((size, other, self._size((first + last) // 2)))[1]
                if abs(other - size) < _OTHER_SIZE:
                    top, bottom = box[1], box[3]
            if font.is_bold or font.is_mono:
                font = font.and_also(self._font(last))
        pieces: tuple[Piece, ...] = ()
        text = self._text[start:end]
        is_level = is_upright and self._frame.rotation == 0
        if is_level and leftwards.runs_leftwards(text):
            text, pieces = self._leftward(start, end, size)
        else:
            text = self._with_marks(text, start, size)
            if is_level:
                is_stretched = right - left > _STRETCHED * size * (end - start)
                pieces = self._pieces(start, end, size, look=is_stretched and not font.is_mono)
        text = clean(text) + hyphen
        return Line(
            text, left, right, top, bottom, size, font.is_bold, font.is_mono, is_upright, pieces
        )

    def _with_marks(self, text: str, start: int, size: float) -> str:
        """Return the text with digits that stand raised after a word, as note marks do, raised."""
        for match in _MARK.finditer(text):
            before = text[match.start() - 1 : match.start()]
            if not (before.isalpha() or before in _BEFORE_MARK):
                continue
            if self._size(self._index(start + match.start())) < _MARK_SIZE * size:
                mark = match.group().translate(_RAISED)
                text = text[: match.start()] + mark + text[match.end() :]
        return text

    def _leftward(self, start: int, end: int, size: float) -> tuple[str, tuple[Piece, ...]]:
        """Return the text `text[start:end]`, which runs leftwards, and its parts between gaps."""
        glyphs: list[Glyph] = []
        for place in range(start, end):
            left, _, right, _ = self._box(self._index(place))
            character = self._text[place]
            if glyphs and (glyphs[-1].left, glyphs[-1].right) == (left, right):
                glyphs[-1].text += character
            else:
                glyphs.append(Glyph(character, left, right))
        parts: list[list[Glyph]] = [[]]
        for glyph in leftwards.in_order(glyphs):
            if parts[-1] and parts[-1][-1].left - glyph.right > _GAP * size:
                parts.append([])
            parts[-1].append(glyph)
        pieces = tuple(
            Piece(clean(leftwards.read(part, size)), part[-1].left, part[0].right)
            for part in parts
            if part
        )
        return leftwards.read(glyphs, size), pieces if len(pieces) > 1 else ()

    def _index(self, position: int) -> int:
        """Return pdfium's index of the character at `position` of the text."""
        if self._is_plain:
            return position
        units = len(self._text[:position].encode("utf-16-le", "replace")) // 2
        return max(0, int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, units)))

    def _box(self, index: int) -> tuple[float, float, float, float]:
        pdfium.FPDFText_GetLooseCharBox(self._page, index, self._rect)
        return self._frame.place(self._rect)

    def _size(self, index: int) -> float:
        """Return a character's size in points as shown, leaving its matrix behind."""
        pdfium.FPDFText_GetMatrix(self._page, index, self._matrix)
        scale = math.hypot(self._matrix.c, self._matrix.d) or 1.0
        size: float = pdfium.FPDFText_GetFontSize(self._page, index)
        return round(size * scale, 1)

    def _font(self, index: int) -> Font:
        pdfium.FPDFText_GetFontInfo(self._page, index, self._name, 256, self._flags)
        name = self._name.value
        font = self._fonts.get(name)
        if font is None:
            weight = pdfium.FPDFText_GetFontWeight(self._page, index)
            font = self._fonts[name] = Font.of(name.decode("latin-1"), weight)
        return font

    def _pieces(self, start: int, end: int, size: float, *, look: bool) -> tuple[Piece, ...]:
        """Return the parts of `text[start:end]` between wide gaps, () if there are none.

        Args:
            start: where the line begins.
            end: where it ends.
            size: of its font.
            look: look at every space, for the text is wider than prose is.
        """
        cuts = self._cuts_at_spaces(start, end, size) if look else []
        if not cuts:
            first, last = self._index(start), self._index(end - 1)
            begin = start
            for gap in self._gaps(first, last, size):
                begin = self._first_right_of(gap, begin, end)
                cuts.append(begin)
        if not cuts:
            return ()
        pieces = [self._piece(begin, cut) for begin, cut in pairwise([start, *cuts, end])]
        whole = tuple(piece for piece in pieces if piece)
        return whole if len(whole) > 1 else ()

    def _cuts_at_spaces(self, start: int, end: int, size: float) -> list[int]:
        """Return the positions after spaces that are wide."""
        cuts = []
        reached = -math.inf
        for word in _WORD.finditer(self._text, start, end):
            first = self._box(self._index(word.start()))
            last = self._box(self._index(word.end() - 1))
            if reached > -math.inf and first[0] - reached > _GAP * size:
                cuts.append(word.start())
            reached = last[2]
        return cuts

    def _gaps(self, first: int, last: int, size: float) -> list[float]:
        """Return the middles of the wide gaps between the rectangles of these characters."""
        count = pdfium.FPDFText_CountRects(self._page, first, last - first + 1)
        if count < 2:
            return []
        left, top, right, bottom = self._edges
        gaps: list[float] = []
        reached = -math.inf
        for index in range(count):
            pdfium.FPDFText_GetRect(self._page, index, left, top, right, bottom)
            if reached > -math.inf and left.value - reached > _GAP * size:
                gaps.append((left.value + reached) / 2)
            reached = max(reached, right.value)
        return gaps

    def _first_right_of(self, x: float, begin: int, end: int) -> int:
        """Return the first position whose character starts right of `x`, by bisection."""
        while begin < end:
            middle = (begin + end) // 2
            pdfium.FPDFText_GetLooseCharBox(self._page, self._index(middle), self._rect)
            if self._rect.left > x:
                end = middle
            else:
                begin = middle + 1
        return begin

    def _piece(self, start: int, end: int) -> Piece | None:
        text = self._text[start:end]
        stripped = text.strip()
        if not stripped:
            return None
        seen = clean(stripped).strip()  # all of it may be what cannot be seen
        if not seen:
            return None
        start += text.index(stripped[0])
        left = self._box(self._index(start))[0]
        right = self._box(self._index(start + len(stripped) - 1))[2]
        return Piece(seen, left, right)


def _scale(wished: float, width: float, height: float, most_pixels: int) -> float:
    """Return pixels a point, fewer than wished if a page of this size would have too many."""
    pixels = width * height * wished * wished
    return wished * math.sqrt(most_pixels / pixels) if pixels > most_pixels else wished


def _bytes(bitmap: Any, pixel_bytes: int) -> bytes:
    """Return the pixels row by row without padding."""
    row = bitmap.width * pixel_bytes
    data = bytes(bitmap.buffer)
    if bitmap.stride == row:
        return data
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    return b"".join(data[start : start + row] for start in starts)


def _frame(page: Any) -> Frame:
    # The box that pdfium shows: a page's own boxes leave out those it inherits.
    shown = page.get_bbox()
    return Frame(page.get_rotation(), shown, shown)


def _fault(error: PdfiumError, password: str | None) -> FileFault:
    if getattr(error, "err_code", 0) == pdfium.FPDF_ERR_PASSWORD:
        return FileFault.PASSWORD_WRONG if password else FileFault.PASSWORD_NEEDED
    return FileFault.DAMAGED


def _covered(page: Any) -> float:
    """Return which share of the page pictures cover; where it is most of it, no more is looked."""
    width, height = page.get_size()
    covered = 0.0
    types = map(pdfium.FPDFPageObj_GetType, _objects(page.raw))
    if _IMAGE_OR_FORM.isdisjoint(types):  # most pages: to make an object of each word takes longer
        return 0.0
    for image in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        try:
            left, bottom, right, top = image.get_bounds()
        except PdfiumError:  # it has no place
            continue
        covered += abs(right - left) * abs(top - bottom)
        if covered > _MOSTLY_COVERED * width * height:
            break
    return float(covered / max(1.0, width * height))


def _objects(page: Any) -> Iterator[Any]:
    """Yield pdfium's objects of a page, not those within others."""
    get = pdfium.FPDFPage_GetObject
    return (get(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
