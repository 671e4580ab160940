"""Which questions are asked, in rounds: each asks for every ability, in changing languages.

Half of the questions are in the person's own language, the others take turns with the rest: each
kind of question moves on by one language from round to round. So a slow model, for which there is
time for few rounds, is still asked everything.
"""

from collections.abc import Callable, Sequence

from assistant.checkups import formats, tasks
from assistant.checkups.languages import words_of
from assistant.checkups.question import Question
from assistant.checkups.texts import DEPTHS, Draw, FactText, fact_text

_SENTENCES, _FEW_SENTENCES = 16, 6  # of a round's text, beside its facts
_OPS = ("+", "-", tasks.TIMES)


def questions_of_round(
    number: int, seed: int, languages: Sequence[str], *, is_short: bool = False
) -> list[Question]:
    """Return the questions of a round to a model that converses.

    Args:
        number: of the round, from 0.
        seed: of names and numbers.
        languages: asked in, the person's own first.
        is_short: each ability is asked for once, for slow models.
    """

    def draw(slot: int) -> Draw:
        return Draw(words_of(_language(number, slot, languages)), seed, number, slot)

    about_text = _about_text(draw(0), number, _FEW_SENTENCES if is_short else _SENTENCES)
    if is_short:
        return [
            *(about_text[0], about_text[-1]),
            *(_format(draw(1), number, 1), tasks.summary(draw(4), number)),
            *(tasks.talk(draw(6), number), tasks.sum_(draw(8), _OPS[number % len(_OPS)])),
            tasks.json_list(draw(11), has_form=False),
        ]
    asked = about_text
    asked += [_format(draw(slot), number, slot) for slot in (1, 2, 3)]
    asked += [tasks.summary(draw(4), number), tasks.summary(draw(5), number + 1)]
    asked += [tasks.talk(draw(6), number), tasks.foreign(draw(7))]
    asked += [tasks.sum_(draw(8), _OPS[number % len(_OPS)]), tasks.story(draw(9), number)]
    for has_form in (False, True):  # the same question twice: with and without help
        asked.append(tasks.json_object(draw(10), has_form=has_form))
        asked.append(tasks.json_list(draw(11), has_form=has_form))
    return asked


def completions_of_round(
    number: int, seed: int, languages: Sequence[str], *, is_short: bool = False
) -> list[Question]:
    """Return the questions of a round to a base model, which only continues text."""

    def draw(slot: int) -> Draw:
        return Draw(words_of(_language(number, slot, languages)), seed, number, slot)

    first = draw(0)
    found = fact_text(first, _FEW_SENTENCES if is_short else _SENTENCES)
    placed = [found.placed[(number + step) % len(DEPTHS)] for step in (0, 2)]
    asked = [tasks.completed_fact(found, one, first.words) for one in placed]
    asked += [tasks.continued(draw(slot)) for slot in (1, 2)]
    asked += [tasks.completed_sum(draw(3), op) for op in _OPS[:2]]
    return asked


def long_text(seed: int, language: str, sentences: int) -> FactText:
    """Return the long text, of about so many sentences."""
    return fact_text(Draw(words_of(language), seed, "long"), sentences)


def questions_of_text(found: FactText, seed: int, language: str) -> list[Question]:
    """Return the questions about a long text: a fact at each depth, and two that it lacks."""
    draw = Draw(words_of(language), seed, "lacking")
    asked = [tasks.fact(found, one, draw.words) for one in found.placed]
    return [*asked, *(tasks.missing(found, draw, is_hard=hard) for hard in (False, True))]


def completions_of_text(found: FactText, language: str) -> list[Question]:
    """Return the questions about a long text to a base model."""
    return [tasks.completed_fact(found, one, words_of(language)) for one in found.placed]


def _language(number: int, slot: int, languages: Sequence[str]) -> str:
    """Return the language of a kind of question in a round: every second time the first one."""
    turn, rest = divmod(number + slot, 2)
    others = languages[1:]
    return languages[0] if rest == 0 or not others else others[turn % len(others)]


def _about_text(draw: Draw, number: int, sentences: int) -> list[Question]:
    """Return two facts at other depths each round, and two questions that have no answer."""
    found = fact_text(draw, sentences)
    placed = [found.placed[(number + step) % len(DEPTHS)] for step in (0, 2)]
    return [
        *(tasks.fact(found, one, draw.words) for one in placed),
        *(tasks.missing(found, draw, is_hard=hard) for hard in (False, True)),
    ]


def _format(draw: Draw, number: int, slot: int) -> Question:
    kinds: tuple[Callable[[Draw], Question], ...] = formats.formats(draw.words)
    return kinds[(3 * number + slot - 1) % len(kinds)](draw)
