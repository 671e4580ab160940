"""The text of an OpenDocument paragraph, and what hangs on it: notes and frames.

Line breaks come as line feeds, tabs as tabs, and the places where the program last began a new page
as form feeds.
"""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.formats.markup import child, local, number, value
from assistant.documents.formats.odf_styles import OdfStyles

_LEFT_OUT = frozenset(
    {"annotation", "annotation-end", "tracked-changes", "ruby-text", "number", "title", "desc",
     "forms", "script", "sequence-decls", "variable-decls", "user-field-decls", "hidden-text",
     "note-citation", "glue-point", "event-listeners", "enhanced-geometry", "bibliography-source",
     "toc-mark", "toc-mark-start", "alphabetical-index-mark", "user-index-mark"}
)  # fmt: skip
SHAPES = frozenset(
    {"frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path",
     "connector", "caption", "measure", "g", "page-thumbnail"}
)  # fmt: skip
_MOST_SPACES = 1_000


@dataclass(slots=True)
class Paragraph:
    """What is in one paragraph.

    Attributes:
        text: as shown, with breaks as the module says.
        number: the number that the program wrote before it, "" if it wrote none.
        notes: its footnotes and endnotes, in order.
        shapes: frames and drawings that stand in it.
        is_bold: all of its text is.
    """

    text: str = ""
    number: str = ""
    notes: list[Element] = field(default_factory=list)
    shapes: list[Element] = field(default_factory=list)
    is_bold: bool = False


def read_paragraph(element: Element, styles: OdfStyles) -> Paragraph:
    """Return what is in a `text:p` or `text:h`."""
    found = Paragraph(number=fold(clean(_number(element))))
    parts: list[tuple[str, bool]] = []
    _gather(element, styles, found, parts, is_bold=styles.is_bold(value(element, "style-name")))
    found.text = "".join(text for text, _ in parts)
    marks = [bold for text, bold in parts if text.strip()]
    found.is_bold = bool(marks) and all(marks)
    return found


def _number(element: Element) -> str:
    mark = child(element, "number")
    return "".join(mark.itertext()) if mark is not None else ""


def _gather(
    element: Element,
    styles: OdfStyles,
    found: Paragraph,
    parts: list[tuple[str, bool]],
    *,
    is_bold: bool,
) -> None:
    if element.text:
        parts.append((element.text, is_bold))
    for inner in element:
        name = local(inner)
        mark = _mark(name, inner)
        if mark:
            parts.append((mark, is_bold))
        elif name == "note":
            found.notes.append(inner)
        elif name in SHAPES:
            found.shapes.append(inner)
        elif name == "span":
            style = value(inner, "style-name")
            if not styles.is_hidden(style):
                bold = is_bold or styles.is_bold(style)
                _gather(inner, styles, found, parts, is_bold=bold)
        elif name and name not in _LEFT_OUT:
            _gather(inner, styles, found, parts, is_bold=is_bold)
        if inner.tail:
            parts.append((inner.tail, is_bold))


def _mark(name: str, element: Element) -> str:
    """Return the characters that an empty element stands for."""
    if name == "s":
        return " " * min(max(1, number(value(element, "c"), 1)), _MOST_SPACES)
    return {"tab": "\t", "line-break": "\n", "soft-page-break": "\f"}.get(name, "")
