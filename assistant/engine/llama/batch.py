"""What llama.cpp evaluates in one step: tokens of several sequences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp.llama_cpp as llama


@dataclass(frozen=True, slots=True)
class Rows:
    """Tokens of one sequence in a step.

    Attributes:
        sequence: its number, from 0.
        position: how many tokens the sequence has before them.
        tokens: what to evaluate.
        outputs: how many of the last tokens have an output: what follows them can be sampled.
    """

    sequence: int
    position: int
    tokens: Sequence[int]
    outputs: int = 0


class Batch:
    """llama.cpp's list of tokens for a step, made once and filled again and again.

    Args:
        tokens: how many it takes.
    """

    def __init__(self, tokens: int) -> None:
        self.native: Any = llama.llama_batch_init(tokens, 0, 1)

    def fill(self, step: Iterable[Rows]) -> None:
        """Hold the tokens of `step`, one sequence's after the other's, and no others."""
        native = self.native
        tokens, positions, has_output = native.token, native.pos, native.logits
        counts, sequences = native.n_seq_id, native.seq_id
        index = 0
        for rows in step:
            first_output = len(rows.tokens) - rows.outputs
            for offset, token in enumerate(rows.tokens):
                tokens[index] = token
                positions[index] = rows.position + offset
                counts[index] = 1
                sequences[index][0] = rows.sequence
                has_output[index] = offset >= first_output
                index += 1
        native.n_tokens = index

    def close(self) -> None:
        """Free it."""
        if self.native is not None:
            llama.llama_batch_free(self.native)
            self.native = None
