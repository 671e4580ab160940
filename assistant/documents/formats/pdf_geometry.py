"""Places and fonts of a PDF's characters, apart from the library that gives them."""

import math
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]

_MONO = ("mono", "courier", "consol", "typewriter", "cmtt", "menlo", "fixed")
_BOLD = ("bold", "black", "heavy", "-medi", "cmbx", "sfbx")
_BOLD_WEIGHT = 600
# Every reader has these, and they say in their names what they are; their weights are guessed.
_STANDARD = ("courier", "helvetica", "times", "symbol", "zapfdingbats")


class Frame:
    """Turns pdfium's places into points from the upper left corner of the page as shown.

    Args:
        rotation: of the page, clockwise, in degrees.
        media, crop: the page's boxes: left, bottom, right, top.
    """

    def __init__(self, rotation: int, media: Box, crop: Box) -> None:
        self.rotation = rotation
        self._left = max(media[0], crop[0])
        self._bottom = max(media[1], crop[1])
        self._right = min(media[2], crop[2])
        self._top = min(media[3], crop[3])

    def place(self, rect: Any) -> Box:
        """Return left, top, right, bottom."""
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if self.rotation == 0:
            return left - self._left, self._top - top, right - self._left, self._top - bottom
        if self.rotation == 90:
            return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
        if self.rotation == 180:
            return (
                self._right - right,
                bottom - self._bottom,
                self._right - left,
                top - self._bottom,
            )
        return self._top - top, self._right - right, self._top - bottom, self._right - left

    def is_upright(self, x: float, y: float) -> bool:
        """Return whether text that runs towards (x, y) in the file runs to the right as shown."""
        if y == 0 and self.rotation == 0:
            return x > 0
        angle = math.degrees(math.atan2(y, x)) - self.rotation
        return abs((angle + 180) % 360 - 180) < 10


@dataclass(frozen=True, slots=True)
class Font:
    """What a font's name says of it."""

    is_bold: bool
    is_mono: bool

    @classmethod
    def of(cls, name: str, weight: int) -> "Font":
        """Return what `name` and the weight that pdfium gives it say."""
        low = name.lower()
        is_bold = any(word in low for word in _BOLD)
        if not is_bold and "+" not in low and not low.startswith(_STANDARD):
            # It is not embedded: the system's font says its weight.
            is_bold = weight >= _BOLD_WEIGHT
        return cls(is_bold, any(word in low for word in _MONO))

    def and_also(self, other: "Font") -> "Font":
        """Return what holds for both."""
        return Font(self.is_bold and other.is_bold, self.is_mono and other.is_mono)
