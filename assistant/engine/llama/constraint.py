"""Chooses tokens that a grammar allows."""

import ctypes
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from assistant.engine.grammars import Grammar, GrammarRefused, Matcher
from assistant.engine.llama.chain import is_greedy
from assistant.engine.llama.model import Model
from assistant.engine.protocol import Sampling

_CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])  # llama_token_data
_LIKELY = 2_048  # of the most likely tokens, allowed ones are looked for among so many
_WANTED = 64  # so many allowed ones are enough, where sampling does not ask for more

Tokens = NDArray[np.int32]
Logits = NDArray[np.float32]


class Constraint:
    """A grammar that one reply follows, with the model's tokens.

    The unconstrained choice is made first and kept if the grammar allows it, as is mostly so
    (llama.cpp's common/sampling.cpp does the same). Else the chain chooses again, among the most
    likely tokens that are allowed.

    Args:
        model: whose tokens they are.
        grammar: what is followed.
        sampling: how tokens are chosen.
        begun: what there is of the reply already.

    Raises:
        GrammarRefused: `begun` does not follow the grammar.
    """

    def __init__(self, model: Model, grammar: Grammar, sampling: Sampling, begun: str = "") -> None:
        self._model = model
        self._matcher = Matcher(grammar)
        if not all(self._matcher.accept(character.encode()) for character in begun):
            raise GrammarRefused("what there is of the reply does not follow it")
        self._wanted = 1 if is_greedy(sampling) else max(sampling.top_k, _WANTED)

    @property
    def is_complete(self) -> bool:
        """Whether only the end of the reply can follow."""
        return self._matcher.must_end

    def choose(self, chain: Any, context: Any, row: int) -> int:
        """Return the next token, which the grammar has taken in; `chain` has not accepted it.

        Raises:
            GrammarRefused: there is none, or it would take too long to find.
        """
        values = llama.llama_get_logits_ith(context, row)
        size = self._model.vocabulary_size
        logits: Logits = np.ctypeslib.as_array(values, shape=(size,))
        every: Tokens = np.arange(size, dtype=np.int32)
        token = _choice(chain, every, logits)
        if not self._accept(token):
            allowed = self._allowed(logits)
            token = _choice(chain, allowed, logits[allowed])
            self._accept(token)
        return token

    def _accept(self, token: int) -> bool:
        if self._model.ends_reply(token):
            return self._matcher.may_end
        piece = self._model.piece(token)
        return bool(piece) and self._matcher.accept(piece)

    def _allows(self, token: int) -> bool:
        if self._model.ends_reply(token):
            return self._matcher.may_end
        piece = self._model.piece(token)
        return bool(piece) and self._matcher.allows(piece)

    def _allowed(self, logits: Logits) -> Tokens:
        """Return enough tokens that are allowed, the most likely ones."""
        if self._matcher.must_end:
            return self._only(self._model.end_tokens())
        count = min(_LIKELY, len(logits))
        likely = np.argpartition(-logits, count - 1)[:count]
        found = []
        for token in likely[np.argsort(-logits[likely])]:
            if self._allows(int(token)):
                found.append(int(token))
                if len(found) >= self._wanted:
                    return self._only(found)
        # Few are: find those that are less likely. Where much is allowed, what was found will do.
        by_byte = self._model.tokens_by_first_byte()
        others = [token for byte in self._matcher.first_bytes for token in by_byte[byte]]
        if not found or len(others) <= _LIKELY:
            found += [token for token in others if self._allows(token)]
            found += self._model.end_tokens() if self._matcher.may_end else []
        return self._only(found)

    def _only(self, tokens: list[int]) -> Tokens:
        if not tokens:
            raise GrammarRefused("no token of this model continues it")
        return np.array(sorted(set(tokens)), dtype=np.int32)


def _choice(chain: Any, tokens: Tokens, logits: Logits) -> int:
    """Return the token that `chain` chooses; it accepts nothing yet."""
    candidates = np.empty(len(tokens), _CANDIDATE)
    candidates["id"], candidates["logit"], candidates["p"] = tokens, logits, 0.0
    array = llama.llama_token_data_array(
        data=candidates.ctypes.data_as(llama.llama_token_data_p),
        size=len(candidates),
        selected=-1,
        sorted=False,
    )
    llama.llama_sampler_apply(chain, ctypes.byref(array))
    if not 0 <= array.selected < array.size:
        raise GrammarRefused("no token of this model continues it")
    return int(array.data[array.selected].id)
