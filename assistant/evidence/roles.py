"""Finds out whether who does something to whom is the other way round.

"The tenant shall pay the landlord" and "the landlord shall pay the tenant" have the same words.
Around a verb that both texts have, the parties before it act, and those after it are acted upon;
"is … by" turns that round. Two parties that have changed sides are told, and nothing less: a text
that leaves one out, or has both on one side, agrees. English alone: elsewhere words move freely.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.evidence.names import Capitals
from assistant.evidence.terms import stem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+(?:[.&][^\W_]+)*|[,;:()—–]")
_BREAKS = frozenset(",;:()—–")
_CLAUSE_WORDS = _words(
    "if unless when where while whereas because although though that which who whom whose but"
    " provided except until"
)
_PRONOUNS = {
    **dict.fromkeys(["i", "me", "we", "us", "ours"], "we"),
    **dict.fromkeys(["you", "yours"], "you"),
    **dict.fromkeys(["he", "him"], "he"),
    **dict.fromkeys(["she", "hers"], "she"),
    **dict.fromkeys(["they", "them", "theirs"], "they"),
}
_BE = _words("be is are was were been being")
_AUXILIARIES = _words(
    "shall must may will should can could would might cannot do does did has have had to"
)
_LINKS = _words("and or nor of for with in on at from by as than")
_SKIPPED = _words("not then also only never always either first n t")
# Nouns for those who act, by their endings or by themselves.
_ACTOR = re.compile(r"\w{3,}(?:ors?|ers?|ees?|ants?|ents?|ists?|ians?|uary|aries)$")
_ACTORS = _words(
    "party parties host hosts company companies bank banks firm firms author authors proxy node"
    " nodes board union state states court government committee group project affiliate affiliates"
    " staff team council fund trust police minister landlord landlords user users guest guests"
    " person persons people"
)
_PARTICIPLE = re.compile(r"(?:ed|en|wn|ght|pt|lt|nt|[mt]ade|old|aid|eld|set|put|done)$")
_SHORTEST = 4  # letters of a noun
_BY_REACH = 4  # words between "by" and who acts
_ARTICLES = _words("the a an any each every such this all no my our your his her its their")
_NO_NOUNS = _AUXILIARIES | _BE | _SKIPPED | _ARTICLES | _LINKS


@dataclass(frozen=True, slots=True)
class _Token:
    """A word: folded, its term, whether it names someone who can act, or another thing."""

    word: str
    term: str
    is_party: bool
    is_thing: bool = False


class Side(StrEnum):
    """On which side of a verb a party is."""

    DOER = "doer"
    OTHER = "other"


Slot = tuple[str, Side]  # a verb, as its term, and a side of it
Roles = dict[Slot, set[str]]  # the parties there, as terms


def roles(text: str, capitals: Capitals, *, with_things: bool = False) -> Roles:
    """Return who acts and who is acted upon in `text`, verb by verb.

    Args:
        text: a sentence.
        capitals: how its document writes its words.
        with_things: other nouns count, too, not only those for persons, bodies and machines. Too
            much where texts differ in more than a few words.
    """
    found: Roles = {}
    pieces = list(_pieces(text, capitals, with_things=with_things))
    for at in range(len(pieces)):
        for slot, parties in _slots(pieces, at):
            found.setdefault(slot, set()).update(parties)
    return found


def are_swapped(claim: Roles, source: Roles) -> bool:
    """Tell whether two parties in `claim` have the places that the other has in `source`."""
    moves = {
        (new, old)
        for slot, parties in claim.items()
        for new in parties - source.get(slot, parties)
        for old in source[slot] - parties
    }
    return any((old, new) in moves for new, old in moves)


def _pieces(text: str, capitals: Capitals, *, with_things: bool) -> Iterator[list[_Token]]:
    """Cut `text` at punctuation and before conjunctions."""
    tokens: list[_Token] = []
    for match in _WORD.finditer(text):
        word = match.group()
        folded = word.casefold()
        if (folded in _BREAKS or folded in _CLAUSE_WORDS) and tokens:
            yield tokens
            tokens = []
        if folded not in _BREAKS:
            is_party = _is_party(word, folded, capitals, opens=match.start() == 0)
            is_thing = with_things and _may_be_noun(folded)
            term = _PRONOUNS.get(folded) or stem(folded)
            tokens.append(_Token(folded, term, is_party, is_thing))
    if tokens:
        yield tokens


def _is_party(word: str, folded: str, capitals: Capitals, *, opens: bool) -> bool:
    if folded in _PRONOUNS or folded in _ACTORS or _ACTOR.fullmatch(folded):
        return True
    if folded in _AUXILIARIES | _BE | _SKIPPED | _ARTICLES:
        return False
    return word[0].isupper() and len(word) > 1 and not (opens and folded in capitals.common)


def _slots(pieces: Sequence[Sequence[_Token]], at: int) -> Iterator[tuple[Slot, frozenset[str]]]:
    """Yield the sides of the verbs of a piece that anyone is on."""
    piece = pieces[at]
    for place, token in enumerate(piece):
        if not _is_verb(piece, place):
            continue
        after = piece[place + 1 :]
        before = _parties(piece[:place]) or _nearest(pieces, range(at - 1, max(-1, at - 3), -1))
        by = _by(after)
        if _is_participle(token.word) and (by or _is_after_be(piece, place)):
            doers, others = by, before | (_parties(after) - by)
        else:
            doers = before
            others = _parties(itertools.takewhile(lambda one: one.word != "by", after))
            others = others or _nearest(pieces, range(at + 1, min(len(pieces), at + 2)))
        if doers:
            yield (token.term, Side.DOER), doers
        if others - doers:
            yield (token.term, Side.OTHER), others - doers


def _is_verb(piece: Sequence[_Token], place: int) -> bool:
    """Tell whether the word at `place` may be a verb: it stands where verbs do."""
    token = piece[place]
    if token.is_party or not token.word.isalpha() or len(token.word) < 3:
        return False
    if token.word in _NO_NOUNS:
        return False
    before = _before(piece, place)
    if before is not None and (before.is_party or before.word in _AUXILIARIES | _BE):
        return True
    return _is_participle(token.word) and [t.word for t in piece[place + 1 : place + 2]] == ["by"]


def _before(piece: Sequence[_Token], place: int) -> _Token | None:
    """Return the word before, without "not" and adverbs."""
    at = place - 1
    while at >= 0 and (piece[at].word in _SKIPPED or piece[at].word.endswith("ly")):
        at -= 1
    return piece[at] if at >= 0 else None


def _is_after_be(piece: Sequence[_Token], place: int) -> bool:
    before = _before(piece, place)
    return before is not None and before.word in _BE


def _is_participle(word: str) -> bool:
    return _PARTICIPLE.search(word) is not None


def _by(after: Sequence[_Token]) -> frozenset[str]:
    """Return the parties named by "by" in the words after a verb."""
    for at, token in enumerate(after):
        if token.word == "by":
            found = _parties(after[at + 1 : at + 1 + _BY_REACH])
            if found:
                return found
    return frozenset()


def _parties(tokens: Iterable[_Token]) -> frozenset[str]:
    """Return what may act or be acted upon: those who act, and other words that may be nouns."""
    return frozenset(token.term for token in tokens if token.is_party or token.is_thing)


def _may_be_noun(word: str) -> bool:
    is_long = len(word) >= _SHORTEST and word.isalpha()
    return is_long and not word.endswith(("ly", "ing")) and word not in _NO_NOUNS


def _nearest(pieces: Sequence[Sequence[_Token]], order: range) -> frozenset[str]:
    """Return the parties of the first piece in `order` that has any."""
    for at in order:
        if found := _parties(pieces[at]):
            return found
    return frozenset()
