"""How the next token is chosen."""

from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.protocol import Sampling


class Sampler:
    """Chooses next tokens: penalties, top k, top p, min p and temperature, in this order.

    Args:
        context: llama.cpp's context, whose outputs are sampled.
        vocabulary_size: its model's tokens.
        sampling: how they are chosen.
    """

    def __init__(self, context: Any, vocabulary_size: int, sampling: Sampling) -> None:
        self._context = context
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if sampling.repeat_penalty > 0 and sampling.repeat_penalty != 1 and sampling.repeat_last_n:
            self._add(
                llama.llama_sampler_init_penalties(
                    vocabulary_size, sampling.repeat_last_n, sampling.repeat_penalty, 0.0, 0.0
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
        """Return the token after the batch's token number `row`, whose output was asked for."""
        return int(llama.llama_sampler_sample(self._chain, self._context, row))

    def close(self) -> None:
        """Free it."""
        llama.llama_sampler_free(self._chain)
