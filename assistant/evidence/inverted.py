"""Finds a "not" that was put between the very words of a cited sentence, or taken from there.

Where both have other words, an "only" or a "without" may say what a "not" says, and such
differences are let pass (contradictions.py). Between the same words they are none: "Client may not
use it only for tests" is not what "Client may use it only for tests" says.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from assistant.evidence.lexicon import Lexicon
from assistant.evidence.modality import tokens_of

# They deny a thing that comes along, not what the sentence says.
WITHOUT = frozenset({"without", "nor", "neither", "ohne", "weder", "sans", "ni", "sin"})
_AROUND = 4  # words that must be the same, on both sides together
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}  # before "n't"

_Gap = tuple[tuple[str, ...], tuple[str, ...]]


def is_inverted(claim: str, cited: Iterable[str], lexicon: Lexicon) -> bool:
    """Tell whether `claim` repeats words of a cited sentence, but for a "not" between them."""
    theirs: defaultdict[_Gap, set[bool]] = defaultdict(set)
    for sentence in cited:
        words, negated = _read(sentence, lexicon)
        for at in range(len(words)):
            for gap in _gaps(words, at):
                theirs[gap].add(at in negated)
    words, negated = _read(claim, lexicon)
    return any(
        theirs.get(gap) == {at not in negated}
        for at in range(len(words))
        for gap in _gaps(words, at)
    )


def _read(text: str, lexicon: Lexicon) -> tuple[list[str], set[int]]:
    """Return the words of `text` but for negations, and before which of them there is one."""
    words: list[str] = []
    negated: set[int] = set()
    for word in tokens_of(lexicon.idioms.sub(" ", text)):
        if word == "cannot":
            words.append("can")
        if word not in lexicon.negations - WITHOUT:
            words.append(word)
            continue
        if words:
            words[-1] = _WHOLE.get(words[-1], words[-1])
        negated.add(len(words))
    return words, negated


def _gaps(words: Sequence[str], at: int) -> Iterator[_Gap]:
    """Yield what stands around the place before word `at`, however near an end that place is."""
    for before in range(1, _AROUND):
        after = _AROUND - before
        if before <= at and at + after <= len(words):
            yield tuple(words[at - before : at]), tuple(words[at : at + after])
