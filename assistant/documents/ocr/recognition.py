"""What recognising letters starts from, and what it gives. Places are in pixels of the picture."""

from dataclasses import dataclass
from enum import StrEnum


class OcrProgram(StrEnum):
    """What can recognise letters."""

    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrWish:
    """How pictures of text are to be read.

    Attributes:
        is_wanted: recognise letters if a program for that is installed.
        languages: ISO 639-1 or the program's own codes, the likeliest first; () to find out.
    """

    is_wanted: bool = True
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrStatus:
    """A program that is installed here.

    Attributes:
        program: which.
        version: its own word for it, "" if it does not say.
        languages: what it was made to read, by its own codes: "eng", "deu" …; () where one model
            reads all it knows.
        place: the program's file, or the package's folder.
    """

    program: OcrProgram
    version: str
    languages: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrayPicture:
    """A picture of a page.

    Attributes:
        width_px, height_px: its size.
        pixels: one byte each, 0 for black, row by row without padding.
        dpi: pixels in an inch of the page.
    """

    width_px: int
    height_px: int
    pixels: bytes
    dpi: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word, or whatever the program recognises at once; `confidence` is from 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """A line of words in reading order.

    Attributes:
        words: at least one.
        size_px: height of its type from the descenders to the ascenders, 0 if not known.
        baseline: where its letters stand.
    """

    words: tuple[Word, ...]
    size_px: float
    baseline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """What was recognised on a picture.

    Attributes:
        lines: in reading order.
        width_px, height_px, dpi: of the picture, upright.
        has_failed: the program gave up, or took too long.
        angle: by how many degrees the picture had to be turned.
    """

    lines: tuple[WordLine, ...]
    width_px: int
    height_px: int
    dpi: float
    has_failed: bool = False
    angle: int = 0

    @property
    def confidence(self) -> float:
        """How sure the program is: the mean over all letters; 0 without any."""
        words = [word for line in self.lines for word in line.words]
        letters = sum(len(word.text) for word in words)
        return sum(word.confidence * len(word.text) for word in words) / max(1, letters)

    @property
    def text(self) -> str:
        """Its words, a line each."""
        return "\n".join(" ".join(word.text for word in line.words) for line in self.lines)
