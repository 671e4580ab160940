"""Tells whether the page breaks that an office program noted are its pages, and undoes them."""

from collections.abc import Sequence

from assistant.documents.document import BlockKind, PageStatus
from assistant.documents.draft import DraftBlock, DraftPage

_BY_ROW = frozenset({BlockKind.TABLE, BlockKind.CODE})


def believable(found: int, noted: int) -> bool:
    """Return whether `found` pages are those of the document.

    A page without text has no break, so that the numbers of all after it would be wrong: the counts
    must agree.

    Args:
        found: pages that the breaks in the text make.
        noted: pages the program counted, 0 if it did not say.
    """
    return found > 1 and noted in {0, found}


def joined(pages: Sequence[DraftPage]) -> list[DraftPage]:
    """Return all pages as one, with the paragraphs whole that a page's end had cut."""
    blocks: list[DraftBlock] = []
    for page in pages:
        for block in page.blocks:
            if block.continues and blocks:
                between = "\n" if block.kind in _BY_ROW else " "
                _whole(blocks, block).text += between + block.text
            else:
                blocks.append(block)
    for block in blocks:
        block.continues = False
    return [DraftPage(blocks)]


def mark_blank(pages: Sequence[DraftPage]) -> None:
    """Say of pages without blocks that they have no text."""
    for page in pages:
        if not page.blocks:
            page.status = PageStatus.NO_TEXT


def _whole(blocks: Sequence[DraftBlock], part: DraftBlock) -> DraftBlock:
    """Return the block that `part` goes on from: the last of its kind."""
    return next((block for block in reversed(blocks) if block.kind is part.kind), blocks[-1])
