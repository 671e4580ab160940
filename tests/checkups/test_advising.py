"""What the check-ups advise, and which model summarises."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.checkups.advising import Finding, advise, may_summarise, summariser, summary_s
from assistant.checkups.card import VERSION, Ability, ScoreCard, scored
from assistant.checkups.report import GenerationFigure, PromptFigure, SpeedReport
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel
from assistant.summaries.summary import is_experimental
from tests.checkups.test_cards import card

GOOD = card("good", right=4)
POOR = card("poor", right=1)


def with_score(base: ScoreCard, ability: Ability, language: str, right: int, of: int) -> ScoreCard:
    others = [x for x in base.abilities if (x.ability, x.language) != (ability, language)]
    return replace(base, abilities=(*others, scored(ability, language, right, of)))


def test_a_good_model_may_summarise_and_a_poor_one_may_not() -> None:
    assert may_summarise(GOOD) is True
    assert may_summarise(POOR) is False


@pytest.mark.parametrize("ability", [Ability.SUMMARY, Ability.FACTS, Ability.NO_LOOPS])
def test_each_of_three_abilities_is_needed_in_the_persons_language(ability: Ability) -> None:
    assert may_summarise(with_score(GOOD, ability, "en", 1, 4)) is False
    assert may_summarise(with_score(GOOD, ability, "de", 0, 4)) is True


def test_one_answer_in_the_persons_language_does_not_decide() -> None:
    assert may_summarise(with_score(GOOD, Ability.SUMMARY, "en", 0, 1)) is True  # 4 of 5 in all


def test_nothing_is_said_without_a_whole_check_up_of_today() -> None:
    assert may_summarise(None) is None
    assert may_summarise(replace(GOOD, is_complete=False)) is None
    assert may_summarise(replace(GOOD, version=VERSION + 1)) is None
    without = tuple(x for x in GOOD.abilities if x.ability is not Ability.SUMMARY)
    assert may_summarise(replace(GOOD, abilities=without)) is None
    assert may_summarise(replace(GOOD, is_base=True)) is False


def test_key_points_come_first_for_small_models_and_for_those_that_failed() -> None:
    assert is_experimental(135_000_000, None)
    assert is_experimental(135_000_000, True)
    assert is_experimental(2_000_000_000, False)
    assert not is_experimental(2_000_000_000, None)
    assert not is_experimental(2_000_000_000, True)


def test_advice_names_its_reasons() -> None:
    first, second = advise(Task.SUMMARIES, [POOR, GOOD])
    assert (first.model, first.is_advised) == ("good", True)
    assert (second.model, second.is_advised) == ("poor", False)
    assert first.reasons[0].finding is Finding.QUICK
    assert {x.ability for x in first.reasons if x.finding is Finding.GOOD} >= {Ability.SUMMARY}
    assert any(
        x.finding is Finding.POOR and x.ability is Ability.SUMMARY and x.value == 0.25
        for x in second.reasons
    )
    assert advise(Task.EMBEDDINGS, [GOOD]) == ()


def test_slow_models_are_not_advised() -> None:
    slow = replace(
        GOOD,
        speed=SpeedReport(9.0, 4096, (PromptFigure(128, 10, 13),), (GenerationFigure(128, 2),)),
    )
    assert summary_s(slow) == pytest.approx(300)
    (advice,) = advise(Task.SUMMARIES, [slow])
    assert not advice.is_advised
    assert advice.reasons[0].finding is Finding.LONG_WAIT
    (advice,) = advise(Task.CHAT, [slow])
    assert not advice.is_advised
    assert advice.reasons[0].finding is Finding.SLOW


def test_base_models_and_old_cards_say_why_there_is_no_advice() -> None:
    (advice,) = advise(Task.CHAT, [replace(GOOD, is_base=True)])
    assert [x.finding for x in advice.reasons] == [Finding.BASE]
    assert (advice.score, advice.is_advised) == (0.0, False)
    (advice,) = advise(Task.CHAT, [replace(GOOD, version=0)])
    assert [x.finding for x in advice.reasons] == [Finding.OTHER_QUESTIONS]


def installed(name: str) -> InstalledModel:
    return InstalledModel(
        name=name,
        path=Path(f"/models/{name}.gguf"),
        size_bytes=1,
        parameters=2_000_000_000,
        quantization="Q4_K_M",
        architecture="llama",
        context_tokens=4096,
        has_chat_template=True,
    )


def test_another_model_summarises_only_if_it_is_known_to_be_better() -> None:
    here = [installed(name) for name in ("good", "poor", "unknown")]
    good, poor, unknown = here
    cards = {good.path: GOOD, poor.path: POOR}
    assert summariser(here, good, cards.get) is good
    assert summariser(here, poor, cards.get) is good
    assert summariser(here, unknown, cards.get) is good
    assert summariser(here, None, cards.get) is good
    assert summariser([poor, unknown], poor, cards.get) is poor
    assert summariser([], None, cards.get) is None


def test_two_right_answers_are_no_reason_and_a_failed_need_is_one() -> None:
    few = card("few", right=2, of=2)
    lonely = tuple(x for x in few.abilities if x.language == "en")
    (advice,) = advise(Task.SUMMARIES, [replace(few, abilities=lonely)])
    assert [x.finding for x in advice.reasons] == [Finding.QUICK]
    (advice,) = advise(Task.SUMMARIES, [with_score(GOOD, Ability.NO_LOOPS, "en", 7, 10)])
    assert not advice.is_advised
    poor = [x.ability for x in advice.reasons if x.finding is Finding.POOR]
    assert poor == [Ability.NO_LOOPS]  # 70% is much elsewhere, and not enough here
