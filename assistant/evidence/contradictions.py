"""Compares what two texts say must, may or must not be.

They are compared head by head, in the clauses that say the same: a "not" in another clause of a
long sentence does not matter, nor does one in a passage that only shares a word or two.
"""

import re
from collections.abc import Callable, Sequence

from assistant.evidence.citation import Flag
from assistant.evidence.inverted import WITHOUT, is_inverted
from assistant.evidence.lexicon import Lexicon, lexicon_of
from assistant.evidence.modality import FORBIDDEN, Clause, Force, clauses, tokens_of

# Clauses say the same if they share so much of the lesser one's weight.
_SAME = 0.5
# So much of a claim's clause must stand in another for an "only" to be missed there.
_NEARLY_ALL = 0.6
_ALIGNED = 0.8
# Two words of a long clause are no match, even if they are all that the other has.
_LEAST = 0.25

_OPPOSITE = r"(?:un|in|im|ir|il|dis|non)-?\s?"

Weight = Callable[[str], float]


def contradictions(
    claim: str, cited: Sequence[str], weight: Weight, language: str = "", *, is_copy: bool = True
) -> tuple[Flag, ...]:
    """Return NEGATION and OBLIGATION where `claim` differs from the cited sentences.

    Args:
        claim: a sentence of a summary.
        cited: the sentences it is compared with.
        weight: how much a term matters.
        language: of both, as an ISO 639-1 code.
        is_copy: `claim` has nearly the words of the cited sentences. What has other words may say
            "not" in another place, or in another way.
    """
    lexicon = lexicon_of(language)
    if lexicon is None:
        return ()
    sentences = [clauses(sentence, lexicon) for sentence in cited]
    theirs = [clause for sentence in sentences for clause in sentence]
    ours = clauses(claim, lexicon)
    is_verbatim = ours in sentences
    found: set[Flag] = set()
    for clause in ours if not is_verbatim else ():
        found |= _heads(clause, theirs, weight)
    if Flag.NEGATION not in found and _denies_alone(claim, cited, lexicon):
        found.add(Flag.NEGATION)
    elif not is_copy and _may_agree(claim, cited, ours, theirs, lexicon):
        found.discard(Flag.NEGATION)
    if is_inverted(claim, cited, lexicon):
        found.add(Flag.NEGATION)
    limits = [_differ_in_limits(ours, sentence, weight) for sentence in sentences]
    if True in limits and False not in limits and not is_verbatim:
        found.add(Flag.OBLIGATION)
    return tuple(flag for flag in (Flag.NEGATION, Flag.OBLIGATION) if flag in found)


