"""What a text says must, may or must not be: each content word with what governs it.

"Tenant may terminate" and "tenant may not terminate" share almost every word, so words cannot
tell them apart. Here each clause is read into groups: a marker ("may not") and the words after it
that it governs, the first of which is its head ("terminate"). Two texts are then compared head by
head, in the clauses that say the same; a "not" in another clause of a long sentence does not
matter.
"""

import re
from dataclasses import dataclass, field
from enum import Flag, auto

from assistant.evidence.lexicon import (
    CONDITIONS,
    GRAMMAR,
    LOOKS_BACK,
    MAY,
    MUST,
    NOT,
    ONLY,
    PROHIBITED,
    REQUIRED,
)
from assistant.evidence.terms import stem


class Force(Flag):
    """What governs a word; nothing for a plain statement."""

    PLAIN = 0
    NEGATED = auto()
    OBLIGED = auto()
    PERMITTED = auto()
    WAIVED = auto()  # an obligation that does not exist: "need not"


_SCOPE = 4

_IDIOMS = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bno(?:t)? (?:more|less|fewer|later|earlier|longer) than\b"
    r"|\bno doubt\b|\bwhether or not\b|\bnicht nur\b|\bnon seulement\b|\bno sólo\b|\bnon solo\b"
    r"|\bin no\. \d+|\bcannot but\b|\bnot until\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:()—–.!?]+(?=\s|$)|\s-\s|\b(?:but|although|though|whereas|while|because|which|aber|sondern|weil"
    r"|obwohl|mais|bien que|pero|aunque|sino|ma|mas|maar)\b|(?=\b(?:unless|except|if|until|when"
    r"|wenn|falls|sofern|sauf|salvo|tenzij|indien)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+", re.IGNORECASE)


@dataclass
class Clause:
    """Part of a sentence: its content words, and what governs them.

    Attributes:
        words: its terms that are no grammar and no markers.
        forces: what governs each term; a term not in it is plain.
        heads: terms that a marker governs first.
        is_restricted: it says "only", "unless" or "except".
        is_conditional: it says so, or "if", "until", "provided" and the like.
    """

    words: set[str] = field(default_factory=set)
    forces: dict[str, Force] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    is_restricted: bool = False
    is_conditional: bool = False

    def force(self, term: str) -> Force:
        """Return what governs `term`."""
        return self.forces.get(term, Force.PLAIN)


def clauses(text: str) -> list[Clause]:
    """Return the clauses of `text` that say anything."""
    plain = _IDIOMS.sub(" ", text)
    found = [_read(_WORD.findall(piece.casefold())) for piece in _CLAUSE.split(plain) if piece]
    return [clause for clause in found if clause.words or clause.forces]


def _read(tokens: list[str]) -> Clause:
    clause = Clause(
        is_restricted=any(token in ONLY for token in tokens),
        is_conditional=any(token in CONDITIONS for token in tokens),
    )
    content = [
        None
        if token in GRAMMAR or _marker(token) is not None or token in CONDITIONS
        else stem(token)
        for token in tokens
    ]
    clause.words = {term for term in content if term}
    at = 0
    while at < len(tokens):
        force, end, looks_back = _group(tokens, at)
        if force is not Force.PLAIN:
            _govern(clause, content, at, end, force, looks_back=looks_back)
        at = max(end, at + 1)
    return clause


def _marker(token: str) -> Force | None:
    if token in NOT:
        return Force.NEGATED
    if token in PROHIBITED:
        return Force.PERMITTED | Force.NEGATED
    if token in MUST or token in REQUIRED:
        return Force.OBLIGED
    if token in MAY:
        return Force.PERMITTED
    return None


def _group(tokens: list[str], start: int) -> tuple[Force, int, bool]:
    """Read markers from `start` on that stand together: "may not", "is not required to".

    Returns:
        What they say together, where they end, and whether they govern what stands before.
    """
    force = Force.PLAIN
    negations = 0
    can_be_waived = False
    looks_back = False
    at = start
    end = start
    while at < len(tokens):
        token = tokens[at]
        marker = _marker(token)
        if marker is None:
            if force is Force.PLAIN and not negations:
                return Force.PLAIN, start + 1, False
            if token not in {"be", "have", "been", "ne", "n"}:
                break
        else:
            end = at + 1
            negations += (marker & Force.NEGATED) is not Force.PLAIN
            force |= marker & ~Force.NEGATED
            if token == "cannot":  # noqa: S105 - a word
                force |= Force.PERMITTED
            can_be_waived |= token in REQUIRED
            looks_back |= token in LOOKS_BACK
        at += 1
    return (
        _together(force, negations, can_be_waived=can_be_waived),
        end,
        (looks_back and tokens[end : end + 1] != ["to"]),
    )


def _together(force: Force, negations: int, *, can_be_waived: bool) -> Force:
    """Return what markers of `force` and so many negations say together."""
    if negations % 2 == 0:
        return force
    if Force.OBLIGED in force:
        if can_be_waived:
            return Force.WAIVED | Force.NEGATED
        return Force.PERMITTED | Force.NEGATED  # "must not" and "may not" forbid alike
    return force | Force.NEGATED


def _govern(
    clause: Clause,
    content: list[str | None],
    start: int,
    end: int,
    force: Force,
    *,
    looks_back: bool,
) -> None:
    """Note what a group of markers governs."""
    after = [term for term in content[end:] if term][:_SCOPE]
    before = [term for term in content[:start] if term][-_SCOPE:]
    governed = after + (before if looks_back or not after else [])
    if after and not looks_back:
        clause.heads.add(after[0])
    elif before:
        clause.heads.add(before[-1])
    for term in governed:
        clause.forces[term] = clause.force(term) | force
