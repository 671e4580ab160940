"""What of a conversation fits the context: all of it, or a recap and the turns after it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.engine.protocol import Role
from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap

# A history that fills more than this of the room is summed up when there is time, so that no
# reply has to wait for it.
_FULL = 0.8
# After a recap so much of the room is filled, and after a cut so much: the next turns then share
# their beginning with this prompt, and the engine need not read the history again at each turn.
_KEPT_AFTER_RECAP = 0.5
_KEPT_AFTER_CUT = 2 / 3


@dataclass(frozen=True, slots=True)
class Said:
    """A message that the model may be given, and its tokens as the template writes it."""

    record: MessageRecord
    tokens: int

    @property
    def is_question(self) -> bool:
        """Whether a turn begins with it."""
        return self.record.role == Role.USER


@dataclass(frozen=True, slots=True)
class Told:
    """A recap on the conversation's path.

    Attributes:
        recap: as it is stored.
        end: place of the first message that it does not tell of.
        tokens: what it takes.
    """

    recap: Recap
    end: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What the model is to be given.

    Attributes:
        first: place of the first message that it is given word for word.
        recap: stands before that one; None for none.
        to_sum_up: places of the messages that a new recap is to tell of, which takes the place
            of `recap`; empty for none.
        left_out: how many of the oldest messages neither fit nor are told of.
    """

    first: int = 0
    recap: Recap | None = None
    to_sum_up: range = range(0)
    left_out: int = 0


def fit(
    said: Sequence[Said], told: Sequence[Told], room: int, *, looks_ahead: bool = False
) -> Fitting:
    """Return what of `said` is given to the model.

    A turn is a user's message and what follows it up to the next. The last turn always stays:
    whether it fits alone is the engine's to say. Where a recap was switched off none is made:
    the oldest turns are left out.

    Args:
        said: the conversation's active path.
        told: the recaps on it, in the path's order.
        room: tokens that the messages and the recap may take.
        looks_ahead: the next question is not there yet: sum up what would leave little room.
    """
    used = next((one for one in reversed(told) if not one.recap.is_off), None)
    before = _sums(said)
    total = before[-1]
    if total <= (room * _FULL if used or looks_ahead else room):
        return Fitting()
    start = used.end if used else 0
    left = room - (used.tokens if used else 0)
    rest = total - before[start]
    recap = used.recap if used else None
    if rest <= (left * _FULL if looks_ahead else left):
        return Fitting(first=start, recap=recap)
    if any(one.recap.is_off for one in told):
        cut = start if looks_ahead else cut_of(said, start, left)
        return Fitting(first=cut, recap=recap, left_out=cut - start)
    turns = [place for place, one in enumerate(said) if one.is_question and place > start]
    kept = room * _KEPT_AFTER_RECAP
    fitting = (place for place in turns if total - before[place] <= kept)
    end = next(fitting, turns[-1] if turns else start)
    return Fitting(first=end, recap=recap, to_sum_up=range(start, end))


def cut_of(said: Sequence[Said], start: int, room: int) -> int:
    """Return the place of the first message after `start` that fits `room` without a recap.

    The cut depends on the older messages only, so it stays where it is while a conversation
    grows, until the room is used up again.
    """
    turns = [place for place, one in enumerate(said) if one.is_question and place >= start]
    before = _sums(said)
    first = start
    for number, begin in enumerate(turns):
        end = turns[number + 1] if number + 1 < len(turns) else len(said)
        if before[end] - before[first] <= room:
            continue
        kept = room * _KEPT_AFTER_CUT
        later = turns[bisect_right(turns, first) : number + 1]
        first = next((place for place in later if before[end] - before[place] <= kept), begin)
    return first


def _sums(said: Sequence[Said]) -> list[int]:
    """Return how many tokens stand before each message, and in all."""
    return list(accumulate((one.tokens for one in said), initial=0))
