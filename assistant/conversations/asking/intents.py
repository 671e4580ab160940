"""What a question is about: a place in a document, the whole of it, or a document that is missing.

Questions are known by their words, in the languages of `resources/asking/*.toml`; what is not
known there is an ordinary question.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.conversations.asking.idioms import Idiom, group, idioms

# A longer message brings its text along, or is about more than one thing.
_LONGEST_WISH = 240
_LONGEST_MENTION = 600
# "Translate this letter: The rent is due." has the letter with it, "This letter: who wrote it?" a
# question about one. Behind a colon a text is what ends without a question mark, also where it
# ends with a quotation mark.
_BEFORE_TEXT = re.compile(r"(?P<wish>[^:：]+)(?::\s|：).*[^\s?？؟]\s*")


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
    asked = _folded(question)
    if not asked or len(asked) > _LONGEST_WISH:
        return None
    for idiom in idioms():
        if (match := idiom.summary.fullmatch(asked)) is not None:
            return WholeWish(kind=WholeKind.SUMMARY, focus=group(match, "focus"))
    for idiom in idioms():
        for pattern in idiom.list:
            if (found := pattern.fullmatch(asked)) is not None:
                what = found["what"].strip()
                return WholeWish(kind=WholeKind.LIST, style=_style(what, idiom), focus=what)
    return None


def means_a_document(question: str) -> bool:
    """Tell whether a question means a document: "this contract", with nothing attached.

    A message that brings a text along, or asks for a new one, means none.
    """
    if len(question) > _LONGEST_MENTION or "\n" in question.strip():
        return False
    asked = _folded(question)
    wish = _BEFORE_TEXT.fullmatch(question)
    if wish is not None and _names_document(_folded(wish["wish"])):
        return False
    if any(idiom.creates.match(asked) for idiom in idioms()):
        return False
    return _names_document(asked)


def _names_document(asked: str) -> bool:
    return any(idiom.document.search(asked) for idiom in idioms())


def _style(what: str, idiom: Idiom) -> str:
    """Return the value of the `Style` in which such a list reads best."""
    if idiom.timeline.search(what):
        return "timeline"
    if idiom.actions.search(what):
        return "actions"
    return "facts" if idiom.facts.search(what) else "bullets"


def _folded(question: str) -> str:
    return " ".join(question.casefold().split()).strip(" .!?…¿¡？。！؟\"'“”„«»")
