"""Ties a sentence to the passages closest to it, and says what it claims that they do not.

The check is lexical: it finds what is missing, it proves nothing. Support is the share of the
sentence's terms, weighted by rarity, found in the cited sentences; numbers, names, negations and
obligations are compared with the cited sentences alone, never with the rest of the document.
"""

import re
from collections.abc import Sequence

from assistant.documents.document import Document, Sentence
from assistant.evidence import names, numbers
from assistant.evidence.citation import Checked, Citation, Flag
from assistant.evidence.contradictions import contradictions
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import TermTable, terms

# Below this share a sentence says something the cited ones do not (measured on aclsum,
# benchmarks/evidence.py).
SUPPORT_THRESHOLD = 0.37
# A second sentence is cited if it carries so much of what the first leaves open.
_SECOND_ADDS = 0.12
_CANDIDATES = 6


def check(text: str, index: EvidenceIndex) -> Checked:
    """Compare one sentence of a summary with the document.

    Returns:
        Its citations, support and flags; without any citation if it shares nothing with the
        document.
    """
    chosen = _cited(text, index)
    if not chosen:
        return Checked(citations=(), support=0.0, flags=(Flag.UNSUPPORTED,))
    sentences = [index.sentences[position] for position in chosen]
    support = _coverage(_weighted(text, index.table), sentences)
    flags: list[Flag] = []
    if support < SUPPORT_THRESHOLD:
        flags.append(Flag.UNSUPPORTED)
    texts = [sentence.text for sentence in sentences]
    together = "\n".join(texts)
    if numbers.missing(numbers.quantities(text), numbers.quantities(together)):
        flags.append(Flag.NUMBER)
    if names.missing(names.names(text, index.document.language), together):
        flags.append(Flag.NAME)
    flags.extend(contradictions(text, texts, index.table.weight))
    citations = tuple(
        citation for sentence in sentences for citation in cite(sentence, index.document)
    )
    return Checked(citations=citations, support=round(support, 3), flags=tuple(flags))


def cite(sentence: Sentence, document: Document) -> tuple[Citation, ...]:
    """Return the citations of a sentence of the document: one for each page it stands on."""
    return tuple(
        Citation(span=span, quote=re.sub(r"\s+", " ", document.quote(span)).strip())
        for span in sentence.spans
    )


def _cited(text: str, index: EvidenceIndex) -> list[int]:
    """Return the positions of the one or two sentences to cite, the closest first.

    The second is the one among the next closest and the neighbours of the first that adds most.
    """
    matches = index.closest(text, limit=_CANDIDATES)
    if not matches:
        return []
    first = matches[0].position
    wanted = _weighted(text, index.table)
    alone = _coverage(wanted, [index.sentences[first]])
    others = [match.position for match in matches[1:]]
    others += [at for at in (first - 1, first + 1) if 0 <= at < len(index.sentences)]
    best, most = -1, alone + _SECOND_ADDS
    for position in others:
        both = _coverage(wanted, [index.sentences[first], index.sentences[position]])
        if both > most:
            best, most = position, both
    return [first] if best < 0 else [first, best]


def _weighted(text: str, table: TermTable) -> dict[str, float]:
    return {term: table.weight(term) for term in terms(text)}


def _coverage(wanted: dict[str, float], sentences: Sequence[Sentence]) -> float:
    """Return which share of the weight of `wanted` stands in the sentences."""
    total = sum(wanted.values())
    if total <= 0:
        return 0.0
    there = {term for sentence in sentences for term in terms(sentence.text)}
    return sum(weight for term, weight in wanted.items() if term in there) / total
