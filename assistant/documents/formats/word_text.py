"""The text of Word's paragraphs: runs, breaks, hidden and deleted words.

Breaks come as line feeds, tabs as tabs, and the places where Word last began a new page as form
feeds.
"""

from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.formats.markup import child, local, value

# What is not text, was deleted, or repeats what stands beside it for older programs.
LEFT_OUT = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sectPr", "tblPr", "trPr",
     "tcPr", "sdtPr", "object", "footnotePr", "annotationRef", "rt", "docPr", "tblGrid"}
)  # fmt: skip
_MARKS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "lastRenderedPageBreak": "\f",
}
_OFF = frozenset({"0", "false", "off"})


def text_of(element: Element, hidden: Collection[str] = ()) -> str:
    """Return the text of a paragraph, without text boxes, deletions and hidden runs.

    Args:
        element: the paragraph.
        hidden: ids of the character styles whose text is not shown.
    """
    parts: list[str] = []
    _gather(element, hidden, parts)
    return "".join(parts)


def paragraphs_of(element: Element) -> Iterator[Element]:
    """Yield all paragraphs below `element`, however deep, but for those in nested tables."""
    for inner in element:
        name = local(inner)
        if name == "p":
            yield inner
        elif name != "tbl" and name not in LEFT_OUT:
            yield from paragraphs_of(inner)


def outermost(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements called `name` below `element` that are not inside another one."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found not in LEFT_OUT and not (name in {"tr", "tc"} and found == "tbl"):
            yield from outermost(inner, name)


def is_bold(paragraph: Element) -> bool:
    """Return whether all runs with text are bold."""
    runs = [run for run in paragraph.iter() if local(run) == "r" and text_of(run).strip()]
    marks = [child(child(run, "rPr"), "b") for run in runs]
    return bool(marks) and all(_is_on(mark) for mark in marks)


def _gather(element: Element, hidden: Collection[str], parts: list[str]) -> None:
    for inner in element:
        name = local(inner)
        if name == "t":
            parts.append(inner.text or "")
        elif name in _MARKS:
            parts.append(_MARKS[name])
        elif name == "r" and is_hidden(child(inner, "rPr"), hidden):
            continue
        elif name not in LEFT_OUT and name not in {"txbxContent", "p"}:
            _gather(inner, hidden, parts)


def is_hidden(settings: Element | None, hidden: Collection[str] = ()) -> bool:
    """Return whether text with the run settings `settings` is not shown."""
    if settings is None:
        return False
    mark = child(settings, "vanish")
    if mark is not None:
        return _is_on(mark)
    return bool(hidden) and value(child(settings, "rStyle"), "val") in hidden


def _is_on(mark: Element | None) -> bool:
    return mark is not None and value(mark, "val") not in _OFF
