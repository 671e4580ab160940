"""Counts the numbered paragraphs of a Word document and gives their numbers as Word shows them.

ECMA-376 part 1, section 17.9: a paragraph names a numbering and a level; the numbering takes its
levels from an abstract one, may override some of them, and shares the counters of all numberings
made from the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.documents.formats.markup import child, local, number, value
from assistant.documents.numerals import Numeral, written

_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_OFF = frozenset({"0", "false", "off"})
_NUMERALS = {
    "bullet": Numeral.NONE,
    "none": Numeral.NONE,
    "decimalZero": Numeral.PADDED,
    "lowerLetter": Numeral.LOWER_LETTER,
    "upperLetter": Numeral.UPPER_LETTER,
    "lowerRoman": Numeral.LOWER_ROMAN,
    "upperRoman": Numeral.UPPER_ROMAN,
    "ordinal": Numeral.ORDINAL,
    "chineseCounting": Numeral.CHINESE,
    "chineseCountingThousand": Numeral.CHINESE,
    "ideographDigital": Numeral.CHINESE,
    "japaneseCounting": Numeral.CHINESE,
    "taiwaneseCounting": Numeral.CHINESE,
    "decimalEnclosedCircle": Numeral.CIRCLED,
    "russianLower": Numeral.CYRILLIC,
    "hebrew1": Numeral.HEBREW,
    "hebrew2": Numeral.HEBREW,
    "arabicAlpha": Numeral.ARABIC_LETTER,
    "arabicAbjad": Numeral.ARABIC_LETTER,
    "hindiNumbers": Numeral.ARABIC_DIGIT,
}


@dataclass(frozen=True, slots=True)
class NumberedBy:
    """What numbers a paragraph: the numbering's id, "" for none, and the level from 0."""

    numbering: str = ""
    level: int = 0


@dataclass(slots=True)
class _Level:
    numeral: Numeral = Numeral.DECIMAL
    text: str = ""
    start: int = 1
    restarts_after: int | None = None  # a level from 1 above it, 0 for never
    is_legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _Abstract:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    style_link: str = ""


@dataclass(slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numberings:
    """The numberings of one document and how far each has counted.

    Args:
        elements: the children of the root of `numbering.xml`.
    """

    def __init__(self, elements: Iterable[Element]) -> None:
        self._abstract: dict[str, _Abstract] = {}
        self._numberings: dict[str, _Numbering] = {}
        links: dict[str, str] = {}
        for element in elements:
            name = local(element)
            if name == "abstractNum":
                identifier = value(element, "abstractNumId")
                self._abstract[identifier] = _abstract(element)
                links[value(child(element, "styleLink"), "val")] = identifier
            elif name == "num":
                self._numberings[value(element, "numId")] = _numbering(element)
        for numbering in self._numberings.values():
            abstract = self._abstract.get(numbering.abstract)
            if abstract and abstract.style_link and not abstract.levels:
                numbering.abstract = links.get(abstract.style_link, numbering.abstract)

    def level_of(self, styles: Iterable[str], numbering: str) -> int:
        """Return the level that belongs to the first of `styles` that has one, else 0."""
        made = self._numberings.get(numbering)
        abstract = self._abstract.get(made.abstract) if made else None
        levels = abstract.levels if abstract else {}
        linked = {level.style: index for index, level in levels.items() if level.style}
        return next((linked[style] for style in styles if style in linked), 0)

    def next(self, by: NumberedBy) -> str:
        """Count a paragraph and return its number as it is shown, "" for a bullet or nothing."""
        made = self._numberings.get(by.numbering)
        abstract = self._abstract.get(made.abstract) if made else None
        if made is None or abstract is None or not 0 <= by.level < _LEVELS:
            return ""
        counts = abstract.counts
        if by.level in made.starts:  # the first paragraph of a numbering that begins anew
            counts[by.level] = made.starts.pop(by.level) - 1
        levels = {index: _level(made, abstract, index) for index in range(_LEVELS)}
        level = levels[by.level]
        counts[by.level] = counts.get(by.level, level.start - 1) + 1
        for deeper in range(by.level + 1, _LEVELS):
            after = levels[deeper].restarts_after
            if after is None or 0 < by.level + 1 <= after:
                counts.pop(deeper, None)
        return _shown(level, levels, counts)


def _shown(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    if level.numeral is Numeral.NONE:
        return ""

    def count(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        numeral = levels[index].numeral
        if level.is_legal and numeral is not Numeral.NONE:
            numeral = Numeral.DECIMAL
        return written(counts.get(index, levels[index].start), numeral)

    return _PLACEHOLDER.sub(count, level.text).strip()


def _level(made: _Numbering, abstract: _Abstract, index: int) -> _Level:
    return made.levels.get(index) or abstract.levels.get(index) or _Level()


def _abstract(element: Element) -> _Abstract:
    found = _Abstract(style_link=value(child(element, "numStyleLink"), "val"))
    for inner in element:
        if local(inner) == "lvl":
            found.levels[number(value(inner, "ilvl"))] = _read_level(inner)
    return found


def _numbering(element: Element) -> _Numbering:
    made = _Numbering(value(child(element, "abstractNumId"), "val"))
    for inner in element:
        if local(inner) != "lvlOverride":
            continue
        index = number(value(inner, "ilvl"))
        level = child(inner, "lvl")
        if level is not None:
            made.levels[index] = _read_level(level)
        start = child(inner, "startOverride")
        if start is not None:
            made.starts[index] = number(value(start, "val"), 1)
    return made


def _read_level(element: Element) -> _Level:
    legal = child(element, "isLgl")
    restart = child(element, "lvlRestart")
    return _Level(
        numeral=_NUMERALS.get(value(child(element, "numFmt"), "val"), Numeral.DECIMAL),
        text=value(child(element, "lvlText"), "val"),
        start=number(value(child(element, "start"), "val"), 1),
        restarts_after=None if restart is None else number(value(restart, "val")),
        is_legal=legal is not None and value(legal, "val") not in _OFF,
        style=value(child(element, "pStyle"), "val"),
    )
