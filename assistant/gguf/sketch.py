"""The matrices that a model of these widths probably has, and their formats.

Each layer's matrices have sizes that the widths give. Where they do not fill the file (recurrent
layers, compressed attention), its length and the bits of a weight tell the parameters, and all
weights are told in one lump.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.gguf.facts import Facts
from assistant.gguf.header import heads_kv
from assistant.gguf.source import MAX_KEPT_ARRAY
from assistant.gguf.tensors import TENSOR_TYPES, Tensor

_FITS = (0.85, 1.18)  # matrices that fill the file within this are taken for its own
# What a format's name stands for: most matrices, the finer ones (values and the way down, in half
# of the layers), and the vocabulary (llama.cpp, llama_tensor_get_type).
_MIXES = {
    "Q2_K": ("Q2_K", "Q3_K", "Q6_K"),
    "Q3_K_S": ("Q3_K", "Q3_K", "Q6_K"),
    "Q3_K_M": ("Q3_K", "Q5_K", "Q6_K"),
    "Q3_K_L": ("Q3_K", "Q5_K", "Q6_K"),
    "Q4_K_S": ("Q4_K", "Q5_K", "Q6_K"),
    "Q4_K_M": ("Q4_K", "Q6_K", "Q6_K"),
    "Q5_K_S": ("Q5_K", "Q5_K", "Q6_K"),
    "Q5_K_M": ("Q5_K", "Q6_K", "Q6_K"),
    "Q4_0": ("Q4_0", "Q4_0", "Q6_K"),
    "Q4_1": ("Q4_1", "Q4_1", "Q6_K"),
    "Q5_0": ("Q5_0", "Q5_0", "Q6_K"),
    "Q5_1": ("Q5_1", "Q5_1", "Q6_K"),
    "IQ2_M": ("IQ2_S", "IQ3_S", "Q5_K"),
    "IQ3_XS": ("IQ3_S", "IQ3_XXS", "Q6_K"),
    "IQ3_M": ("IQ3_S", "Q4_K", "Q6_K"),
    "IQ4_XS": ("IQ4_XS", "Q5_K", "Q6_K"),
    "IQ4_NL": ("IQ4_NL", "Q5_K", "Q6_K"),
    "MXFP4": ("MXFP4", "MXFP4", "Q8_0"),
}
_ALL_Q4 = ("Q4_K", "Q6_K", "Q6_K")
# Rows that are no multiple of 256 are kept in another format (llama.cpp, tensor_type_fallback).
_FALLBACKS = {"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"}
_OTHER_FALLBACK = "IQ4_NL"
_KINDS = {name: kind for kind, (name, _, _) in TENSOR_TYPES.items()}
_WITHOUT_GATE = {"gpt2", "starcoder2", "phi2", "falcon", "bloom", "bert", "nomic-bert", "gptneox"}
_LARGE = 4_000_000_000  # parameters; smaller models mostly multiply with their embeddings
_FINER_SHARE = 0.15  # of all weights


class Sketch:
    """Guesses the tensors of a model.

    Args:
        facts: the pairs that are known.
        quantization: its format, "Q4_K_M".
        vocabulary: how many tokens it knows.
    """

    def __init__(self, facts: Facts, quantization: str, vocabulary: int) -> None:
        self._facts = facts
        one = next((name for name in (quantization, quantization[:-2]) if name in _KINDS), "")
        self._mix = _MIXES.get(quantization) or ((one, one, one) if one else _ALL_Q4)
        self._width = facts.of_model("embedding_length")
        self._layers = min(facts.of_model("block_count"), MAX_KEPT_ARRAY)
        self._vocabulary = vocabulary
        experts, used = facts.of_model("expert_count"), facts.of_model("expert_used_count")
        self._experts = experts
        self._share = used / experts if experts else 1.0

    @property
    def bits(self) -> float:
        """Bits of a weight, on average."""
        most, finer, _ = (_bits(name) for name in self._mix)
        return most + (finer - most) * _FINER_SHARE

    def tensors(self, room_bytes: int) -> list[Tensor]:
        """Return tensors that fill a file with `room_bytes` for them."""
        layers = [tensor for at in range(self._layers) for tensor in self._layer(at)]
        tied = self._tensor("token_embd", self._width, self._vocabulary, 2)
        untied = [
            self._tensor("token_embd", self._width, self._vocabulary, 0),
            self._tensor("output", self._width, self._vocabulary, 2),
        ]
        found = min(
            ([tied, *layers], [*untied, *layers]),
            key=lambda tensors: abs(room_bytes - _size(tensors)),
        )
        ratio = room_bytes / max(_size(found), 1)
        if _FITS[0] <= ratio <= _FITS[1]:
            return [replace(tensor, size=round(tensor.size * ratio)) for tensor in found]
        parameters = round(room_bytes * 8 / self.bits)
        width = self._facts.of_model("expert_feed_forward_length")
        experts = self._layers * self._experts * 3 * self._width * width
        return self.lump(room_bytes, parameters, min(experts, round(0.97 * parameters)))

    def lump(
        self, room_bytes: int, parameters: int, experts: int = 0, looked_up: int = 0
    ) -> list[Tensor]:
        """Return `parameters` elements in `room_bytes`, layers not told apart.

        Args:
            room_bytes: of all of them.
            parameters: how many.
            experts: of those, how many are in experts.
            looked_up: of those, how many are rows of which a token takes one.
        """
        embeddings = min(self._width * self._vocabulary, parameters // 3)
        counts = {"token_embd.weight": embeddings, "per_layer_token_embd.weight": looked_up}
        if parameters > _LARGE:
            counts["output.weight"] = embeddings
        experts = max(0, min(experts, parameters - sum(counts.values())))
        counts["blk.0.ffn_up_exps.weight"] = experts
        rest = max(0, parameters - sum(counts.values()))
        counts["blk.0.ffn_down.weight"] = round(rest * _FINER_SHARE)
        counts["blk.0.ffn_up.weight"] = rest - round(rest * _FINER_SHARE)
        total = sum(counts.values()) or 1
        return [
            Tensor(
                name=name,
                type=_KINDS[self._mix[1 if "down" in name else 0]],
                shape=(count // 8, 8),
                elements=count,
                offset=0,
                size=round(room_bytes * count / total),
            )
            for name, count in counts.items()
            if count
        ]

    def _layer(self, at: int) -> Iterator[Tensor]:
        """Yield the matrices of one layer."""
        facts, width = self._facts, self._width
        heads = facts.per_layer("attention.head_count", self._layers, 0)
        kept = heads_kv(facts, self._layers, max(heads, default=0))[at]
        own = width // max(heads, default=1) if any(heads) else 0
        key = facts.of_model("attention.key_length", own)
        value = facts.of_model("attention.value_length", own)
        finer = at % 2
        if kept:
            yield self._tensor(f"blk.{at}.attn_q", width, heads[at] * key)
            yield self._tensor(f"blk.{at}.attn_k", width, kept * key)
            yield self._tensor(f"blk.{at}.attn_v", width, kept * value, finer)
            yield self._tensor(f"blk.{at}.attn_output", heads[at] * value, width)
        is_dense = at < facts.of_model("leading_dense_block_count")
        inner = facts.per_layer("feed_forward_length", self._layers, 0)[at]
        each = facts.of_model("expert_feed_forward_length", inner)
        if self._experts and not is_dense:
            for name in ("gate", "up", "down"):
                one = self._tensor(
                    f"blk.{at}.ffn_{name}_exps", width, each, finer * (name == "down")
                )
                yield replace(
                    one, elements=one.elements * self._experts, size=one.size * self._experts
                )
            inner = each * facts.of_model("expert_shared_count")
        if inner:
            if facts.architecture not in _WITHOUT_GATE:
                yield self._tensor(f"blk.{at}.ffn_gate", width, inner)
            yield self._tensor(f"blk.{at}.ffn_up", width, inner)
            yield self._tensor(f"blk.{at}.ffn_down", inner, width, finer)

    def _tensor(self, name: str, row: int, rows: int, fineness: int = 0) -> Tensor:
        """Return a matrix in the format of its fineness: 0 for most, 1 finer, 2 vocabulary."""
        kind = self._mix[fineness]
        if row % TENSOR_TYPES[_KINDS[kind]][1]:
            kind = _FALLBACKS.get(kind, _OTHER_FALLBACK)
        elements = row * rows
        return Tensor(
            f"{name}.weight",
            _KINDS[kind],
            (row, rows),
            elements,
            0,
            round(elements * _bits(kind) / 8),
        )


def _bits(name: str) -> float:
    _, block, size = TENSOR_TYPES[_KINDS[name]]
    return 8 * size / block


def _size(tensors: Sequence[Tensor]) -> int:
    return sum(tensor.size for tensor in tensors)
