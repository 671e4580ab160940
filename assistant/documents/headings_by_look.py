"""Finds headings by their looks where an author used no heading styles."""

from collections.abc import Collection, Sequence

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock
from assistant.documents.markers import is_capitals, may_head, names_section

_LONGEST = 100


def guess_headings(blocks: Sequence[DraftBlock], bold: Collection[int]) -> None:
    """Make headings of short paragraphs that are bold, in capitals, or name a section.

    Nothing happens where there is a heading already.

    Args:
        blocks: all of the document.
        bold: ids of the blocks that are bold throughout.
    """
    if any(block.kind is BlockKind.HEADING for block in blocks):
        return
    for block in blocks:
        text = block.text
        if block.kind is not BlockKind.PARAGRAPH or len(text) > _LONGEST or not may_head(text):
            continue
        if text.endswith((".", ";", ",", ":")):
            continue
        if id(block) in bold or is_capitals(text) or names_section(text):
            block.kind, block.level = BlockKind.HEADING, 1
