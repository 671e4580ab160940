"""Reads hOCR, the HTML in which Tesseract says what it recognised and where.

Source: the hOCR 1.2 specification; `x_size` is the height of a line's type.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from assistant.documents.ocr.recognition import Word, WordLine

_LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_WORD = "ocrx_word"
_EMPTY = frozenset({"br", "hr", "img", "meta", "wbr"})  # these have no end
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Line:
    box: Box
    facts: dict[str, list[float]]
    words: list[Word] = field(default_factory=list)


def parse(text: str, width_px: int, height_px: int) -> tuple[tuple[WordLine, ...], int]:
    """Return the lines in `text`, and by how many degrees the page was turned to be upright.

    Where the page lies on its side, places are those of the page turned upright.

    Args:
        text: hOCR of one page.
        width_px: width of the picture.
        height_px: its height.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = [line for line in reader.lines if line.words]
    angle = _angle(lines)
    turned = (_turned(line, angle, width_px, height_px) for line in lines)
    return tuple(_finished(line) for line in turned), angle


class _Reader(HTMLParser):
    """Collects lines with their words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[_Line] = []
        self._word: dict[str, list[float]] | None = None
        self._text = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("class") or ""
        if self._word is not None:
            self._depth += tag not in _EMPTY
        elif kind in _LINES:
            facts = _facts(values.get("title") or "")
            self.lines.append(_Line(_box(facts), facts))
        elif kind == _WORD:
            self._word, self._text, self._depth = _facts(values.get("title") or ""), "", 0

    def handle_data(self, data: str) -> None:
        if self._word is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._word is None or tag in _EMPTY:
            return
        if self._depth:
            self._depth -= 1
            return
        text = " ".join(self._text.split())
        if text and self.lines:
            left, top, right, bottom = _box(self._word)
            confidence = (self._word.get("x_wconf") or [0.0])[0] / 100
            self.lines[-1].words.append(
                Word(
                    text=text,
                    left=left,
                    top=top,
                    right=right,
                    bottom=bottom,
                    confidence=min(1.0, max(0.0, confidence)),
                )
            )
        self._word = None


def _facts(title: str) -> dict[str, list[float]]:
    """Return the numbers after each property's name."""
    facts = {}
    for part in title.split(";"):
        name, _, rest = part.strip().partition(" ")
        facts[name] = [float(number) for number in _NUMBER.findall(rest)]
    return facts


def _box(facts: dict[str, list[float]]) -> Box:
    box = facts.get("bbox", [])
    return (box[0], box[1], box[2], box[3]) if len(box) == 4 else (0.0, 0.0, 0.0, 0.0)


def _angle(lines: list[_Line]) -> int:
    """Return the direction of most of the text: 0, 90, 180 or 270 degrees."""
    votes: Counter[int] = Counter()
    for line in lines:
        angle = round((line.facts.get("textangle") or [0.0])[0] / 90) * 90 % 360
        votes[angle] += sum(len(word.text) for word in line.words)
    return votes.most_common(1)[0][0] if votes else 0


def _turned(line: _Line, angle: int, width: int, height: int) -> _Line:
    if not angle:
        return line
    words = []
    for word in line.words:
        left, top, right, bottom = _turn(
            (word.left, word.top, word.right, word.bottom), angle, width, height
        )
        words.append(
            Word(
                text=word.text,
                left=left,
                top=top,
                right=right,
                bottom=bottom,
                confidence=word.confidence,
            )
        )
    return _Line(_turn(line.box, angle, width, height), line.facts, words)


def _turn(box: Box, angle: int, width: int, height: int) -> Box:
    """Return where `box` is after turning the page so that text of `angle` is upright.

    An angle of 90 degrees is text that runs upwards.
    """
    left, top, right, bottom = box
    if angle == 90:
        return height - bottom, left, height - top, right
    if angle == 180:
        return width - right, height - bottom, width - left, height - top
    return top, width - right, bottom, width - left


def _finished(line: _Line) -> WordLine:
    left, _, right, bottom = line.box
    slope, offset = (line.facts.get("baseline") or [0.0, 0.0])[:2] or (0.0, 0.0)
    size = (line.facts.get("x_size") or [0.0])[0]
    baseline = bottom + offset + slope * (right - left) / 2
    if not math.isfinite(baseline) or line.facts.get("textangle"):
        baseline = bottom - 0.2 * size
    return WordLine(words=tuple(line.words), size_px=max(0.0, size), baseline=baseline)
