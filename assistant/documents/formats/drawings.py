"""What stands in the drawings of OOXML files beside text: charts, diagrams, pictures."""

from collections.abc import Iterable, Iterator, MutableMapping
from xml.etree.ElementTree import Element

from assistant.documents import left_out
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.markup import local, value
from assistant.documents.formats.ooxml import Parts, Relation
from assistant.documents.formats.slide_text import chart_blocks, diagram_blocks

_OBJECTS = frozenset({"oleObject", "package"})
_DRAWN_AGAIN = (".svg", ".wdp")  # stand beside a picture of the same in an older format


class Unread:
    """Counts what drawings refer to and nothing here reads, each part once."""

    def __init__(self) -> None:
        self._pictures: set[str] = set()
        self._objects: set[str] = set()

    def count(self, relations: Iterable[Relation]) -> None:
        """Take what a part refers to."""
        for relation in relations:
            if relation.kind == "image" and not relation.target.lower().endswith(_DRAWN_AGAIN):
                self._pictures.add(relation.target)
            elif relation.kind in _OBJECTS:
                self.add_object(relation.target)

    def add_object(self, part: str) -> None:
        """Take an embedded file that is not read."""
        self._objects.add(part)

    @property
    def notes(self) -> tuple[str, ...]:
        """All of them, as a draft's notes."""
        return (
            *left_out.counted(left_out.PICTURES, len(self._pictures)),
            *left_out.counted(left_out.OBJECTS, len(self._objects)),
        )


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
