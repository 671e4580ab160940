"""What happens in a turn of a conversation, from the question to the last word of the reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from assistant.conversations.asking.answer import Answered, PassagesFound, Preparing
from assistant.engine.protocol import Finished, LoadProgress, ModelInfo, PromptProgress, TextPart
from assistant.storage.recaps import Recap


@dataclass(frozen=True, slots=True)
class ReplyBegun:
    """The reply has a row of its own from now on; a continued one had it before.

    Attributes:
        message_id: the row.
        is_anew: its first word takes the place of all that a continued reply came to.
        begun_at: when the row was made.
        stats: what is kept with it from its beginning: how it is made, and for a continued reply
            what that one took.
    """

    message_id: int
    is_anew: bool = False
    begun_at: datetime | None = field(default=None, compare=False)
    stats: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class StatsKept:
    """What the row of the reply tells at its end of what it took and how it was made.

    It comes before `Finished` or `Answered`, to show the reply now as it is shown later: a
    continued one took what both of its parts did.
    """

    stats: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentWanted:
    """The question means a document and none is attached: the model is not asked to invent one.

    The turn ends with it and leaves no reply; `take_turn(…, answers_anyway=True)` replies.
    """


@dataclass(frozen=True, slots=True)
class Working:
    """Another part works for the reply, such as the summary job: what it does now.

    Attributes:
        words: in the person's language: "Reading Lease, page 12".
        fraction: how much of it is done, from 0 to 1; None where that is not known.
    """

    words: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class HistoryCut:
    """The model is not given the whole conversation, and no recap stands for what is missing.

    Attributes:
        messages: how many of the oldest messages it no longer sees.
        context_tokens: the context that they did not fit into.
        cuts_recap: of the recap for others, too, it is given the beginning alone.
    """

    messages: int
    context_tokens: int
    cuts_recap: bool = False


@dataclass(frozen=True, slots=True)
class RecapBegun:
    """The history does not fit: the model sums up its oldest `messages` messages first."""

    messages: int


@dataclass(frozen=True, slots=True)
class RecapMade:
    """The recap is stored; the model is given it in place of the messages up to its last one."""

    recap: Recap


@dataclass(frozen=True, slots=True)
class TitleMade:
    """The model has named the conversation; the title is stored."""

    conversation_id: int
    title: str


ReplyEvent: TypeAlias = (
    LoadProgress
    | ModelInfo
    | DocumentWanted
    | RecapBegun
    | RecapMade
    | HistoryCut
    | Preparing
    | PassagesFound
    | Working
    | PromptProgress
    | TextPart
    | Answered
    | Finished
)
RecordedEvent: TypeAlias = ReplyBegun | ReplyEvent | StatsKept
AfterEvent: TypeAlias = TitleMade | RecapBegun | RecapMade
