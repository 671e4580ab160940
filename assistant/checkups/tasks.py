"""The kinds of questions, each drawn for one language: what is asked, and what is right."""

import json
from collections.abc import Callable, Sequence
from functools import partial

from assistant.checkups import scoring
from assistant.checkups.card import Ability
from assistant.checkups.languages import Words, words_of
from assistant.checkups.question import Check, Question
from assistant.checkups.texts import Draw, FactText, Placed

_SHORT, OPEN = 3.0, 2.0  # how many times as long as expected an answer may become
TIMES = "\u00d7"
_OPS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    TIMES: lambda a, b: a * b,
}


def fact(found: FactText, placed: Placed, words: Words) -> Question:
    """Ask for a fact of a text."""
    others = [one.answer for one in found.placed if one is not placed]
    return Question(
        language=words.language,
        prompt=words.ask_text.format(
            text=found.text, question=placed.question, missing=words.missing
        ),
        expected=placed.answer,
        checks=(
            checked(
                Ability.FACTS,
                scoring.has_fact,
                answer=placed.answer,
                others=others,
                missing_forms=words.missing_forms,
            ),
        ),
        room=_SHORT,
        depth_percent=placed.depth_percent,
    )


def missing(found: FactText, draw: Draw, *, is_hard: bool) -> Question:
    """Ask for what a text does not say.

    Args:
        found: the text.
        draw: chance.
        is_hard: the text names the place, with another fact.
    """
    words = draw.words
    about = draw.chance.choice(found.placed)
    if is_hard:
        kinds = [kind for kind in words.facts if kind is not about.fact]
        question = draw.chance.choice(kinds).ask.format(place=about.place)
    else:
        question = about.fact.ask.format(place=draw.one(found.strange_places))
    return Question(
        language=words.language,
        prompt=words.ask_text.format(text=found.text, question=question, missing=words.missing),
        expected=words.missing,
        checks=(
            checked(
                Ability.MISSING,
                scoring.says_missing,
                missing_forms=words.missing_forms,
                others=[one.answer for one in found.placed],
            ),
        ),
        room=_SHORT,
    )


def completed_fact(found: FactText, placed: Placed, words: Words) -> Question:
    """Let a base model continue a text with questions, the first of them answered."""
    shown = next(one for one in found.placed if one is not placed)
    first = words.completion.format(text=found.text, question=shown.question)
    second = words.completion.format(text="", question=placed.question).strip()
    asked = fact(found, placed, words)
    return Question(
        language=words.language,
        prompt=f"{first} {shown.answer}\n\n{second}",
        expected=placed.answer,
        checks=asked.checks,
        room=_SHORT,
        is_completion=True,
        stop=("\n",),
        depth_percent=placed.depth_percent,
    )


def summary(draw: Draw, number: int) -> Question:
    """Ask for a summary of a report."""
    words = draw.words
    report = words.reports[number % len(words.reports)]
    first, second = draw.some(words.persons, 2)
    values: dict[str, object] = {"p1": first, "p2": second, "place": draw.one(words.places)}
    values |= {name: draw.number(low, high) for name, (low, high) in report.numbers.items()}
    source = report.text.format(**values)
    return Question(
        language=words.language,
        prompt=words.ask_report.format(text=source),
        expected=report.short.format(**values),
        checks=(
            checked(
                Ability.SUMMARY,
                scoring.keeps,
                source=source,
                wanted=[one.format(**values) for one in report.keep],
                language=words.language,
            ),
            checked(Ability.NO_LOOPS, scoring.is_not_looping),
        ),
        room=OPEN,
    )


def talk(draw: Draw, number: int) -> Question:
    """Ask for a few sentences about something that everyone knows."""
    words = draw.words
    return _open(words, words.talk[number % len(words.talk)], draw.sentences(4))


def foreign(draw: Draw) -> Question:
    """Ask about a text in another language, to be answered in this one."""
    words = draw.words
    other = Draw(words_of(words.foreign.language), draw.number(1, 10**9))
    text = " ".join(other.sentences(4))
    return _open(words, words.foreign.ask.format(text=text), draw.sentences(2))


def continued(draw: Draw) -> Question:
    """Let a base model continue a text."""
    words = draw.words
    joint = "" if words.language == "zh" else " "
    text, expected = joint.join(draw.sentences(4)), joint.join(draw.sentences(4))
    return Question(
        language=words.language,
        prompt=text,
        expected=expected,
        checks=_open_checks(words, text),
        room=1.5,
        is_completion=True,
    )


