"""The score card of one model: what it can do and how fast, measured on this computer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assistant.checkups.intervals import mean_of_shares, wilson
from assistant.checkups.report import SpeedReport

# Cards of another version were measured with other questions: they are not compared.
VERSION = 1


class Ability(StrEnum):
    """What is asked of a model."""

    FORMAT = "format"  # follows format and length
    FACTS = "facts"  # finds a fact in a text, at every depth
    SUMMARY = "summary"  # keeps numbers and names in a summary, and makes none up
    MISSING = "missing"  # says that something is not in the text
    LANGUAGE = "language"  # stays in the language asked
    JSON = "json"  # writes valid JSON on its own
    NO_LOOPS = "no-loops"  # does not repeat itself without end
    ARITHMETIC = "arithmetic"  # simple sums
    JSON_FORM = "json-form"  # fills a form that our grammar enforces; told, never counted


# What the overall score is the mean of, each the same.
COUNTED = tuple(ability for ability in Ability if ability is not Ability.JSON_FORM)


class Size(StrEnum):
    """How much is asked."""

    TINY = "tiny"  # for a first look, in seconds
    QUICK = "quick"
    FULL = "full"


class EnergySource(StrEnum):
    """Who told the energy."""

    NOT_TOLD = "not-told"
    PROCESSOR = "processor"  # the processor's own meter (RAPL)
    BATTERY = "battery"  # what the battery gave: screen and all


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyFigure:
    """Energy while a reply was written.

    Attributes:
        source: who told it.
        joules_per_1000_tokens: of a reply; 0 if nobody told.
    """

    source: EnergySource = EnergySource.NOT_TOLD
    joules_per_1000_tokens: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyFigure:
    """Speed while other processes, ours, compute as fast as they can.

    Attributes:
        processes: how many.
        prompt_tokens_per_s: reading.
        tokens_per_s: writing.
    """

    processes: int
    prompt_tokens_per_s: float
    tokens_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of right answers, from 0 to 1, with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AbilityScore:
    """Right answers to what was asked of one ability in one language.

    Attributes:
        ability: which one.
        language: ISO 639-1; "" for all languages together.
        right: how many were right.
        of: how many were asked.
        low, high: the 95% interval of the share, from 0 to 1.
    """

    ability: Ability
    language: str
    right: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """From 0 to 1; 0 if nothing was asked."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthScore:
    """Facts found at one depth of a text, in percent of its length from its beginning."""

    depth_percent: int
    right: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """All of it, as far as it came.

    Attributes:
        model: its name.
        fingerprint: of its file; see `fingerprints.fingerprint_of`.
        sha256: of its file, "" if nobody has summed it up.
        parameters: how many it has.
        quantization: "Q4_K_M" …
        size_bytes: its length.
        gpu_layers: given to a GPU; -1 for all.
        is_base: it has no chat template: it continues text, and cannot be asked to follow.
        speed: prompts, replies, load time and peak memory.
        busy: speed beside busy processes; None if it was not measured.
        energy: what a reply takes, where the system tells.
        abilities: scores by ability and language, those that were asked.
        depths: facts found by their depth in the text.
        text_tokens: length of the longest text in which facts were looked for.
        not_asked: abilities that could not be asked of it, or for which there was no time.
        at: when, UTC.
        language: the person's own, in which half of the questions were asked.
        seed: of the numbers and names in the questions.
        size: how much was asked.
        version: of the questions and their scoring.
        took_s: how long it took, in seconds.
        was_busy: other programs took much of the processor meanwhile: speeds are rough.
        is_complete: False if it was stopped.
    """

    model: str
    fingerprint: str
    at: datetime
    sha256: str = ""
    parameters: int = 0
    quantization: str = ""
    size_bytes: int = 0
    gpu_layers: int = 0
    is_base: bool = False
    speed: SpeedReport = field(default_factory=lambda: SpeedReport(0.0, 0))
    busy: BusyFigure | None = None
    energy: EnergyFigure = field(default_factory=EnergyFigure)
    abilities: tuple[AbilityScore, ...] = ()
    depths: tuple[DepthScore, ...] = ()
    text_tokens: int = 0
    not_asked: tuple[Ability, ...] = ()
    language: str = "en"
    seed: int = 1
    size: Size = Size.FULL
    version: int = VERSION
    took_s: float = 0.0
    was_busy: bool = False
    is_complete: bool = False

    @property
    def prompt_tokens_per_s(self) -> float:
        """How fast it reads, at the longest prompt that was measured; 0 if none was."""
        return self.speed.prompts[-1].tokens_per_s if self.speed.prompts else 0.0

    @property
    def tokens_per_s(self) -> float:
        """How fast it writes, after the shortest prompt that was measured; 0 if none was."""
        return self.speed.generation[0].tokens_per_s if self.speed.generation else 0.0

    @property
    def peak_bytes(self) -> int:
        """The most memory its process took; 0 if it was not measured."""
        return self.speed.memory.peak_bytes if self.speed.memory else 0

    @property
    def overall(self) -> Share | None:
        """The mean of the counted abilities; None unless all of them were asked.

        So it is None for a base model, and for a check-up that was stopped early.
        """
        counts = [(one.right, one.of) for one in self.by_ability() if one.ability in COUNTED]
        if self.is_base or len(counts) < len(COUNTED):
            return None
        value, low, high = mean_of_shares(counts)
        return Share(value=value, low=low, high=high)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages asked in, in their order."""
        return tuple(dict.fromkeys(one.language for one in self.abilities))

    def own(self, ability: Ability) -> AbilityScore | None:
        """Return the score of one ability in the person's own language, if it was asked there."""
        return next(
            (x for x in self.abilities if x.ability is ability and x.language == self.language),
            None,
        )

    def by_ability(self) -> tuple[AbilityScore, ...]:
        """Return the scores of all languages together, in the order of `Ability`."""
        asked = {one.ability for one in self.abilities}
        return tuple(self._sum(ability) for ability in Ability if ability in asked)

    def of(self, ability: Ability) -> AbilityScore | None:
        """Return the score of one ability in all languages; None if it was not asked."""
        return next((one for one in self.by_ability() if one.ability is ability), None)

    def in_language(self, language: str) -> Share:
        """Return the mean of the counted abilities that were asked in one language."""
        counts = [
            (one.right, one.of)
            for one in self.abilities
            if one.language == language and one.ability in COUNTED
        ]
        value, low, high = mean_of_shares(counts)
        return Share(value=value, low=low, high=high)

    def _sum(self, ability: Ability) -> AbilityScore:
        found = [one for one in self.abilities if one.ability is ability]
        return scored(ability, "", sum(one.right for one in found), sum(one.of for one in found))


def scored(ability: Ability, language: str, right: int, of: int) -> AbilityScore:
    """Return a score with its interval."""
    low, high = wilson(right, of)
    return AbilityScore(ability=ability, language=language, right=right, of=of, low=low, high=high)


def counted(answers: Iterable[tuple[Ability, str, bool]]) -> tuple[AbilityScore, ...]:
    """Return the scores of answers, each an ability, a language and whether it was right."""
    cells: dict[tuple[Ability, str], list[bool]] = {}
    for ability, language, is_right in answers:
        cells.setdefault((ability, language), []).append(is_right)
    order = list(Ability)
    return tuple(
        scored(ability, language, sum(found), len(found))
        for (ability, language), found in sorted(
            cells.items(), key=lambda cell: order.index(cell[0][0])
        )
    )
