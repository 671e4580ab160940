"""Compares what two texts say must, may or must not be."""

from collections.abc import Callable, Sequence

from assistant.evidence.citation import Flag
from assistant.evidence.modality import Clause, Force, clauses

_ALIGNED = 0.8


def contradictions(
    claim: str, cited: Sequence[str], weight: Callable[[str], float]
) -> tuple[Flag, ...]:
    """Return NEGATION and OBLIGATION where `claim` differs from the cited sentences.

    Args:
        claim: a sentence of a summary.
        cited: the sentences it is compared with.
        weight: how much a term matters.
    """
    theirs = [clause for sentence in cited for clause in clauses(sentence)]
    ours = clauses(claim)
    found: set[Flag] = set()
    for clause in ours:
        for term in sorted(clause.words):
            matches = _aligned(clause, term, theirs, weight)
            if matches and (term in clause.heads or any(term in m.heads for m in matches)):
                found |= _compare(clause, matches, term)
    found |= _restrictions(ours, theirs)
    return tuple(flag for flag in (Flag.NEGATION, Flag.OBLIGATION) if flag in found)


def _aligned(
    clause: Clause, term: str, theirs: Sequence[Clause], weight: Callable[[str], float]
) -> list[Clause]:
    """Return the clauses with `term` that share most with `clause`."""
    overlaps = [
        (sum(weight(shared) for shared in clause.words & other.words), other)
        for other in theirs
        if term in other.words
    ]
    most = max((overlap for overlap, _ in overlaps), default=0.0)
    return [other for overlap, other in overlaps if overlap >= _ALIGNED * most]


def _compare(clause: Clause, matches: Sequence[Clause], term: str) -> set[Flag]:
    ours = clause.force(term)
    flags = [_difference(ours, match.force(term), clause, match) for match in matches]
    return set() if None in flags else {flag for flag in flags if flag is not None}


def _difference(ours: Force, theirs: Force, clause: Clause, match: Clause) -> Flag | None:
    """Return what is wrong with saying `ours` where the document says `theirs`."""
    if (Force.NEGATED in ours) is not (Force.NEGATED in theirs):
        if clause.is_restricted or match.is_restricted:
            return None  # "may only … if" and "may not … unless" say the same
        return Flag.NEGATION
    forbids_the_optional = Force.WAIVED in ours and Force.PERMITTED in theirs
    allows_the_forbidden = Force.WAIVED in theirs and Force.PERMITTED in ours
    demands_more = Force.OBLIGED in ours and Force.OBLIGED not in theirs
    demands_less = Force.PERMITTED in ours and theirs is Force.OBLIGED
    if forbids_the_optional or allows_the_forbidden or demands_more or demands_less:
        return Flag.OBLIGATION
    return None


def _restrictions(ours: Sequence[Clause], theirs: Sequence[Clause]) -> set[Flag]:
    """Return OBLIGATION if one side says "only", "unless" or "except" and the other does not."""
    if any(clause.is_restricted for clause in ours):
        if not any(clause.is_conditional for clause in theirs):
            return {Flag.OBLIGATION}
        return set()
    if any(clause.is_conditional for clause in ours):
        return set()
    heads = {
        head
        for clause in ours
        for head in clause.heads
        if clause.force(head) & (Force.PERMITTED | Force.OBLIGED)
    }
    for at, clause in enumerate(theirs):
        following = theirs[at + 1] if at + 1 < len(theirs) else None
        restricted = clause.is_restricted or (following is not None and following.is_restricted)
        if restricted and heads & clause.heads:
            return {Flag.OBLIGATION}
    return set()
