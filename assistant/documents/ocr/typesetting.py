"""Turns recognised words into lines with places and sizes, as a PDF's own lines have.

So all that is known about layout (columns, paragraphs, headings, tables, running heads) holds for
scans, too.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.documents.cleaning import clean
from assistant.documents.lines import HYPHEN, Line, Piece
from assistant.documents.ocr.recognition import RecognisedPage, Word, WordLine

_POINTS = 72.0  # in an inch
_EM = 0.9  # from descenders to ascenders, as a share of the size of common typefaces
_BELOW = 0.22  # of the size, from the baseline down to the descenders
_SAME_SIZE = 0.16  # measured heights of one size differ by so much
_SAME_OTHER_SIZE = 0.14  # two headings of one level may lack ascenders or descenders
_OTHER_TYPE = 0.3  # scans whose type differs by more have type of their own
_GAP = 1.2  # font sizes, as in PDF
_LEAST_CONFIDENCE = 0.3  # of a line; a drawing that is taken for letters has less
_LEAST_OF_SIGNS = 0.8  # of words without letters or digits: rules and specks look like those
_DASHES = ("-", "\u2010", "\u00ad", "¬")


def lines_of(page: RecognisedPage) -> list[Line]:
    """Return the lines of `page` in points from its upper left corner."""
    scale = _POINTS / page.dpi
    kept = [line for line in map(_without_specks, page.lines) if line is not None]
    return [_line(line, scale) for line in kept]


def even_out(lines: Sequence[Line], around: Sequence[Line] = ()) -> None:
    """Make sizes equal that differ by no more than measuring does, in a whole document.

    Most text comes first; what is larger or smaller keeps to others of about its size.

    Args:
        lines: those recognised.
        around: lines of the document's own text, whose type they probably have.
    """
    body = _usual_size(lines)
    own = _usual_size(around) if around else body
    factor = own / body if abs(own - body) < _OTHER_TYPE * own else 1.0
    others: list[float] = []
    for size in sorted({line.size for line in lines}, reverse=True):
        if abs(size - body) <= _SAME_SIZE * body:
            continue
        if not others or size < (1 - _SAME_OTHER_SIZE) * others[-1]:
            others.append(size)
    for line in lines:
        if abs(line.size - body) <= _SAME_SIZE * body:
            _resize(line, body * factor)
        else:
            size = next(size for size in reversed(others) if size >= line.size)
            _resize(line, size * factor)


def _without_specks(line: WordLine) -> WordLine | None:
    words = [word for word in line.words if _is_word(word)]
    letters = sum(len(word.text) for word in words)
    if not letters:
        return None
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    if confidence < _LEAST_CONFIDENCE:
        return None
    return WordLine(words=tuple(words), size_px=line.size_px, baseline=line.baseline)


def _is_word(word: Word) -> bool:
    if any(character.isalnum() for character in word.text):
        return True
    return word.confidence >= _LEAST_OF_SIGNS and bool(clean(word.text).strip())


def _resize(line: Line, size: float) -> None:
    baseline = line.bottom - _BELOW * line.size
    line.size = round(size, 1)
    line.bottom = baseline + _BELOW * line.size
    line.top = line.bottom - line.size


def _height(line: WordLine) -> float:
    if line.size_px > 0:
        return line.size_px
    return max(word.bottom - word.top for word in line.words)


def _usual_size(lines: Sequence[Line]) -> float:
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return _median(weights)


def _median(weights: Counter[float]) -> float:
    half = weights.total() / 2
    for size in sorted(weights):
        half -= weights[size]
        if half <= 0:
            return size
    return 10.0


def _line(line: WordLine, scale: float) -> Line:
    size = max(1.0, _height(line) * scale / _EM)
    bottom = line.baseline * scale + _BELOW * size
    words = line.words
    return Line(
        text=_text(words, at_end=True),
        left=min(word.left for word in words) * scale,
        right=max(word.right for word in words) * scale,
        top=bottom - size,
        bottom=bottom,
        size=size,
        pieces=_pieces(words, size, scale),
    )


def _text(words: Iterable[Word], *, at_end: bool) -> str:
    text = clean(" ".join(word.text for word in words))
    if at_end and text.endswith(_DASHES) and len(text) > 1 and text[-2].isalpha():
        return text[:-1] + HYPHEN
    return text


def _pieces(words: Sequence[Word], size: float, scale: float) -> tuple[Piece, ...]:
    """Return the parts between gaps, () if there are none."""
    parts: list[list[Word]] = [[words[0]]]
    for word, following in pairwise(words):
        # Words that run from right to left have the gap on their other side.
        gap = max(following.left - word.right, word.left - following.right) * scale
        if gap > _GAP * size:
            parts.append([])
        parts[-1].append(following)
    if len(parts) == 1:
        return ()
    return tuple(
        Piece(
            _text(part, at_end=False),
            min(word.left for word in part) * scale,
            max(word.right for word in part) * scale,
        )
        for part in parts
    )
