"""How much of a sentence the passages carry, by its words and by its letters.

Words alone are blind to other forms ("preordering", "reordered"), 4-grams of letters alone to what
matters. What people sum up stands in more than the two sentences that are cited, what is foreign
nowhere: the letters of all close passages count, too, and names that none of the cited has. The sum
is a logistic regression of human summaries against summaries of other papers, fitted on aclsum's
training and validation splits (benchmarks/evidence.py): above 0 a sentence is more likely carried
than not.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.documents.document import Sentence
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import TermTable, four_grams, terms

# Below WEAK a sentence says something else; below STRONG it does if anything else is amiss, too.
WEAK = -1.5
STRONG = 0.5
_WORDS, _LETTERS, _LETTERS_NEARBY, _NAME_LOST, _BASE = 16.1, 6.5, 21.7, -1.9, -20.9
# The same for a clause, against all passages that are close.
_CLAUSE_WORDS, _CLAUSE_LETTERS, _CLAUSE_BASE = 3.4, 12.4, -7.9
CLAUSE_WEAK = -3.25
_CLAUSE_TERMS = 4
_CLAUSE = re.compile(
    r"[,;:]\s|\s[–—-]\s|\s(?:and|but|while|which|that|where|when|because|und|aber|während|et|mais|y"
    r"|pero|e|ma|mas|en|maar)\s"
)


def strength(
    text: str,
    cited: Sequence[int],
    close: Iterable[int],
    names_lost: int,
    index: EvidenceIndex,
) -> float:
    """Return the log-odds that the document carries `text`.

    Args:
        text: a sentence.
        cited: the positions of the sentences that are cited for it.
        close: those of all that are close.
        names_lost: how many of its names the cited sentences do not have.
        index: of the document.
    """
    words, letters = _shares(text, cited, index)
    _, nearby = _shares(text, sorted({*cited, *close}), index)
    return (
        _WORDS * words
        + _LETTERS * letters
        + _LETTERS_NEARBY * nearby
        + _NAME_LOST * names_lost
        + _BASE
    )


def has_foreign_clause(text: str, positions: Iterable[int], index: EvidenceIndex) -> bool:
    """Tell whether a clause of `text` has next to nothing in common with the closest passages."""
    places = list(positions)
    for clause in _CLAUSE.split(text):
        if len(set(terms(clause))) >= _CLAUSE_TERMS:
            words, letters = _shares(clause, places, index)
            if _CLAUSE_WORDS * words + _CLAUSE_LETTERS * letters + _CLAUSE_BASE < CLAUSE_WEAK:
                return True
    return False


def weighted(text: str, table: TermTable) -> dict[str, float]:
    """Return the terms of `text` with their weights."""
    return {term: table.weight(term) for term in terms(text)}


def coverage(wanted: dict[str, float], sentences: Sequence[Sentence]) -> float:
    """Return which share of the weight of `wanted` stands in the sentences."""
    total = sum(wanted.values())
    if total <= 0:
        return 0.0
    there = {term for sentence in sentences for term in terms(sentence.text)}
    return sum(weight for term, weight in wanted.items() if term in there) / total


def _shares(text: str, positions: Sequence[int], index: EvidenceIndex) -> tuple[float, float]:
    """Return which shares of the weight of words, and of the 4-grams, stand in the sentences."""
    words = coverage(weighted(text, index.table), [index.sentences[at] for at in positions])
    grams = four_grams(text)
    found = [index.grams(at) for at in positions]
    shared = sum(
        min(times, max((there[gram] for there in found), default=0))
        for gram, times in grams.items()
    )
    return words, shared / max(1, grams.total())
