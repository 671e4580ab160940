"""What a question is about: a place in a document, the whole of it, or a document that is missing.

Questions are known by their words, in the languages of `resources/asking/*.toml`; what is not
known there is an ordinary question.
"""

from dataclasses import dataclass
from enum import StrEnum


class WholeKind(StrEnum):
    """What is wanted of the whole document; passages would only be fragments of it."""

    SUMMARY = "summary"
    LIST = "list"  # all deadlines, all obligations …


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeWish:
    """A question that belongs to the summary job.

    Attributes:
        kind: what is wanted.
        style: value of the `Style` to ask for; "" for the usual one.
        focus: what the summary is to be about; "" for everything.
    """

    kind: WholeKind
    style: str = ""
    focus: str = ""


def is_about_whole(question: str) -> WholeWish | None:
    """Return what a question wants of the whole document; None for a question about a place."""
    return None


def means_a_document(question: str) -> bool:
    """Tell whether a question means a document: "this contract", with nothing attached."""
    return False
