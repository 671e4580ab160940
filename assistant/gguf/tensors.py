"""The tensors of a GGUF file: their types and sizes, never their weights."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.gguf.source import MAX_EXTENT, U32, U64, Source

# ggml type: its name, weights in a block, bytes of a block (ggml.c, type_traits).
TENSOR_TYPES = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor; its offset and size in bytes, counted from where the weights begin."""

    name: str
    type: int
    shape: tuple[int, ...]
    elements: int
    offset: int
    size: int


def read_tensors(source: Source, count: int) -> list[Tensor]:
    """Read the records of `count` tensors."""
    tensors = []
    for _ in range(count):
        name = source.text()
        dimensions = source.number(U32)
        if dimensions > 4:
            raise source.damaged("tensor dimensions")
        shape = tuple(source.number(U64) for _ in range(dimensions))
        elements = math.prod(shape)
        kind, offset = source.number(U32), source.number(U64)
        if elements >= MAX_EXTENT or offset >= MAX_EXTENT:
            raise source.damaged("tensor size")
        _, block, block_bytes = TENSOR_TYPES.get(kind, ("", 1, 0))
        size = -(-elements // block) * block_bytes
        tensors.append(Tensor(name, kind, shape, elements, offset, size))
    return tensors


def type_name(kind: int) -> str:
    """Return the name of a ggml type, "Q4_0"; empty for one that is not known here."""
    return TENSOR_TYPES.get(kind, ("", 1, 0))[0]


def most_common_type(tensors: Iterable[Tensor]) -> str:
    """Return the name of the type that most bytes are of."""
    sizes: Counter[int] = Counter()
    for tensor in tensors:
        sizes[tensor.type] += tensor.size
    return type_name(sizes.most_common(1)[0][0]) if sizes else ""


def matrix_bytes(tensors: Sequence[Tensor]) -> tuple[tuple[str, int], ...]:
    """Return how many bytes of each type are matrices that llama.cpp may repack while loading.

    It repacks matrices of a multiple of eight rows (ggml's `repack.cpp`). Tokens are looked up in
    their embeddings as they are; a model without an output of its own multiplies with a copy.
    """
    sizes: Counter[str] = Counter()
    has_output = any(tensor.name == "output.weight" for tensor in tensors)
    for tensor in tensors:
        is_lookup = has_output and tensor.name == "token_embd.weight"
        if len(tensor.shape) > 1 and tensor.shape[1] % 8 == 0 and not is_lookup:
            sizes[type_name(tensor.type)] += tensor.size
    return tuple(sorted(sizes.items()))


# A layer of experts holds all of them in one tensor; those shared by all tokens are apart.
_EXPERTS = re.compile(r"_exps\.(weight|bias)$")
_LOOKED_UP = ("token_embd.weight", "per_layer_token_embd.weight")  # one row for each token


@dataclass(frozen=True, slots=True)
class Work:
    """What a token costs: which of the weights are read and multiplied for it.

    Attributes:
        prompt: elements multiplied for each token of a prompt, by type.
        reply: bytes read for each generated token, by type: the same, and the vocabulary's odds.
        parameters: elements that take part in a generated token.
    """

    prompt: tuple[tuple[str, int], ...] = ()
    reply: tuple[tuple[str, int], ...] = ()
    parameters: int = 0


def work_of(tensors: Sequence[Tensor], experts_share: float) -> Work:
    """Return what a token costs.

    Rows that are looked up cost nothing, a model without an output of its own multiplies with
    its embeddings, and of the experts only some are asked.

    Args:
        tensors: of the whole model.
        experts_share: how much of the experts is asked for one token, 0 to 1.
    """
    prompt: Counter[str] = Counter()
    reply: Counter[str] = Counter()
    parameters = 0
    has_output = any(tensor.name == "output.weight" for tensor in tensors)
    for tensor in tensors:
        is_output = tensor.name == ("output.weight" if has_output else "token_embd.weight")
        if tensor.name in _LOOKED_UP and not is_output:
            continue
        share = experts_share if _EXPERTS.search(tensor.name) else 1.0
        elements, name = round(tensor.elements * share), type_name(tensor.type)
        parameters += elements
        reply[name] += round(tensor.size * share)
        if len(tensor.shape) > 1 and not is_output:  # odds are computed for the last token only
            prompt[name] += elements
    return Work(tuple(sorted(prompt.items())), tuple(sorted(reply.items())), parameters)
