"""llama.cpp: model, context, steps, tokens and sampling. The only importer of llama_cpp.

The low-level functions are called directly: the package's own `Llama` class redirects the whole
process's output while it loads and cannot be stopped in the middle of a prompt.
"""

import ctypes
import os
import re
import sys
from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.protocol import LoadSettings, Sampling
from assistant.errors import ModelFault

_INFO, _ERROR, _CONTINUED = 2, 4, 5
_BUFFER = re.compile(r"(\S+)\s+(model|KV|RS|compute|output) buffer size =\s*([\d.]+) MiB")
_MEBIBYTE = 1024 * 1024
_ALLOCATION = re.compile(r"alloc|out of memory|bad_alloc|mmap failed", re.IGNORECASE)
_ARCHITECTURE = re.compile(r"unknown model architecture: '([^']*)'")


class LoadRefused(Exception):  # noqa: N818 - named for what happened
    """llama.cpp would not load the file; `kind` is a `ModelFault`, "too-large" or "cancelled"."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class Step(Enum):
    """How a step over some tokens ended."""

    DONE = auto()
    STOPPED = auto()
    CONTEXT_FULL = auto()


class StepFailed(Exception):  # noqa: N818 - named for what happened
    """llama.cpp could not compute a step."""


class LlamaLog:
    """Takes llama.cpp's messages: writes them to standard error, keeps errors and sizes."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.buffer_bytes: dict[str, int] = {}
        self._is_shown = False
        # llama.cpp keeps the bare pointer: the object must live as long as the process.
        self._callback = llama.llama_log_callback(self._take)
        llama.llama_log_set(self._callback, ctypes.c_void_p(0))

    def clear(self) -> None:
        """Forget what was kept."""
        self.errors.clear()
        self.buffer_bytes.clear()

    def _take(self, level: int, text: bytes, _: Any) -> None:
        if level != _CONTINUED:
            self._is_shown = level >= _INFO
        if not self._is_shown:
            return
        os.write(2, text[:2_000])
        words = text.decode("utf-8", "replace").strip()
        if level == _ERROR:
            self.errors = [*self.errors[-4:], words]
        elif found := _BUFFER.search(words):
            buffer, kind, size = found.groups()
            key = "mapped" if kind == "model" and buffer.endswith("Mapped") else kind
            count = int(float(size) * _MEBIBYTE)
            self.buffer_bytes[key] = self.buffer_bytes.get(key, 0) + count


