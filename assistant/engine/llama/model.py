"""A loaded model: its weights and its vocabulary."""

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.llama.log import LlamaLog, LoadRefused
from assistant.errors import ModelFault


class Model:
    """The weights of a GGUF file, and what turns text into tokens and back.

    Args:
        path: the GGUF file; of a split one, the first.
        on_progress: called with the loaded fraction; False stops the load.
        log: what llama.cpp says.
        gpu_layers: layers that a GPU takes, where the build has one.
        writes_text: refuse a model that cannot; an encoder is of use for embeddings only.

    Raises:
        LoadRefused: the file is not a model that can write text here, or it was stopped.
    """

    def __init__(
        self,
        path: Path,
        on_progress: Callable[[float], bool],
        log: LlamaLog,
        *,
        gpu_layers: int = 0,
        writes_text: bool = True,
    ) -> None:
        self.handle: Any = _load(path, on_progress, log, gpu_layers)
        try:
            self._read_vocabulary(writes_text=writes_text)
        except BaseException:
            self.close()
            raise
        self.weights_bytes = int(llama.llama_model_size(self.handle))
        self.sliding_window = int(llama.llama_model_n_swa(self.handle))
        self.can_rewind = not (
            llama.llama_model_is_recurrent(self.handle) or llama.llama_model_is_hybrid(self.handle)
        )
        self._pieces: dict[int, bytes] = {}
        self._by_first_byte: list[list[int]] = []

    def _read_vocabulary(self, *, writes_text: bool) -> None:
        if writes_text and (
            llama.llama_model_has_encoder(self.handle)
            or llama.llama_model_is_diffusion(self.handle)
        ):
            raise LoadRefused(ModelFault.REFUSED, "does not write text from left to right")
        self.vocabulary: Any = llama.llama_model_get_vocab(self.handle)
        self.vocabulary_size = int(llama.llama_vocab_n_tokens(self.vocabulary))
        if llama.llama_vocab_type(self.vocabulary) == llama.LLAMA_VOCAB_TYPE_NONE:
            raise LoadRefused(ModelFault.REFUSED, "no tokenizer")

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

    def is_control(self, token: int) -> bool:
        """Whether `token` structures a conversation: no text reads like it."""
        attribute = llama.llama_vocab_get_attr(self.vocabulary, token)
        marks = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_UNKNOWN
        return bool(attribute & (marks | llama.LLAMA_TOKEN_ATTR_USER_DEFINED))

    def end_tokens(self) -> list[int]:
        """Return the tokens that end a reply."""
        return [token for token in range(self.vocabulary_size) if self.ends_reply(token)]

    def tokens_by_first_byte(self) -> list[list[int]]:
        """Return, for each of the 256 bytes, the tokens whose pieces begin with it.

        Made when it is first asked for: a tenth of a second for 50,000 tokens.
        """
        if not self._by_first_byte:
            self._by_first_byte = [[] for _ in range(256)]
            for token in range(self.vocabulary_size):
                if (piece := self.piece(token)) and not self.ends_reply(token):
                    self._by_first_byte[piece[0]].append(token)
        return self._by_first_byte

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

    def close(self) -> None:
        """Free the weights; every context of them is closed before."""
        if self.handle:
            llama.llama_model_free(self.handle)
            self.handle = None


def _load(path: Path, on_progress: Callable[[float], bool], log: LlamaLog, gpu_layers: int) -> Any:
    is_stopped = False

    def report(fraction: float, _: Any) -> bool:
        nonlocal is_stopped
        is_stopped = is_stopped or not on_progress(fraction)
        return not is_stopped

    log.clear()
    parameters = llama.llama_model_default_params()
    parameters.n_gpu_layers = gpu_layers
    parameters.progress_callback = llama.llama_progress_callback(report)
    model = llama.llama_model_load_from_file(
        str(path).encode("utf-8", "surrogateescape"), parameters
    )
    if model:
        return model
    raise LoadRefused("cancelled") if is_stopped else log.refusal()
