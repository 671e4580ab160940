"""How the next token is chosen."""

from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.grammars import GrammarRefused, parse
from assistant.engine.llama.constraint import Constraint
from assistant.engine.llama.model import Model
from assistant.engine.protocol import Sampling

__all__ = ["GrammarRefused", "Sampler"]


class Sampler:
    """Chooses next tokens: penalties, top k, top p, min p and temperature, in this order.

    Args:
        context: llama.cpp's context, whose outputs are sampled.
        model: its model.
        sampling: how they are chosen.
        grammar: GBNF that the chosen tokens follow; none if empty. When it is complete, only the
            end of the reply is chosen.

    Raises:
        GrammarRefused: the grammar cannot be followed.
    """

    def __init__(self, context: Any, model: Model, sampling: Sampling, grammar: str = "") -> None:
        self._context = context
        self._constraint = Constraint(model, parse(grammar), sampling) if grammar else None
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if sampling.repeat_penalty > 0 and sampling.repeat_penalty != 1 and sampling.repeat_last_n:
            self._add(
                llama.llama_sampler_init_penalties(
                    model.vocabulary_size,
                    sampling.repeat_last_n,
                    sampling.repeat_penalty,
                    0.0,
                    0.0,
                )
            )
        if sampling.temperature <= 0:
            self._add(llama.llama_sampler_init_greedy())
            return
        self._add(llama.llama_sampler_init_top_k(sampling.top_k))
        self._add(llama.llama_sampler_init_top_p(sampling.top_p, 1))
        self._add(llama.llama_sampler_init_min_p(sampling.min_p, 1))
        self._add(llama.llama_sampler_init_temp(sampling.temperature))
        self._add(llama.llama_sampler_init_dist(sampling.seed & 0xFFFF_FFFF))

    def _add(self, sampler: Any) -> None:
        llama.llama_sampler_chain_add(self._chain, sampler)

    def sample(self, row: int) -> int:
        """Return the token after the batch's token number `row`, whose output was asked for.

        Raises:
            GrammarRefused: no token of this model continues the grammar, or finding one would
                take too long.
        """
        if self._constraint is None:
            return int(llama.llama_sampler_sample(self._chain, self._context, row))
        token = self._constraint.choose(self._chain, self._context, row)
        llama.llama_sampler_accept(self._chain, token)
        return token

    @property
    def is_complete(self) -> bool:
        """Whether the grammar is complete and only the end of the reply can follow."""
        return self._constraint is not None and self._constraint.is_complete

    def close(self) -> None:
        """Free it."""
        llama.llama_sampler_free(self._chain)
