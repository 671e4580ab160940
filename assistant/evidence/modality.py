"""What a text says must, may or must not be: each content word with what governs it.

"Tenant may terminate" and "tenant may not terminate" share almost every word, so words cannot
tell them apart. Here each clause is read into groups: a marker ("may not") and the words after it
that it governs, the first of which is its head ("terminate").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto

from assistant.evidence.lexicon import Lexicon
from assistant.evidence.terms import stem


class Force(Flag):
    """What governs a word; nothing for a plain statement."""

    PLAIN = 0
    NEGATED = auto()
    OBLIGED = auto()
    PERMITTED = auto()
    WAIVED = auto()  # an obligation that does not exist: "need not"


FORBIDDEN = Force.PERMITTED | Force.NEGATED

_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "as"})
_SCOPE = 4  # content words that a marker governs
_PUNCTUATION = re.compile(r"[,;:()—–.!?]+(?=\s|$)|\s-\s")
_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+")


@dataclass
class Clause:
    """Part of a sentence: its content words, and what governs them.

    Attributes:
        words: its terms that are neither grammar nor markers.
        forces: what governs each term; a term not in it is plain.
        heads: terms that a marker governs first.
        is_limited: it says "only", "unless", "except" or the like.
        is_conditional: it says "if", "until", "provided" or the like.
        is_lacking: it says in other words what another may say with "not".
    """

    words: set[str] = field(default_factory=set)
    forces: dict[str, Force] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    is_limited: bool = False
    is_conditional: bool = False
    is_lacking: bool = False

    def force(self, term: str) -> Force:
        """Return what governs `term`."""
        return self.forces.get(term, Force.PLAIN)


def clauses(text: str, lexicon: Lexicon) -> list[Clause]:
    """Return the clauses of `text` that say anything."""
    plain = lexicon.idioms.sub(" ", text)
    found = [_Reader(tokens, lexicon).read() for tokens in _pieces(plain, lexicon)]
    return [clause for clause in found if clause.words]


def tokens_of(text: str) -> list[str]:
    """Return the folded words of `text`, "n't" apart."""
    return _WORD.findall(text.casefold())


def _pieces(text: str, lexicon: Lexicon) -> Iterator[list[str]]:
    """Cut `text` at punctuation and before conjunctions into the words of its clauses."""
    for stretch in _PUNCTUATION.split(text):
        tokens: list[str] = []
        for token in tokens_of(stretch):
            if token in lexicon.conjunctions and tokens:
                yield tokens
                tokens = []
            tokens.append(token)
        if tokens:
            yield tokens


@dataclass(frozen=True, slots=True)
class _Group:
    """Markers that stand together, what they say, and where they end."""

    force: Force
    end: int
    looks_back: bool


class _Reader:
    """Reads the words of one clause."""

    def __init__(self, tokens: Sequence[str], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        other = lexicon.grammar | lexicon.limits | lexicon.conditions | lexicon.conjunctions
        self._content = [
            None if token in other or self._force_of(at) is not None else stem(token)
            for at, token in enumerate(tokens)
        ]

    def read(self) -> Clause:
        """Return the clause."""
        clause = Clause(
            words={term for term in self._content if term},
            is_limited=self._is_limited(),
            is_conditional=any(token in self._lexicon.conditions for token in self._tokens),
            is_lacking=self._lacks(),
        )
        at = 0
        while at < len(self._tokens):
            group = self._group(at)
            if group is None:
                at += 1
                continue
            if group.force is not Force.PLAIN:
                self._govern(clause, at, group)
            at = group.end
        return clause

    def _is_limited(self) -> bool:
        """Tell whether a limit stands here, and not in a clause about one of the words."""
        for token in self._tokens:
            if token in self._lexicon.limits:
                return True
            if token in self._lexicon.relatives:
                return False
        return False

    def _lacks(self) -> bool:
        return any(self._lexicon.lacks.match(token) for token in self._tokens)

    def _force_of(self, at: int) -> Force | None:
        """Return what the word at `at` says by itself if it is a marker."""
        token, lexicon = self._tokens[at], self._lexicon
        if token in lexicon.after_be and not self._follows_be(at):
            return None
        if token in lexicon.negations | lexicon.prohibitions:
            return Force.NEGATED if token in lexicon.negations else FORBIDDEN
        if token in lexicon.musts or token in lexicon.duties:
            return Force.OBLIGED
        if token in lexicon.mays:
            return Force.PERMITTED
        if token in lexicon.duties_before_to:
            following = self._tokens[at + 1] if at + 1 < len(self._tokens) else ""
            if following == "to" or (following in lexicon.negations and token.startswith("need")):
                return Force.OBLIGED
        return None

    def _follows_be(self, at: int) -> bool:
        before = self._tokens[max(0, at - 3) : at]
        following = self._tokens[at + 1 : at + 2]
        return not before or following == ["to"] or any(token in _BE for token in before)

    def _group(self, start: int) -> _Group | None:
        """Read the markers that stand together from `start` on: "may not", "is not required"."""
        if self._force_of(start) is None:
            return None
        force, negations, can_be_waived, looks_back = Force.PLAIN, 0, False, False
        end = at = start
        while at < len(self._tokens):
            token, said = self._tokens[at], self._force_of(at)
            if said is None and token not in {"be", "have", "been", "ne", "n"}:
                break
            if said is not None:
                end = at + 1
                negations += Force.NEGATED in said
                force |= said & ~Force.NEGATED
                if token in {"cannot", "unable"}:
                    force |= Force.PERMITTED
                is_duty = token in self._lexicon.duties or token in self._lexicon.duties_before_to
                can_be_waived |= is_duty
                looks_back |= self._looks_back(token)
            at += 1
        if self._tokens[end : end + 1] == ["to"]:
            looks_back = False
        together = _together(force, negations, can_be_waived=can_be_waived)
        return _Group(together, end, looks_back)

    def _looks_back(self, token: str) -> bool:
        lexicon = self._lexicon
        return token in lexicon.prohibitions | lexicon.duties | lexicon.adjectives

    def _govern(self, clause: Clause, start: int, group: _Group) -> None:
        """Note what a group of markers governs."""
        after = [term for term in self._content[group.end :] if term][:_SCOPE]
        before = [term for term in self._content[:start] if term][-_SCOPE:]
        looks_back = group.looks_back or not after
        if after and not looks_back:
            clause.heads.add(after[0])
        elif before:
            clause.heads.add(before[-1])
        for term in after + (before if looks_back else []):
            clause.forces[term] = clause.force(term) | group.force


def _together(force: Force, negations: int, *, can_be_waived: bool) -> Force:
    """Return what markers of `force` and so many negations say together."""
    if negations % 2 == 0:
        return force
    if Force.OBLIGED in force:
        if can_be_waived:
            return Force.WAIVED | Force.NEGATED
        return FORBIDDEN  # "must not" and "may not" forbid alike
    return force | Force.NEGATED
