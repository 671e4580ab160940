"""Reads large XML tables event by event: a sheet of a million cells is never a tree in memory.

Office programs declare no document types, so that is where this ends: without one there are no
entities that could grow or fetch anything.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from assistant.errors import DocumentError, FileFault

Attributes = Mapping[str, str]
DEEPEST = 400  # elements within each other; office programs stay under 60


class Enough(Exception):  # noqa: N818 - no error
    """Raised by a handler that has what it wants."""


def read_events(
    path: Path,
    file: IO[bytes],
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Tell what stands in `file`, names of elements and attributes without their prefixes.

    Args:
        path: the document, for errors.
        file: the XML.
        start: called where an element begins.
        end: called where it ends.
        text: called with text, which may come in several pieces.

    Raises:
        DocumentError: it is damaged, nested too deep, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    names: dict[str, str] = {}
    depth = 0

    def local(name: str) -> str:
        found = names[name] = name.rpartition(":")[2]
        return found

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DocumentError(path, FileFault.TOO_LARGE, limit=f"XML depth {DEEPEST}")
        for key in attributes:
            if ":" in key:
                attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
                break
        start(names.get(name) or local(name), attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(names.get(name) or local(name))

    def refuse(*_: object) -> None:
        raise DocumentError(path, FileFault.TOO_LARGE, limit="XML entities 0")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.ParseFile(file)
    except Enough:
        pass
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
