"""Guesses the next tokens by looking up the last few in what was read and written before.

Summaries and answers about a document repeat its words. Several guessed tokens are evaluated in
one step, which costs less than a step for each; the sampler then says how many were right, so
that the reply is the one it would have been (prompt lookup decoding, A. Saxena 2023).
"""

from collections.abc import Sequence

_NGRAM = 3
_MOST = 6  # tokens guessed at a time
_PROBES = 6  # guesses that are tried before it is judged
_GAIN = 1.1  # so much faster than without, or it is left alone
_AGAIN = 400  # steps until it is tried anew
_WEIGHT = 0.15  # of the newest measurement


class Lookup:
    """The places of all short runs of tokens in one request's text."""

    def __init__(self) -> None:
        self._after: dict[tuple[int, ...], int] = {}
        self._read = 0

    def guess(self, tokens: Sequence[int], most: int) -> list[int]:
        """Return up to `most` tokens that followed when the last three of `tokens` stood before.

        Args:
            tokens: all tokens of the request so far; those of the last call, and more.
            most: how many are wanted.
        """
        for end in range(max(self._read, _NGRAM), len(tokens)):
            self._after[tuple(tokens[end - _NGRAM : end])] = end
        self._read = len(tokens)
        place = self._after.get(tuple(tokens[-_NGRAM:]))
        return list(tokens[place : place + most]) if place is not None else []


class Speculation:
    """Whether guessing helps a model with a kind of task, as measured while it works."""

    def __init__(self) -> None:
        self._single_s = 0.0
        self._guessed_s = 0.0
        self._gained = 0.0  # tokens a guessed step brings, the one it would have brought included
        self._probes = 0
        self._steps = 0

    def most(self) -> int:
        """Return how many tokens are to be guessed for the next step; 0 for none."""
        self._steps += 1
        if not self._single_s:
            return 0
        if self._probes < _PROBES:
            return _MOST
        if self._gained * self._single_s >= _GAIN * self._guessed_s:
            return _MOST
        if self._steps >= _AGAIN:
            self._steps = self._probes = 0
        return 0

    def note(self, seconds: float, drafted: int, accepted: int) -> None:
        """Take in how long a step of one request took, and how many guesses were right."""
        if drafted < _MOST // 2:
            if not drafted:
                self._single_s = _mean(self._single_s, seconds)
            return
        self._probes += 1
        self._guessed_s = _mean(self._guessed_s, seconds)
        self._gained = _mean(self._gained, 1.0 + accepted)


def _mean(mean: float, value: float) -> float:
    return mean + _WEIGHT * (value - mean) if mean else value