def sum_(draw: Draw, op: str) -> Question:
    """Ask for a sum in digits."""
    a, b = _operands(draw, op)
    asked = draw.words.sum.format(a=a, b=b, op=op)
    return _number(draw.words.language, asked, _OPS[op](a, b))


def story(draw: Draw, number: int) -> Question:
    """Ask for a sum in words."""
    words = draw.words
    one = words.stories[number % len(words.stories)]
    a, b = _operands(draw, one.op)
    asked = one.ask.format(a=a, b=b, person=draw.one(words.persons))
    return _number(words.language, asked, _OPS[one.op](a, b))


def completed_sum(draw: Draw, op: str) -> Question:
    """Let a base model continue lines of sums."""
    lines = []
    for _ in range(3):
        a, b = _operands(draw, op)
        lines.append(f"{a} {op} {b} = {_OPS[op](a, b)}")
    shown, answer = lines[-1].rsplit(" ", 1)
    return Question(
        language=draw.words.language,
        prompt="\n".join([*lines[:-1], shown]),
        expected=answer,
        checks=(checked(Ability.ARITHMETIC, scoring.is_number, answer=int(answer)),),
        room=_SHORT,
        is_completion=True,
        stop=("\n",),
    )


def json_object(draw: Draw, *, has_form: bool) -> Question:
    """Ask for an object with three keys, alone or with our grammar's help."""
    words = draw.words
    person, age, place = draw.one(words.persons), draw.number(21, 79), draw.one(words.places)
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 60},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "city": {"type": "string", "maxLength": 60},
        },
        "required": ["name", "age", "city"],
        "additionalProperties": False,
    }
    asked = words.json_object.format(person=person, age=age, place=place)
    return _json(words, asked, {"name": person, "age": age, "city": place}, schema, has_form)


def json_list(draw: Draw, *, has_form: bool) -> Question:
    """Ask for a list of words, alone or with our grammar's help."""
    words = draw.words
    chosen = draw.some(words.words, 4)
    schema = {
        "type": "array",
        "items": {"type": "string", "maxLength": 40},
        "minItems": 4,
        "maxItems": 4,
    }
    asked = words.json_list.format(words=listed(chosen, words))
    return _json(words, asked, chosen, schema, has_form)


def _open(words: Words, asked: str, expected: Sequence[str]) -> Question:
    joint = "" if words.language == "zh" else " "
    return Question(
        language=words.language,
        prompt=asked,
        expected=joint.join(expected),
        checks=_open_checks(words, asked),
        room=OPEN,
    )


def _open_checks(words: Words, asked: str) -> tuple[Check, ...]:
    return (
        checked(Ability.LANGUAGE, scoring.is_in, language=words.language, asked=asked),
        checked(Ability.NO_LOOPS, scoring.is_not_looping),
    )


def _number(language: str, asked: str, answer: int) -> Question:
    return Question(
        language=language,
        prompt=asked,
        expected=str(answer),
        checks=(checked(Ability.ARITHMETIC, scoring.is_number, answer=answer),),
        room=_SHORT,
    )


def _json(
    words: Words, asked: str, value: object, schema: dict[str, object], has_form: bool
) -> Question:
    ability = Ability.JSON_FORM if has_form else Ability.JSON
    return Question(
        language=words.language,
        prompt=asked,
        expected=json.dumps(value, ensure_ascii=False),
        checks=(checked(ability, scoring.is_json, expected=value),),
        room=OPEN,
        json_schema=json.dumps(schema) if has_form else "",
    )


def checked(ability: Ability, is_right: Callable[..., bool], **facts: object) -> Check:
    """Return what an answer is looked at for."""
    return Check(ability=ability, is_right=partial(is_right, **facts))


def _operands(draw: Draw, op: str) -> tuple[int, int]:
    if op == TIMES:
        return draw.number(3, 9), draw.number(11, 19)
    larger = draw.number(51, 99)
    while True:  # of 62 - 31 the answer would stand in the question
        smaller = draw.number(12, 48)
        if larger != 2 * smaller:
            return larger, smaller


def listed(chosen: Sequence[str], words: Words) -> str:
    """Return words on one line, with the commas of the language."""
    return {"zh": "、", "ar": "، "}.get(words.language, ", ").join(chosen)
