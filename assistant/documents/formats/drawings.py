"""What stands in the drawings of OOXML files beside text: charts, diagrams, pictures."""

from collections.abc import Iterable, Iterator, MutableMapping
from xml.etree.ElementTree import Element

from assistant.documents import left_out
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.markup import BROKEN, local, value
from assistant.documents.formats.ooxml import Parts, Relation
from assistant.documents.formats.slide_text import chart_blocks, diagram_blocks

_OBJECTS = frozenset({"oleObject", "package"})
_COMMENTS = frozenset({"comment", "cm"})
_DRAWN_AGAIN = (".svg", ".wdp")  # stand beside a picture of the same in an older format


class Unread:
    """Counts what parts refer to and nothing here reads, each part once.

    Args:
        parts: those of the container.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._pictures: set[str] = set()
        self._objects: set[str] = set()
        self._comments: dict[str, int] = {}

    def count(self, relations: Iterable[Relation]) -> None:
        """Take what a part refers to."""
        for relation in relations:
            if relation.kind == "image" and not relation.target.lower().endswith(_DRAWN_AGAIN):
                self._pictures.add(relation.target)
            elif relation.kind in _OBJECTS:
                self.add_object(relation.target)
            elif relation.kind == "comments" and relation.target not in self._comments:
                self._comments[relation.target] = self._count_comments(relation.target)

    def add_object(self, part: str) -> None:
        """Take an embedded file that is not read."""
        self._objects.add(part)

    @property
    def notes(self) -> tuple[str, ...]:
        """All of them, as a draft's notes."""
        return (
            *left_out.counted(left_out.PICTURES, len(self._pictures)),
            *left_out.counted(left_out.OBJECTS, len(self._objects)),
            *left_out.counted(left_out.COMMENTS, sum(self._comments.values())),
        )

    def _count_comments(self, part: str) -> int:
        """Count them: Word's and PowerPoint's are the root's children, Excel's stand in a list."""
        count = 0
        try:
            for element in self._parts.elements(part):
                count += sum(local(inner) in _COMMENTS for inner in element.iter())
        except BROKEN:  # the text can be read all the same
            return max(1, count)
        return count


def relation_id(element: Element) -> str:
    """Return the id of the relationship, which has the name of the element's own id."""
    for key, text in element.attrib.items():
        if key.endswith("}id"):
            return text
    return ""


def drawn_blocks(
    parts: Parts, drawing: Element, relations: MutableMapping[str, Relation]
) -> Iterator[DraftBlock]:
    """Yield the charts and diagrams in a drawing; each is taken out of `relations`."""
    for inner in drawing.iter():
        name = local(inner)
        if name == "chart":
            relation = relations.pop(relation_id(inner), None)
            if relation and relation.kind == "chart":
                yield from chart_blocks(parts.elements(relation.target, "chart"))
        elif name == "relIds":
            relation = relations.pop(value(inner, "dm"), None)
            if relation:
                yield from diagram_blocks(parts.elements(relation.target, "ptLst"))
