"""A question to a model, and what tells whether its answer is right."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.checkups.card import Ability


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What an answer tells of one ability: `is_right(reply)`."""

    ability: Ability
    is_right: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question.

    Attributes:
        language: asked in, ISO 639-1.
        prompt: what the model gets: a message of a person, or a text to continue.
        expected: an answer that is right.
        checks: what the answer is looked at for; the first is what it is asked for.
        room: how many times as long as `expected` the answer may become.
        is_completion: `prompt` is a text to continue, for models without a chat template.
        stop: strings that end the answer.
        json_schema: a form that the answer must follow, as JSON; none if empty.
        depth_percent: how deep in its text the answer stands; None if that does not matter.
    """

    language: str
    prompt: str
    expected: str
    checks: tuple[Check, ...]
    room: float = 2.0
    is_completion: bool = False
    stop: tuple[str, ...] = ()
    json_schema: str = ""
    depth_percent: int | None = None

    @property
    def ability(self) -> Ability:
        """What it is asked for."""
        return self.checks[0].ability
