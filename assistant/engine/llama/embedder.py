"""An embedding model: windows of tokens in, one vector for each out."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np
import numpy.typing as npt

from assistant.engine.llama.batch import Batch, Rows
from assistant.engine.llama.context import StepFailed
from assistant.engine.llama.log import LlamaLog, LoadRefused
from assistant.engine.llama.model import Model
from assistant.engine.llama.stopping import StopFlag
from assistant.errors import ModelFault

SEQUENCES = 32  # windows evaluated at once, at most


class Pooling(IntEnum):
    """How the vectors of tokens become one; the numbers are llama.cpp's."""

    MEAN = llama.LLAMA_POOLING_TYPE_MEAN
    FIRST = llama.LLAMA_POOLING_TYPE_CLS
    LAST = llama.LLAMA_POOLING_TYPE_LAST


class TextEncoder:
    """A context of an embedding model.

    Args:
        model: the loaded model; it outlives this object.
        pooling: how vectors of tokens become one; None for what the file says.
        step_tokens: evaluated at once, and the longest window.
        threads: that compute.
        log: what llama.cpp says.

    Raises:
        LoadRefused: the model gives no vectors, or there is no memory for it.
    """

    def __init__(
        self,
        model: Model,
        *,
        pooling: Pooling | None,
        step_tokens: int,
        threads: int,
        log: LlamaLog,
    ) -> None:
        self._model = model
        self._stop = StopFlag()
        self._batch: Batch | None = None
        self._handle = llama.llama_init_from_model(
            model.handle, _parameters(pooling, step_tokens, threads)
        )
        if not self._handle:
            raise log.refusal()
        try:
            self._open(step_tokens)
        except BaseException:
            self.close()
            raise

    def _open(self, step_tokens: int) -> None:
        kind = int(llama.llama_pooling_type(self._handle))
        if kind not in set(Pooling):
            raise LoadRefused(ModelFault.NOT_FOR_EMBEDDING, f"pooling {kind}")
        self._stop.tie(self._handle)
        self._memory = llama.llama_get_memory(self._handle)
        self._batch = Batch(step_tokens)
        self.pooling = Pooling(kind)
        self.step_tokens = step_tokens
        self.width = int(llama.llama_model_n_embd_out(self._model.handle))
        self.begin, self.end = self._special_tokens()

    def _special_tokens(self) -> tuple[list[int], list[int]]:
        """Return the tokens that stand before and after a text."""
        word = self._model.tokenize("a", parse_special=False)
        whole = self._model.tokenize("a", parse_special=False, add_special=True)
        for at in range(len(whole) - len(word) + 1):
            if word and whole[at : at + len(word)] == word:
                return whole[:at], whole[at + len(word) :]
        return [], []

    def stop(self) -> None:
        """End the step that is computed, and every later one; from any thread."""
        self._stop.raise_it()

    def resume(self) -> None:
        """Allow steps again."""
        self._stop.lower()

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of `text`; control tokens written out in it are plain text."""
        return self._model.tokenize(text, parse_special=False)

    def encode(self, windows: Sequence[Sequence[int]]) -> npt.NDArray[np.float32] | None:
        """Return the vectors of `windows`, one in a row; None when stopped.

        Args:
            windows: at most `SEQUENCES`, none of them empty, together at most `step_tokens`.

        Raises:
            StepFailed: llama.cpp could not compute them, or they are no numbers.
        """
        if self._memory:
            llama.llama_memory_clear(self._memory, True)
        assert self._batch
        self._batch.fill(Rows(n, 0, window, len(window)) for n, window in enumerate(windows))
        run = llama.llama_decode if self._memory else llama.llama_encode
        result = run(self._handle, self._batch.native)
        if result == 2:
            return None
        if result != 0:
            raise StepFailed(str(result))
        rows = np.empty((len(windows), self.width), np.float32)
        for sequence in range(len(windows)):
            vector = llama.llama_get_embeddings_seq(self._handle, sequence)
            if not vector:
                raise StepFailed("no vector")
            rows[sequence] = np.ctypeslib.as_array(vector, (self.width,))
        if not np.isfinite(rows).all():
            raise StepFailed("not a number")
        return rows

    def close(self) -> None:
        """Free it; the model stays."""
        if self._batch:
            self._batch.close()
            self._batch = None
        if self._handle:
            llama.llama_free(self._handle)
            self._handle = None


def _parameters(pooling: Pooling | None, step_tokens: int, threads: int) -> Any:
    """Return the context's parameters; an encoder evaluates a whole batch in one step."""
    parameters = llama.llama_context_default_params()
    parameters.embeddings = True
    if pooling is not None:
        parameters.pooling_type = int(pooling)
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = step_tokens
    parameters.n_seq_max = SEQUENCES
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.kv_unified = True
    parameters.swa_full = True
    parameters.offload_kqv = False
    parameters.op_offload = False
    parameters.no_perf = True
    return parameters
