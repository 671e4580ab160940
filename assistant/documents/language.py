"""Tells which language a text is in, from a sample of it.

Loading the language model takes 0.9 s, half of what a person may wait for the first key points.
So the most frequent words decide first where they are clear, and the model only where they are
not.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

_SAMPLE = 6_000  # characters; more does not make it surer
_PIECES = 3
_LEAST_LETTERS = 20
_LEAST_CERTAINTY = 0.5
_LEAST_WORDS = 10  # fewer frequent words may be a list of names
_LEAST_SHARE = 0.2  # of all words; prose has 0.3 and more, related languages up to 0.15
_LEAD = 2.5  # the best language must have so many times the second's

_FREQUENT = {
    "en": "the of and to in is that for it as was with be by on not are this or from which an at "
    "have has shall will may we you they their its were been can",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch "
    "es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über oder",
    "fr": "de la le et les des en un du une que est pour qui dans sur par plus pas au ce ne se "
    "sont avec aux il ou être cette ces nous vous leur",
    "es": "de la que el en y los se del las un por con no una su para es al lo como más o pero "
    "sus le ha este sí porque esta entre cuando",
    "it": "di e il la che in un per è del una le con non si da dei della al sono come gli alla "
    "ha nel anche delle più ai dal i lo",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele "
    "das à seu sua ou quando muito nos já",
    "nl": "de het een en van in is dat op te met voor zijn niet aan er om ook als dan maar bij "
    "nog uit wordt door worden deze naar hij heeft of",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, "" if it cannot be told."""
    sample = " ".join(_pieces(text))
    if sum(character.isalpha() for character in sample) < _LEAST_LETTERS:
        return ""
    return _by_frequent_words(sample) or _by_model(sample)


def release() -> None:
    """Free the 70 MB that telling languages by the model takes; the next time loads it anew."""
    _identifier.cache_clear()


def _by_frequent_words(sample: str) -> str:
    words = [word.strip(".,;:!?()\"'“”„«»") for word in sample.lower().split()]
    found = Counter(
        {name: sum(word in known for word in words) for name, known in _WORDS.items()}
    ).most_common(2)
    (best, count), (_, second) = found
    is_clear = count >= max(_LEAST_WORDS, _LEAST_SHARE * len(words)) and count >= _LEAD * second
    return best if is_clear else ""


def _by_model(sample: str) -> str:
    language, certainty = _identifier().classify(sample)
    is_known = certainty >= _LEAST_CERTAINTY and len(language) == 2
    return str(language) if is_known else ""


@cache
def _identifier() -> Any:
    from py3langid import langid  # noqa: PLC0415 - slow to import

    library: Any = langid  # has no types
    return library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)


def _pieces(text: str) -> Iterator[str]:
    """Yield the beginning, middle and end of a long text: a preface may be in another language."""
    if len(text) <= _SAMPLE:
        yield text
        return
    length = _SAMPLE // _PIECES
    for index in range(_PIECES):
        start = (len(text) - length) * index // (_PIECES - 1)
        yield text[start : start + length]
