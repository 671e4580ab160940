"""Ties a sentence to the passages closest to it, and says what it claims that they do not.

The check is lexical: it finds what is missing, it proves nothing. Support is the share of the
sentence's terms, weighted by rarity, found in the cited sentences; numbers, names, negations and
obligations are compared with the cited sentences alone, never with the rest of the document.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.documents.document import Document, Sentence
from assistant.evidence import names, numbers
from assistant.evidence.citation import Checked, Citation, Flag
from assistant.evidence.contradictions import contradictions
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import TermTable, terms

# Below these shares a sentence, or a clause of it, says something the passages do not. Measured on
# aclsum (benchmarks/evidence.py): 99% of foreign sentences fall below the first, 4% of faithful.
SUPPORT_THRESHOLD = 0.34
CLAUSE_THRESHOLD = 0.22
_CLAUSE_TERMS = 4
_CLAUSE = re.compile(
    r"[,;:]\s|\s[–—-]\s|\s(?:and|but|while|which|that|where|when|because|und|aber|während|et|mais|y"
    r"|pero|e|ma|mas|en|maar)\s"
)
# A second sentence is cited if it adds so much: twice that where the first carries most by itself;
# where it does not, names and numbers count for more than other words.
_SECOND_ADDS = 0.08
_MOST = 0.6
_NAMED = 2.0
_CANDIDATES = 6


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
    support = _coverage(_weighted(text, index.table), sentences)
    texts = [sentence.text for sentence in sentences]
    together = "\n".join(texts)
    flags: list[Flag] = []
    if support < SUPPORT_THRESHOLD or _has_foreign_clause(text, {*close, *chosen}, index):
        flags.append(Flag.UNSUPPORTED)
    if numbers.missing(numbers.quantities(text), numbers.quantities(together)):
        flags.append(Flag.NUMBER)
    if names.missing(named, together):
        flags.append(Flag.NAME)
    flags.extend(contradictions(text, texts, index.table.weight, language))
    return Checked(
        citations=tuple(c for sentence in sentences for c in cite(sentence, index.document)),
        support=round(support, 3),
        flags=tuple(flags),
    )


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
    wanted = _weighted(text, index.table)
    adds = _SECOND_ADDS
    if _coverage(wanted, [index.sentences[first]]) < _MOST:
        wanted = _stressed(wanted, named)
    else:
        adds *= 2
    others = [*close[1:], *(at for at in (first - 1, first + 1) if index.has(at))]
    best, most = -1, _coverage(wanted, [index.sentences[first]]) + adds
    for position in others:
        both = _coverage(wanted, [index.sentences[first], index.sentences[position]])
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


def _has_foreign_clause(text: str, positions: Iterable[int], index: EvidenceIndex) -> bool:
    """Tell whether a clause of `text` has next to nothing in common with the closest passages."""
    sentences = [index.sentences[position] for position in positions]
    for clause in _CLAUSE.split(text):
        wanted = _weighted(clause, index.table)
        if len(wanted) >= _CLAUSE_TERMS and _coverage(wanted, sentences) < CLAUSE_THRESHOLD:
            return True
    return False


def _weighted(text: str, table: TermTable) -> dict[str, float]:
    return {term: table.weight(term) for term in terms(text)}


def _coverage(wanted: dict[str, float], sentences: Sequence[Sentence]) -> float:
    """Return which share of the weight of `wanted` stands in the sentences."""
    total = sum(wanted.values())
    if total <= 0:
        return 0.0
    there = {term for sentence in sentences for term in terms(sentence.text)}
    return sum(weight for term, weight in wanted.items() if term in there) / total
