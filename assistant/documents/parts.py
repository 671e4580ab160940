"""Cuts a page that is too long to be found one's way in: at headings, else between blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.documents.document import BlockKind, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage

# Characters; a printed page has about 3,000. A citation to a part should lead the eye to it.
LEAST = 4_000
MOST = 16_000
_CUT = frozenset({PageUnit.PAGE, PageUnit.CHAPTER})


def divide(draft: Draft) -> Draft:
    """Return `draft` with its long pages in parts, named by their headings.

    Only documents without pages of their own (one page, or chapters) are divided. What was one
    page becomes parts; chapters stay chapters, of which a long one is several.
    """
    if draft.unit not in _CUT or (draft.unit is PageUnit.PAGE and len(draft.pages) > 1):
        return draft
    pages = [part for page in draft.pages for part in _parts(page)]
    if len(pages) == len(draft.pages):
        return draft
    unit = PageUnit.PART if draft.unit is PageUnit.PAGE else draft.unit
    return replace(draft, pages=pages, unit=unit)


def _parts(page: DraftPage) -> Iterator[DraftPage]:
    """Yield the parts of a page, the page itself if it is short enough."""
    blocks = [piece for block in page.blocks for piece in _pieces(block)]
    if sum(len(block.text) for block in blocks) <= MOST:
        yield page
        return
    label = heading = page.label
    part: list[DraftBlock] = []
    size = 0
    for block in blocks:
        if part and _begins_part(block, part[-1], size):
            yield replace(page, blocks=part, label=label)
            part, size, label = [], 0, heading
        if block.kind is BlockKind.HEADING:
            heading = block.text
            if not label or (not part and label != page.label):
                label = heading
        part.append(block)
        size += len(block.text)
    yield replace(page, blocks=part, label=label)


def _begins_part(block: DraftBlock, previous: DraftBlock, size: int) -> bool:
    if previous.kind is BlockKind.HEADING or block.kind is BlockKind.FOOTNOTE:
        return False
    if block.kind is BlockKind.HEADING:
        return size >= (LEAST if block.level <= 2 else 2 * LEAST)
    return size + len(block.text) > MOST


def _pieces(block: DraftBlock) -> Sequence[DraftBlock]:
    """Return a table, or code, in pieces of whole rows if it is longer than a part."""
    if len(block.text) <= MOST or block.kind not in {BlockKind.TABLE, BlockKind.CODE}:
        return [block]
    pieces: list[list[str]] = [[]]
    size = 0
    for row in block.text.split("\n"):
        if size + len(row) > MOST and pieces[-1]:
            pieces.append([])
            size = 0
        pieces[-1].append(row)
        size += len(row) + 1
    return [replace(block, text="\n".join(rows)) for rows in pieces]
