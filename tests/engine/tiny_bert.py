"""A BERT of random weights: written as GGUF, and computed once more with numpy."""

import math
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, FEED_FORWARD, LAYERS, CONTEXT = 32, 4, 64, 2, 64
EPSILON = 1e-12
WORDS = (
    *("the", "tenant", "pays", "rent", "landlord", "every", "month", "day", "late", "house"),
    *("key", "door", "roof", "water", "heat", "notice", "letter", "date", "sum", "garden"),
)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY = (*SPECIAL, *(f"▁{word}" for word in WORDS))  # llama.cpp marks where words begin
UNKNOWN, FIRST, SEPARATOR = 1, 2, 3


@dataclass
class TinyBert:
    """The file, and its weights by tensor name."""

    path: Path
    weights: dict[str, np.ndarray]

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text of whole words."""
        numbers = {word: len(SPECIAL) + i for i, word in enumerate(WORDS)}
        return [FIRST, *(numbers.get(word, UNKNOWN) for word in text.split()), SEPARATOR]

    def vector(self, tokens: list[int]) -> np.ndarray:
        """Return the normalised mean of the last layer (Devlin et al. 2019, post-norm)."""
        w = self.weights
        x = w["token_embd.weight"][tokens] + w["token_types.weight"][0]
        x = x + w["position_embd.weight"][: len(tokens)]
        x = self._norm(x, "token_embd_norm")
        for layer in range(LAYERS):
            prefix = f"blk.{layer}."
            x = self._norm(x + self._attention(x, prefix), f"{prefix}attn_output_norm")
            hidden = self._linear(x, f"{prefix}ffn_up")
            hidden = np.array([0.5 * h * (1 + math.erf(h / math.sqrt(2))) for h in hidden.flat])
            hidden = hidden.reshape(len(tokens), FEED_FORWARD)
            x = self._norm(
                x + self._linear(hidden, f"{prefix}ffn_down"), f"{prefix}layer_output_norm"
            )
        mean = x.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + EPSILON)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def _attention(self, x: np.ndarray, prefix: str) -> np.ndarray:
        def heads(name: str) -> np.ndarray:
            return self._linear(x, prefix + name).reshape(len(x), HEADS, -1).transpose(1, 0, 2)

        q, k, v = heads("attn_q"), heads("attn_k"), heads("attn_v")
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        return self._linear(mixed.transpose(1, 0, 2).reshape(len(x), WIDTH), f"{prefix}attn_output")


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(VOCABULARY), WIDTH),
        "token_types.weight": (2, WIDTH),
        "position_embd.weight": (CONTEXT, WIDTH),
        "token_embd_norm.weight": (WIDTH,),
        "token_embd_norm.bias": (WIDTH,),
    }
    sizes = {
        **dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH)),
        "ffn_up": (FEED_FORWARD, WIDTH),
        "ffn_down": (WIDTH, FEED_FORWARD),
        "attn_output_norm": (WIDTH,),
        "layer_output_norm": (WIDTH,),
    }
    for layer in range(LAYERS):
        for name, shape in sizes.items():
            shapes[f"blk.{layer}.{name}.weight"] = shape
            shapes[f"blk.{layer}.{name}.bias"] = shape[:1]
    return shapes


def tiny_bert(path: Path, *, pooling: int | None = 1, name: str = "Tiny BERT") -> TinyBert:
    """Write a BERT; `pooling` as llama.cpp counts them, None to leave it out."""
    random = np.random.default_rng(7)
    weights = {}
    for tensor, shape in _shapes().items():
        centre = 1.0 if tensor.endswith("norm.weight") else 0.0
        weights[tensor] = (centre + random.normal(0, 0.2, shape)).astype(np.float32)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name(name)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(EPSILON)
    writer.add_causal_attention(False)
    if pooling is not None:
        writer.add_uint32("bert.pooling_type", pooling)
    add_wordpiece(writer, VOCABULARY)
    for tensor, values in weights.items():
        writer.add_tensor(tensor, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return TinyBert(path, weights)


def add_wordpiece(writer: gguf.GGUFWriter, tokens: tuple[str, ...]) -> None:
    """Add a WordPiece vocabulary; words begin with "▁", pieces that go on have no mark."""
    kinds = [3 if token.startswith("[") and token.endswith("]") else 1 for token in tokens]
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_type_count(2)
    writer.add_token_list(list(tokens))
    writer.add_token_types(kinds)
    numbers = {token: number for number, token in enumerate(tokens)}
    writer.add_pad_token_id(numbers["[PAD]"])
    writer.add_unk_token_id(numbers["[UNK]"])
    writer.add_bos_token_id(numbers["[CLS]"])
    writer.add_sep_token_id(numbers["[SEP]"])
    writer.add_eos_token_id(numbers["[SEP]"])
    writer.add_mask_token_id(numbers["[MASK]"])
