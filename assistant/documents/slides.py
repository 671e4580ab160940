"""What slides of all formats have in common."""

from collections.abc import Sequence

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock

NOTES = "Notes"  # stands before what a speaker has written below a slide
_LONGEST_TITLE = 100


def slide_title(blocks: Sequence[DraftBlock]) -> str:
    """Return what a slide is called: its heading, else its first words if they are few."""
    heading = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    if heading:
        return heading.text
    first = blocks[0] if blocks else None
    if first and first.kind is BlockKind.PARAGRAPH and len(first.text) <= _LONGEST_TITLE:
        return first.text
    return ""
