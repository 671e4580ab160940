"""A document on its way: blocks of clean text, before offsets, sections and sentences."""

from dataclasses import dataclass, field

from assistant.documents.document import (
    Attachment,
    BlockKind,
    PageStatus,
    PageUnit,
    TableFigures,
)


@dataclass(slots=True)
class DraftBlock:
    """A block of text.

    Attributes:
        kind: what it is.
        text: clean text; rows of a table and lines of code on a line each, cells with tabs.
        level: for a heading, its depth from 1.
        continues: it goes on from the last block of its kind on the page before.
    """

    kind: BlockKind
    text: str
    level: int = 0
    continues: bool = False


@dataclass(slots=True)
class DraftPage:
    """The blocks of one page in reading order; for the rest see `document.Page`."""

    blocks: list[DraftBlock] = field(default_factory=list)
    status: PageStatus = PageStatus.READ
    label: str = ""
    confidence: float | None = None


@dataclass(slots=True)
class Draft:
    """What a format gives.

    Attributes:
        type: see `Document.type`.
        pages: all of them in order.
        titles: what it may be called, the best first.
        notes: see `Document.notes`.
        unit, attachments, tables: see `Document`.
    """

    type: str
    pages: list[DraftPage]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unit: PageUnit = PageUnit.PAGE
    attachments: tuple[Attachment, ...] = ()
    tables: tuple[TableFigures, ...] = ()
