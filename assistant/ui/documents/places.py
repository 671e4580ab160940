"""Names places of a document in the person's language: "page 3", "sheet Costs", "slide 4"."""

from PySide6.QtCore import QCoreApplication

from assistant.documents.document import Document, PageUnit, Span
from assistant.documents.places import CONTEXT, place_words, unit_word

_LONGEST_MARK = 18


def _translated(template: str) -> str:
    return QCoreApplication.translate(CONTEXT, template)


def place(document: Document, number: int) -> str:
    """Return what page `number` is called, as the words within a sentence."""
    page = document.pages[number - 1]
    return place_words(document.unit, number, page.label, _translated)


def bare(document: Document, number: int) -> str:
    """Return what page `number` is called without its label: "page 3", "sheet 2"."""
    return place_words(document.unit, number, "", _translated)


def place_of(document: Document, number: int) -> str:
    """Return a page's name as a heading with how many there are: "Page 3 of 12"."""
    page = document.pages[number - 1]
    total = len(document.pages)
    if total == 1 and not page.label:
        return QCoreApplication.translate("Places", "The document")
    name = place_words(document.unit, number, "", _translated)
    if total > 1:
        template = QCoreApplication.translate("Places", "{place} of {total}")
        name = template.format(place=name, total=total)
    label = " ".join(page.label.split())
    return capital(f"{name} · {label}" if label else name)


def mark(document: Document, span: Span) -> str:
    """Return what stands small behind a sentence for its place: "14", a sheet's name, or "¶"."""
    if len(document.pages) == 1:
        return "¶"  # a number would say nothing
    label = " ".join(document.pages[span.page - 1].label.split())
    if document.unit is PageUnit.SHEET and label:
        return label if len(label) <= _LONGEST_MARK else f"{label[: _LONGEST_MARK - 1]}…"
    return str(span.page)


def units(document: Document, count: int) -> str:
    """Return what `count` of the document's pages are called: "pages", "slide"."""
    return unit_word(document.unit, count, _translated)


def capital(text: str) -> str:
    """Return `text` with a capital at its beginning."""
    return text[:1].upper() + text[1:]
