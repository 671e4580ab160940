"""What slides of all formats have in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock

NOTES = "Notes"  # stands before what a speaker has written below a slide
_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class PlacedBlocks:
    """What one shape says, and how far its upper edge is from the slide's, in any unit."""

    blocks: tuple[DraftBlock, ...]
    top: float = math.inf


def in_order(shapes: Sequence[PlacedBlocks]) -> list[DraftBlock]:
    """Return what the shapes of a slide say, its title first.

    Where no shape is a title, the highest one is, if it is a short line of its own: in drawings and
    in slides that come from other programs.
    """
    shown = [shape for shape in shapes if shape.blocks]
    titles = [block for shape in shown for block in shape.blocks if _is_title(block)]
    if not titles and len(shown) > 1:
        highest = min(shown, key=lambda shape: shape.top)
        if highest.top < math.inf and _may_be_title(highest):
            titles = [replace(highest.blocks[0], kind=BlockKind.HEADING, level=1)]
            shown.remove(highest)
    return [*titles, *(block for shape in shown for block in shape.blocks if not _is_title(block))]


def slide_title(blocks: Sequence[DraftBlock]) -> str:
    """Return what a slide is called: its heading, else its first words if they are few."""
    heading = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    if heading:
        return heading.text
    first = blocks[0] if blocks else None
    if first and first.kind is BlockKind.PARAGRAPH and len(first.text) <= _LONGEST_TITLE:
        return first.text
    return ""


def _is_title(block: DraftBlock) -> bool:
    return block.kind is BlockKind.HEADING


def _may_be_title(shape: PlacedBlocks) -> bool:
    if len(shape.blocks) > 1 or shape.blocks[0].kind is not BlockKind.PARAGRAPH:
        return False
    text = shape.blocks[0].text
    return len(text) <= _LONGEST_TITLE and not text.endswith((".", ";", ","))
