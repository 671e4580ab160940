"""What the paragraph styles of a Word document mean: headings, lists, captions, code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from assistant.documents.document import BlockKind
from assistant.documents.formats.markup import child, local, value

_HEADING = re.compile(r"heading (\d)")
_DEEPEST_CHAIN = 20
_CODE = frozenset({"html preformatted", "preformatted text", "source code", "plain text", "macro"})
_NO_OUTLINE = 9  # Word's number for body text


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is, by its style and its own settings."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    is_title: bool = False
    is_contents: bool = False


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    is_list: bool | None


class Styles:
    """The styles of one document.

    Args:
        elements: the children of the root of `styles.xml`.
    """

    def __init__(self, elements: Iterable[Element]) -> None:
        self._styles: dict[str, _Style] = {}
        for element in elements:
            if local(element) == "style":
                settings = child(element, "pPr")
                self._styles[value(element, "styleId")] = _Style(
                    name=value(child(element, "name"), "val").lower(),
                    based_on=value(child(element, "basedOn"), "val"),
                    outline=_outline(settings),
                    is_list=_is_list(settings),
                )

    def look(self, paragraph: Element) -> Look:
        """Return what `paragraph` is."""
        settings = child(paragraph, "pPr")
        chain = self._chain(value(child(settings, "pStyle"), "val"))
        names = [style.name for style in chain]
        if "title" in names[:1]:
            return Look(BlockKind.HEADING, 1, is_title=True)
        outlines = [_outline(settings), *(style.outline for style in chain)]
        outline = next((level for level in outlines if level is not None), None)
        if outline is None:
            outline = next(
                (int(match[1]) - 1 for name in names if (match := _HEADING.fullmatch(name))), None
            )
        if outline is not None and outline < _NO_OUTLINE:
            return Look(BlockKind.HEADING, min(6, outline + 1))
        if any(name.startswith(("toc ", "table of figures", "index ")) for name in names):
            return Look(BlockKind.TABLE, is_contents=True)
        lists = [_is_list(settings), *(style.is_list for style in chain)]
        is_list = next((known for known in lists if known is not None), False)
        return Look(_kind(names, is_list=is_list))

    def _chain(self, identifier: str) -> list[_Style]:
        chain: list[_Style] = []
        while identifier in self._styles and len(chain) < _DEEPEST_CHAIN:
            chain.append(self._styles[identifier])
            identifier = chain[-1].based_on
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


def _is_list(settings: Element | None) -> bool | None:
    number = child(settings, "numPr")
    if number is None:
        return None
    return value(child(number, "numId"), "val") not in {"", "0"}
