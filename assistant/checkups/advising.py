"""What the check-ups advise: which model for which task, and whether a model may summarise.

Advice is facts, not sentences: the front ends have the words. The thresholds are ours, chosen by
what the answers of models on both sides of them look like; docs/checkups.md says how.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.checkups.card import VERSION, Ability, AbilityScore, ScoreCard
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel

# A summary that drops or makes up every second number is worse than the text's own sentences.
_LEAST = {Ability.SUMMARY: 0.5, Ability.FACTS: 0.6, Ability.NO_LOOPS: 0.8}
_LEAST_CHAT = 0.5
_ASKED_ENOUGH = 3  # in the person's language; fewer are told by all languages together
# People read about so fast; a summary reads 2,000 tokens and should not take minutes.
_READING_TOKENS_PER_S, _SUMMARY_TOKENS, _PATIENCE_S = 5.0, 2_000, 90.0
_GOOD, _SURE, _POOR = 0.8, 0.5, 0.5  # `_SURE`: the low end of its interval

_WEIGHED = {
    Task.CHAT: (
        *(Ability.FORMAT, Ability.LANGUAGE, Ability.NO_LOOPS, Ability.FACTS),
        *(Ability.MISSING, Ability.ARITHMETIC, Ability.JSON),
    ),
    Task.SUMMARIES: (
        *(Ability.SUMMARY, Ability.FACTS, Ability.MISSING, Ability.LANGUAGE, Ability.NO_LOOPS),
    ),
}


class Finding(StrEnum):
    """A reason for or against a model, as a fact."""

    BASE = "base"  # it continues text, and cannot be asked
    OTHER_QUESTIONS = "other-questions"  # checked with older questions, or not to the end
    GOOD = "good"  # an ability, `value` from 0 to 1
    POOR = "poor"  # an ability, `value` from 0 to 1
    QUICK = "quick"  # `value` in tokens a second
    SLOW = "slow"  # `value` in tokens a second
    LONG_WAIT = "long-wait"  # `value` in seconds, for a Quick summary of a long document


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why: `ability` for `GOOD` and `POOR`, else None."""

    finding: Finding
    value: float = 0.0
    ability: Ability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A model for a task.

    Attributes:
        task: chat or summaries.
        model: its name.
        fingerprint: of its file.
        score: what models are ranked by, from 0 to 1.
        is_advised: it does the task well enough, and fast enough.
        reasons: for and against, the weightiest first.
    """

    task: Task
    model: str
    fingerprint: str
    score: float
    is_advised: bool
    reasons: tuple[Reason, ...]


def advise(task: Task, cards: Iterable[ScoreCard]) -> tuple[Advice, ...]:
    """Return advice for each card, the best model first.

    Args:
        task: chat or summaries; there is no advice for other tasks.
        cards: of the models that are there.
    """
    if task not in _WEIGHED:
        return ()
    found = [_advice(task, card) for card in cards]
    return tuple(sorted(found, key=lambda one: (one.is_advised, one.score), reverse=True))


def may_summarise(card: ScoreCard | None) -> bool | None:
    """Return whether a model's own sentences are good enough to come first in a summary.

    It must keep names and numbers, find facts, and not go in circles, in the person's language
    where enough was asked in it.

    Returns:
        None where no complete check-up with today's questions tells.
    """
    if card is None or not _tells(card):
        return None
    if card.is_base:
        return False
    scores = [(_score(card, ability), least) for ability, least in _LEAST.items()]
    if any(score is None for score, _ in scores):
        return None
    return all(score is not None and score.share >= least for score, least in scores)


def summariser(
    installed: Iterable[InstalledModel],
    default: InstalledModel | None,
    card_of: Callable[[Path], ScoreCard | None],
) -> InstalledModel | None:
    """Return the model that summarises where the person chose none for it.

    That is `default` unless its check-up says that it does not summarise well, or tells nothing,
    and another model was checked that does.

    Args:
        installed: the models there are.
        default: the model that would summarise otherwise.
        card_of: returns a model file's card.
    """
    if default and may_summarise(card_of(default.path)):
        return default
    cards = [(model, card_of(model.path)) for model in installed]
    advised = [
        (advise(Task.SUMMARIES, [card])[0].score, model)
        for model, card in cards
        if card and advise(Task.SUMMARIES, [card])[0].is_advised
    ]
    return max(advised, key=lambda one: one[0])[1] if advised else default


def summary_s(card: ScoreCard) -> float:
    """Return about how long a Quick summary of a long document takes, in seconds; 0 unknown.

    It reads 2,000 tokens at most, and writes some 200.
    """
    if not card.prompt_tokens_per_s or not card.tokens_per_s:
        return 0.0
    return _SUMMARY_TOKENS / card.prompt_tokens_per_s + 200 / card.tokens_per_s


def _tells(card: ScoreCard) -> bool:
    return card.is_complete and card.version == VERSION


def _score(card: ScoreCard, ability: Ability) -> AbilityScore | None:
    own = card.own(ability)
    return own if own and own.of >= _ASKED_ENOUGH else card.of(ability)


def _advice(task: Task, card: ScoreCard) -> Advice:
    scores = [_score(card, ability) for ability in _WEIGHED[task]]
    asked = [score for score in scores if score]
    mean = sum(score.share for score in asked) / len(asked) if asked else 0.0
    is_known = _tells(card) and not card.is_base
    is_good = may_summarise(card) if task is Task.SUMMARIES else mean >= _LEAST_CHAT
    return Advice(
        task=task,
        model=card.model,
        fingerprint=card.fingerprint,
        score=mean if is_known else 0.0,
        is_advised=bool(is_known and is_good and _is_fast_enough(task, card)),
        reasons=_reasons(task, card, asked),
    )


def _is_fast_enough(task: Task, card: ScoreCard) -> bool:
    if task is Task.SUMMARIES:
        return 0 < summary_s(card) <= _PATIENCE_S
    return card.tokens_per_s >= _READING_TOKENS_PER_S


def _reasons(task: Task, card: ScoreCard, asked: Sequence[AbilityScore]) -> tuple[Reason, ...]:
    if card.is_base:
        return (Reason(finding=Finding.BASE),)
    if not _tells(card):
        return (Reason(finding=Finding.OTHER_QUESTIONS),)
    least = _LEAST if task is Task.SUMMARIES else {}
    poor = [one for one in asked if one.share < least.get(one.ability, _POOR)]
    # Two of two right answers are no reason.
    good = [one for one in asked if one.share >= _GOOD and one.low >= _SURE and one not in poor]
    found = [
        Reason(finding=Finding.POOR, value=one.share, ability=one.ability)
        for one in sorted(poor, key=lambda one: one.share)
    ]
    found += [
        Reason(finding=Finding.GOOD, value=one.share, ability=one.ability)
        for one in sorted(good, key=lambda one: -one.share)
    ]
    return (_pace(task, card), *found)


def _pace(task: Task, card: ScoreCard) -> Reason:
    wait = summary_s(card)
    if task is Task.SUMMARIES and wait > _PATIENCE_S:
        return Reason(finding=Finding.LONG_WAIT, value=wait)
    is_quick = card.tokens_per_s >= _READING_TOKENS_PER_S
    return Reason(finding=Finding.QUICK if is_quick else Finding.SLOW, value=card.tokens_per_s)
