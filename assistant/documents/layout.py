"""Makes a draft out of a PDF's lines: what is text, in which order, and what kind of block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.documents.columns import in_reading_order
from assistant.documents.document import BlockKind, PageStatus
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.groups import Group, Type, goes_on, group, may_continue, measure_type
from assistant.documents.headings import Outline, find_headings
from assistant.documents.hyphens import mend
from assistant.documents.leftwards import runs_leftwards
from assistant.documents.lines import HYPHEN, Line, Piece
from assistant.documents.markers import CAPTION, FOOTNOTE
from assistant.documents.running_heads import without_running_heads

_SMALL = 0.93  # footnotes are smaller than this much of the text's size
_PRIVATE_BULLETS = re.compile("^[\uf0a7\uf0b7\uf0d8\uf076\uf0fc](?=\\s)")


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page's lines in the file's order, its height in points, and what became of it.

    `confidence` is how sure the recognition of its letters is; None where the text is the file's.
    """

    lines: Sequence[Line]
    height: float
    status: PageStatus
    confidence: float | None = None


def lay_out(pages: Sequence[SourcePage], outline: Outline) -> list[DraftPage]:
    """Return the blocks of each page."""
    pages = [_mirrored(page) for page in pages]
    kept = without_running_heads([page.lines for page in pages], [page.height for page in pages])
    ordered = [in_reading_order(_sideways_last(lines)) for lines in kept]
    kind_of_type = measure_type(ordered)
    grouped = [group(lines, kind_of_type) for lines in ordered]
    levels = find_headings(grouped, kind_of_type, outline)
    drafts = []
    last: Group | None = None
    for page, groups in zip(pages, grouped, strict=True):
        _tell_apart(groups, levels, kind_of_type, page.height)
        draft = DraftPage(status=page.status, confidence=page.confidence)
        is_first = True
        for item in groups:
            continues = is_first and last is not None and may_continue(last) and goes_on(last, item)
            draft.blocks.append(_block(item, levels.get(id(item), 0), continues=continues))
            is_first = is_first and item.kind is BlockKind.FOOTNOTE
        if page.status is PageStatus.READ and not draft.blocks:
            draft.status = PageStatus.NO_TEXT  # but for a running head
        last = _last_flowing(groups) or (last if not groups else None)
        drafts.append(draft)
    mend(drafts)
    return drafts


def _mirrored(page: SourcePage) -> SourcePage:
    """Return a page whose text runs leftwards as in a mirror, so that lines begin at the left."""
    leftward = sum(len(line.text) for line in page.lines if runs_leftwards(line.text))
    if 2 * leftward <= sum(len(line.text) for line in page.lines):
        return page
    lines = [
        replace(
            line,
            left=-line.right,
            right=-line.left,
            pieces=tuple(Piece(piece.text, -piece.right, -piece.left) for piece in line.pieces),
        )
        for line in page.lines
    ]
    return replace(page, lines=lines)


def _sideways_last(lines: Sequence[Line]) -> list[Line]:
    """Put text that runs up or down the margin after the page's own."""
    return sorted(lines, key=lambda line: not line.is_upright)


def _tell_apart(
    groups: Sequence[Group], levels: dict[int, int], kind_of_type: Type, height: float
) -> None:
    """Set the kinds HEADING, CAPTION and FOOTNOTE."""
    is_below = False
    for item in groups:
        first = item.lines[0]
        if id(item) in levels:
            item.kind = BlockKind.HEADING
        elif item.kind in {BlockKind.TABLE, BlockKind.CODE}:
            continue
        elif CAPTION.match(first.text):
            item.kind = BlockKind.CAPTION
        elif first.size < _SMALL * kind_of_type.body_size and first.top > 0.4 * height:
            is_below = is_below or bool(FOOTNOTE.match(first.text))
            item.kind = BlockKind.FOOTNOTE if is_below else item.kind


def _block(item: Group, level: int, *, continues: bool) -> DraftBlock:
    text = item.text
    if item.kind is BlockKind.HEADING:
        text = text.replace(HYPHEN, "-") if text.endswith(HYPHEN) else text
    elif item.kind is BlockKind.LIST_ITEM:
        text = _PRIVATE_BULLETS.sub("•", text)
    return DraftBlock(item.kind, text, level, continues)


def _last_flowing(groups: Sequence[Group]) -> Group | None:
    """Return the last block above the footnotes."""
    above = [item for item in groups if item.kind is not BlockKind.FOOTNOTE]
    return above[-1] if above else None
