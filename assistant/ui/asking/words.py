"""What places of an answer are called: "page 3", "Lease.pdf, sheet Costs"."""

from PySide6.QtCore import QCoreApplication

from assistant.conversations.asking.answer import AnswerCitation, Passage
from assistant.documents.document import PageUnit
from assistant.documents.places import CONTEXT, place_words
from assistant.ui.documents.places import capital

translate = QCoreApplication.translate

_LONGEST_MARK = 18


def place_name(found: AnswerCitation | Passage) -> str:
    """Return what the page is called, as words within a sentence: "page 3"."""
    return place_words(found.unit, found.page, found.label, lambda text: translate(CONTEXT, text))


def name_of(found: AnswerCitation | Passage) -> str:
    """Return the document and the place in it: "Lease, page 3"."""
    return translate("Asking", "{title}, {place}").format(
        title=" ".join(found.title.split()), place=place_name(found)
    )


def row_name(passage: Passage) -> str:
    """Return the place and the document it is in, the place first: "Page 3 · Lease"."""
    return f"{capital(place_name(passage))} · {' '.join(passage.title.split())}"


def mark_of(citation: AnswerCitation) -> str:
    """Return what stands small behind a sentence for its place: "14", or a sheet's name."""
    label = " ".join(citation.label.split())
    if citation.unit is PageUnit.SHEET and label:
        return label if len(label) <= _LONGEST_MARK else f"{label[: _LONGEST_MARK - 1]}…"
    return str(citation.page)
