"""The kinds of documents whose readers ask the same questions."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a document is to its reader."""

    CONTRACT = "contract"  # or a licence, terms and conditions
    INVOICE = "invoice"  # or a statement of account
    FINANCIAL_REPORT = "financial-report"
    PAPER = "paper"
    LETTER = "letter"  # or a mail thread
    MINUTES = "minutes"
    MANUAL = "manual"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a document seems to be.

    Attributes:
        kind: OTHER where no kind is clear.
        certainty: from 0 to 1; of OTHER, that it is none of the kinds.
    """

    kind: Kind
    certainty: float
