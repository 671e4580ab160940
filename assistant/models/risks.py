"""What makes a model of the hub cryptic or risky. Reasons to look twice, never accusations."""

from dataclasses import dataclass
from enum import StrEnum


class Risk(StrEnum):
    """A reason to look twice."""

    LOOKALIKE = "lookalike"
    HIDDEN_CHARACTERS = "hidden-characters"
    NO_LICENCE = "no-licence"
    NO_CARD = "no-card"
    OTHER_TEMPLATE = "other-template"
    NO_TEMPLATE = "no-template"
    UNKNOWN_PUBLISHER = "unknown-publisher"
    UNKNOWN_ORIGIN = "unknown-origin"
    NO_DISCUSSION = "no-discussion"


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - nothing here warns in Python's sense
    """A reason to look twice at one model.

    Attributes:
        risk: which.
        detail: the famous name it is close to, the publisher, the base model; may be "".
    """

    risk: Risk
    detail: str = ""
