"""Reads what floats above the cells of an Excel sheet: text boxes, diagrams, titles of charts."""

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.drawings import Unread, drawn_blocks
from assistant.documents.formats.markup import local
from assistant.documents.formats.ooxml import Parts
from assistant.documents.formats.slide_text import body_blocks


class SheetDrawings:
    """Reads the drawings of one workbook.

    Args:
        archive: the open container.
    """

    def __init__(self, archive: Archive) -> None:
        self._parts = Parts(archive)
        self._unread = Unread(self._parts)
        self._read: set[str] = set()  # a drawing belongs to one sheet

    @property
    def notes(self) -> tuple[str, ...]:
        """What of those that were asked for was not read, as a draft's notes."""
        return self._unread.notes

    def blocks(self, sheet: str) -> list[DraftBlock]:
        """Return the text above the cells of a sheet; `sheet` is the name of its part."""
        found: list[DraftBlock] = []
        relations = self._parts.relations(sheet).values()
        self._unread.count(each for each in relations if each.kind != "image")  # its background
        for relation in relations:
            if relation.kind == "drawing" and relation.target not in self._read:
                self._read.add(relation.target)
                found += self._drawing(relation.target)
        return found

    def _drawing(self, part: str) -> list[DraftBlock]:
        found: list[DraftBlock] = []
        relations = self._parts.relations(part)
        self._unread.count(relations.values())
        for anchor in self._parts.elements(part):
            for inner in anchor.iter():
                if local(inner) == "txBody":
                    found += body_blocks(inner, is_list=False)
            # What a chart shows stands in cells; its title may stand nowhere else.
            found += (
                block
                for block in drawn_blocks(self._parts, anchor, relations)
                if block.kind is not BlockKind.TABLE
            )
        return found
