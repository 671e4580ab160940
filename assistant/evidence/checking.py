"""Ties a sentence to the passages closest to it, and says what it claims that they do not.

The check is lexical: it finds what is missing, it proves nothing. Support is the share of the
sentence's terms, weighted by rarity, found in the cited sentences; numbers, names, negations and
obligations are compared with the cited sentences alone, never with the rest of the document.
"""

import math
import re
from collections.abc import Iterable, Sequence

from assistant.documents.document import Document, Sentence
from assistant.evidence import names, numbers
from assistant.evidence.citation import Checked, Citation, Flag
from assistant.evidence.contradictions import contradictions
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.roles import are_swapped, roles
from assistant.evidence.strength import (
    STRONG,
    WEAK,
    coverage,
    has_foreign_clause,
    strength,
    weighted,
)
from assistant.evidence.terms import terms

# A second sentence is cited if it adds so much: twice that where the first carries most by itself;
# where it does not, names and numbers count for more than other words.
_SECOND_ADDS = 0.08
_MOST = 0.6
_NAMED = 2.0
_CANDIDATES = 6
# A sentence so close to its source has its names and numbers from nowhere else.
_NEARLY_A_COPY = 0.75
_FEW = 10
_OFTEN, _OFTEN_SHARE = 5, 0.01
_ROUNDING = 1e-5


def check(text: str, index: EvidenceIndex) -> Checked:
    """Compare one sentence of a summary with the document.

    Returns:
        Its citations, support and flags; without any citation if it shares nothing with the
        document.
    """
    language = index.document.language
    named = names.names(text, language, index.capitals)
    close = [match.position for match in index.closest(text, limit=_CANDIDATES)]
    if not close:
        return Checked(citations=(), support=0.0, flags=(Flag.UNSUPPORTED,))
    chosen = _cited(text, named, close, index)
    sentences = [index.sentences[position] for position in chosen]
    support = coverage(weighted(text, index.table), sentences)
    flags, hints = _missing(text, named, chosen, close, index)
    is_copy = support >= _NEARLY_A_COPY
    if is_copy:
        flags, hints = flags + hints, []
    texts = [sentence.text for sentence in sentences]
    flags += contradictions(text, texts, index.table.weight, language, is_copy=is_copy)
    if language in {"", "en"} and are_swapped(
        roles(text, index.capitals, with_things=is_copy),
        roles(texts[0], index.capitals, with_things=is_copy),
    ):
        flags.append(Flag.ROLES)
    names_lost = len(names.missing(named, "\n".join(texts)))
    borne = strength(text, chosen, close, names_lost, index)
    if borne < WEAK or has_foreign_clause(text, {*close, *chosen}, index):
        flags.insert(0, Flag.UNSUPPORTED)
    elif borne < STRONG:
        (flags if hints or flags else hints).insert(0, Flag.UNSUPPORTED)
    return Checked(
        citations=tuple(c for sentence in sentences for c in cite(sentence, index.document)),
        support=round(support, 3),
        flags=tuple(flags),
        hints=tuple(hints),
    )


def _missing(
    text: str,
    named: Sequence[Sequence[str]],
    chosen: Sequence[int],
    close: Sequence[int],
    index: EvidenceIndex,
) -> tuple[list[Flag], list[Flag]]:
    """Return NUMBER and NAME as flags, and as hints where passages nearby may bear them out."""
    together = _joined(chosen, index)
    around = {at + step for at in (*close, *chosen) for step in (-1, 0, 1)}
    nearby = _joined([at for at in sorted(around) if index.has(at)], index)
    flags: list[Flag] = []
    hints: list[Flag] = []
    claimed = numbers.quantities(text)
    absent = numbers.missing(claimed, numbers.quantities(together))
    if absent:
        is_elsewhere = all(map(_is_count, absent)) and not numbers.missing(
            absent, numbers.quantities(nearby)
        )
        (hints if is_elsewhere else flags).append(Flag.NUMBER)
    lost = names.missing(named, together)
    if lost:
        lost = names.missing([[name] for name in lost], _joined(close, index))
        is_known = all(_is_frequent(name, index) for name in lost)
        (hints if is_known else flags).append(Flag.NAME)
    return flags, hints


def _is_frequent(name: str, index: EvidenceIndex) -> bool:
    """Tell whether the document is about a name: it stands in five sentences, and in 1%."""
    count = len(index.sentences)
    least = max(_OFTEN, _OFTEN_SHARE * count)
    weight = max((index.table.weight(term) for term in terms(name)), default=math.inf)
    return weight <= math.log((count + 1) / (least + 0.5)) + _ROUNDING


def _is_count(quantity: numbers.Quantity) -> bool:
    """Tell whether a number counts a few things: "three methods"."""
    return not quantity.unit and quantity.value.isdigit() and int(quantity.value) <= _FEW


def _joined(positions: Iterable[int], index: EvidenceIndex) -> str:
    return "\n".join(index.sentences[position].text for position in positions)


def cite(sentence: Sentence, document: Document) -> tuple[Citation, ...]:
    """Return the citations of a sentence of the document: one for each page it stands on."""
    return tuple(
        Citation(span=span, quote=re.sub(r"\s+", " ", document.quote(span)).strip())
        for span in sentence.spans
    )


def _cited(
    text: str, named: Sequence[Sequence[str]], close: Sequence[int], index: EvidenceIndex
) -> list[int]:
    """Return the positions of the one or two sentences to cite, the closest first.

    The second is the one among the next closest and the neighbours of the first that adds most.
    """
    first = close[0]
    wanted = weighted(text, index.table)
    adds = _SECOND_ADDS
    if coverage(wanted, [index.sentences[first]]) < _MOST:
        wanted = _stressed(wanted, named)
    else:
        adds *= 2
    others = [*close[1:], *(at for at in (first - 1, first + 1) if index.has(at))]
    best, most = -1, coverage(wanted, [index.sentences[first]]) + adds
    for position in others:
        both = coverage(wanted, [index.sentences[first], index.sentences[position]])
        if both > most:
            best, most = position, both
    return [first] if best < 0 else [first, best]


def _stressed(wanted: dict[str, float], named: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the weights with those of names and numbers raised."""
    stressed = set(terms(" ".join(name for run in named for name in run)))
    return {
        term: weight * (_NAMED if term in stressed or term[0].isdigit() else 1)
        for term, weight in wanted.items()
    }
