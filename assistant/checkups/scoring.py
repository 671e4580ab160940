"""Tells whether a reply is right, without a judge: each function looks at one thing.

All are pure, and say False for an empty reply. docs/checkups.md tells their rules and limits.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.checkups.letters import (
    bare,
    is_looping,
    numbers_in,
    plain,
    script_of,
    sentences_in,
    share_in_script,
    words_in,
)
from assistant.documents.language import detect
from assistant.evidence import names, numbers

_LENGTH_TOLERANCE = 0.2
_LEAST_LETTERS = 20  # fewer do not tell a language
_SCRIPT_SHARE = 0.7  # names and a foreign word may be in another script
_MOST_NUMBERS = 4  # in the answer to a sum: who lists numbers has not answered
_KEPT_SHARE = 0.75  # of the names and numbers that a summary should keep
_SHORTER = 0.75  # of the text's length: longer is a copy
_BULLET = re.compile(r"^\s*[-*•–]\s+(\S.*)$")
_COMMAS = re.compile(r"[,，、،]")
_FENCE = re.compile(r"^```[a-zA-Z]*\s*\n(.*?)\n?```$", re.DOTALL)
# Languages whose numbers in words and capital letters `evidence` knows.
_KNOWN_TO_EVIDENCE = frozenset({"en", "de", "fr", "es", "it", "pt", "nl"})


def is_word(reply: str, word: str) -> bool:
    """Tell whether the reply is this word alone; quotes, a final mark and case do not matter."""
    return plain(reply) == plain(word)


def is_upper(reply: str, words: str) -> bool:
    """Tell whether the reply is `words` in capital letters and nothing else."""
    return bare(reply) == bare(words).upper()


def has_bullets(reply: str, count: int) -> bool:
    """Tell whether the reply is so many lines, each with a bullet, all different."""
    lines = [line for line in reply.splitlines() if line.strip()]
    found = [match.group(1) for line in lines if (match := _BULLET.match(line))]
    return len(lines) == len(found) == count == len({plain(item) for item in found})


def has_commas(reply: str, count: int) -> bool:
    """Tell whether the reply is one line with so many short parts between commas."""
    lines = [line for line in reply.splitlines() if line.strip()]
    if len(lines) != 1:
        return False
    parts = [plain(part) for part in _COMMAS.split(lines[0])]
    return all(map(_is_name, parts)) and len(parts) == len(set(parts)) == count


def has_length(reply: str, count: int, language: str) -> bool:
    """Tell whether the reply has about so many words (Chinese: characters), 20% more or less."""
    length = len(words_in(reply, language))
    fits = abs(length - count) <= _LENGTH_TOLERANCE * count
    return fits and not is_looping(reply)


def has_sentences(reply: str, count: int) -> bool:
    """Tell whether the reply is so many sentences, all different."""
    found = [plain(sentence) for sentence in sentences_in(reply)]
    return len(found) == count == len(set(found))


def begins_with(reply: str, word: str, language: str) -> bool:
    """Tell whether the reply is one sentence, and begins with `word`."""
    if len(sentences_in(reply)) != 1:
        return False
    if language == "zh":
        rest = bare(reply).removeprefix(word)
        return bare(reply).startswith(word) and len(words_in(rest, language)) >= 3
    found = words_in(reply, language)
    return len(found) >= 4 and plain(found[0]) == plain(word)


def repeats(reply: str, word: str, count: int) -> bool:
    """Tell whether the reply is `word` so many times and nothing else."""
    parts = [plain(part) for part in reply.split()]
    return len(parts) == count and set(parts) == {plain(word)}


def is_number(reply: str, answer: int) -> bool:
    """Tell whether the last number of the reply is `answer`, and there are few others."""
    found = numbers_in(reply)
    return 0 < len(found) <= _MOST_NUMBERS and found[-1] == str(answer)


def has_fact(reply: str, answer: str, others: Sequence[str], missing_forms: Sequence[str]) -> bool:
    """Tell whether the reply names `answer`, none of the `others`, and does not deny it.

    Args:
        reply: the model's.
        answer: a number in digits, or a name.
        others: what other facts of the same text have in its place.
        missing_forms: how one says that it is not in the text.
    """
    if not _names(reply, answer) or any(_names(reply, other) for other in others):
        return False
    return not _denies(reply, missing_forms)


def says_missing(reply: str, missing_forms: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether the reply says that it is not in the text, and gives no answer beside it."""
    return _denies(reply, missing_forms) and not any(_names(reply, other) for other in others)


def is_in(reply: str, language: str, asked: str = "") -> bool:
    """Tell whether the reply is in a language: by its script, and for Latin ones by its words.

    Args:
        reply: the model's.
        language: the one that is wanted.
        asked: the question; who repeats it, or one word, has not answered in a language.
    """
    different = {plain(word) for word in words_in(reply, language)}
    letters = sum(c.isalpha() for c in reply)
    script = script_of(language)
    is_chinese = script == "CJK"  # whose signs say as much as several letters
    if len(different) < (10 if is_chinese else 6) or plain(reply) in plain(asked):
        return False
    if script != "LATIN":
        is_long = letters >= _LEAST_LETTERS or is_chinese
        return is_long and share_in_script(reply, script) >= _SCRIPT_SHARE
    return letters >= _LEAST_LETTERS and detect(reply) == language


def is_not_looping(reply: str) -> bool:
    """Tell whether the reply says something and does not repeat itself without end."""
    return any(c.isalnum() for c in reply) and not is_looping(reply)


def keeps(reply: str, source: str, wanted: Sequence[str], language: str) -> bool:
    """Tell whether a summary keeps what matters, is shorter, and makes up no number or name.

    Args:
        reply: the summary.
        source: the text.
        wanted: names and numbers of the text; three of four must be there.
        language: of both. Made-up names are looked for in languages with capital letters.
    """
    kept = sum(_names(reply, one) for one in wanted)
    length, whole = (len(words_in(text, language)) for text in (reply, source))
    if kept < _KEPT_SHARE * len(wanted) or length > _SHORTER * whole or is_looping(reply):
        return False
    if language not in _KNOWN_TO_EVIDENCE:
        return set(numbers_in(reply)) <= set(numbers_in(source))
    if numbers.missing(numbers.quantities(reply), numbers.quantities(source)):
        return False
    capitals = names.Capitals.of(sentences_in(source))
    return not names.missing(names.names(reply, language, capitals), source)


def is_json(reply: str, expected: Any) -> bool:
    """Tell whether the reply is JSON and nothing else, and says `expected`.

    One code fence around it is taken away, as every program that reads such replies does.
    Numbers may be written as text, and text differs in its ends and case.
    """
    text = reply.strip()
    fenced = _FENCE.match(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text)
    except (ValueError, RecursionError):
        return False
    return _says(value, expected)


def _is_name(part: str) -> bool:
    """Tell whether a part is as short as a thing's name: four words, or eight Chinese signs."""
    longest = 8 if share_in_script(part, "CJK") > 0.5 else 40
    return 0 < len(part) <= longest and len(part.split()) <= 4


def _says(value: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(_says(value[key], one) for key, one in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(value, list)
            and len(value) == len(expected)
            and all(_says(*pair) for pair in zip(value, expected, strict=True))
        )
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return is_plain and plain(str(value)) == plain(str(expected))


def _names(reply: str, value: str) -> bool:
    """Tell whether a reply has a name, or a number that stands alone."""
    if value.isdigit():
        return value in numbers_in(reply)
    return plain(value) in plain(reply)


def _denies(reply: str, forms: Sequence[str]) -> bool:
    said = plain(reply)
    return any(plain(form) in said for form in forms)