class LlamaModel:
    """A loaded model with its context: one sequence of tokens that it has evaluated.

    Args:
        path: the GGUF file.
        settings: `context_tokens` and `threads` resolved, not 0.
        on_progress: called with the loaded fraction; False stops the load.
        log: what llama.cpp says.

    Raises:
        LoadRefused: the file is not a model that can write text here, or it was stopped.
    """

    def __init__(
        self,
        path: Path,
        settings: LoadSettings,
        on_progress: Callable[[float], bool],
        log: LlamaLog,
    ) -> None:
        self.step_tokens = settings.ubatch_tokens
        self._context: Any = None
        self._is_stopped = ctypes.create_string_buffer(2)
        log.clear()
        self._model: Any = _load(path, on_progress, log)
        try:
            self._open_context(settings, log)
        except BaseException:
            self.close()
            raise
        self.weights_bytes = int(llama.llama_model_size(self._model))
        self.buffer_bytes = log.buffer_bytes

    def _open_context(self, settings: LoadSettings, log: LlamaLog) -> None:
        if llama.llama_model_has_encoder(self._model) or llama.llama_model_is_diffusion(
            self._model
        ):
            raise LoadRefused(ModelFault.REFUSED, "does not write text from left to right")
        self._context = llama.llama_init_from_model(self._model, _context_parameters(settings))
        if not self._context:
            raise _refusal(log)
        self._memory = llama.llama_get_memory(self._context)
        if not self._memory:
            raise LoadRefused(ModelFault.REFUSED, "does not write text")
        self.vocabulary: Any = llama.llama_model_get_vocab(self._model)
        self.vocabulary_size = int(llama.llama_vocab_n_tokens(self.vocabulary))
        if llama.llama_vocab_type(self.vocabulary) == llama.LLAMA_VOCAB_TYPE_NONE:
            raise LoadRefused(ModelFault.REFUSED, "no tokenizer")
        self.context_tokens = int(llama.llama_n_ctx(self._context))
        self.sliding_window = int(llama.llama_model_n_swa(self._model))
        self.can_rewind = not (
            llama.llama_model_is_recurrent(self._model) or llama.llama_model_is_hybrid(self._model)
        )
        self._set_stop_callback()
        self._batch = llama.llama_batch_init(self.step_tokens, 0, 1)
        self._pieces: dict[int, bytes] = {}
        self._warm_up()

    def _set_stop_callback(self) -> None:
        """Have llama.cpp look at the stop flag before every node of its graph.

        The callback is the C library's `strlen` on a string of ours: 0 while it is empty, 1 when
        `stop` has written a byte. A Python callback would take the interpreter's lock a thousand
        times for every token, and wait for it when another thread holds it.
        """
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        self._stop_callback = ctypes.cast(library.strlen, llama.ggml_abort_callback)
        flag = ctypes.cast(self._is_stopped, ctypes.c_void_p)
        llama.llama_set_abort_callback(self._context, self._stop_callback, flag)

    def _warm_up(self) -> None:
        """Use everything once, so that what crashes llama.cpp crashes it while loading."""
        self.tokenize("A word: \u00e9\n", parse_special=True)
        token = llama.llama_vocab_bos(self.vocabulary)
        is_token = 0 <= token < self.vocabulary_size
        llama.llama_set_warmup(self._context, True)
        self.evaluate([token if is_token else 0], 0, wants_next=True)
        llama.llama_set_warmup(self._context, False)
        self.clear()

    # Stopping

    def stop(self) -> None:
        """End the step that is being computed, and every later one; from any thread."""
        self._is_stopped[0] = b"\x01"

    def resume(self) -> None:
        """Allow steps again."""
        self._is_stopped[0] = b"\x00"

    # Evaluating

    def evaluate(self, tokens: Sequence[int], position: int, *, wants_next: bool) -> Step:
        """Evaluate up to `step_tokens` tokens that stand at `position` and after.

        Args:
            tokens: what to evaluate.
            position: how many tokens were evaluated before them.
            wants_next: whether the token after the last one will be sampled.

        Raises:
            StepFailed: llama.cpp could not compute it.
        """
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = position + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = 0
        batch.logits[len(tokens) - 1] = wants_next
        result = llama.llama_decode(self._context, batch)
        if result == 0:
            return Step.DONE
        if result == 2:
            return Step.STOPPED
        if result == 1:
            return Step.CONTEXT_FULL
        raise StepFailed(str(result))

    def cut(self, position: int) -> bool:
        """Forget everything from `position` on; False if this model's state cannot be cut back.

        A sliding window may have dropped what the tokens before `position` need: then it is
        False, too, and the caller evaluates anew after `clear`.
        """
        if not llama.llama_memory_seq_rm(self._memory, 0, position, -1):
            return False
        if position == 0:
            return True
        last = llama.llama_memory_seq_pos_max(self._memory, 0)
        first = llama.llama_memory_seq_pos_min(self._memory, 0)
        needed_from = max(0, position - self.sliding_window) if self.sliding_window else 0
        return bool(last == position - 1 and first <= needed_from)

    def clear(self) -> None:
        """Forget everything that was evaluated.

        A recurrent state is small, and is overwritten: llama.cpp would multiply it by zero, which
        leaves a NaN what it is.
        """
        llama.llama_memory_clear(self._memory, not self.can_rewind)

    # Tokens

    def tokenize(self, text: str, *, parse_special: bool, add_special: bool = False) -> list[int]:
        """Return the tokens of `text`.

        Args:
            text: any text.
            parse_special: read control tokens written out in it; only for a template's text.
            add_special: put the beginning-of-sequence token first where the model has one.
        """
        encoded = text.encode("utf-8", "replace")
        capacity = len(encoded) + 8
        tokens = (llama.llama_token * capacity)()
        count = llama.llama_tokenize(
            self.vocabulary, encoded, len(encoded), tokens, capacity, add_special, parse_special
        )
        if count < 0:
            capacity = -count
            tokens = (llama.llama_token * capacity)()
            count = llama.llama_tokenize(
                self.vocabulary, encoded, len(encoded), tokens, capacity, add_special, parse_special
            )
        return tokens[: max(count, 0)]

    def piece(self, token: int) -> bytes:
        """Return the bytes that `token` adds to a reply; control tokens add none."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._piece(token, is_shown=False)
        return known

    def text_of(self, token: int) -> str:
        """Return `token` as text, control tokens written out; empty for none."""
        if not 0 <= token < self.vocabulary_size:
            return ""
        return self._piece(token, is_shown=True).decode("utf-8", "replace")

    def show(self, text: str) -> None:
        """Let `piece` write `text` out: a mark of reasoning may be a control token."""
        tokens = self.tokenize(text, parse_special=True)
        if len(tokens) == 1:
            self._pieces[tokens[0]] = text.encode()

    def _piece(self, token: int, *, is_shown: bool) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = llama.llama_token_to_piece(self.vocabulary, token, buffer, 256, 0, is_shown)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = llama.llama_token_to_piece(self.vocabulary, token, buffer, -size, 0, is_shown)
        return buffer.raw[: max(size, 0)]

    def ends_reply(self, token: int) -> bool:
        """Whether `token` is one that ends a reply."""
        return bool(llama.llama_vocab_is_eog(self.vocabulary, token))

    @property
    def begin_token(self) -> int | None:
        """The beginning-of-sequence token if the model wants one before a text."""
        if not llama.llama_vocab_get_add_bos(self.vocabulary):
            return None
        token = int(llama.llama_vocab_bos(self.vocabulary))
        return token if 0 <= token < self.vocabulary_size else None

    def begin_and_end_texts(self) -> tuple[str, str]:
        """Return the beginning- and end-of-sequence tokens as templates write them."""
        begin, end = llama.llama_vocab_bos(self.vocabulary), llama.llama_vocab_eos(self.vocabulary)
        return self.text_of(begin), self.text_of(end)

    def marked_tokens(self) -> tuple[list[str], list[str]]:
        """Return the texts of control tokens, and of tokens that the model's maker defined."""
        control, defined = [], []
        attribute_of, vocabulary = llama.llama_vocab_get_attr, self.vocabulary
        is_control = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_UNKNOWN
        for token in range(self.vocabulary_size):
            attribute = attribute_of(vocabulary, token)
            if attribute & is_control:
                control.append(self.text_of(token))
            elif attribute & llama.LLAMA_TOKEN_ATTR_USER_DEFINED:
                defined.append(self.text_of(token))
        return [text for text in control if text], [text for text in defined if text]

    def sampler(self, sampling: Sampling) -> "Sampler":
        """Return a sampler of this model's next tokens; close it after use."""
        return Sampler(self._context, self.vocabulary_size, sampling)

    def close(self) -> None:
        """Free everything."""
        if self._context:
            llama.llama_free(self._context)
            if hasattr(self, "_batch"):
                llama.llama_batch_free(self._batch)
            self._context = None
        if self._model:
            llama.llama_model_free(self._model)
            self._model = None


