"""How the next token is chosen."""

from typing import Any

import llama_cpp.llama_cpp as llama
import msgspec
import numpy as np

from assistant.engine.grammars import Grammar
from assistant.engine.llama.chain import is_greedy, samplers
from assistant.engine.llama.constraint import Constraint
from assistant.engine.llama.model import Model
from assistant.engine.protocol import Sampling


class Sampler:
    """Chooses next tokens, as `chain.py` says.

    It belongs to a reply and to no context: a reply that loses its sequence may go on in another.

    Args:
        model: whose tokens they are.
        sampling: how they are chosen.
        grammar: what the chosen tokens follow; None for no form. When it is complete, only the
            end of the reply is chosen.
        begun: what there is of the reply already, for the grammar.

    Raises:
        GrammarRefused: `begun` does not follow the grammar.
    """

    def __init__(
        self,
        model: Model,
        sampling: Sampling,
        grammar: Grammar | None = None,
        begun: str = "",
    ) -> None:
        if grammar and sampling.mirostat == 1:
            # Version 1 looks at a hundred candidates, and a grammar may leave a single one.
            sampling = msgspec.structs.replace(sampling, mirostat=2)
        self._constraint = Constraint(model, grammar, sampling, begun) if grammar else None
        self._size = model.vocabulary_size
        self._is_plain = self._constraint is None and is_greedy(sampling)
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for sampler in samplers(model, sampling):
            llama.llama_sampler_chain_add(self._chain, sampler)

    def sample(self, context: Any, row: int) -> int:
        """Return the token after the batch's token number `row`, whose output was asked for.

        Args:
            context: llama.cpp's context, which evaluated the batch.
            row: which of the batch's tokens.

        Raises:
            GrammarRefused: no token of this model continues the grammar, or finding one would
                take too long.
        """
        if self._is_plain:
            # llama.cpp makes a list of all candidates first: 0.13 ms for 49,000 tokens, not 0.02.
            scores = llama.llama_get_logits_ith(context, row)
            return int(np.ctypeslib.as_array(scores, (self._size,)).argmax())
        if self._constraint is None:
            return int(llama.llama_sampler_sample(self._chain, context, row))
        token = self._constraint.choose(self._chain, context, row)
        llama.llama_sampler_accept(self._chain, token)
        return token

    @property
    def is_complete(self) -> bool:
        """Whether the grammar is complete and only the end of the reply can follow."""
        return self._constraint is not None and self._constraint.is_complete

    def close(self) -> None:
        """Free it."""
        llama.llama_sampler_free(self._chain)
