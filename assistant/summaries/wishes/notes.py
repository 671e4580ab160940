"""What is noted beside a point of a summary in a style that orders points by more than place."""

from dataclasses import dataclass
from enum import StrEnum


class PointKind(StrEnum):
    """What a point is in a list of actions, or in a timeline."""

    DECISION = "decision"
    ACTION = "action"  # somebody is to do something
    DUTY = "duty"  # a rule that binds from now on
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointNote:
    """What was read out of a sentence, word for word where it is text.

    Attributes:
        kind: what it is.
        when: the date or deadline as the sentence writes it; "" for none.
        date: the same as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, for sorting; "" if it cannot be told.
        who: who decided or is to act; "" if the sentence does not say.
    """

    kind: PointKind
    when: str = ""
    date: str = ""
    who: str = ""