class Sampler:
    """Chooses next tokens: penalties, top k, top p, min p and temperature, in this order."""

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

    def sample(self) -> int:
        """Return the token after the last one evaluated."""
        return int(llama.llama_sampler_sample(self._chain, self._context, -1))

    def close(self) -> None:
        """Free it."""
        llama.llama_sampler_free(self._chain)


def start() -> LlamaLog:
    """Make llama.cpp ready for this process; once."""
    log = LlamaLog()
    llama.llama_backend_init()
    return log


def _load(path: Path, on_progress: Callable[[float], bool], log: LlamaLog) -> Any:
    is_stopped = False

    def report(fraction: float, _: Any) -> bool:
        nonlocal is_stopped
        is_stopped = is_stopped or not on_progress(fraction)
        return not is_stopped

    parameters = llama.llama_model_default_params()
    parameters.progress_callback = llama.llama_progress_callback(report)
    model = llama.llama_model_load_from_file(
        str(path).encode("utf-8", "surrogateescape"), parameters
    )
    if model:
        return model
    raise LoadRefused("cancelled") if is_stopped else _refusal(log)


def _refusal(log: LlamaLog) -> LoadRefused:
    words = " / ".join(log.errors)
    if found := _ARCHITECTURE.search(words):
        return LoadRefused(ModelFault.UNKNOWN_ARCHITECTURE, found.group(1))
    if _ALLOCATION.search(words):
        return LoadRefused("too-large", words)
    return LoadRefused(ModelFault.REFUSED, words)


def _context_parameters(settings: LoadSettings) -> Any:
    """Return the context's parameters.

    One output a step, since only the last token's is sampled: the buffer for all of them would
    take 4 bytes x vocabulary x step. Flash attention is off: with it generation after 1,000
    tokens fell from 72 to 37 tokens/s on two cores (SmolLM2-135M, prompts unchanged). A sliding
    window keeps all positions, so that a reply can be made again without its prompt.
    """
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = settings.context_tokens
    parameters.n_batch = parameters.n_ubatch = settings.ubatch_tokens
    parameters.n_seq_max = 1
    parameters.n_outputs_max = 1
    parameters.n_threads = parameters.n_threads_batch = settings.threads
    parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.swa_full = True
    parameters.no_perf = True
    return parameters