def _denies_alone(claim: str, cited: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether `claim` says "not", and nothing in the cited sentences takes anything back."""
    if lexicon.denials is None or not _negations(claim, lexicon) - WITHOUT:
        return False
    return not any(
        _negations(sentence, lexicon) or lexicon.denials.search(sentence) for sentence in cited
    )


def _negations(text: str, lexicon: Lexicon) -> frozenset[str]:
    tokens = tokens_of(lexicon.idioms.sub(" ", text))
    return (lexicon.negations | lexicon.prohibitions).intersection(tokens)


def _may_agree(
    claim: str,
    cited: Sequence[str],
    ours: Sequence[Clause],
    theirs: Sequence[Clause],
    lexicon: Lexicon,
) -> bool:
    """Tell whether both take something back, in other places or by other words."""
    if not _negations(claim, lexicon):
        denials = lexicon.denials
        return denials is not None and denials.search(claim) is not None
    negated, theirs_negated = _negated(ours), _negated(theirs)
    if negated & theirs_negated:
        return True
    together = " ".join(cited).casefold()
    return _has_opposite(negated, together) or _has_opposite(theirs_negated, claim.casefold())


def _negated(found: Sequence[Clause]) -> set[str]:
    return {
        term for clause in found for term, force in clause.forces.items() if Force.NEGATED in force
    }


def _has_opposite(terms: set[str], text: str) -> bool:
    """Tell whether one of `terms` stands in `text` with a prefix: "insufficient", "unclear"."""
    return any(re.search(rf"\b{_OPPOSITE}{re.escape(term)}", text) for term in terms)


def _heads(clause: Clause, theirs: Sequence[Clause], weight: Weight) -> set[Flag]:
    """Compare what governs the heads of `clause` and of the clauses that say the same."""
    if clause in theirs:
        return set()
    found: set[Flag] = set()
    has_compared = False
    for term in sorted(clause.words):
        matches = _aligned(clause, [other for other in theirs if term in other.words], weight)
        if matches and (term in clause.heads or any(term in match.heads for match in matches)):
            has_compared = True
            found |= _compare(clause, matches, [term])
    if not has_compared:
        for match in _aligned(clause, theirs, weight)[:1]:
            governed = [
                t for t in clause.words & match.words if t in {*clause.forces, *match.forces}
            ]
            if governed:
                found |= _compare(clause, [match], sorted(governed))
    return found


def _aligned(clause: Clause, others: Sequence[Clause], weight: Weight) -> list[Clause]:
    """Return those of `others` that share most with `clause`, if that is enough."""
    shares = [_weigh(clause.words & other.words, weight) for other in others]
    most = max(shares, default=0.0)
    ours = _weigh(clause.words, weight)
    return [
        other
        for share, other in zip(shares, others, strict=True)
        if share >= max(_ALIGNED * most, _LEAST * ours)
        and share >= _SAME * min(ours, _weigh(other.words, weight))
        and share > 0
    ]


def _weigh(terms: set[str], weight: Weight) -> float:
    return sum(weight(term) for term in terms)


def _compare(clause: Clause, matches: Sequence[Clause], terms: Sequence[str]) -> set[Flag]:
    """Return what differs in every one of `matches`, for each of `terms`."""
    flags = [
        _difference(clause.force(term), match.force(term), clause, match)
        for match in matches
        for term in terms
    ]
    return set() if None in flags else {flag for flag in flags if flag is not None}


def _difference(ours: Force, theirs: Force, clause: Clause, match: Clause) -> Flag | None:
    """Return what is wrong with saying `ours` where the document says `theirs`."""
    if (Force.NEGATED in ours) is not (Force.NEGATED in theirs):
        if clause.is_limited or match.is_limited:
            return None  # "may only … if" and "may not … unless" say the same
        if (match if Force.NEGATED in ours else clause).is_lacking:
            return None  # "there is a lack of" and "there is no" say the same
        return Flag.NEGATION
    waives_the_forbidden = Force.WAIVED in ours and theirs == FORBIDDEN
    forbids_the_waived = Force.WAIVED in theirs and ours == FORBIDDEN
    demands_more = Force.OBLIGED in ours and Force.OBLIGED not in theirs
    demands_less = Force.PERMITTED in ours and theirs == Force.OBLIGED
    if waives_the_forbidden or forbids_the_waived or demands_more or demands_less:
        return Flag.OBLIGATION
    return None


def _differ_in_limits(
    ours: Sequence[Clause], theirs: Sequence[Clause], weight: Weight
) -> bool | None:
    """Tell whether one side says "only", "unless" or "except" and the other does not.

    Returns:
        None if the sentence does not say the same, so that there is nothing to compare.
    """
    ours_conditional = any(clause.is_limited or clause.is_conditional for clause in ours)
    differs: bool | None = None
    for clause in ours:
        least = _NEARLY_ALL * _weigh(clause.words, weight)
        for at, other in enumerate(theirs):
            share = _weigh(clause.words & other.words, weight)
            if share >= least and share > 0:
                near = theirs[at : at + 2]
                is_limited = any(one.is_limited for one in near)
                is_conditional = is_limited or any(one.is_conditional for one in near)
                dropped = is_limited and not ours_conditional
                added = clause.is_limited and not is_conditional
                differs = bool(differs) or dropped or added
    return differs
