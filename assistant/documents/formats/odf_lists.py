"""Counts the items of OpenDocument lists (ODF 1.3 part 3, section 5.3) as they are shown."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.documents.formats.markup import number, value
from assistant.documents.formats.odf_styles import ListLevel, ListStyle, OdfStyles

_KEPT = 10_000  # lists of one document that a later one may go on from


@dataclass(slots=True)
class OpenList:
    """A list that is being read.

    Attributes:
        style: name of its list style, "" if its paragraphs say.
        level: how deep it is, from 1.
        counts: the last number on each level; lists within each other share them.
    """

    style: str
    level: int
    counts: dict[int, int] = field(default_factory=dict)


class Lists:
    """The lists of one document.

    Args:
        styles: knows how their numbers are written.
    """

    def __init__(self, styles: OdfStyles) -> None:
        self._styles = styles
        self._by_id: dict[str, dict[int, int]] = {}
        self._by_style: dict[str, dict[int, int]] = {}
        self._outline: dict[int, int] = {}

    def open(self, element: Element, inside: OpenList | None) -> OpenList:
        """Begin the list `element`, which may stand in an item of another one."""
        style = value(element, "style-name")
        if inside is not None:
            return OpenList(style or inside.style, inside.level + 1, inside.counts)
        counts: dict[int, int] = {}
        goes_on = value(element, "continue-list")
        if goes_on and goes_on in self._by_id:
            counts = self._by_id[goes_on]
        elif value(element, "continue-numbering") == "true":
            counts = self._by_style.get(style, counts)
        if len(self._by_id) < _KEPT:
            self._by_id[value(element, "id")] = counts
            self._by_style[style] = counts
        return OpenList(style, 1, counts)

    def item(self, item: Element, within: OpenList, paragraph_style: str) -> str:
        """Count an item; return its number, "" for a bullet."""
        style = self._styles.list_named(within.style or self._styles.list_of(paragraph_style))
        if style is None:
            return ""
        counts, level = within.counts, within.level
        own = style.levels.get(level, ListLevel())
        start = value(item, "start-value")
        counts[level] = number(start, 1) if start else counts.get(level, own.start - 1) + 1
        for deeper in [index for index in counts if index > level]:
            del counts[deeper]
        return style.shown(level, counts)

    def heading(self, element: Element, level: int) -> str:
        """Count a heading by the document's outline; return its number, "" for none."""
        style: ListStyle = self._styles.outline
        own = style.levels.get(level)
        if own is None or value(element, "is-list-header") == "true":
            return ""
        counts = self._outline
        start = value(element, "start-value")
        is_anew = value(element, "restart-numbering") == "true"
        counts[level] = (
            number(start, own.start) if start or is_anew else counts.get(level, own.start - 1) + 1
        )
        for deeper in [index for index in counts if index > level]:
            del counts[deeper]
        return style.shown(level, counts)
