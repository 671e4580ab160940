"""What the paragraph styles of a Word document mean: headings, lists, captions, code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from assistant.documents.document import BlockKind
from assistant.documents.formats.markup import child, local, number, value
from assistant.documents.formats.word_text import is_hidden

_HEADING = re.compile(r"heading (\d)")
_DEEPEST_CHAIN = 20
_CODE = frozenset({"html preformatted", "preformatted text", "source code", "plain text", "macro"})
_NO_OUTLINE = 9  # Word's number for body text


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is, by its style and its own settings.

    Attributes:
        kind: what its block will be.
        level: of a heading, from 1.
        is_title: it is the document's title.
        is_contents: it is a line of a table of contents or an index.
        numbering: id of what numbers it, "" for nothing.
        number_level: its level in that numbering from 0, -1 if its style decides.
        styles: ids of its style and of those it is based on.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    is_title: bool = False
    is_contents: bool = False
    numbering: str = ""
    number_level: int = -1
    styles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    numbering: str | None
    number_level: int


class Styles:
    """The styles of one document.

    Args:
        elements: the children of the root of `styles.xml`.

    Attributes:
        hidden: ids of the styles whose text is not shown.
    """

    def __init__(self, elements: Iterable[Element]) -> None:
        self._styles: dict[str, _Style] = {}
        self.hidden: set[str] = set()
        for element in elements:
            if local(element) == "style":
                settings = child(element, "pPr")
                if is_hidden(child(element, "rPr")):
                    self.hidden.add(value(element, "styleId"))
                self._styles[value(element, "styleId")] = _Style(
                    name=value(child(element, "name"), "val").lower(),
                    based_on=value(child(element, "basedOn"), "val"),
                    outline=_outline(settings),
                    numbering=_numbering(settings),
                    number_level=_number_level(settings),
                )

    def look(self, paragraph: Element) -> Look:
        """Return what `paragraph` is."""
        settings = child(paragraph, "pPr")
        identifiers = self._chain(value(child(settings, "pStyle"), "val"))
        chain = [self._styles[identifier] for identifier in identifiers]
        names = [style.name for style in chain]
        look = self._numbered(settings, identifiers)
        if "title" in names[:1]:
            return replace(look, kind=BlockKind.HEADING, level=1, is_title=True)
        outlines = [_outline(settings), *(style.outline for style in chain)]
        outline = next((level for level in outlines if level is not None), None)
        if outline is None:
            outline = next(
                (int(match[1]) - 1 for name in names if (match := _HEADING.fullmatch(name))), None
            )
        if outline is not None and outline < _NO_OUTLINE:
            return replace(look, kind=BlockKind.HEADING, level=min(6, outline + 1))
        if any(name.startswith(("toc ", "table of figures", "index ")) for name in names):
            return Look(BlockKind.TABLE, is_contents=True)
        return replace(look, kind=_kind(names, is_list=bool(look.numbering)))

    def _numbered(self, settings: Element | None, identifiers: list[str]) -> Look:
        """Return what numbers a paragraph: its own settings, else the first style that says."""
        own = _number_level(settings)
        numbering = _numbering(settings)
        if numbering is not None:
            return Look(numbering=numbering, number_level=max(0, own))
        for identifier in identifiers:
            style = self._styles[identifier]
            if style.numbering is not None:
                level = own if own >= 0 else style.number_level
                styles = tuple(identifiers)
                return Look(numbering=style.numbering, number_level=level, styles=styles)
        return Look()

    def _chain(self, identifier: str) -> list[str]:
        """Return the ids of a style and of those it is based on."""
        chain: list[str] = []
        while identifier in self._styles and len(chain) < _DEEPEST_CHAIN:
            chain.append(identifier)
            identifier = self._styles[identifier].based_on
        return chain


def _kind(names: list[str], *, is_list: bool) -> BlockKind:
    if "caption" in names:
        return BlockKind.CAPTION
    if any(name in _CODE for name in names[:1]):
        return BlockKind.CODE
    if is_list or any(name.startswith("list ") for name in names[:1]):
        return BlockKind.LIST_ITEM
    return BlockKind.PARAGRAPH


def _outline(settings: Element | None) -> int | None:
    level = value(child(settings, "outlineLvl"), "val")
    return int(level) if level.isdigit() else None


def _numbering(settings: Element | None) -> str | None:
    """Return the numbering's id, "" where it is turned off, None where nothing is said."""
    identifier = child(child(settings, "numPr"), "numId")
    if identifier is None:
        return None
    name = value(identifier, "val")
    return "" if name == "0" else name


def _number_level(settings: Element | None) -> int:
    level = child(child(settings, "numPr"), "ilvl")
    return -1 if level is None else number(value(level, "val"), -1)
