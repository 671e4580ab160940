"""Tells headings from text by the file's outline, the font, capitals and numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.documents.document import BlockKind
from assistant.documents.groups import Group, Type
from assistant.documents.lines import HYPHEN
from assistant.documents.markers import (
    CAPTION,
    depth,
    is_capitals,
    may_head,
    names_section,
)

_DEEPEST = 6
_MOST_LINES = 4
_LARGER = 1.12  # times the size of the text
_NOT_LETTERS = re.compile(r"[\W_]+")
_LEADING_NUMBER = re.compile(
    r"^(?:chapter|appendix|part)?\s*[\dA-Z]{1,3}(?:\.\d+)*\.?\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Style:
    """How a heading looks; a greater one ranks higher."""

    size: float
    is_bold: bool
    is_capitals: bool


class Outline:
    """The file's own table of contents, asked by title and page."""

    def __init__(self, entries: Iterable[tuple[str, int, int]]) -> None:
        self._levels: dict[str, list[tuple[int, int]]] = {}
        for title, level, page in entries:
            for key in {_key(title), _key(_LEADING_NUMBER.sub("", title))} - {""}:
                self._levels.setdefault(key, []).append((page, level))

    def level(self, text: str, page: int) -> int:
        """Return the level of the heading `text` on `page`, 0 if the outline has none there."""
        if not self._levels:
            return 0
        for key in (_key(text), _key(_LEADING_NUMBER.sub("", text))):
            for place, level in self._levels.get(key, ()):
                if not place or abs(place - page) <= 1:
                    return level
        return 0


def find_headings(
    pages: Sequence[Sequence[Group]], kind_of_type: Type, outline: Outline
) -> dict[int, int]:
    """Return the level of each group that is a heading, by `id` of the group."""
    styles: dict[int, Style] = {}
    depths: dict[int, int] = {}
    known: dict[int, int] = {}
    for number, groups in enumerate(pages, start=1):
        for group in groups:
            if len(group.lines) > _MOST_LINES:
                continue
            text = group.text.replace(HYPHEN, "-")
            if group.kind in {BlockKind.TABLE, BlockKind.CODE} or not may_head(text):
                continue
            level = outline.level(text, number)
            if level:
                known[id(group)] = level
            elif not _looks_like_heading(group, text, kind_of_type):
                continue
            styles[id(group)] = _style(group, text)
            depths[id(group)] = depth(text)
    return _levels(styles, depths, known)


def _looks_like_heading(  # noqa: PLR0911 - one reason after the other
    group: Group, text: str, kind_of_type: Type
) -> bool:
    if not all(line.is_upright for line in group.lines) or CAPTION.match(text):
        return False
    size = group.lines[0].size
    if size < 0.93 * kind_of_type.body_size:
        return False
    if size >= _LARGER * kind_of_type.body_size:
        return len(text) <= 160
    if kind_of_type.is_typed and _is_outdented(group, text, kind_of_type):
        return True
    if len(text) > 100 or (group.kind is BlockKind.LIST_ITEM and not depth(text)):
        return False
    ends_openly = not text.endswith((".", ";", ",", ":")) or depth(text) > 0
    if kind_of_type.has_bold and all(line.is_bold for line in group.lines):
        return ends_openly
    if len(group.lines) > 2:
        return False
    if is_capitals(text) or names_section(text):
        return not text.endswith((";", ","))
    return depth(text) > 1 and ends_openly and not text.endswith(".") and len(text) < 80


def _is_outdented(group: Group, text: str, kind_of_type: Type) -> bool:
    """Return whether this is a line that begins left of the text, as RFCs set headings."""
    line = group.lines[0]
    if len(group.lines) > 1 or line.left > kind_of_type.left - line.size or len(text) > 72:
        return False
    starts = text[0].isupper() or (depth(text) > 0 and text[0].isalnum())
    signs = sum(not (character.isalnum() or character.isspace()) for character in text)
    return starts and signs <= 0.15 * len(text) and not text.endswith((".", ",", ";"))


def _style(group: Group, text: str) -> Style:
    line = group.lines[0]
    return Style(round(line.size * 2) / 2, line.is_bold, is_capitals(text))


def _levels(
    styles: Mapping[int, Style], depths: Mapping[int, int], known: Mapping[int, int]
) -> dict[int, int]:
    """Rank styles: what the outline knows sets the level of its style, the rest follows size."""
    votes: dict[Style, Counter[int]] = {}
    for key, level in known.items():
        votes.setdefault(styles[key], Counter())[level] += 1
    ranked = sorted(set(styles.values()), reverse=True)
    rank: dict[Style, int] = {}
    last = 0
    for style in ranked:
        if style in votes:
            last = rank[style] = votes[style].most_common(1)[0][0]
        else:
            last = rank[style] = min(_DEEPEST, last + 1)
    shallowest = _shallowest(styles, depths)
    result = {}
    for key, style in styles.items():
        extra = max(0, depths[key] - shallowest[style]) if depths[key] else 0
        result[key] = min(_DEEPEST, known.get(key, rank[style] + extra))
    return result


def _shallowest(styles: Mapping[int, Style], depths: Mapping[int, int]) -> dict[Style, int]:
    least: dict[Style, int] = {}
    for key, style in styles.items():
        if depths[key]:
            least[style] = min(least.get(style, depths[key]), depths[key])
    return {style: least.get(style, 0) for style in styles.values()}


def _key(title: str) -> str:
    return _NOT_LETTERS.sub("", title.replace(HYPHEN, "")).casefold()
