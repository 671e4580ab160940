"""Finds captions by their words where a format has no mark for them, or the author used none."""

from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft
from assistant.documents.markers import CAPTION

_LONGEST = 300


def mark_captions(draft: Draft) -> None:
    """Make captions of paragraphs that begin as "Table 3:" or "Figure 2." do."""
    for page in draft.pages:
        for block in page.blocks:
            if (
                block.kind is BlockKind.PARAGRAPH
                and len(block.text) <= _LONGEST
                and CAPTION.match(block.text)
            ):
                block.kind = BlockKind.CAPTION
