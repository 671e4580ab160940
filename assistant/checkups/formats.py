"""Questions for a format or a length: what is asked is plain to see in the answer."""

from collections.abc import Callable

from assistant.checkups import scoring
from assistant.checkups.card import Ability
from assistant.checkups.languages import Words
from assistant.checkups.letters import words_in
from assistant.checkups.question import Question
from assistant.checkups.tasks import OPEN, checked, listed
from assistant.checkups.texts import Draw


def exact(draw: Draw) -> Question:
    """Ask for one word."""
    word = draw.one(draw.words.words)
    return _format(draw, draw.words.exact.format(word=word), word, scoring.is_word, word=word)


def upper(draw: Draw) -> Question:
    """Ask for capital letters; the script must have them."""
    chosen = " ".join(draw.some(draw.words.words, 3)).lower()
    asked = draw.words.upper.format(words=chosen)
    return _format(draw, asked, chosen.upper(), scoring.is_upper, words=chosen)


def bullets(draw: Draw) -> Question:
    """Ask for a list with so many bullets."""
    count = draw.chance.randint(3, 5)
    asked = draw.words.bullets.format(n=count, things=draw.one(draw.words.things))
    expected = "\n".join(f"- {one}" for one in draw.some(draw.words.examples, count))
    return _format(draw, asked, expected, scoring.has_bullets, count=count)


def commas(draw: Draw) -> Question:
    """Ask for a list on one line."""
    count = draw.chance.randint(3, 5)
    asked = draw.words.commas.format(n=count, things=draw.one(draw.words.things))
    expected = listed(draw.some(draw.words.examples, count), draw.words)
    return _format(draw, asked, expected, scoring.has_commas, count=count)


def length(draw: Draw) -> Question:
    """Ask for so many words."""
    words = draw.words
    count = draw.chance.choice((30, 40, 50, 60))
    asked = words.length.format(n=count, topic=draw.one(words.topics))
    text = " ".join(draw.sentences(12))
    joint = "" if words.language == "zh" else " "
    expected = joint.join(words_in(text, words.language)[:count])
    return _format(draw, asked, expected, scoring.has_length, count=count, language=words.language)


def sentences(draw: Draw) -> Question:
    """Ask for so many sentences."""
    words = draw.words
    count = draw.chance.randint(3, 5)
    asked = words.sentences.format(n=count, topic=draw.one(words.topics))
    joint = "" if words.language == "zh" else " "
    expected = joint.join(draw.sentences(count))
    return _format(draw, asked, expected, scoring.has_sentences, count=count)


def begin(draw: Draw) -> Question:
    """Ask for a sentence with a certain first word."""
    words = draw.words
    asked = words.begin.format(topic=draw.one(words.topics), opening=words.opening)
    expected = f"{words.opening} {draw.sentences(1)[0]}"
    return _format(
        draw, asked, expected, scoring.begins_with, word=words.opening, language=words.language
    )


def repeat(draw: Draw) -> Question:
    """Ask for a word so many times."""
    count, word = draw.chance.randint(3, 6), draw.one(draw.words.words)
    asked = draw.words.repeat.format(word=word, n=count)
    expected = " ".join([word] * count)
    return _format(draw, asked, expected, scoring.repeats, word=word, count=count)


def formats(words: Words) -> tuple[Callable[[Draw], Question], ...]:
    """Return the kinds of formats that can be asked for in a language."""
    kinds = (exact, bullets, length, upper, commas, sentences, begin, repeat)
    return tuple(kind for kind in kinds if kind is not upper or words.upper)


def _format(
    draw: Draw, asked: str, expected: str, is_right: Callable[..., bool], **facts: object
) -> Question:
    return Question(
        language=draw.words.language,
        prompt=asked,
        expected=expected,
        checks=(checked(Ability.FORMAT, is_right, **facts),),
        room=OPEN,
    )
