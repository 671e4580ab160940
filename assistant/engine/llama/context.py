"""A model's working memory: sequences of tokens that it has evaluated."""

import ctypes
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from assistant.engine.llama.batch import Batch, Rows
from assistant.engine.llama.log import LlamaLog, LoadRefused
from assistant.engine.llama.model import Model
from assistant.engine.llama.sampler import Sampler
from assistant.engine.llama.stopping import StopFlag
from assistant.engine.protocol import KvType, LoadSettings
from assistant.errors import ModelFault

_KV_TYPES = {
    KvType.F16: llama.GGML_TYPE_F16,
    KvType.Q8_0: llama.GGML_TYPE_Q8_0,
}
_STATE_HEAD_BYTES = 12  # of a file with a state: magic, version, number of tokens


class Step(Enum):
    """How a step over some tokens ended."""

    DONE = auto()
    STOPPED = auto()
    CONTEXT_FULL = auto()


class StepFailed(Exception):  # noqa: N818 - named for what happened
    """llama.cpp could not compute a step."""


class Context:
    """Several sequences of tokens that share one memory of `context_tokens` positions.

    Args:
        model: the loaded model; it outlives the context.
        settings: `context_tokens` and `threads` resolved, not 0.
        log: what llama.cpp says.
        has_streams: each sequence has an equal part of the memory for itself, so that attention
            does not go over the others' tokens: for many short ones at once.

    Raises:
        LoadRefused: the model cannot write text, or there is no memory for it.
    """

    def __init__(
        self, model: Model, settings: LoadSettings, log: LlamaLog, *, has_streams: bool = False
    ) -> None:
        self.model = model
        self.has_streams = has_streams
        self.step_tokens = settings.ubatch_tokens
        self.sequences = settings.sequences
        self.outputs = settings.outputs
        self._threads = settings.threads
        self._handle: Any = None
        self._batch: Batch | None = None
        self._stop = StopFlag()
        try:
            self._open(settings, log)
        except BaseException:
            self.close()
            raise
        self.buffer_bytes = dict(log.buffer_bytes)

    def _open(self, settings: LoadSettings, log: LlamaLog) -> None:
        self._handle = llama.llama_init_from_model(
            self.model.handle, _parameters(settings, has_streams=self.has_streams)
        )
        if not self._handle:
            raise log.refusal()
        self._memory = llama.llama_get_memory(self._handle)
        if not self._memory:
            raise LoadRefused(ModelFault.REFUSED, "does not write text")
        self.context_tokens = int(llama.llama_n_ctx(self._handle))
        # A context shorter than a step makes the steps shorter; longer ones end the process.
        self.step_tokens = min(self.step_tokens, int(llama.llama_n_batch(self._handle)))
        self._stop.tie(self._handle)
        self._batch = Batch(self.step_tokens)
        self._warm_up()

    def _warm_up(self) -> None:
        """Use everything once, so that what crashes llama.cpp crashes it while loading."""
        self.model.tokenize("A word: \u00e9\n", parse_special=True)
        token = llama.llama_vocab_bos(self.model.vocabulary)
        token = token if 0 <= token < self.model.vocabulary_size else 0
        llama.llama_set_warmup(self._handle, True)
        self.evaluate([Rows(0, 0, [token], outputs=1)])
        llama.llama_set_warmup(self._handle, False)
        # WORKAROUND: llama.cpp keeps the last graph for the next step of the same shape, and the
        # one of a warm-up has all experts of a mixture: a step of another shape replaces it.
        # Else a restored state went on with wrong tokens (tests/engine/test_architectures.py).
        self.evaluate([Rows(0, 1, [token] * min(2, self.step_tokens), outputs=1)])
        self.clear()

    # Stopping

    def stop(self) -> None:
        """End the step that is being computed, and every later one; from any thread."""
        self._stop.raise_it()

    def resume(self) -> None:
        """Allow steps again."""
        self._stop.lower()

    # Evaluating

    def use_threads(self, threads: int) -> None:
        """Compute the next steps with so many threads."""
        if threads != self._threads:
            llama.llama_set_n_threads(self._handle, threads, threads)
            self._threads = threads

    def evaluate(self, step: Sequence[Rows]) -> Step:
        """Evaluate at most `step_tokens` tokens of different sequences at once.

        When it did not end with `DONE`, some of the tokens may have been taken in: `cut` every
        sequence back to where it was.

        Raises:
            StepFailed: llama.cpp could not compute it.
        """
        assert self._batch
        self._batch.fill(step)
        result = llama.llama_decode(self._handle, self._batch.native)
        if result == 0:
            return Step.DONE
        if result == 2:
            return Step.STOPPED
        if result == 1:
            return Step.CONTEXT_FULL
        raise StepFailed(str(result))

    def sample(self, sampler: Sampler, row: int) -> int:
        """Return the token after the batch's token number `row`, whose output was asked for.

        Raises:
            GrammarRefused: no token of this model continues the sampler's grammar, or finding
                one would take too long.
        """
        return sampler.sample(self._handle, row)

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """Return the scores of all tokens after the batch's token number `row`.

        Its output was asked for; the next step overwrites what is returned.
        """
        scores = llama.llama_get_logits_ith(self._handle, row)
        return np.ctypeslib.as_array(scores, (self.model.vocabulary_size,))

    # Remembering

    def cut(self, sequence: int, position: int) -> bool:
        """Forget what `sequence` has from `position` on; False if it cannot be cut back.

        A recurrent state cannot, and a sliding window may have dropped what the tokens before
        `position` need: then the caller clears the sequence and evaluates anew.
        """
        if not llama.llama_memory_seq_rm(self._memory, sequence, position, -1):
            return False
        if position == 0:
            return True
        last = llama.llama_memory_seq_pos_max(self._memory, sequence)
        first = llama.llama_memory_seq_pos_min(self._memory, sequence)
        window = self.model.sliding_window
        needed_from = max(0, position - window) if window else 0
        return bool(last == position - 1 and (first <= needed_from or not self.model.can_rewind))

    def copy(self, source: int, target: int, end: int) -> None:
        """Let the empty sequence `target` have the first `end` tokens of `source`.

        Keys and values are shared, not copied, unless sequences have streams: those are copied
        whole, and cut by the caller. A recurrent state has no other length than its whole one:
        `end` must be that.
        """
        stop = end if self.model.can_rewind and not self.has_streams else -1
        llama.llama_memory_seq_cp(self._memory, source, target, 0, stop)

    def clear_sequence(self, sequence: int) -> None:
        """Forget all that `sequence` has."""
        llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def clear(self) -> None:
        """Forget everything that was evaluated.

        A recurrent state is small, and is overwritten: llama.cpp would multiply it by zero, which
        leaves a NaN what it is.
        """
        llama.llama_memory_clear(self._memory, not self.model.can_rewind)

    def save(self, sequence: int, tokens: Sequence[int], path: Path) -> int:
        """Write the state of `sequence`, which has evaluated `tokens`; return the file's bytes.

        Raises:
            OSError: it could not be written, or `sequence` has not evaluated so many tokens:
                a reply would go on from what it never read.
        """
        if llama.llama_memory_seq_pos_max(self._memory, sequence) != len(tokens) - 1:
            raise OSError(f"sequence {sequence} has other tokens")
        array = (llama.llama_token * len(tokens))(*tokens)
        name = str(path).encode("utf-8", "surrogateescape")
        written = llama.llama_state_seq_save_file(self._handle, name, sequence, array, len(tokens))
        if not written:
            raise OSError(f"llama.cpp could not write {path.name}")
        return int(written)

    def saved_bytes(self, sequence: int, tokens: Sequence[int]) -> int:
        """Return how large a file `save` writes at most; a few bytes less with some builds."""
        state = llama.llama_state_seq_get_size(self._handle, sequence)
        return _STATE_HEAD_BYTES + len(tokens) * ctypes.sizeof(llama.llama_token) + int(state)

    def restore(self, sequence: int, path: Path) -> list[int]:
        """Read a state into the empty `sequence`; return its tokens, [] if it does not fit here.

        The caller has made sure that `save` wrote the file with this model and build.
        """
        tokens = (llama.llama_token * self.context_tokens)()
        count = ctypes.c_size_t(0)
        name = str(path).encode("utf-8", "surrogateescape")
        read = llama.llama_state_seq_load_file(
            self._handle, name, sequence, tokens, self.context_tokens, ctypes.byref(count)
        )
        if not read:
            self.clear_sequence(sequence)
            return []
        return tokens[: count.value]

    def close(self) -> None:
        """Free it; the model stays."""
        if self._batch:
            self._batch.close()
            self._batch = None
        if self._handle:
            llama.llama_free(self._handle)
            self._handle = None


def _parameters(settings: LoadSettings, *, has_streams: bool) -> Any:
    """Return the context's parameters.

    Few outputs a step, since only the last tokens are sampled: the buffer for all of them would
    take 4 bytes x vocabulary x step. Flash attention is off unless wished: with it generation
    after 1,000 tokens fell from 72 to 37 tokens/s on two cores (SmolLM2-135M, prompts unchanged).
    A sliding window keeps all positions, so that a reply can be made again without its prompt.
    One memory for all sequences: one alone may use all of it, and prefixes are shared in it.
    """
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = settings.context_tokens
    parameters.n_batch = parameters.n_ubatch = settings.ubatch_tokens
    parameters.n_seq_max = settings.sequences
    parameters.n_outputs_max = settings.outputs
    parameters.n_threads = parameters.n_threads_batch = settings.threads
    parameters.flash_attn_type = (
        llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
        if settings.flash_attention
        else llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    parameters.type_k = parameters.type_v = _KV_TYPES[settings.kv_type]
    parameters.offload_kqv = settings.gpu_layers != 0
    parameters.swa_full = True
    parameters.kv_unified = not has_streams
    parameters.no_perf = True
    return parameters
