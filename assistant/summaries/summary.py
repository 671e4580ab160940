"""What a summary is: key points, sentences with their evidence, and an honest receipt."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.documents.document import Span
from assistant.evidence.citation import Citation, Flag
from assistant.summaries.injections.injection import Injection
from assistant.summaries.kinds.key_fact import KeyFact
from assistant.summaries.wishes.notes import PointNote
from assistant.summaries.wishes.styles import Style

__all__ = [
    "Citation",
    "Coverage",
    "Flag",
    "KeyPoint",
    "Length",
    "Mode",
    "ModePlan",
    "ModelUsed",
    "OutlineEntry",
    "Stage",
    "Summary",
    "SummaryOptions",
    "SummaryProgress",
    "SummarySentence",
    "Timings",
    "UnreadPassage",
    "Why",
    "WorkPlan",
]


# Below it a model writes worse than key points extract: measured, a 135M model scored ROUGE-L 19.4
# where key points alone had 23.7, and told a tenant that they may leave at any time.
SMALLEST_WRITER = 500_000_000


def is_experimental(parameters: int, may_summarise: bool | None = None) -> bool:
    """Whether a model's sentences are not to be trusted, so that key points come first.

    Args:
        parameters: how many it has; those below half a billion make things up.
        may_summarise: what its check-up on this computer says; None if it had none.
    """
    return parameters < SMALLEST_WRITER or may_summarise is False


class Mode(StrEnum):
    """How a document is summarised."""

    KEY_POINTS = "key-points"
    QUICK = "quick"
    THOROUGH = "thorough"


class Length(StrEnum):
    """How long a summary is; `words` is its budget."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"

    @property
    def words(self) -> int:
        """The budget in words, for the key points and for the summary, each."""
        return {Length.SHORT: 80, Length.MEDIUM: 160, Length.LONG: 320}[self]


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """What is asked for: how, how long, about what, and in which form.

    Attributes:
        mode: key points alone, Quick or Thorough with a model.
        words: budget of the key points and of the summary, each.
        focus: what the reader wants to know about, "" for everything.
        style: the form of the summary.
        language: ISO 639-1 code to write in; "" for the document's.
        kind: a `Kind`'s value; "" to recognise it.
        is_reproducible: one sequence at a time with a fixed seed: slower, and the same text each
            time.
        asks_model: the model is asked, too, whether the cited passages bear out each sentence.
    """

    mode: Mode
    words: int
    focus: str = ""
    style: Style = Style.PARAGRAPHS
    language: str = ""
    kind: str = ""
    is_reproducible: bool = False
    asks_model: bool = False


class Stage(StrEnum):
    """What a summary is at."""

    RANKING = "ranking"
    LOADING = "loading"
    COUNTING = "counting"  # cutting the document into passages, on the model's tokenizer
    PROMPT = "prompt"
    WRITING = "writing"
    CHECKING = "checking"
    READING = "reading"  # Thorough: notes of passages; `page` and `section` say where
    ASKING = "asking"  # the model is asked about its own sentences
    MERGING = "merging"  # Thorough: notes become the sections' summaries; `section` says which


