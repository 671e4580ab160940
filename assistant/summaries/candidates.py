"""Which sentences can stand alone as a key point, and how well they do by their form."""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Sequence

from assistant.documents.document import BlockKind, Sentence
from assistant.evidence.terms import count_words
from assistant.summaries.stopping import until

_KINDS = {BlockKind.PARAGRAPH: 1.0, BlockKind.LIST_ITEM: 0.85}
_FEWEST_WORDS = 4
_MOST_WORDS = 90
_SHORT_WORDS = 9
_LONG_WORDS = 30
_REPEATS_ARE_FURNITURE = 3
_LEAST_LETTERS = 0.65

_ENDS = re.compile(r"[.!?…。！？؟।॥۔։።။។](?:[\"'”’»)\]]|\[\d+\])*\s*$")  # noqa: RUF001 - full stops
_QUESTION = re.compile(r"[?？][\"'”’»)\]]*\s*$")
# Each pattern is only tried where one of its marks stands: patterns of many branches are slow.
_REFERENCE_MARKS = ("proc", "arxiv", "doi", "isbn", "issn", "pp", "p. ", "vol", "[", "):")
_REFERENCE = re.compile(
    r"^\[\d+\]\s|\bin proceedings\b|\bin proc\.|\barxiv preprint\b|\bdoi\s*:|\bisbn\b|\bissn\b"
    r"|\bpp?\.\s*\d+\s*[-–]\s*\d+|\bvol(?:ume|\.)\s*\d+\s*[,(]|\d+\(\d+\)\s*:\s*\d+"
)
_FURNITURE_MARKS = (
    "rights reserved",
    "vorbehalten",
    "réservés",
    "reservados",
    "©",
    "(c)",
    "copyright",
    "page ",
    "..",
    ". .",
    "left blank",
    "http",
    "www",
    "@",
    "mail:",
    "tel",
    "click here",
    "cookie",
)
_FURNITURE = re.compile(
    r"\ball rights reserved\b|^(?:©|\(c\)|copyright\b)|\bpage \d+ of \d+\b|\.{4,}|(?:\. ){4,}"
    r"|intentionally left blank|^(?:https?://|www\.)\S+$|\S+@\S+\.\w+|\be-?mail\s*:|\btel\.?\s*:"
    r"|\bclick here\b|\bcookies?\b.*\baccept\b|\balle rechte vorbehalten\b"
    r"|\btous droits réservés\b|\btodos los derechos reservados\b"
)
_ELSEWHERE_MARKS = (
    "tab",
    "fig",
    "abb",
    "section",
    "appendix",
    "as follows",
    "the rest of th",
    "for example",
    "e.g",
    "e. g",
)
_POINTS_ELSEWHERE = re.compile(
    r"^(?:table|figure|fig\.|section|appendix|tabelle|abbildung|tableau|tabla|figura|tabella)"
    r"\s*\d|\b(?:see|in|as shown in|siehe|voir|véase) (?:table|figure|fig\.|tabelle|abbildung)"
    r"\s*\d|\b(?:is|are) (?:organi[sz]ed|structured) as follows|\bthe rest of th(?:is|e) "
    r"|\bfor example\b|\be\.\s?g\."
)
_LEANS = re.compile(
    r"^(?:it|they|he|she|these|those|such|however|but|and|or|also|then|moreover|furthermore"
    r"|for instance|similarly|likewise|otherwise|additionally)\b",
    re.IGNORECASE,
)


def form_weights(
    sentences: Sequence[Sentence], cancel: threading.Event | None = None
) -> list[float]:
    """Return for each sentence how well its form suits a key point, 0 if it must not be one.

    Tables, code, headings, captions, footnotes, fragments, references, what repeats on many
    pages, and what crosses pages get 0. Where nothing else is there (notes without full stops,
    scripts without them) fragments have to do.

    Raises:
        RankingStopped: `cancel` was set.
    """
    weights = _form_weights(sentences, cancel, allow_fragments=False)
    if any(weights):
        return weights
    return _form_weights(sentences, cancel, allow_fragments=True)


def _form_weights(
    sentences: Sequence[Sentence], cancel: threading.Event | None, *, allow_fragments: bool
) -> list[float]:
    repeats = Counter(sentence.text.casefold() for sentence in sentences)
    return [
        0.0
        if repeats[sentence.text.casefold()] >= _REPEATS_ARE_FURNITURE
        else form_weight(sentence, allow_fragments=allow_fragments)
        for sentence in until(cancel, sentences)
    ]


def form_weight(sentence: Sentence, *, allow_fragments: bool = False) -> float:
    """Return how well the form of one sentence suits a key point, from 0 to 1."""
    text = sentence.text
    folded = text.casefold()
    weight = _KINDS.get(sentence.kind, 0.0)
    if weight == 0.0 or len(sentence.spans) != 1:
        return 0.0
    if not (allow_fragments or _is_sentence(sentence)) or not _is_prose(text):
        return 0.0
    if _has(folded, _REFERENCE_MARKS, _REFERENCE) or _has(folded, _FURNITURE_MARKS, _FURNITURE):
        return 0.0
    weight *= _length_weight(count_words(text))
    if _QUESTION.search(text):
        weight *= 0.5
    if text.endswith(":"):
        weight *= 0.4
    if _has(folded, _ELSEWHERE_MARKS, _POINTS_ELSEWHERE):
        weight *= 0.6
    if _LEANS.match(text):
        weight *= 0.8
    return weight


def _has(folded: str, marks: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return any(mark in folded for mark in marks) and pattern.search(folded) is not None


def _is_sentence(sentence: Sentence) -> bool:
    """Tell whether it begins like a sentence and has an end; list items need neither."""
    text = sentence.text
    if sentence.kind is BlockKind.LIST_ITEM:
        return True
    if not (_ENDS.search(text[-12:]) or text.endswith(":")):
        return False
    first = text.lstrip("\"'“‘«([•–—- ")[:1]
    return bool(first) and not first.islower()


def _is_prose(text: str) -> bool:
    """Tell whether it is mostly letters: no formula, no row of figures."""
    letters = sum(map(str.isalpha, text))
    if not text.isascii():
        letters += sum(unicodedata.category(character).startswith("M") for character in text)
    return letters >= _LEAST_LETTERS * (len(text) - text.count(" "))


def _length_weight(words: int) -> float:
    """Return a weight that is 1 for sentences of usual length and falls off to both sides."""
    if words < _FEWEST_WORDS or words > _MOST_WORDS:
        return 0.0
    if words < _SHORT_WORDS:
        return words / _SHORT_WORDS
    if words > _LONG_WORDS:
        return _LONG_WORDS / words
    return 1.0
