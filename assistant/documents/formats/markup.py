"""Reads XML of office files and books piece by piece, without entities and without namespaces.

The only importer of defusedxml. Names are compared without their namespaces: OOXML has two sets of
them, and not every program is strict.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

# What says that XML is damaged or meant to do harm; unknown encodings are lookup errors.
BROKEN = (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError)
DEEPEST = 400  # elements within each other; office programs stay under 60


_DEEPEST_PARENT = 3  # further in, names mean other things: a date's format has a "text", too


class TooDeepError(ParseError):
    """Elements are nested deeper than any program writes them."""


def limit_passed(cause: BaseException | None) -> str:
    """Return the limit that made a parser stop, in words for a log; "" if it was damage."""
    if isinstance(cause, DefusedXmlException):
        return "XML entities 0"
    if isinstance(cause, TooDeepError):
        return f"XML depth {DEEPEST}"
    return "nesting" if isinstance(cause, RecursionError) else ""


def children(file: IO[bytes], *parents: str) -> Iterator[Element]:
    """Yield the children of the root, or of the first elements called as each of `parents`.

    Parents are looked for near the root. Each child is freed when the next one is asked for, so
    that a long document needs little memory, and nothing is read after the last parent.

    Raises:
        ParseError, DefusedXmlException: it is damaged, or declares entities.
    """
    wanted = list(parents)
    depth = 0
    holder: Any = None
    holder_depth = 0
    for event, element in iterparse(file, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > DEEPEST:
                raise TooDeepError
            if holder is not None or depth > _DEEPEST_PARENT:
                continue
            if not parents or local(element) in wanted:
                holder, holder_depth = element, depth
            continue
        depth -= 1
        if holder is None:
            continue
        if depth == holder_depth:
            yield element
            holder.clear()
        elif depth < holder_depth:
            if parents:
                wanted.remove(local(holder))
            if not wanted:
                return
            holder = None


def local(element: Element) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child called `name`, whatever its namespace."""
    if element is None:
        return None
    return next((inner for inner in element if local(inner) == name), None)


def value(element: Element | None, name: str) -> str:
    """Return the attribute called `name`, whatever its namespace, or ""."""
    if element is None:
        return ""
    for key, text in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return text
    return ""


def number(text: str, default: int = 0, *, most: int = 1_000_000) -> int:
    """Return the whole number that `text` is, `default` where it is none or beyond `most`."""
    try:
        found = int(text)
    except ValueError:
        return default
    return found if -most <= found <= most else default