@dataclass(frozen=True, slots=True)
class SummaryProgress:
    """How far a stage is: `done` of `total`, 0 of 0 where that is not known.

    Attributes:
        stage: what is done now.
        done, total: passages for `READING`, merges for `MERGING`, else as the stage counts.
        page: the page that is being read; 0 for none.
        section: title of the section that is being read or summed up; "" for none.
        left_s: seconds until the whole summary is done; None where that is not known yet.
    """

    stage: Stage
    done: int = 0
    total: int = 0
    page: int = 0
    section: str = ""
    left_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePlan:
    """What a mode would cost, told before the model is asked anything.

    Attributes:
        mode: which.
        tokens: of the document's text that the model would be given.
        prompt_tokens: all that it would evaluate, instructions and merges included.
        reply_tokens: all that it would write, about.
        passages: pieces of the document it would read one by one.
        calls: how often it would be asked.
        seconds: how long that takes on this computer; None where no speed is known.
        is_exact: the tokens were counted by the model's own tokenizer, not estimated.
        done: of `calls`, those whose result is stored already; `seconds` leaves them out.
    """

    mode: Mode
    tokens: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    passages: int = 0
    calls: int = 0
    seconds: float | None = None
    is_exact: bool = False
    done: int = 0


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """What each mode would cost."""

    modes: tuple[ModePlan, ...]

    def of(self, mode: Mode) -> ModePlan:
        """Return the plan of one mode; an empty one if it was not planned."""
        return next((plan for plan in self.modes if plan.mode is mode), ModePlan(mode=mode))


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence was chosen, each from 0 to 1 within its document.

    Attributes:
        centrality: how much of the document says what it says.
        section: the weight of its section.
        cue: the weight of its cue words; `cue_words` are those found.
        focus: how well it answers the focus, 0 without one.
    """

    centrality: float
    section: float
    cue: float
    cue_words: tuple[str, ...] = ()
    focus: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A sentence of the document, word for word, that matters.

    Attributes:
        note: what was read out of it, in a style that orders points by it.
    """

    text: str
    span: Span
    section: str
    score: float
    why: Why
    note: PointNote | None = None


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence the model wrote, the passages closest to it, and what they do not bear out.

    Attributes:
        support: share of its content found in the cited passages, 0 to 1.
        flags: what the check found missing; none does not mean that it is right.
        starts_paragraph: it begins a new paragraph or bullet.
        section: index in `Document.sections` of the section it sums up; -1 for the whole.
        replaced: the document's own sentence, word for word, stands in its place.
        note: what was read out of it, in a style that orders points by it.
        original: what the model wrote, where the document's sentence stands in its place.
    """

    text: str
    citations: tuple[Citation, ...]
    support: float
    flags: tuple[Flag, ...] = ()
    starts_paragraph: bool = False
    section: int = -1
    replaced: bool = False
    note: PointNote | None = None
    original: "SummarySentence | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineEntry:
    """A part of the document with a summary of its own; in reading order, parents first.

    Attributes:
        title: the section's; "" for one without a heading, which its pages name.
        level: its depth from 1.
        page, last_page: where it begins and ends.
        section: index in `Document.sections`.
        sentences: what was written of it, as far as there is.
        is_done: nothing will be added.
        has_failed: passages of it could not be read; `Coverage.unread` names them.
    """

    title: str
    level: int
    page: int
    last_page: int = 0
    section: int = -1
    sentences: tuple[SummarySentence, ...] = ()
    is_done: bool = False
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class UnreadPassage:
    """A passage that the model was to read and failed at, twice.

    Attributes:
        page, last_page: where it stands.
        section: its section's title.
    """

    page: int
    last_page: int
    section: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read, and by whom. Pages are numbers, from 1.

    Attributes:
        pages_total: pages of the document.
        pages_parsed: pages whose text was read.
        pages_ranked: pages with sentences that took part in the ranking.
        pages_given_to_model: pages with sentences that the model was given.
        unreadable: pages without text or that failed.
        unread: passages that the model failed at, in Thorough.
        shortened: pages of lists (references, contents, an index) of which the model was given
            the beginning of each passage alone, in Thorough.
    """

    pages_total: int
    pages_parsed: int
    pages_ranked: int
    pages_given_to_model: int
    unreadable: tuple[int, ...] = ()
    unread: tuple[UnreadPassage, ...] = ()
    shortened: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the job began, and tokens."""

    first_output_s: float = 0.0
    total_s: float = 0.0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """Which model wrote: its name, and the sha256 of its file if known."""

    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The result of one job, complete or as far as it came.

    Attributes:
        outline: the document's parts with a summary each, in Thorough.
        plan: what was foretold of each mode before the work began.
        facts: what readers of this kind of document ask, answered with quotes.
        injections: passages that give orders to who reads them.
        kind: a `Kind`'s value; "" if it was not looked for.
        language: ISO 639-1 code of the language that was asked of the model.
        style: the form that was asked for.
        drifted: the model wrote in another language, also when asked again.
    """

    mode: Mode
    key_points: tuple[KeyPoint, ...]
    coverage: Coverage
    sentences: tuple[SummarySentence, ...] = ()
    model: ModelUsed | None = None
    timings: Timings = field(default_factory=Timings)
    is_experimental: bool = False
    is_stopped: bool = False
    outline: tuple[OutlineEntry, ...] = ()
    plan: WorkPlan | None = None
    facts: tuple[KeyFact, ...] = ()
    injections: tuple[Injection, ...] = ()
    kind: str = ""
    language: str = ""
    style: Style = Style.PARAGRAPHS
    drifted: bool = False
