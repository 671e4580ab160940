"""Every question, in every language and with many seeds: right answers score, wrong ones do not."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from assistant.checkups import rounds, scoring
from assistant.checkups.card import COUNTED, Ability
from assistant.checkups.languages import LANGUAGES, asked_first, words_of
from assistant.checkups.letters import numbers_in
from assistant.checkups.question import Question
from assistant.checkups.texts import DEPTHS, Draw, fact_text

SEEDS = range(1, 6)


def questions(language: str, seed: int) -> Iterator[Question]:
    """Yield what a whole check-up asks in one language."""
    for number in range(14):
        yield from rounds.questions_of_round(number, seed, [language])
        yield from rounds.completions_of_round(number, seed, [language])
    found = rounds.long_text(seed, language, 40)
    yield from rounds.questions_of_text(found, seed, language)
    yield from rounds.completions_of_text(found, language)


def wrong_answers(question: Question) -> Iterator[str]:
    """Yield answers that are wrong in any reading."""
    yield from ("", " \n ", "?!", "…", "```\n```", question.prompt, "- \n- \n- ")
    expected, ability = question.expected, question.ability
    if ability in {Ability.FACTS, Ability.ARITHMETIC} and expected.isdigit():
        number = int(expected)
        yield from (
            str(number + 1),
            f"{number}0",
            f"1{number}",
            f"{expected}.5",
            f"{number} {number + 2}",
        )
    if ability in {Ability.JSON, Ability.JSON_FORM}:
        value = json.loads(expected)
        yield f"{expected} That is it."
        yield expected[:-1]
        yield json.dumps([value])
        yield json.dumps(json.dumps(value))
        yield expected.replace('"', "'")
        if isinstance(value, dict):
            yield json.dumps(value | {"age": value["age"] + 1})
            yield json.dumps({"name": value["name"], "age": value["age"]})
            yield json.dumps(value | {"more": 1})
        else:
            yield json.dumps(value[::-1])
            yield json.dumps(value[:-1])
    if ability is Ability.FORMAT:
        yield f"{expected}\n{expected}"
        if question.checks[0].is_right.func is not scoring.has_length:  # it has a tolerance
            yield f"Sure! Here it is:\n{expected}"
    if ability is Ability.MISSING:
        yield "4711"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_right_answer_scores(language: str) -> None:
    seen: Counter[Ability] = Counter()
    for seed in SEEDS:
        for question in questions(language, seed):
            for check in question.checks:
                assert check.is_right(question.expected), (seed, check, question.expected)
                seen[check.ability] += 1
    assert set(seen) == set(Ability)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_answer_does_not(language: str) -> None:
    for seed in SEEDS:
        for question in questions(language, seed):
            for answer in wrong_answers(question):
                for check in question.checks:
                    if check.ability is not Ability.NO_LOOPS or not answer.strip():
                        assert not check.is_right(answer), (seed, check, answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_of_another_question_do_not_score(language: str) -> None:
    """Guessing, or saying always the same, is worth nothing."""
    kinds = (Ability.FACTS, Ability.MISSING, Ability.ARITHMETIC, Ability.SUMMARY, Ability.JSON)
    for seed in SEEDS:
        asked = [one for one in questions(language, seed) if one.ability in kinds]
        asked.sort(key=lambda one: one.ability)
        for one, other in itertools.pairwise(asked):
            if one.ability is other.ability and one.expected != other.expected:
                assert not one.checks[0].is_right(other.expected), (seed, one.prompt[-80:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_going_in_circles_is_seen(language: str) -> None:
    for seed in SEEDS:
        for question in questions(language, seed):
            loops = [one for one in question.checks if one.ability is Ability.NO_LOOPS]
            for check in loops:
                joint = "" if language == "zh" else " "
                assert not check.is_right(joint.join([question.expected] * 4))


def test_another_language_is_seen() -> None:
    for seed in SEEDS[:2]:
        texts = {one: " ".join(Draw(words_of(one), seed).sentences(4)) for one in LANGUAGES}
        for language in LANGUAGES:
            for question in questions(language, seed):
                if question.ability is not Ability.LANGUAGE:
                    continue
                for other, text in texts.items():
                    if other == language:
                        continue
                    assert not question.checks[0].is_right(text), (language, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_must_not_change_its_numbers_and_names(language: str) -> None:
    for seed in SEEDS:
        for question in questions(language, seed):
            if question.ability is not Ability.SUMMARY:
                continue
            check = question.checks[0]
            number = next(x for x in numbers_in(question.expected) if len(x) >= 4)
            changed = question.expected.replace(number, str(int(number) + 7))
            assert not check.is_right(changed), changed
            text = question.prompt.partition("\n\n")[2].partition("\n")[2]
            assert not check.is_right(text)  # a copy
            bare = re.sub(r"\d+", "", question.expected)
            assert not check.is_right(bare)  # without any number
            if language in {"en", "fr", "es"}:
                assert not check.is_right(f"{question.expected} {_agreed(language)}")


def _agreed(language: str) -> str:
    return {
        "en": "Later Schmidthuber agreed.",
        "fr": "Enfin, Schmidthuber est d'accord.",
        "es": "Al final, Schmidthuber está de acuerdo.",
    }[language]


def test_the_same_seed_asks_the_same_and_another_asks_otherwise() -> None:
    def prompts(seed: int) -> list[str]:
        return [one.prompt for one in rounds.questions_of_round(2, seed, LANGUAGES)]

    assert prompts(5) == prompts(5)
    same = sum(one == other for one, other in zip(prompts(5), prompts(6), strict=True))
    assert same <= 2  # questions without a name or number


def test_half_of_a_round_is_in_the_persons_language() -> None:
    for first in LANGUAGES:
        asked = [
            question
            for number in range(14)
            for question in rounds.questions_of_round(number, 1, asked_first(first))
        ]
        by_language = Counter(question.language for question in asked)
        assert set(by_language) == set(LANGUAGES)
        assert 0.45 < by_language[first] / len(asked) < 0.55
        others = [count for language, count in by_language.items() if language != first]
        assert max(others) <= 2.5 * min(others)


def test_a_short_round_asks_for_every_ability() -> None:
    for number in range(4):
        asked = rounds.questions_of_round(number, 1, LANGUAGES, is_short=True)
        abilities = {check.ability for question in asked for check in question.checks}
        assert abilities == set(COUNTED)
        assert len(asked) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_stand_where_they_should(language: str) -> None:
    words = words_of(language)
    for seed in SEEDS:
        found = fact_text(Draw(words, seed), 120)
        answers = [one.answer for one in found.placed]
        assert len(set(answers)) == len(DEPTHS)
        for one in found.placed:
            said = one.fact.text.format(place=one.place, number=one.answer, person=one.answer)
            assert found.text.count(said) == 1
            depth = 100 * found.text.index(said) / len(found.text)
            assert abs(depth - one.depth_percent) < 6
        for place in found.strange_places:
            assert place not in found.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_complete(language: str) -> None:
    words = words_of(language)
    assert words.language == language
    assert len(set(words.places)) >= 2 * len(DEPTHS)
    assert len(set(words.persons)) >= len(DEPTHS)
    assert len(words.facts) >= len(DEPTHS)
    assert len(set(words.words)) == len(words.words) >= 6
    filler = json.dumps(
        [words.filler.when, words.filler.who, words.filler.what], ensure_ascii=False
    )
    for name in (*words.persons, *words.places):
        assert name not in filler
    assert len(set(Draw(words, 1).sentences(400))) == 400
