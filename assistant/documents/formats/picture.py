"""Opens PNG, JPEG and TIFF as pictures of pages. The only importer of Pillow.

A picture's size is read from its head, and refused before a byte of it is inflated.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from assistant.documents.limits import Limits
from assistant.documents.ocr.recognition import GrayPicture
from assistant.errors import DocumentError, FileFault

_FORMATS = ("PNG", "JPEG", "TIFF")
_SCREEN_DPI = (72.0, 96.0)  # what programs write that know nothing of paper
_LIKELY_DPI = (70.0, 1_300.0)
_PAGE_INCHES = 11.7  # the longer side of a sheet of A4
_COARSE_DPI = 160.0  # letters are too small for being recognised below
_ONE_BYTE = frozenset({"1", "L", "P"})  # modes; others take four bytes a pixel
_WHITE = 255
# What Pillow's readers raise for damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    Image.DecompressionBombError,
)

# Our own limit is in bytes, and is checked before anything is inflated.
Image.MAX_IMAGE_PIXELS = None


class PictureFile:
    """An open picture; a TIFF may have several pages.

    Raises:
        DocumentError: it is damaged, or has more pages than allowed.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        with self._told():
            self._image: Image.Image = Image.open(path, formats=_FORMATS)
            # Others have one page: what follows is an animation, or a camera's preview.
            self.page_count = self._count() if self._image.format == "TIFF" else 1

    def pages(self) -> Iterator[tuple[int, GrayPicture]]:
        """Yield the number and picture of each page, upright and no larger than the limit.

        Raises:
            DocumentError: one is damaged, or passes a limit.
        """
        for number in range(1, self.page_count + 1):
            yield number, self.page(number)

    def page(self, number: int) -> GrayPicture:
        """Return page `number` as `pages` does.

        Raises:
            DocumentError: as `pages`.
        """
        self._turn_to(number)
        with self._told():
            return self._page()

    def draw(self, number: int, width_px: int) -> tuple[int, int, bytes]:
        """Return width, height and pixels (blue, green, red, unused) of a page in colour.

        Raises:
            DocumentError: it is damaged, or passes a limit.
        """
        self._turn_to(number)
        with self._told():
            image, most = self._image, self._limits.picture_pixels
            image.draft("RGB", (2 * width_px, 2 * width_px))  # a JPEG need not be inflated whole
            self._check_size(image)
            shown = ImageOps.exif_transpose(image.convert("RGB"))
            scale = min(
                max(1, width_px) / shown.width, (most / (shown.width * shown.height)) ** 0.5
            )
            size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
            drawn = shown.resize(size, Image.Resampling.BOX if scale < 0.5 else None)
            return drawn.width, drawn.height, drawn.tobytes("raw", "BGRX")

    def _turn_to(self, number: int) -> None:
        if not 1 <= number <= self.page_count:
            raise DocumentError(self.path, FileFault.DAMAGED, pages=self.page_count)
        if self.page_count > 1:
            with self._told():
                self._image.seek(number - 1)

    def close(self) -> None:
        """Close the file."""
        self._image.close()

    def _count(self) -> int:
        """Count a TIFF's pages; each step reads one directory only."""
        count = 1
        with suppress(EOFError):
            while True:
                self._image.seek(count)
                count += 1
                if count > self._limits.pages:
                    raise self._too_large(f"pages {self._limits.pages}")
        self._image.seek(0)
        return count

    def _page(self) -> GrayPicture:
        image, most = self._image, self._limits.picture_pixels
        width, height = image.size
        dpi = _dpi(image)
        scale = min(1.0, (most / max(1, width * height)) ** 0.5)
        if scale < 1:  # a JPEG is inflated to half, a quarter or an eighth then
            image.draft("L", (int(width * scale), int(height * scale)))
        self._check_size(image)
        gray = _gray(image)
        if gray.width * gray.height > most:
            gray.thumbnail((int(width * scale), int(height * scale)))
        elif dpi < _COARSE_DPI and 4 * gray.width * gray.height <= most:
            gray = gray.resize((2 * gray.width, 2 * gray.height), Image.Resampling.BICUBIC)
        dpi *= gray.width / width
        gray = ImageOps.exif_transpose(gray)
        return GrayPicture(
            width_px=gray.width, height_px=gray.height, pixels=gray.tobytes(), dpi=dpi
        )

    def _check_size(self, image: Image.Image) -> None:
        size = image.width * image.height * (1 if image.mode in _ONE_BYTE else 4)
        if size > self._limits.picture_bytes:
            raise self._too_large(f"picture bytes {self._limits.picture_bytes}")

    def _too_large(self, limit: str) -> DocumentError:
        return DocumentError(self.path, FileFault.TOO_LARGE, limit=limit)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what Pillow raises for a damaged file into our own error."""
        try:
            yield
        except _DAMAGE as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error


def _dpi(image: Image.Image) -> float:
    """Return the resolution that the file states, or that a page would have."""
    longer = max(image.size)
    stated: Any = image.info.get("dpi", (0.0, 0.0))
    try:
        dpi = float(stated[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    is_screen = any(abs(dpi - usual) < 1 for usual in _SCREEN_DPI) and longer > 1_500
    if _LIKELY_DPI[0] <= dpi <= _LIKELY_DPI[1] and not is_screen:
        return dpi
    return min(600.0, max(_LIKELY_DPI[0], longer / _PAGE_INCHES))


def _gray(image: Image.Image) -> Image.Image:
    """Return the picture in gray; what can be seen through is white."""
    if image.mode.startswith("I"):  # 16 bits
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, (_WHITE, _WHITE, _WHITE, _WHITE))
        return Image.alpha_composite(paper, seen).convert("L")
    return image.convert("L")
