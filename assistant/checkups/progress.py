"""How far a check-up has come."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.checkups.card import Ability


class CheckStage(StrEnum):
    """What is under way."""

    LOADING = "loading"
    SPEED = "speed"
    BUSY = "busy"  # speed beside a busy process
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question and its answer, for those who want to see why.

    Attributes:
        ability: what was asked about; the first, where one answer tells of several.
        language: asked in.
        question: as the model got it; of a long text only its end.
        expected: an answer that would be right.
        reply: the model's.
        verdicts: each ability that the answer tells of, and whether it was right.
    """

    ability: Ability
    language: str
    question: str
    expected: str
    reply: str
    verdicts: tuple[tuple[Ability, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """A check-up under way.

    Attributes:
        stage: what is under way.
        done, total: of the whole, in seconds as they are foreseen; `total` may change.
        ability: what is asked about, while questions are asked.
        language: asked in.
        answered: the question that was just answered.
    """

    stage: CheckStage
    done: float
    total: float
    ability: Ability | None = None
    language: str = ""
    answered: Answered | None = None
