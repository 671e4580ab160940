"""The parts of an OOXML container and how they refer to each other (ECMA-376 part 2)."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup import children, value
from assistant.errors import DocumentError, FileFault

_MOST_RELATIONS = 20_000  # to parts; a slide has a handful


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another one names.

    Attributes:
        kind: the last word of the relationship's type: "slide", "notesSlide", "chart".
        target: the part's name in the container.
    """

    kind: str
    target: str


class Parts:
    """The XML parts of one container.

    Args:
        archive: the open container.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def elements(self, part: str, *parents: str) -> Iterator[Element]:
        """Yield the children of the root, or of `parents`, freeing each; none without the part."""
        if part in self._archive:
            with self._archive.open(part) as file:
                yield from children(file, *parents)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what `part` refers to within the container, by id.

        Raises:
            DocumentError: there are too many.
        """
        folder, name = posixpath.split(part)
        found: dict[str, Relation] = {}
        for element in self.elements(f"{folder}/_rels/{name}.rels"):
            if value(element, "TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join(f"/{folder}", value(element, "Target")))
            kind = value(element, "Type").rpartition("/")[2]
            found[value(element, "Id")] = Relation(kind, target.lstrip("/"))
            if len(found) > _MOST_RELATIONS:
                limit = f"relations {_MOST_RELATIONS}"
                raise DocumentError(self._archive.path, FileFault.TOO_LARGE, limit=limit)
        return found
