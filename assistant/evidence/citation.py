"""What a check gives: where to look in the document, and what is missing there."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.documents.document import Span


class Flag(StrEnum):
    """What a sentence claims that the cited ones do not say."""

    UNSUPPORTED = "unsupported"
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    OBLIGATION = "obligation"
    ROLES = "roles"  # who does something to whom is the other way round
    DENIED = "denied"  # the model, asked about it, does not find it there


@dataclass(frozen=True, slots=True)
class Citation:
    """The closest passage to a sentence: no proof, but the place to look."""

    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check says of one sentence.

    Attributes:
        citations: the one or two closest sentences of the document, once for each page they
            stand on.
        support: share of the sentence's content found in them, 0 to 1, rare words counting more.
        flags: what was not found in them; none does not mean that the sentence is right.
        hints: weaker doubts, such as a name that stands elsewhere in the document. They are too
            often wrong to be shown unless asked for.
    """

    citations: tuple[Citation, ...]
    support: float
    flags: tuple[Flag, ...] = ()
    hints: tuple[Flag, ...] = ()
