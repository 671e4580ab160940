"""What the styles of an OpenDocument file mean for text: kinds, breaks, list numbers."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.documents.document import BlockKind
from assistant.documents.formats.markup import child, local, number, value
from assistant.documents.numerals import Numeral, written

_DEEPEST_CHAIN = 20
_ESCAPED = re.compile(r"_([0-9a-f]{1,4})_")
_PLACEHOLDER = re.compile(r"%(\d{1,2})%")
_MOST_LEVELS = 10
_CODE = frozenset({"Preformatted Text", "Source Text", "Source Code"})
_NUMERALS = {
    "": Numeral.NONE,
    "1": Numeral.DECIMAL,
    "01": Numeral.PADDED,
    "a": Numeral.LOWER_LETTER,
    "A": Numeral.UPPER_LETTER,
    "i": Numeral.LOWER_ROMAN,
    "I": Numeral.UPPER_ROMAN,
    "1st": Numeral.ORDINAL,
    "一, 二, 三, ...": Numeral.CHINESE,
    "①, ②, ③, ...": Numeral.CIRCLED,
    "а, б, .., аа, аб, ...": Numeral.CYRILLIC,  # noqa: RUF001 - Cyrillic letters
    "א, ב, ג, ...": Numeral.HEBREW,
    "أ, ب, ت, ...": Numeral.ARABIC_LETTER,
}


@dataclass(slots=True)
class _Style:
    """A paragraph's or a text's style, as far as reading needs it."""

    parent: str = ""
    list_style: str | None = None
    outline: int = 0
    begins_page: bool = False
    ends_page: bool = False
    is_bold: bool | None = None
    is_hidden: bool = False


@dataclass(slots=True)
class ListLevel:
    """How one level of a list writes its numbers."""

    numeral: Numeral = Numeral.NONE
    before: str = ""
    after: str = ""
    shown_levels: int = 1
    start: int = 1
    template: str = ""


@dataclass(slots=True)
class ListStyle:
    """The levels of one kind of list, from 1."""

    levels: dict[int, ListLevel] = field(default_factory=dict)

    def shown(self, level: int, counts: dict[int, int]) -> str:
        """Return the number of an item on `level`, "" for a bullet or nothing."""
        own = self.levels.get(level, ListLevel())
        if own.numeral is Numeral.NONE:
            return ""
        if own.template:
            return _PLACEHOLDER.sub(lambda match: self._one(int(match[1]), counts), own.template)
        first = max(1, level - own.shown_levels + 1)
        parts = (self._one(index, counts) for index in range(first, level + 1))
        return own.before + ".".join(part for part in parts if part) + own.after

    def _one(self, level: int, counts: dict[int, int]) -> str:
        own = self.levels.get(level, ListLevel())
        return written(counts.get(level, own.start), own.numeral)


class OdfStyles:
    """The styles of one document, added as they come."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._lists: dict[str, ListStyle] = {}
        self.outline = ListStyle()

    def add(self, element: Element) -> None:
        """Take a style, if `element` is one that matters."""
        name = local(element)
        if name == "style":
            if value(element, "family") in {"paragraph", "text"}:
                self._styles[value(element, "name")] = _style(element)
        elif name == "list-style":
            self._lists[value(element, "name")] = _list_style(element)
        elif name == "outline-style":
            self.outline = _list_style(element)

    def names(self, style: str) -> list[str]:
        """Return what a paragraph's style is called, and those it is made from, in plain words."""
        return [_plain(name) for name in self._chain(style)]

    def kind(self, style: str) -> BlockKind:
        """Return what a paragraph of this style is, were it not a heading or in a list."""
        names = self.names(style)
        if "Caption" in names:
            return BlockKind.CAPTION
        if any(name in _CODE for name in names):
            return BlockKind.CODE
        return BlockKind.PARAGRAPH

    def begins_page(self, style: str) -> bool:
        """Return whether a paragraph or table of this style begins a page."""
        return any(self._styles[name].begins_page for name in self._chain(style))

    def ends_page(self, style: str) -> bool:
        """Return whether a new page begins after a paragraph of this style."""
        return any(self._styles[name].ends_page for name in self._chain(style))

    def is_hidden(self, style: str) -> bool:
        """Return whether text of this style is not shown."""
        return any(self._styles[name].is_hidden for name in self._chain(style))

    def is_bold(self, style: str) -> bool:
        """Return whether text of this style is bold."""
        marks = (self._styles[name].is_bold for name in self._chain(style))
        return next((mark for mark in marks if mark is not None), False)

    def list_named(self, name: str) -> ListStyle | None:
        """Return the list style called `name`."""
        return self._lists.get(name)

    def list_of(self, style: str) -> str:
        """Return the name of the list style that a paragraph style brings, "" for none."""
        marks = (self._styles[name].list_style for name in self._chain(style))
        return next((mark for mark in marks if mark is not None), "")

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name in self._styles and len(chain) < _DEEPEST_CHAIN:
            chain.append(name)
            name = self._styles[name].parent
        return chain


def _plain(name: str) -> str:
    """Return a style's name with the characters that XML does not allow in names."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), name)


def _style(element: Element) -> _Style:
    paragraph, text = child(element, "paragraph-properties"), child(element, "text-properties")
    weight = value(text, "font-weight")
    has_list = any(key.endswith("list-style-name") for key in element.attrib)
    return _Style(
        parent=value(element, "parent-style-name"),
        list_style=value(element, "list-style-name") if has_list else None,
        begins_page=value(paragraph, "break-before") == "page"
        or bool(value(element, "master-page-name")),
        ends_page=value(paragraph, "break-after") == "page",
        is_bold=(weight not in {"normal", "400"}) if weight else None,
        is_hidden=value(text, "display") == "none",
    )


def _list_style(element: Element) -> ListStyle:
    found = ListStyle()
    for inner in element:
        level = number(value(inner, "level"))
        if not 1 <= level <= _MOST_LEVELS:
            continue
        if local(inner) in {"list-level-style-number", "outline-level-style"}:
            found.levels[level] = ListLevel(
                numeral=_NUMERALS.get(value(inner, "num-format"), Numeral.DECIMAL),
                before=value(inner, "num-prefix"),
                after=value(inner, "num-suffix"),
                shown_levels=number(value(inner, "display-levels"), 1),
                start=number(value(inner, "start-value"), 1),
                template=value(inner, "num-list-format"),
            )
    return found
